//! Leaving: connections are told to go elsewhere, each at its own moment, so that the other nodes are not stormed.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::close::Close;
use super::node::Node;
use super::protocol;

/// How much time each connection adds to the span in which all of them leave.
const FOR_EACH: Duration = Duration::from_millis(5);
/// The longest span: the whole stop may take 30 s, and requests need some of that too.
const MOST: Duration = Duration::from_secs(15);
/// How long a connection may take to go after it was told to.
const FAREWELL: Duration = Duration::from_secs(5);

/// Tells every connection when to go, closes each at its moment, and waits until all are gone.
pub(super) async fn drain(node: &Node) {
    let peers = node.hub.peers();
    let began = Instant::now();
    let count = u32::try_from(peers.len()).unwrap_or(u32::MAX);
    let span = FOR_EACH.saturating_mul(count).min(MOST);
    tracing::info!(connections = count, within_ms = span.as_millis(), "connections are told to go elsewhere");
    let moments: Vec<Duration> = (1..=count).map(|place| span * place / count).collect();
    for (peer, moment) in peers.iter().zip(&moments) {
        let after_ms = u64::try_from(moment.as_millis()).unwrap_or(u64::MAX);
        peer.queue.notice(protocol::frame("draining", &json!({"after_ms": after_ms})));
    }
    for (peer, moment) in peers.iter().zip(&moments) {
        tokio::time::sleep_until(began + *moment).await;
        peer.queue.close(Close::GOING_AWAY);
    }
    // Whoever came between the last look and the refusal at the door.
    for peer in node.hub.peers() {
        peer.queue.close(Close::GOING_AWAY);
    }
    let deadline = Instant::now() + FAREWELL;
    while node.hub.count() > 0 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
