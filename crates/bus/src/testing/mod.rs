//! What every bus must pass, a bus that misbehaves as much as a bus may, and servers of Redis to throw away.

mod conformance;
mod redis_server;
mod sentinels;
mod unruly;

pub use conformance::{Manners, conformance};
pub use redis_server::{RedisServer, free_port};
pub use sentinels::Sentinels;
pub use unruly::{Mischief, Unruly};

pub use crate::Dice;
