//! Guests' answers, kept as bytes: made once, given to everybody who asks for the same, until they hold no more.
//!
//! What holds here:
//! - Nobody is given bytes that were known to hold more than [`HOLD`] ago: then what they rest on is read again, one cheap
//!   reading without bodies ([`crate::core::basis`]).
//! - What this process commits ends the answers that show it before the commit is acknowledged; what its clients are told
//!   of ends them before they are told.
//! - Bytes are stored only if nothing that ends them happened since their making began.
//! - Of those who ask for the same at the same time one makes the answer; the others are given it, if it was begun after
//!   everything that happened before they asked.
//! - Only guests are given kept bytes, and only guests' answers are kept.
//!
//! [`hit`] answers before the router and its layers, with all that they would have done; [`keep`] stands around the routes.

mod compress;
mod counters;
mod entry;
mod hit;
mod keep;
mod past;
mod shelf;
mod store;

use std::time::Duration;

pub(super) use hit::hit;
pub(super) use keep::keep;
pub use store::Store;

/// For how long what was read is taken to hold on other nodes than the one that writes. Rights that were taken away hold
/// everywhere within two seconds.
pub const HOLD: Duration = Duration::from_secs(2);
