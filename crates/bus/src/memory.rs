//! The bus within one process: it loses nothing but what a subscription does not take in time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{broadcast, watch};

use crate::{BACKLOG, Bus, Subscription};

/// One node's end of a bus in memory. A process with one node has one end; [`Memory::another_node`] makes more.
pub struct Memory {
    shared: Arc<Shared>,
    up: watch::Sender<bool>,
    /// What this node follows, so that `close` ends its subscriptions and no others.
    own: Mutex<Option<HashMap<String, broadcast::Sender<Bytes>>>>,
}

#[derive(Default)]
struct Shared {
    nodes: AtomicUsize,
    topics: Mutex<HashMap<String, Vec<broadcast::Sender<Bytes>>>>,
}

impl Memory {
    /// A bus with one node.
    pub fn new() -> Self {
        Self::join(Arc::default())
    }

    /// The end of another node on the same bus.
    #[must_use]
    pub fn another_node(&self) -> Self {
        Self::join(Arc::clone(&self.shared))
    }

    fn join(shared: Arc<Shared>) -> Self {
        shared.nodes.fetch_add(1, Ordering::SeqCst);
        Self { shared, up: watch::Sender::new(true), own: Mutex::new(Some(HashMap::new())) }
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
        self.shared.nodes.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Bus for Memory {
    fn publish(&self, topic: &str, message: Bytes) {
        if self.own.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return;
        }
        let mut topics = self.shared.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(nodes) = topics.get_mut(topic) else { return };
        // A node without subscriptions left is forgotten here, where its name comes by.
        nodes.retain(|node| node.send(message.clone()).is_ok());
        if nodes.is_empty() {
            topics.remove(topic);
        }
    }

    fn subscribe(&self, topic: &str) -> Subscription {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = own.as_mut() else {
            return Subscription::new(broadcast::channel(1).1);
        };
        if let Some(sender) = own.get(topic)
            && sender.receiver_count() > 0
        {
            return Subscription::new(sender.subscribe());
        }
        let (sender, receiver) = broadcast::channel(BACKLOG);
        let mut topics = self.shared.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let nodes = topics.entry(topic.to_owned()).or_default();
        if let Some(before) = own.insert(topic.to_owned(), sender.clone()) {
            nodes.retain(|node| !node.same_channel(&before));
        }
        nodes.push(sender);
        Subscription::new(receiver)
    }

    fn is_up(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    fn has_others(&self) -> bool {
        self.shared.nodes.load(Ordering::SeqCst) > 1
    }

    fn close(&self) {
        let Some(own) = self.own.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let mut topics = self.shared.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for (topic, sender) in &own {
            if let Some(nodes) = topics.get_mut(topic) {
                nodes.retain(|node| !node.same_channel(sender));
            }
        }
        topics.retain(|_, nodes| !nodes.is_empty());
    }
}
