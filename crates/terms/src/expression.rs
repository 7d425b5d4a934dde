//! Boolean expressions over index terms, as each engine wants them written.

use std::fmt::Write;

/// What an entry's terms must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// It has this term.
    Term(String),
    /// All of these hold; of none, everything does.
    All(Vec<Self>),
    /// One of these holds; of none, nothing does.
    Any(Vec<Self>),
    /// The first holds and none of these terms is there.
    Without(Box<Self>, Vec<String>),
}

impl Expression {
    /// All of these; one alone as it is.
    pub(crate) fn all(mut of: Vec<Self>) -> Self {
        if of.len() == 1 { of.remove(0) } else { Self::All(of) }
    }

    /// One of these; one alone as it is.
    pub(crate) fn any(mut of: Vec<Self>) -> Self {
        if of.len() == 1 { of.remove(0) } else { Self::Any(of) }
    }

    /// All of these terms.
    pub(crate) fn terms<'a>(terms: impl IntoIterator<Item = &'a String>) -> Self {
        Self::all(terms.into_iter().cloned().map(Self::Term).collect())
    }

    /// As SQLite's FTS5 wants it behind `MATCH`.
    #[must_use]
    pub fn fts5(&self) -> String {
        self.written(&FTS5)
    }

    /// As PostgreSQL wants it before `::tsquery`.
    #[must_use]
    pub fn tsquery(&self) -> String {
        self.written(&TSQUERY)
    }

    fn written(&self, style: &Style) -> String {
        let mut text = String::new();
        self.write(style, &mut text);
        text
    }

    fn write(&self, style: &Style, text: &mut String) {
        match self {
            Self::Term(term) => {
                let _ = write!(text, "{0}{term}{0}", style.quote);
            }
            Self::All(of) => Self::write_list(of, style.and, style, text),
            Self::Any(of) => Self::write_list(of, style.or, style, text),
            Self::Without(of, terms) => {
                let terms = Self::Any(terms.iter().cloned().map(Self::Term).collect());
                text.push('(');
                of.write(style, text);
                text.push_str(style.but);
                terms.write(style, text);
                text.push(')');
            }
        }
    }

    fn write_list(of: &[Self], between: &str, style: &Style, text: &mut String) {
        text.push('(');
        for (at, expression) in of.iter().enumerate() {
            text.push_str(if at == 0 { "" } else { between });
            expression.write(style, text);
        }
        text.push(')');
    }
}

struct Style {
    quote: char,
    and: &'static str,
    or: &'static str,
    but: &'static str,
}

const FTS5: Style = Style { quote: '"', and: " AND ", or: " OR ", but: " NOT " };
const TSQUERY: Style = Style { quote: '\'', and: " & ", or: " | ", but: " & !" };
