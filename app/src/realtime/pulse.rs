//! Signs of life both ways: a heartbeat to each socket, and an end to those of which nothing is heard.

use std::time::Duration;

use tokio::time::Instant;

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
        node.shared.tidy(Instant::now());
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

/// Whoever has not said `hello` in time is silent, whatever else they said.
fn is_silent(peer: &Peer, now: u32, every: u32) -> Option<Close> {
    let (since, limit) = if peer.is_greeted() {
        (peer.heard(), every.saturating_mul(MISSED))
    } else {
        (peer.since(), HELLO_WITHIN)
    };
    (now.saturating_sub(since) > limit).then_some(Close::SILENT)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{Close, HELLO_WITHIN, is_silent};
    use crate::realtime::peer::{Identity, NewPeer, Peer, PeerId};

    #[test]
    fn pings_do_not_stand_for_hello() {
        let address = Ipv4Addr::LOCALHOST.into();
        let peer =
            Peer::new(PeerId(1), NewPeer { identity: Identity::default(), address, capacity: 8, now: 100 });
        for second in 100..=100 + HELLO_WITHIN {
            peer.hear(second);
            assert_eq!(is_silent(&peer, second, 25), None);
        }
        peer.act(111);
        assert_eq!(is_silent(&peer, 111, 25), Some(Close::SILENT));
        peer.greet();
        assert_eq!(is_silent(&peer, 186, 25), None, "three heartbeats after the last sign of life");
        assert_eq!(is_silent(&peer, 187, 25), Some(Close::SILENT));
    }
}
