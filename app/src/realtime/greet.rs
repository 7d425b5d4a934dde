//! `hello`: who somebody is to us, what they follow without asking, then everything they missed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::json;

use super::channel::Release;
use super::close::Close;
use super::hear::follow_all;
use super::node::Node;
use super::peer::Peer;
use super::protocol::{self, Hello};
use super::pulse::heartbeat_seconds;
use super::socket::{End, Socket};
use super::{follow, queries};
use crate::core::streams::Stream;
use crate::core::{Error, Result};

/// Answers `hello`.
///
/// # Errors
/// When the connection ends.
pub(super) async fn greet(socket: &mut Socket, mut hello: Hello) -> Result<(), End> {
    let node = socket.node.clone();
    let (joined, own) = own_streams(&node, &socket.peer.clone()).await.map_err(|error| failed(&error))?;
    let user = (node.wiring.person)(&node.app, socket.peer.identity).await.map_err(|error| failed(&error))?;
    let epoch = node.app.epoch();
    let heads: BTreeMap<String, i64> = own.iter().map(|(stream, head)| (stream.to_string(), *head)).collect();
    let welcome = json!({
        "epoch": *epoch,
        "user": user,
        "conversations": heads,
        "heartbeat": heartbeat_seconds(&node),
        "version": env!("CARGO_PKG_VERSION"),
        "release": node.wiring.release,
    });
    socket.peer.greet();
    if let Some(me) = socket.peer.identity.user {
        node.presence.come(me);
    }
    socket.send(vec![protocol::frame("welcome", &welcome)]).await?;
    let same = hello.epoch.take().is_none_or(|theirs| *theirs == *epoch);
    // One's own stream comes by itself: from where the client was, else from now.
    if let Some(me) = socket.peer.identity.user.map(Stream::User)
        && !(same && hello.cursors.contains_key(&me.to_string()))
    {
        follow::follow(socket, me, None).await?;
    }
    for (stream, head) in own {
        let cursor = if same { hello.cursors.remove(&stream.to_string()) } else { None };
        begin(socket, stream, head, cursor, joined.contains(&stream)).await?;
    }
    follow_all(socket, hello.cursors, same).await
}

fn failed(error: &Error) -> End {
    tracing::warn!(%error, "a person could not be read");
    End::Close(Close::INTERNAL)
}

/// What somebody follows without asking, each joined with events held back before its head was read; and which were.
/// Their own stream is joined before all: what begins from now on is told by it.
async fn own_streams(node: &Node, peer: &Arc<Peer>) -> Result<(HashSet<Stream>, Vec<(Stream, i64)>)> {
    let (Some(own), Some(me)) = (node.wiring.own, peer.identity.user) else {
        return Ok((HashSet::new(), Vec::new()));
    };
    let join = |stream| node.hub.join(stream, peer).is_ok();
    let _bounded = join(Stream::User(me));
    let before = own(&node.app, &queries::now(&node.app).await?, peer.identity).await?;
    let joined: HashSet<Stream> =
        before.into_iter().map(|(stream, _)| stream).filter(|one| join(*one)).collect();
    let now = own(&node.app, &queries::now(&node.app).await?, peer.identity).await?;
    let still: HashSet<Stream> = now.iter().map(|(stream, _)| *stream).collect();
    for gone in joined.difference(&still) {
        node.hub.leave(*gone, peer);
    }
    Ok((joined, now))
}

/// Follows a stream from where the client is, else from the head that it was told. Who missed nothing costs nothing.
async fn begin(
    socket: &mut Socket,
    stream: Stream,
    head: i64,
    cursor: Option<i64>,
    joined: bool,
) -> Result<(), End> {
    let missed_nothing = cursor.is_none_or(|cursor| cursor == head);
    if joined && missed_nothing && socket.node.hub.release(stream, socket.peer.id, head) == Release::Live {
        return Ok(());
    }
    follow::follow(socket, stream, Some(cursor.unwrap_or(head))).await
}
