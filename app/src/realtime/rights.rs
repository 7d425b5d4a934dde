//! Following `rights`: whoever may not read a stream any more is taken off it, and whoever is not signed in any more
//! is sent away, on every node and within two seconds of the commit.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::close::Close;
use super::node::Node;
use super::peer::{Identity, NewPeer, Peer, PeerId};
use super::protocol::Said;
use super::queries;
use super::queue::Taken;
use super::wiring::Concern;
use crate::core::Result;
use crate::core::streams::Stream;

/// How often a right is asked when the database does not answer, before it counts as lost.
const TRIES: u32 = 4;
/// How long to wait between these tries: all of them fit into the two seconds.
const PAUSE: Duration = Duration::from_millis(300);

/// What an event on `rights` says.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Fact {
    subject: Option<i64>,
    #[serde(default)]
    facts: Facts,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Facts {
    #[serde(default)]
    sessions: Vec<String>,
}

/// Begins to follow `rights`, from its head.
pub(super) async fn follow(node: &Node) -> Result<Arc<Peer>> {
    let capacity = node.app.config.realtime.websocket_queue;
    let own =
        NewPeer { identity: Identity::default(), address: Ipv4Addr::LOCALHOST.into(), capacity, now: 0 };
    let own = Arc::new(Peer::new(PeerId(u64::MAX), own));
    begin(node, &own).await?;
    Ok(own)
}

async fn begin(node: &Node, own: &Arc<Peer>) -> Result<()> {
    node.hub.join_own(Stream::Rights, own);
    let head = queries::head(&queries::now(&node.app).await?, Stream::Rights).await?;
    node.hub.release(Stream::Rights, own.id, head);
    Ok(())
}

/// Does what the events on `rights` ask for, until the task is ended.
pub(super) async fn obey(node: Node, mut own: Arc<Peer>) {
    loop {
        let taken: Taken = poll_fn(|context| own.queue.poll_take(context)).await;
        for text in &taken.frames {
            obey_one(&node, text).await;
        }
        if !taken.lagged.is_empty() || taken.close.is_some() {
            own = begin_again(&node).await;
            check(&node, node.hub.peers(), |_| true).await;
        }
    }
}

/// After a gap, or when history has gone back.
async fn begin_again(node: &Node) -> Arc<Peer> {
    loop {
        match follow(node).await {
            Ok(own) => return own,
            Err(error) => tracing::warn!(%error, "changes of rights cannot be followed"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn obey_one(node: &Node, text: &str) {
    let Some(said) = Said::read(text) else { return };
    let whom = node.wiring.concerns.get(said.kind.as_str()).copied();
    let Fact { subject, facts } = said.payload().unwrap_or_default();
    match (whom, subject) {
        (Some(Concern::Person), Some(user)) => {
            check(node, peers_where(node, |who| who.user == Some(user)), |_| true).await;
        }
        (Some(Concern::Session), Some(session)) => {
            let ended: HashSet<i64> =
                facts.sessions.iter().filter_map(|text| text.parse().ok()).chain([session]).collect();
            for peer in peers_where(node, |who| who.session.is_some_and(|session| ended.contains(&session))) {
                peer.queue.close(Close::SIGNED_OUT);
            }
        }
        // Which threads are on the board, the database knows.
        (Some(Concern::Board), Some(board)) => {
            let on_it = |stream| stream == Stream::Board(board) || matches!(stream, Stream::Thread(_));
            check(node, node.hub.peers(), on_it).await;
        }
        (Some(Concern::Thread), Some(thread)) => check_followers(node, Stream::Thread(thread)).await,
        // A kind of a newer release may concern anybody.
        (None, _) | (Some(_), None) => check(node, node.hub.peers(), |_| true).await,
    }
}

fn peers_where(node: &Node, whom: impl Fn(Identity) -> bool) -> Vec<Arc<Peer>> {
    node.hub.peers().into_iter().filter(|peer| whom(peer.identity)).collect()
}

/// Before an event after which a stream may be for fewer people: asks for each follower.
pub(super) async fn check_followers(node: &Node, stream: Stream) {
    check(node, node.hub.followers(stream), |one| one == stream).await;
}

/// Asks whether these are still signed in, and may still read those of their streams that `which` names.
async fn check(node: &Node, peers: Vec<Arc<Peer>>, which: impl Fn(Stream) -> bool) {
    let mut answers = Answers::default();
    for peer in peers {
        if !answers.is_signed_in(node, peer.identity).await {
            peer.queue.close(Close::SIGNED_OUT);
            continue;
        }
        for stream in node.hub.follows(peer.id).into_iter().filter(|stream| which(*stream)) {
            if !answers.may_read(node, peer.identity, stream).await && node.hub.revoke(stream, &peer) {
                node.counters.revoked.inc();
            }
        }
    }
}

/// What was asked already during one check: guests alone may be thousands on one thread.
#[derive(Default)]
struct Answers(HashMap<(Identity, Option<Stream>), bool>);

impl Answers {
    async fn is_signed_in(&mut self, node: &Node, who: Identity) -> bool {
        who.session.is_none() || self.insist(node, who, None).await
    }

    async fn may_read(&mut self, node: &Node, who: Identity, stream: Stream) -> bool {
        self.insist(node, who, Some(stream)).await
    }

    /// Asks until there is an answer. Without one, a right counts as lost: whoever still has it comes back.
    async fn insist(&mut self, node: &Node, who: Identity, stream: Option<Stream>) -> bool {
        if let Some(known) = self.0.get(&(who, stream)) {
            return *known;
        }
        let mut answer = false;
        for _ in 0..TRIES {
            match ask(node, who, stream).await {
                Ok(yes) => {
                    answer = yes;
                    break;
                }
                Err(error) => tracing::warn!(%error, "a right could not be asked for"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.0.insert((who, stream), answer);
        answer
    }
}

/// Whether somebody may read a stream; without a stream, whether they are signed in.
async fn ask(node: &Node, who: Identity, stream: Option<Stream>) -> Result<bool> {
    let snapshot = queries::now(&node.app).await?;
    match stream {
        Some(stream) => (node.wiring.may_read)(&node.app, &snapshot, who, stream).await,
        None => (node.wiring.is_signed_in)(&node.app, &snapshot, who).await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Facts};
    use crate::realtime::protocol::Said;

    #[test]
    fn facts_are_read_from_the_frame_between_nodes() {
        let text = r#"{"type":"sessions_ended","stream":"rights","seq":4,
            "payload":{"subject":7,"facts":{"sessions":["7","9"]}}}"#;
        let fact: Fact = Said::read(text).unwrap().payload().unwrap();
        let sessions = vec!["7".to_owned(), "9".to_owned()];
        assert_eq!(fact, Fact { subject: Some(7), facts: Facts { sessions } });
    }
}
