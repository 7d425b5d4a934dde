//! Reading from the database what a stream's followers on this node have missed.

use super::node::Node;
use super::{frames, queries};
use crate::core::Result;
use crate::core::streams::Stream;

/// How many events are read at a time.
const PAGE: i64 = 100;

/// Brings a stream's followers up to the head. What is trimmed already cannot be had: then they load anew.
pub(super) async fn catch_up(node: &Node, stream: Stream) -> Result<()> {
    while let Some(at) = node.hub.standing(stream).and_then(|standing| standing.at) {
        let snapshot = queries::now(&node.app).await?;
        let head = queries::head(&snapshot, stream).await?;
        if head <= at {
            break;
        }
        let events = queries::events(&snapshot, stream, at, PAGE).await?;
        drop(snapshot);
        if events.first().is_none_or(|event| event.seq != at + 1) {
            node.hub.restart(stream);
            break;
        }
        node.counters.caught_up.inc_by(events.len() as u64);
        for frame in frames::build_all(&node.app, &node.wiring, &events).await? {
            node.hand_out(frame).await;
        }
        // Should the page itself have a gap, the next turn begins after it and finds nothing to go on from.
    }
    Ok(())
}
