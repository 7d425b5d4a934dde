//! Fleeting frames that follow from events elsewhere: a reply makes its thread move up in the list of its board.
//! At most one a second for each stream, however many events it has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::node::Node;
use super::protocol;
use super::wiring::Ripple;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// The least time between two frames of one stream.
const PAUSE: Duration = Duration::from_secs(1);

/// The streams that have made a frame within the last second, and whether another is due when it is over.
#[derive(Default)]
pub(super) struct Ripples(Mutex<HashMap<Stream, bool>>);

impl Ripples {
    /// Makes the frame that follows from an event, now or as soon as it may be.
    pub(super) fn note(&self, node: &Node, event: &Appended) {
        let Some((kind, ripple)) = node.wiring.ripples.get(event.kind.as_str()).copied() else { return };
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(due) = resting.get_mut(&event.stream) {
            *due = true;
            return;
        }
        resting.insert(event.stream, false);
        let (node, stream) = (node.clone(), event.stream);
        tokio::spawn(async move {
            loop {
                show(&node, kind, ripple, stream).await;
                tokio::time::sleep(PAUSE).await;
                if !node.ripples.is_due_again(stream) {
                    break;
                }
            }
        });
    }

    /// Whether there were events during the pause; if not, the stream rests no more.
    fn is_due_again(&self, stream: Stream) -> bool {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = resting.insert(stream, false) == Some(true);
        if !due {
            resting.remove(&stream);
        }
        due
    }
}

async fn show(node: &Node, kind: &str, ripple: Ripple, stream: Stream) {
    match ripple(&node.app, stream).await {
        Ok(Some((to, payload))) => node.flash(to, &protocol::frame_on(kind, to, &payload)),
        Ok(None) => {}
        // Lists on screen are read again at the next occasion; nothing durable is lost.
        Err(error) => tracing::warn!(%error, %stream, "a fleeting frame could not be built"),
    }
}
