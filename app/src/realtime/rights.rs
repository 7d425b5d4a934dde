//! Following `rights`: whoever may not read a stream any more is taken off it, and whoever is not signed in any more
//! is sent away, on every node and within two seconds of the commit.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::time::timeout;

use super::channel::Release;
use super::close::Close;
use super::node::Node;
use super::peer::{Identity, NewPeer, Peer, PeerId};
use super::presence;
use super::protocol::Said;
use super::queries;
use super::queue::Taken;
use super::wiring::Concern;
use crate::core::Result;
use crate::core::streams::Stream;

/// How often a right is asked when the database does not answer, before it counts as lost.
const TRIES: u32 = 4;
/// How many rights are asked for at the same time.
const AT_ONCE: usize = 8;
/// How long to wait between these tries: all of them fit into the two seconds.
const PAUSE: Duration = Duration::from_millis(300);
/// How often it is made sure that `rights` is still followed.
const MAKE_SURE_EVERY: Duration = Duration::from_secs(1);

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
    loop {
        let head = queries::head(&queries::now(&node.app).await?, Stream::Rights).await?;
        if node.hub.release(Stream::Rights, own.id, head) != Release::ReadOn {
            return Ok(());
        }
    }
}

/// Does what the events on `rights` ask for, until the task is ended.
pub(super) async fn obey(node: Node, mut own: Arc<Peer>) {
    loop {
        let next = poll_fn(|context| own.queue.poll_take(context));
        let taken: Taken = timeout(MAKE_SURE_EVERY, next).await.unwrap_or_default();
        for text in &taken.frames {
            obey_one(&node, text).await;
        }
        // The hub takes off a stream whoever was too slow, and everyone when it cannot be continued.
        let is_off = node.hub.standing(Stream::Rights).is_none();
        if is_off || !taken.lagged.is_empty() || taken.close.is_some() {
            own = begin_again(&node).await;
            check_all(&node, node.hub.peers()).await;
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
    let ended = facts.sessions.iter().filter_map(|text| text.parse().ok());
    match (whom, subject) {
        (Some(Concern::Person), Some(user)) => {
            sign_out(node, &ended.collect());
            check_all(node, peers_where(node, |who| who.user == Some(user))).await;
        }
        (Some(Concern::Session), Some(session)) => sign_out(node, &ended.chain([session]).collect()),
        // Which threads are on the board, the database knows.
        (Some(Concern::Board), Some(board)) => {
            let followed = node.hub.standings(None).into_iter().map(|standing| standing.stream);
            let on_it = |one: &Stream| *one == Stream::Board(board) || matches!(one, Stream::Thread(_));
            check(node, followed.filter(on_it).flat_map(|stream| followers(node, stream)).collect()).await;
        }
        (Some(Concern::Thread), Some(thread)) => check_followers(node, Stream::Thread(thread)).await,
        (Some(Concern::Sight), Some(user)) => presence::look_again(node, user).await,
        // A kind of a newer release may concern anybody.
        (None, _) | (Some(_), None) => check_all(node, node.hub.peers()).await,
    }
}

/// Closes the sockets of sessions that ended.
fn sign_out(node: &Node, ended: &HashSet<i64>) {
    if ended.is_empty() {
        return;
    }
    for peer in peers_where(node, |who| who.session.is_some_and(|session| ended.contains(&session))) {
        peer.queue.close(Close::SIGNED_OUT);
    }
}

fn peers_where(node: &Node, whom: impl Fn(Identity) -> bool) -> Vec<Arc<Peer>> {
    node.hub.peers().into_iter().filter(|peer| whom(peer.identity)).collect()
}

/// Before an event after which a stream may be for fewer people: asks for each follower.
pub(super) async fn check_followers(node: &Node, stream: Stream) {
    check(node, followers(node, stream)).await;
}

fn followers(node: &Node, stream: Stream) -> Vec<Question> {
    node.hub.followers(stream).into_iter().map(|peer| (peer, Some(stream))).collect()
}

/// Asks whether these are still signed in, and may still read what they follow.
async fn check_all(node: &Node, peers: Vec<Arc<Peer>>) {
    let mut questions: Vec<Question> = Vec::new();
    for peer in peers {
        questions
            .extend(node.hub.follows(peer.id).into_iter().map(|stream| (Arc::clone(&peer), Some(stream))));
        if peer.identity.session.is_some() {
            questions.push((peer, None));
        }
    }
    check(node, questions).await;
}

/// Of a connection: whether it may still read a stream; without a stream, whether it is still signed in.
type Question = (Arc<Peer>, Option<Stream>);

/// Asks, and takes away what is not theirs any more. The same is asked once: guests alone may be thousands on a thread.
async fn check(node: &Node, questions: Vec<Question>) {
    let different: HashSet<(Identity, Option<Stream>)> =
        questions.iter().map(|(peer, stream)| (peer.identity, *stream)).collect();
    let asking: Vec<_> =
        different.into_iter().map(|(who, stream)| Box::pin(insist(node, who, stream))).collect();
    let answers: HashMap<_, _> = stream::iter(asking).buffer_unordered(AT_ONCE).collect().await;
    for (peer, stream) in questions {
        match stream {
            _ if answers.get(&(peer.identity, stream)) == Some(&true) => {}
            Some(stream) if node.hub.revoke(stream, &peer) => {
                node.counters.revoked.inc();
            }
            Some(_) => {}
            None => peer.queue.close(Close::SIGNED_OUT),
        }
    }
}

/// Asks until there is an answer. Without one, a right counts as lost: whoever still has it comes back.
async fn insist(node: &Node, who: Identity, stream: Option<Stream>) -> ((Identity, Option<Stream>), bool) {
    for _ in 0..TRIES {
        match ask(node, who, stream).await {
            Ok(answer) => return ((who, stream), answer),
            Err(error) => tracing::warn!(%error, "a right could not be asked for"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    ((who, stream), false)
}

/// Whether somebody may read a stream; without a stream, whether they are signed in.
async fn ask(node: &Node, who: Identity, stream: Option<Stream>) -> Result<bool> {
    let snapshot = queries::now(&node.app).await?;
    match stream {
        Some(stream) => {
            let theirs = (node.wiring.may_read)(&node.app, &snapshot, who, vec![stream]).await?;
            Ok(theirs.contains(&stream))
        }
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
