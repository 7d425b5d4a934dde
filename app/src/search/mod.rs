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

mod density;
mod entry;
mod fill;
mod filters;
mod find;
mod follow;
mod gather;
mod indexer;
pub mod job;
mod json;
mod messages;
mod metrics;
mod model;
mod narrow;
mod queries;
mod rank;
mod routes;
mod show;
mod sources;
pub mod tend;
mod terms;
mod vocabulary;

pub use find::find;
pub use follow::{follow, kinds};
pub use json::*;
pub use messages::messages;
pub use metrics::register;
pub use model::Kind;
pub use routes::{api, routes};
pub use sources::*;
