//! Fleeting frames that follow from events elsewhere: a reply makes its thread move up in the list of its board.
//! At most one a second for each stream, however many events it has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::node::Node;
use super::protocol;
use super::wiring::RippleOf;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// The least time between two frames of one stream.
const PAUSE: Duration = Duration::from_secs(1);

/// The streams (and subjects, of those told apart) that have made a frame within the last second, and whether another
/// is due when it is over.
#[derive(Default)]
pub(super) struct Ripples(Mutex<HashMap<Source, bool>>);

type Source = (Stream, Option<i64>);

impl Ripples {
    /// Makes the frame that follows from an event, now or as soon as it may be.
    pub(super) fn note(&self, node: &Node, event: &Appended) {
        let Some(ripple) = node.wiring.ripples.get(event.kind.as_str()).copied() else { return };
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let source = (event.stream, event.subject.filter(|_| ripple.each));
        if let Some(due) = resting.get_mut(&source) {
            *due = true;
            return;
        }
        resting.insert(source, false);
        let node = node.clone();
        tokio::spawn(async move {
            loop {
                show(&node, ripple, source).await;
                tokio::time::sleep(PAUSE).await;
                if !node.ripples.is_due_again(source) {
                    break;
                }
            }
        });
    }

    /// Whether there were events during the pause; if not, the stream rests no more.
    fn is_due_again(&self, source: Source) -> bool {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = resting.insert(source, false) == Some(true);
        if !due {
            resting.remove(&source);
        }
        due
    }
}

async fn show(node: &Node, ripple: RippleOf, (stream, subject): Source) {
    match (ripple.make)(&node.app, stream, subject).await {
        Ok(Some((to, payload))) => node.flash(to, &protocol::frame_on(ripple.frame, to, &payload)),
        Ok(None) => {}
        // Lists on screen are read again at the next occasion; nothing durable is lost.
        Err(error) => tracing::warn!(%error, %stream, "a fleeting frame could not be built"),
    }
}
