//! Documents: what an entry is indexed by, and what is kept beside it.

use crate::cut::{MAX_WORD, cut};
use crate::units::units;

/// Terms of one entry at most: what a post of 64 KB of prose has, with some to spare.
pub const MAX_TERMS: usize = 4_000;

/// Bytes of a body that are looked at: the longest post there is.
const MAX_BODY: usize = 64 * 1024;

/// Bytes of a word that is registered in the vocabulary at most; longer ones (hashes, addresses of pages) are found as
/// a whole and need no completing.
const MAX_REGISTERED: usize = 40;

/// What begins each term that is no word. Cutting never gives it, for it is no letter.
pub(crate) const MARKER: char = '§';

/// The ASCII characters that terms hold besides small letters and digits, for `tokenchars` of SQLite's FTS5.
pub const TOKEN_CHARACTERS: &str = "+#.-_@";

/// What holds for an entry besides its words; filters ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact<'a> {
    /// Who wrote it: the account's id.
    Author(&'a str),
    /// Where it stands: the board's id.
    Board(&'a str),
    /// A tag of its thread.
    Tag(&'a str),
    /// It opens a thread.
    Opening,
    /// What it holds.
    Has(Has),
}

/// What a text can hold besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Has {
    /// A block of code.
    Code,
    /// A picture.
    Image,
    /// A link.
    Link,
}

impl Has {
    /// The name as people write it: `code`, `image` or `link`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Image => "image",
            Self::Link => "link",
        }
    }
}

impl Fact<'_> {
    /// The index term that stands for it. Values that differ in capitals or odd characters alone, or behind their
    /// 60th byte, share a term: rows have the last word.
    #[must_use]
    pub fn term(&self) -> String {
        let (class, value) = match self {
            Self::Author(id) => ('a', *id),
            Self::Board(id) => ('b', *id),
            Self::Tag(tag) => ('g', *tag),
            Self::Opening => ('o', ""),
            Self::Has(has) => ('h', has.as_str()),
        };
        let mut term = String::from(MARKER);
        term.push(class);
        for c in value.chars().flat_map(char::to_lowercase) {
            let fits = c.is_ascii_alphanumeric() || TOKEN_CHARACTERS.contains(c) || !c.is_ascii();
            push_within(&mut term, if fits { c } else { '_' });
        }
        term
    }
}

fn push_within(term: &mut String, c: char) {
    if term.len() + c.len_utf8() <= MAX_WORD {
        term.push(c);
    }
}

/// What a document is made from. People's texts as they are shown, without their markup.
#[derive(Clone, Copy, Debug, Default)]
pub struct Source<'a> {
    /// The thread's title (of an opening post), the person's nickname, the board's or the tag's name; or empty.
    pub title: &'a str,
    /// The words, with those in code. More than 64 KiB are not looked at.
    pub body: &'a str,
    /// Further words that describe it (a thread's tags): they weigh more than the body, less than the title.
    pub about: &'a [&'a str],
    /// What else holds for it.
    pub facts: &'a [Fact<'a>],
}

/// What an entry is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Distinct index terms, sorted: for the engine.
    pub terms: Vec<String>,
    /// The title, folded: kept beside the entry.
    pub title: String,
    /// The body, folded, and behind a line break what else describes it: kept beside the entry.
    pub text: String,
}

impl Document {
    /// Makes the document of a source.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let title = cut(head(source.title, MAX_BODY)).text;
        let mut text = cut(head(source.body, MAX_BODY)).text;
        if !source.about.is_empty() {
            text.push('\n');
            text.push_str(&cut(&source.about.join(" / ")).text);
        }
        let facts = source.facts.iter().map(Fact::term);
        Self { terms: terms(&title, &text, facts), title, text }
    }

    /// The distinct words that the vocabulary registers.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(String::as_str).filter(|term| is_registered(term))
    }

    /// The words that the vocabulary registered for an entry of which these texts were kept.
    #[must_use]
    pub fn vocabulary_of(title: &str, text: &str) -> Vec<String> {
        let mut words = terms(title, text, [].into_iter());
        words.retain(|term| is_registered(term));
        words
    }
}

/// What begins the term of a word in a title.
const TITLED: &str = "§t";

/// The term of a word in a title.
pub(crate) fn in_title(word: &str) -> String {
    let room = word.floor_char_boundary(MAX_WORD - TITLED.len());
    [TITLED, &word[..room]].concat()
}

/// Whether a term is a word that the vocabulary knows if any entry holds it.
pub(crate) fn is_registered(term: &str) -> bool {
    term.len() <= MAX_REGISTERED && !term.starts_with(MARKER)
}

/// Facts first, then the title, then as much of the text as there is room for.
fn terms(title: &str, text: &str, facts: impl Iterator<Item = String>) -> Vec<String> {
    let mut written = Written::default();
    facts.for_each(|fact| written.add("", &fact));
    units(title, |unit| {
        written.add("", unit.term);
        written.add(TITLED, unit.term);
    });
    units(text, |unit| written.add("", unit.term));
    written.distinct()
}

/// Terms one behind the other, as often as they occur.
#[derive(Default)]
struct Written {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Written {
    fn add(&mut self, marked: &str, word: &str) {
        self.text.push_str(marked);
        self.text.push_str(&word[..word.floor_char_boundary(MAX_WORD - marked.len())]);
        self.ends.push(self.text.len());
    }

    /// The distinct terms, sorted; those that came first, if there are too many.
    fn distinct(&self) -> Vec<String> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let terms = starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end]);
        let mut found: Vec<(&str, usize)> = terms.zip(0..).collect();
        found.sort_unstable();
        found.dedup_by_key(|(term, _)| *term);
        if found.len() > MAX_TERMS {
            found.sort_unstable_by_key(|(_, order)| *order);
            found.truncate(MAX_TERMS);
            found.sort_unstable();
        }
        found.into_iter().map(|(term, _)| term.to_owned()).collect()
    }
}

/// The beginning of a text, of at most so many bytes.
fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The trigrams of a word, by which it is found when only a part of it is asked for; none of scripts whose characters
/// are words themselves, and none of words that have no third letter.
#[must_use]
pub fn trigrams(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let spaceless = letters.iter().any(|c| *c >= '\u{E00}' && crate::units::is_cluster(*c));
    if spaceless {
        return Vec::new();
    }
    let mut found: Vec<String> = letters.windows(3).map(|three| three.iter().collect()).collect();
    found.sort_unstable();
    found.dedup();
    found
}
