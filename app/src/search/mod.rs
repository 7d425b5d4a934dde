//! Search: threads, posts, messages, people, boards and tags by their words.
//!
//! Invariants:
//! - An entry is derived: it can be made again from the row that it stands for, and is, whenever that changes.
//! - Nothing is shown because an entry says so. What is found is joined with the rows of the same instant: where they
//!   are, whether they are deleted, what they say, and who may read them now.
//! - Both engines find the same in the same order: they index the same terms as sets, and everything else is done here.
//! - Indexing never holds up a write: it works in small batches and rests while writes wait.
//!
//! What a document is made of, and how what was found is shown, the slices tell by [`Sources`]; `server/wiring.rs` joins
//! them.

mod json;

pub use json::*;
