//! Questions: what somebody typed, understood.

mod filters;
mod parse;
mod want;

pub use filters::{Filter, Filtered, Place};
pub use want::{Lookup, Way};
pub(crate) use want::{Want, bare};

/// Characters of a question that are read.
pub const MAX_CHARS: usize = 256;

/// Words of a question that are looked for.
pub const MAX_WORDS: usize = 16;

/// A question, understood as far as it goes: reading one never fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What an entry must hold.
    pub(crate) wants: Vec<Want>,
    /// What it must not hold.
    pub(crate) without: Vec<Want>,
    /// Its filters, in order.
    pub filters: Vec<Filtered>,
    /// What of it was not understood.
    pub problems: Vec<Problem>,
    /// Whether the words must be in the title.
    pub in_title: bool,
}

/// Something in a question that was not understood and is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The filter's name, or `q`.
    pub field: &'static str,
    /// Why, as a sentence's end: `no such date`.
    pub why: String,
}

impl Query {
    /// Reads a question.
    #[must_use]
    pub fn parse(q: &str) -> Self {
        parse::parse(q)
    }

    /// The words that are looked for, as they were typed: without those of filters and those that must not occur.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.wants.iter().map(|want| want.shown.as_str()).collect();
        words.dedup();
        words
    }

    /// Whether it asks for words at all: without any, what the filters leave is listed by date.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !self.wants.is_empty()
    }

    /// What the vocabulary should be asked before planning.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup> {
        self.wants.iter().flat_map(Want::lookups).collect()
    }
}
