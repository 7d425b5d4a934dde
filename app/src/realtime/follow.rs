//! Following streams from where the client is: join with events held back, look in snapshots that also say what may be
//! read, send what was missed, then go live.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::channel::Release;
use super::frames::{Effect, Frame};
use super::hub::TooManyStreams;
use super::look::{Seen, Wanted, look};
use super::node::Node;
use super::peer::Peer;
use super::socket::{End, Socket};
use super::{frames, protocol};
use crate::core::Result;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// How many streams are looked at together.
const TOGETHER: usize = 128;
/// For how long what was seen of a stream is good, while those before it are sent: rights may have been lost since.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How long to wait when the snapshot is older than what the hub already gave to others.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a joining follower reads on without getting anywhere, before it is asked to come back.
const TRIES: u32 = 50;

/// Follows streams, each given once. Whatever prevents one of them is told to the client.
///
/// # Errors
/// When the connection ends.
pub(super) async fn follow_all(socket: &mut Socket, wanted: &[Wanted]) -> Result<(), End> {
    for some in wanted.chunks(TOGETHER) {
        follow_together(socket, some).await?;
    }
    Ok(())
}

async fn follow_together(socket: &mut Socket, wanted: &[Wanted]) -> Result<(), End> {
    let (node, peer) = (socket.node.clone(), socket.peer.clone());
    let mut joined = Vec::with_capacity(wanted.len());
    for (stream, from) in wanted.iter().copied() {
        if node.hub.join(stream, &peer) == Err(TooManyStreams) {
            socket.refuse("too_many_streams", "Unsubscribe from some first.", &stream.to_string()).await?;
        } else {
            joined.push((stream, from));
        }
    }
    let (mut seen, seen_at) = (first_look(&node, &peer, &joined).await, Instant::now());
    for one in joined {
        let seen = seen.remove(&one.0).filter(|_| seen_at.elapsed() < GOOD_FOR);
        follow(socket, one, seen).await?;
    }
    Ok(())
}

/// What can be seen of them all at once; what cannot be, each looks for by itself.
async fn first_look(node: &Node, peer: &Peer, wanted: &[Wanted]) -> HashMap<Stream, Seen> {
    let _turn = node.line.turn().await;
    look(node, peer.identity, wanted, true).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "it could not be seen where streams stand");
        HashMap::new()
    })
}

/// Follows one stream that is joined already.
async fn follow(socket: &mut Socket, (stream, from): Wanted, seen: Option<Seen>) -> Result<(), End> {
    let (node, peer) = (socket.node.clone(), socket.peer.clone());
    match catch_up(socket, stream, from, seen).await? {
        Outcome::Live(head) => {
            node.counters.resumed.inc();
            node.app.told.note(stream, head);
            let mut frames = vec![protocol::subscribed(stream, head)];
            frames.extend(node.recent.of(stream, Instant::now()));
            socket.send(frames).await
        }
        // It was told `revoked` when it was taken off.
        Outcome::Gone => Ok(()),
        Outcome::Resync => {
            node.hub.leave(stream, &peer);
            node.counters.resynced.inc();
            socket.send(vec![protocol::about_stream("resync", stream)]).await
        }
        Outcome::NotFound => {
            node.hub.leave(stream, &peer);
            node.counters.refused.inc();
            socket
                .refuse("not_found", "There is no such stream, or it is not for you.", &stream.to_string())
                .await
        }
        Outcome::Unavailable => {
            node.hub.leave(stream, &peer);
            socket.refuse("unavailable", "Try again in a moment.", &stream.to_string()).await
        }
    }
}

enum Outcome {
    Live(i64),
    Gone,
    Resync,
    NotFound,
    Unavailable,
}

async fn catch_up(
    socket: &mut Socket,
    stream: Stream,
    from: Option<i64>,
    mut seen: Option<Seen>,
) -> Result<Outcome, End> {
    let node = socket.node.clone();
    let mut at = from;
    for _ in 0..TRIES {
        let read = match page(&node, &socket.peer, (stream, at), at == from, seen.take()).await {
            Ok(read) => read,
            Err(error) => {
                tracing::warn!(%error, %stream, "missed events could not be read");
                return Ok(Outcome::Unavailable);
            }
        };
        let (frames, head) = match read {
            Page::Frames(frames, head) => (frames, head),
            Page::Ends(outcome) => return Ok(outcome),
        };
        at = Some(frames.last().map_or(at.unwrap_or(head), |frame| frame.seq));
        let got_on = !frames.is_empty();
        let begins = frames.iter().filter_map(|frame| match frame.effect {
            Effect::Begins(other, seq) => Some((other, seq)),
            _ => None,
        });
        begins.for_each(|begins| node.hub.begin(&socket.peer, begins));
        socket.send(frames.into_iter().map(|frame| frame.text).collect()).await?;
        // What else waits for this socket is not held up by a long resume.
        socket.flush_queue().await?;
        if at < Some(head) {
            continue;
        }
        match node.hub.release(stream, socket.peer.id, head) {
            Release::Live => return Ok(Outcome::Live(head)),
            Release::Gone => return Ok(Outcome::Gone),
            Release::ReadOn if got_on => {}
            Release::ReadOn => tokio::time::sleep(PAUSE).await,
        }
    }
    Ok(Outcome::Unavailable)
}

enum Page {
    Frames(Vec<Frame>, i64),
    Ends(Outcome),
}

/// The next frames, from what was seen already or is looked for now.
async fn page(node: &Node, peer: &Peer, wanted: Wanted, fresh: bool, seen: Option<Seen>) -> Result<Page> {
    let seen = match seen {
        Some(seen) => seen,
        None => {
            let _turn = node.line.turn().await;
            let mut seen = look(node, peer.identity, &[wanted], fresh).await?;
            seen.remove(&wanted.0).unwrap_or(Seen::NotFound)
        }
    };
    Ok(match seen {
        Seen::NotFound => Page::Ends(Outcome::NotFound),
        Seen::Resync => Page::Ends(Outcome::Resync),
        Seen::Events(events, head) if events.is_empty() => Page::Frames(Vec::new(), head),
        Seen::Events(events, head) => Page::Frames(built(node, wanted.0, head, events).await?, head),
    })
}

/// The frames of events, of which others may have needed the same a moment ago.
async fn built(node: &Node, stream: Stream, head: i64, events: Vec<(Appended, bool)>) -> Result<Vec<Frame>> {
    let now = Instant::now();
    let (mut frames, mut to_build) = (Vec::with_capacity(events.len()), Vec::new());
    for (event, theirs) in events {
        if !theirs {
            frames.push(Frame::nothing(&event));
        } else if let Some(frame) = node.shared.get(stream, head, event.seq, now) {
            frames.push(frame);
        } else {
            to_build.push(event);
        }
    }
    if !to_build.is_empty() {
        let _turn = node.line.turn().await;
        let built = frames::build_all(&node.app, &node.wiring, &to_build).await?;
        node.shared.keep(stream, head, &built, now);
        frames.extend(built);
    }
    frames.sort_by_key(|frame| frame.seq);
    Ok(frames)
}
