//! From this node's commits to the hub and the bus.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use super::frames;
use super::node::Node;
use crate::core::events::Appended;

/// How many frames are built at the same time. The hub brings them in order again.
const AT_ONCE: usize = 16;

/// How long to wait before each further try to build a frame. After the last the sweep takes over.
const TRIES: [Duration; 3] =
    [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(500)];

/// Delivers events as they are committed, until nobody can commit any more.
pub(super) async fn deliver(node: Node, mut events: mpsc::UnboundedReceiver<Vec<Appended>>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(commit) = events.recv().await {
        for event in commit {
            node.outbox.note(&event.kind);
            node.recent.forget(event.stream);
            node.ripples.note(&node, &event);
            if !node.is_wanted(event.stream) {
                continue;
            }
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let node = node.clone();
            tokio::spawn(async move {
                deliver_one(&node, &event).await;
                drop(place);
            });
        }
    }
}

async fn deliver_one(node: &Node, event: &Appended) {
    for wait in TRIES {
        match frames::build(&node.app, &node.wiring, event).await {
            Ok(frame) => {
                node.publish(&frame);
                return node.hand_out(frame).await;
            }
            Err(error) => {
                tracing::warn!(%error, stream = %event.stream, seq = event.seq, "an event could not be built");
                tokio::time::sleep(wait).await;
            }
        }
    }
    node.sweep_now.notify_one();
}
