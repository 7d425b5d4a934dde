//! The bus through Redis: what nodes of one place say to each other goes over its publish and subscribe.
//!
//! One connection carries everything: what is published, what is heard, and the signs of life. So when one of them
//! fails all have failed, and [`Bus::is_up`] is true only while messages can come and go. While it is false nothing is
//! kept for later: whoever needs each message gets it from elsewhere by then. A node that lost messages on their way
//! out tells the others how many once it can, and they pass it on as [`Notice::Lagged`](crate::Notice::Lagged).
//!
//! By the same connection nodes can count together: [`Redis::run`] is a step that all of them take one after the other.

mod address;
mod link;
mod script;
mod waiting;

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;

use self::link::{Line, Link};
use self::waiting::{Message, Outbox};
use crate::topics::Topics;
use crate::{Bus, Subscription};

pub use self::address::Address;
pub use self::script::Script;

/// One node's end of the bus.
pub struct Redis {
    topics: Arc<Topics>,
    /// `None` after it was closed.
    outbox: Mutex<Option<Outbox>>,
    up: watch::Receiver<bool>,
    /// The connection while it is up.
    line: Line,
    prefix: String,
}

impl Redis {
    /// A node's end of the bus at this address. It connects, and connects again, in the background. `seed` is what
    /// its name and the waits before that are drawn from: each node needs another, so that they do not all come back in
    /// the same moment.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be used; never because nobody is there.
    pub fn open(address: &Address, seed: u64) -> Result<Self, redis::RedisError> {
        let (outbox, waiting) = waiting::queue();
        // Channels do not know of databases and their numbers.
        let prefix = format!("folkmoot:{}:", address.number());
        let topics = Arc::<Topics>::default();
        let (up, line) = (watch::Sender::new(false), Line::default());
        let end = Self {
            topics: Arc::clone(&topics),
            outbox: Mutex::new(Some(outbox)),
            up: up.subscribe(),
            line: line.clone(),
            prefix: prefix.clone(),
        };
        let link = Link::new(address.finder()?, prefix, topics, waiting, (up, line), seed);
        tokio::spawn(link.keep());
        Ok(end)
    }
}

impl Bus for Redis {
    fn publish(&self, topic: &str, message: Bytes) {
        let outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outbox) = outbox.as_ref() else { return };
        if *self.up.borrow() {
            outbox.put(Message { channel: format!("{}{topic}", self.prefix), body: message });
        } else {
            outbox.lose();
        }
    }

    fn subscribe(&self, topic: &str) -> Subscription {
        self.topics.subscribe(topic)
    }

    fn is_up(&self) -> watch::Receiver<bool> {
        self.up.clone()
    }

    fn has_others(&self) -> bool {
        true
    }

    fn close(&self) {
        self.topics.close();
        // What waits still goes out; the link ends after it.
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.close();
    }
}
