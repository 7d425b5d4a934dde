//! Publish and subscribe between nodes: what a bus promises, a bus in memory, and one through Redis.
//!
//! A bus is fast and forgetful: it may lose, double, delay and reorder messages, and says nothing of it. Whoever
//! needs each message must be able to tell that one is missing and to get it from elsewhere.

mod dice;
mod memory;
pub mod redis;
mod subscription;
#[cfg(feature = "testing")]
pub mod testing;
mod topics;

use bytes::Bytes;
use tokio::sync::watch;

pub use dice::Dice;
pub use memory::Memory;
pub use subscription::{Notice, Subscription};

/// How many messages wait for one slow subscription; of more, the oldest are lost and counted in [`Notice::Lagged`].
pub const BACKLOG: usize = 1024;

/// A way to every node that listens, this one included.
///
/// What every bus promises, and `testing::conformance` checks:
/// - a message arrives whole or not at all, and only with subscriptions of its topic;
/// - one that is published after `subscribe` returned arrives there, unless the bus loses it;
/// - `publish` never waits: neither for the network nor for a slow subscription;
/// - a subscription holds at most [`BACKLOG`] messages, and tells when some were lost because of that;
/// - after `close` every subscription ends, and publishing does nothing.
pub trait Bus: Send + Sync + 'static {
    /// Sends a message to all who follow the topic, on all nodes.
    fn publish(&self, topic: &str, message: Bytes);

    /// Follows a topic from now on.
    fn subscribe(&self, topic: &str) -> Subscription;

    /// Whether the other nodes can be reached; changes are told.
    fn is_up(&self) -> watch::Receiver<bool>;

    /// Whether there may be another node. A node that is alone need not publish.
    fn has_others(&self) -> bool;

    /// Ends every subscription of this node.
    fn close(&self);
}
