//! Messages on their way out: how many may wait, and how many were lost because more came.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc;

/// How many bytes may wait for Redis: some seconds of a busy node, and little of its memory.
const MOST: usize = 32 * 1024 * 1024;
/// What a message costs beside its bytes, roughly; so the many small ones are bounded too.
const EACH: usize = 128;
/// How many messages go out in one piece, to be answered together.
const BATCH: usize = 64;

/// A message that waits.
pub(super) struct Message {
    pub(super) channel: String,
    pub(super) body: Bytes,
}

impl Message {
    fn weight(&self) -> usize {
        self.channel.len() + self.body.len() + EACH
    }
}

#[derive(Default)]
struct Load {
    bytes: AtomicUsize,
    lost: AtomicU64,
}

/// Where messages are put.
pub(super) struct Outbox {
    load: Arc<Load>,
    sender: mpsc::UnboundedSender<Message>,
}

/// Where they are taken.
pub(super) struct Waiting {
    load: Arc<Load>,
    receiver: mpsc::UnboundedReceiver<Message>,
}

/// An empty queue.
pub(super) fn queue() -> (Outbox, Waiting) {
    let (load, (sender, receiver)) = (Arc::<Load>::default(), mpsc::unbounded_channel());
    (Outbox { load: Arc::clone(&load), sender }, Waiting { load, receiver })
}

impl Outbox {
    /// Puts a message in, unless too much waits already.
    pub(super) fn put(&self, message: Message) {
        let weight = message.weight();
        if self.load.bytes.fetch_add(weight, Ordering::Relaxed) + weight > MOST {
            self.load.bytes.fetch_sub(weight, Ordering::Relaxed);
            self.lose();
        } else if let Err(unsent) = self.sender.send(message) {
            self.load.bytes.fetch_sub(unsent.0.weight(), Ordering::Relaxed);
        }
    }

    /// Counts a message that is not even put in.
    pub(super) fn lose(&self) {
        self.load.lost.fetch_add(1, Ordering::Relaxed);
    }
}

impl Waiting {
    /// The next messages; none after the last, when nobody puts any in.
    pub(super) async fn next(&mut self) -> Vec<Message> {
        let mut batch = Vec::with_capacity(BATCH);
        self.receiver.recv_many(&mut batch, BATCH).await;
        self.taken(&batch);
        batch
    }

    /// Loses whatever waits: it is stale.
    pub(super) fn lose_all(&mut self) {
        while let Ok(message) = self.receiver.try_recv() {
            self.taken(&[message]);
            self.load.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts messages as lost that were taken and did not arrive.
    pub(super) fn lost(&self, count: usize) {
        self.load.lost.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many were lost since the last time this was asked.
    pub(super) fn take_lost(&self) -> u64 {
        self.load.lost.swap(0, Ordering::Relaxed)
    }

    /// Whether nobody puts anything in any more.
    pub(super) fn is_closed(&self) -> bool {
        self.receiver.is_closed()
    }

    fn taken(&self, messages: &[Message]) {
        self.load.bytes.fetch_sub(messages.iter().map(Message::weight).sum(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{BATCH, MOST, Message, queue};

    #[tokio::test]
    async fn a_queue_holds_so_many_bytes_and_counts_what_is_lost() {
        let (outbox, mut waiting) = queue();
        let mebibyte = Bytes::from(vec![0; 1024 * 1024]);
        for _ in 0..40 {
            outbox.put(Message { channel: "posts".into(), body: mebibyte.clone() });
        }
        let held = waiting.next().await.len();
        assert!(held < 32 && held * mebibyte.len() > MOST - 2 * mebibyte.len(), "{held} were held");
        assert_eq!(waiting.take_lost(), 40 - u64::try_from(held).unwrap());
        assert_eq!(waiting.take_lost(), 0);
        for _ in 0..100 {
            outbox.put(Message { channel: "posts".into(), body: Bytes::new() });
        }
        assert_eq!(waiting.next().await.len(), BATCH, "what was taken makes room");
        waiting.lose_all();
        assert_eq!(waiting.take_lost(), 36);
        drop(outbox);
        assert!(waiting.next().await.is_empty() && waiting.is_closed());
    }
}
