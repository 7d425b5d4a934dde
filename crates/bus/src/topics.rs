//! What one node follows: topic by topic, those who wait for its messages.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::{BACKLOG, Notice, Subscription};

/// The subscriptions of one node; `None` after it was closed.
#[derive(Debug)]
pub(crate) struct Topics(Mutex<Option<HashMap<String, broadcast::Sender<Notice>>>>);

impl Default for Topics {
    fn default() -> Self {
        Self(Mutex::new(Some(HashMap::new())))
    }
}

impl Topics {
    /// Follows a topic from now on.
    pub(crate) fn subscribe(&self, topic: &str) -> Subscription {
        let mut topics = self.lock();
        let Some(topics) = topics.as_mut() else {
            return Subscription::new(broadcast::channel(1).1);
        };
        let sender = topics.entry(topic.to_owned()).or_insert_with(|| broadcast::Sender::new(BACKLOG));
        Subscription::new(sender.subscribe())
    }

    /// Gives a notice to all who follow the topic here. A topic that nobody follows any more is forgotten here, where
    /// its name comes by.
    pub(crate) fn hand_out(&self, topic: &str, notice: Notice) {
        if let Some(topics) = self.lock().as_mut()
            && topics.get(topic).is_some_and(|sender| sender.send(notice).is_err())
        {
            topics.remove(topic);
        }
    }

    /// Gives a notice to all who follow anything here.
    pub(crate) fn hand_out_to_all(&self, notice: &Notice) {
        if let Some(topics) = self.lock().as_mut() {
            topics.retain(|_, sender| sender.send(notice.clone()).is_ok());
        }
    }

    /// Ends every subscription; from now on each has ended already.
    pub(crate) fn close(&self) {
        *self.lock() = None;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<String, broadcast::Sender<Notice>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
