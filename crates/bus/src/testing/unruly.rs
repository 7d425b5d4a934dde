//! A bus that drops, doubles and delays, as the contract allows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use crate::{Bus, Dice, Subscription};

/// How often it does what, in per cent, and for how long at most.
#[derive(Clone, Copy, Debug)]
pub struct Mischief {
    /// Messages that never arrive.
    pub dropped: u64,
    /// Messages that arrive twice.
    pub doubled: u64,
    /// Messages, or second copies, that arrive late, and so out of order.
    pub delayed: u64,
    /// How late at most.
    pub delay: Duration,
}

impl Mischief {
    /// A third of everything goes wrong.
    pub const PLENTY: Self = Self { dropped: 15, doubled: 15, delayed: 15, delay: Duration::from_millis(80) };
}

/// Another bus, made to misbehave. It must be used within a tokio runtime, on which late messages wait.
pub struct Unruly<B> {
    inner: Arc<B>,
    mischief: Mischief,
    dice: Mutex<Dice>,
    up: watch::Sender<bool>,
}

impl<B: Bus> Unruly<B> {
    /// Makes a bus misbehave, in the same way for the same seed.
    pub fn new(inner: B, mischief: Mischief, seed: u64) -> Self {
        let dice = Mutex::new(Dice::of(seed));
        Self { inner: Arc::new(inner), mischief, dice, up: watch::Sender::new(true) }
    }

    /// Cuts this node off: what it publishes is lost, and `is_up` says so. Or lets it back.
    pub fn set_up(&self, up: bool) {
        self.up.send_replace(up);
    }

    fn send(&self, topic: &str, message: Bytes, wait: Duration) {
        if wait.is_zero() {
            self.inner.publish(topic, message);
            return;
        }
        let (inner, topic) = (Arc::clone(&self.inner), topic.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            inner.publish(&topic, message);
        });
    }

    /// After how long each copy of the next message is sent.
    fn throw(&self) -> Vec<Duration> {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let copies = match (dice.per_cent(self.mischief.dropped), dice.per_cent(self.mischief.doubled)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        let most = u64::try_from(self.mischief.delay.as_millis()).unwrap_or(u64::MAX);
        let mut late =
            || dice.per_cent(self.mischief.delayed).then(|| Duration::from_millis(1 + dice.roll(most)));
        (0..copies).map(|_| late().unwrap_or_default()).collect()
    }
}

impl<B: Bus> Bus for Unruly<B> {
    fn publish(&self, topic: &str, message: Bytes) {
        if *self.up.borrow() {
            for wait in self.throw() {
                self.send(topic, message.clone(), wait);
            }
        }
    }

    fn subscribe(&self, topic: &str) -> Subscription {
        self.inner.subscribe(topic)
    }

    fn is_up(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    fn has_others(&self) -> bool {
        self.inner.has_others()
    }

    fn close(&self) {
        self.inner.close();
    }
}
