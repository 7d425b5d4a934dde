//! Signs of life both ways: a heartbeat to each socket, and an end to those of which nothing is heard.

use std::time::Duration;

use super::close::Close;
use super::node::Node;
use super::peer::Peer;
use super::protocol;

/// Seconds within which a connection must say `hello`.
const HELLO_WITHIN: u32 = 10;
/// After how many heartbeats without an answer a connection counts as dead: one may be lost on the way.
const MISSED: u32 = 3;

/// Beats until the task is ended. Each second it is the turn of some of the sockets, so that not all wake at once.
pub(super) async fn beat(node: Node) {
    let every = heartbeat_seconds(&node);
    let heartbeat = protocol::frame("heartbeat", &serde_json::json!({}));
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = node.seconds();
        for peer in node.hub.peers() {
            if let Some(silent) = is_silent(&peer, now, every) {
                peer.queue.close(silent);
            } else if peer.id.0 % u64::from(every) == u64::from(now % every) {
                peer.queue.beat(heartbeat.clone());
            }
        }
    }
}

/// Seconds between two heartbeats of a socket.
pub(super) fn heartbeat_seconds(node: &Node) -> u32 {
    u32::try_from(node.app.config.realtime.heartbeat_seconds).unwrap_or(u32::MAX).max(1)
}

fn is_silent(peer: &Peer, now: u32, every: u32) -> Option<Close> {
    let limit = if peer.is_greeted() { every.saturating_mul(MISSED) } else { HELLO_WITHIN };
    (now.saturating_sub(peer.heard()) > limit).then_some(Close::SILENT)
}
