//! Live delivery: from the log of events to every socket that follows it, on every node.
//!
//! What holds here:
//! - Every follower of a stream gets each of its events once and in the order of their numbers; what a socket cannot
//!   take is dropped as a whole, and the client is told to resume (`lagged`).
//! - The hub does no IO. What the bus loses is read from the database; what is not kept there any more is loaded anew.
//! - A right is asked of the database in the snapshot that is read, and asked again when `rights` says so.
//! - Frames are built once after the commit, by the slices' own functions; this slice knows none of them.
//!
//! `server/wiring.rs` fills in a [`Wiring`], makes a [`Node`], runs its [`Work`] and adds [`routes()`]. The frames are
//! described in `docs/realtime.md`.

mod allowance;
mod catch_up;
mod channel;
mod close;
mod counters;
mod deliver;
mod drain;
mod envelope;
mod follow;
mod frames;
mod greet;
mod hear;
mod hub;
mod line;
mod listen;
mod look;
mod node;
mod peer;
mod presence;
pub mod protocol;
mod pulse;
mod queries;
mod queue;
mod recent;
mod rights;
mod ripples;
mod routes;
mod shared;
mod socket;
mod sweep;
mod trim;
mod wiring;

pub use counters::{Counters, register};
pub use node::{Node, Work};
pub use peer::Identity;
pub use routes::{door, routes};
pub use trim::trim_now;
pub use wiring::{
    Begins, Boxed, Concern, Hear, InSight, IsSignedIn, MayRead, Own, Period, Periods, Person, Relay, Removes,
    Ripple, Show, Wiring,
};
