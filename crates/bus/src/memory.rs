//! The bus within one process: it loses nothing but what a subscription does not take in time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;

use crate::topics::Topics;
use crate::{Bus, Notice, Subscription};

/// One node's end of a bus in memory. A process with one node has one end; [`Memory::another_node`] makes more.
pub struct Memory {
    /// All nodes on the bus, this one among them.
    nodes: Arc<Mutex<Vec<Arc<Topics>>>>,
    own: Arc<Topics>,
    up: watch::Sender<bool>,
}

impl Memory {
    /// A bus with one node.
    pub fn new() -> Self {
        Self::join(Arc::default())
    }

    /// The end of another node on the same bus.
    #[must_use]
    pub fn another_node(&self) -> Self {
        Self::join(Arc::clone(&self.nodes))
    }

    fn join(nodes: Arc<Mutex<Vec<Arc<Topics>>>>) -> Self {
        let node = Self { nodes, own: Arc::default(), up: watch::Sender::new(true) };
        node.nodes().push(Arc::clone(&node.own));
        node
    }

    fn nodes(&self) -> MutexGuard<'_, Vec<Arc<Topics>>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.close();
        self.nodes().retain(|node| !Arc::ptr_eq(node, &self.own));
    }
}

impl Bus for Memory {
    fn publish(&self, topic: &str, message: Bytes) {
        if self.own.is_closed() {
            return;
        }
        for node in self.nodes().iter() {
            node.hand_out(topic, Notice::Message(message.clone()));
        }
    }

    fn subscribe(&self, topic: &str) -> Subscription {
        self.own.subscribe(topic)
    }

    fn is_up(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    fn has_others(&self) -> bool {
        self.nodes().len() > 1
    }

    fn close(&self) {
        self.own.close();
    }
}
