//! Expressions over terms, put together so that an engine can be asked: nothing empty is left in them.

use folkmoot_terms::Expression;

/// An expression without parts that every entry has, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Simple {
    /// Every entry is so.
    Everything,
    /// No entry is so.
    Nothing,
    /// Those of this expression.
    Those(Expression),
}

/// The expression without empty parts.
pub(super) fn simple(expression: &Expression) -> Simple {
    match expression {
        Expression::Term(_) => Simple::Those(expression.clone()),
        Expression::All(parts) => all(parts.iter().map(simple)),
        Expression::Any(parts) => any(parts.iter().map(simple)),
        Expression::Without(of, terms) => match simple(of) {
            Simple::Those(of) if !terms.is_empty() => {
                Simple::Those(Expression::Without(Box::new(of), terms.clone()))
            }
            other => other,
        },
    }
}

/// What is all of these.
pub(super) fn all(parts: impl IntoIterator<Item = Simple>) -> Simple {
    let mut those = Vec::new();
    for part in parts {
        match part {
            Simple::Everything => {}
            Simple::Nothing => return Simple::Nothing,
            Simple::Those(part) => those.push(part),
        }
    }
    match those.len() {
        0 => Simple::Everything,
        1 => Simple::Those(those.swap_remove(0)),
        _ => Simple::Those(Expression::All(those)),
    }
}

/// What is any of these.
pub(super) fn any(parts: impl IntoIterator<Item = Simple>) -> Simple {
    let mut those = Vec::new();
    for part in parts {
        match part {
            Simple::Everything => return Simple::Everything,
            Simple::Nothing => {}
            Simple::Those(part) => those.push(part),
        }
    }
    match those.len() {
        0 => Simple::Nothing,
        1 => Simple::Those(those.swap_remove(0)),
        _ => Simple::Those(Expression::Any(those)),
    }
}

/// What has this term.
pub(super) fn term(term: String) -> Simple {
    Simple::Those(Expression::Term(term))
}

#[cfg(test)]
mod tests {
    use folkmoot_terms::Expression;

    use super::*;

    fn is(name: &str) -> Expression {
        Expression::Term(name.to_owned())
    }

    #[test]
    fn nothing_empty_reaches_an_engine() {
        let empty = || Expression::All(Vec::new());
        let none = || Expression::Any(Vec::new());
        assert_eq!(simple(&Expression::All(vec![is("a"), empty()])), Simple::Those(is("a")));
        assert_eq!(simple(&Expression::All(vec![is("a"), none()])), Simple::Nothing);
        assert_eq!(simple(&Expression::Any(vec![is("a"), none()])), Simple::Those(is("a")));
        assert_eq!(simple(&Expression::Any(vec![is("a"), empty()])), Simple::Everything);
        assert_eq!(simple(&Expression::Without(Box::new(is("a")), vec![])), Simple::Those(is("a")));
    }
}
