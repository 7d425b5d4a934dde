//! `hello`: who somebody is to us, what they follow without asking, then everything they missed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::json;

use super::channel::Release;
use super::close::Close;
use super::follow::follow_all;
use super::hear::named;
use super::look::Wanted;
use super::node::Node;
use super::peer::Peer;
use super::protocol::{self, Hello};
use super::pulse::heartbeat_seconds;
use super::queries;
use super::socket::{End, Socket};
use crate::core::streams::Stream;
use crate::core::{Error, Result};

/// Answers `hello`.
///
/// # Errors
/// When the connection ends.
pub(super) async fn greet(socket: &mut Socket, hello: Hello) -> Result<(), End> {
    let (node, peer) = (socket.node.clone(), Arc::clone(&socket.peer));
    // Said is said, however long the line is.
    peer.greet();
    if let Some(me) = peer.identity.user {
        node.presence.come(me);
    }
    let epoch = node.app.epoch();
    let Hello { epoch: theirs, mut cursors } = hello;
    let same = theirs.is_none_or(|theirs| *theirs == *epoch);
    let known = if same { conversations(&cursors) } else { HashSet::new() };
    let turn = node.line.turn().await;
    // One's own stream comes by itself: from where the client was, else from now, which is before its conversations are
    // looked for, so that one that begins meanwhile is told.
    let me = peer.identity.user.map(Stream::User);
    let me = me.filter(|me| !(same && cursors.contains_key(&me.to_string())));
    let own_head = own_head(&node, me).await.map_err(|error| failed(&error))?;
    let (joined, own) = own_streams(&node, &peer, known).await.map_err(|error| failed(&error))?;
    let user = (node.wiring.person)(&node.app, peer.identity).await.map_err(|error| failed(&error))?;
    drop(turn);
    let heads: BTreeMap<String, i64> = own.iter().map(|(stream, head)| (stream.to_string(), *head)).collect();
    let welcome = json!({
        "epoch": *epoch,
        "user": user,
        "conversations": heads,
        "heartbeat": heartbeat_seconds(&node),
        "version": env!("CARGO_PKG_VERSION"),
        "release": node.wiring.release,
    });
    socket.send(vec![protocol::frame("welcome", &welcome)]).await?;
    let mut wanted: Vec<Wanted> = me.map(|me| (me, own_head)).into_iter().collect();
    for (stream, head) in own {
        let cursor = if same { cursors.remove(&stream.to_string()) } else { None };
        let from = cursor.unwrap_or(head);
        // Who missed nothing costs nothing.
        let is_there = joined.contains(&stream) && from == head;
        if !is_there || node.hub.release(stream, peer.id, head) != Release::Live {
            wanted.push((stream, Some(from)));
        }
    }
    wanted.extend(named(socket, cursors, same).await?);
    follow_all(socket, &wanted).await
}

fn failed(error: &Error) -> End {
    tracing::warn!(%error, "a person could not be read");
    End::Close(Close::INTERNAL)
}

/// Where one's own stream stands.
async fn own_head(node: &Node, me: Option<Stream>) -> Result<Option<i64>> {
    let Some(me) = me else { return Ok(None) };
    Ok(Some(queries::head(&queries::now(&node.app).await?, me).await?))
}

fn conversations(cursors: &BTreeMap<String, i64>) -> HashSet<Stream> {
    let streams = cursors.keys().filter_map(|name| Stream::parse(name));
    streams.filter(|stream| matches!(stream, Stream::Conversation(_))).collect()
}

/// What somebody follows without asking, each joined with events held back before its head was read; and which were.
/// Those that the client knows of are joined first, so that one look tells what is to be told; whatever it shows beside
/// them takes a second one. Their own stream is joined before all: what begins from now on is told by it.
async fn own_streams(
    node: &Node,
    peer: &Arc<Peer>,
    known: HashSet<Stream>,
) -> Result<(HashSet<Stream>, Vec<(Stream, i64)>)> {
    let (Some(own), Some(me)) = (node.wiring.own, peer.identity.user) else {
        return Ok((HashSet::new(), Vec::new()));
    };
    let join = |stream: &Stream| node.hub.join(*stream, peer).is_ok();
    let _bounded = join(&Stream::User(me));
    let mut joined: HashSet<Stream> = known.into_iter().filter(join).collect();
    let mut now = own(&node.app, &queries::now(&node.app).await?, peer.identity).await?;
    let unknown: Vec<Stream> =
        now.iter().map(|(stream, _)| *stream).filter(|stream| !joined.contains(stream)).collect();
    if !unknown.is_empty() {
        joined.extend(unknown.into_iter().filter(join));
        now = own(&node.app, &queries::now(&node.app).await?, peer.identity).await?;
    }
    let still: HashSet<Stream> = now.iter().map(|(stream, _)| *stream).collect();
    for gone in joined.difference(&still) {
        node.hub.leave(*gone, peer);
    }
    Ok((joined, now))
}
