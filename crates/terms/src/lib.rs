//! What a text is found by: words of every script, questions, order and excerpts; pure, and fuzzed.
//!
//! A text is cut into words ([`cut()`]), a document made of it ([`Document`]): a set of terms for the engine's index, and
//! a folded text that is kept beside the entry. A question ([`Query`]) is planned with what a vocabulary knows of its
//! words ([`Query::lookups`], [`Query::plan`]); the engine gives candidates for the plan's steps, and the plan puts them
//! in order ([`Plan::rank`]) and shows where they answer ([`Plan::excerpt`]). The engine only ever answers "which
//! entries hold these terms", so that every engine finds the same and orders it in the same way.
//!
//! Invariants:
//! - no input makes it panic or take more than time linear in its length (times the question's, which is bounded);
//! - index terms hold no ASCII but small letters, digits and [`TOKEN_CHARACTERS`], and are at most 64 bytes;
//! - what a text is cut into is found by asking for it.

mod cut;
mod document;
mod excerpt;
mod expression;
mod fold;
mod matcher;
mod plan;
mod query;
mod rank;
mod score;
mod stem;
mod units;

pub use cut::{Cut, Part, cut};
pub use document::{Document, Fact, Has, MAX_TERMS, Source, TOKEN_CHARACTERS, trigrams};
pub use excerpt::Piece;
pub use expression::Expression;
pub use plan::{Found, Plan, Step, Vocabulary};
pub use query::{Filter, Filtered, Lookup, MAX_CHARS, MAX_WORDS, Place, Problem, Query, Way};
pub use rank::{Answer, Candidate, Kind, Ranking};

/// Version of the cutter, stored beside each entry: raised whenever some text gives other terms, so that entries of
/// older versions are made again.
pub const VERSION: i64 = 1;
