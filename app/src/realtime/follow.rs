//! Following a stream from where the client is: join with events held back, read what was missed in snapshots that
//! also say whether it may be read, then go live.

use std::time::Duration;

use tokio::time::Instant;

use super::channel::Release;
use super::frames::Frame;
use super::hub::TooManyStreams;
use super::node::Node;
use super::peer::{Identity, Peer};
use super::socket::{End, Socket};
use super::{frames, protocol, queries};
use crate::core::Result;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// How many missed events are read at a time, as the socket takes them.
const PAGE: i64 = 100;
/// A client that missed more than this loads anew.
const MOST: i64 = 500;
/// How long to wait when the snapshot is older than what the hub already gave to others.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a joining follower reads on without getting anywhere, before it is asked to come back.
const TRIES: u32 = 50;

/// What a snapshot says to somebody who wants everything after a number.
enum Read {
    /// It is not for them, or not there: nobody learns which.
    NotFound,
    /// It cannot be continued from there.
    Resync,
    /// The next events, each with whether it is for them, and the head.
    Events(Vec<(Appended, bool)>, i64),
}

/// Follows one stream. Whatever prevents it is told to the client.
///
/// # Errors
/// When the connection ends.
pub(super) async fn follow(socket: &mut Socket, stream: Stream, from: Option<i64>) -> Result<(), End> {
    let (node, peer) = (socket.node.clone(), socket.peer.clone());
    if node.hub.join(stream, &peer) == Err(TooManyStreams) {
        return socket.refuse("too_many_streams", "Unsubscribe from some first.", &stream.to_string()).await;
    }
    match catch_up(socket, stream, from).await {
        Ok(Outcome::Live(head)) => {
            node.counters.resumed.inc();
            let mut frames = vec![protocol::subscribed(stream, head)];
            frames.extend(node.recent.of(stream, Instant::now()));
            socket.send(frames).await
        }
        // It was told `revoked` when it was taken off.
        Ok(Outcome::Gone) => Ok(()),
        Ok(Outcome::Resync) => {
            node.hub.leave(stream, &peer);
            node.counters.resynced.inc();
            socket.send(vec![protocol::about_stream("resync", stream)]).await
        }
        Ok(Outcome::NotFound) => {
            node.hub.leave(stream, &peer);
            node.counters.refused.inc();
            socket
                .refuse("not_found", "There is no such stream, or it is not for you.", &stream.to_string())
                .await
        }
        Ok(Outcome::Unavailable) => {
            node.hub.leave(stream, &peer);
            socket.refuse("unavailable", "Try again in a moment.", &stream.to_string()).await
        }
        Err(end) => Err(end),
    }
}

enum Outcome {
    Live(i64),
    Gone,
    Resync,
    NotFound,
    Unavailable,
}

async fn catch_up(socket: &mut Socket, stream: Stream, from: Option<i64>) -> Result<Outcome, End> {
    let node = socket.node.clone();
    let mut at = from;
    for _ in 0..TRIES {
        let read = match page(&node, &socket.peer, stream, at, at == from).await {
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

/// When everyone comes back at once they wait for each other here, rather than each for a connection of the database.
async fn page(node: &Node, peer: &Peer, stream: Stream, at: Option<i64>, first: bool) -> Result<Page> {
    let _turn = node.turns.acquire().await;
    Ok(match read(node, peer.identity, stream, at, first).await? {
        Read::NotFound => Page::Ends(Outcome::NotFound),
        Read::Resync => Page::Ends(Outcome::Resync),
        Read::Events(events, head) => {
            let (theirs, others): (Vec<_>, Vec<_>) = events.into_iter().partition(|(_, theirs)| *theirs);
            let theirs: Vec<Appended> = theirs.into_iter().map(|(event, _)| event).collect();
            let mut frames = frames::build_all(&node.app, &node.wiring, &theirs).await?;
            frames.extend(others.into_iter().map(|(event, _)| Frame::nothing(&event)));
            frames.sort_by_key(|frame| frame.seq);
            Page::Frames(frames, head)
        }
    })
}

/// One snapshot: the right, the head, and the next events.
async fn read(node: &Node, who: Identity, stream: Stream, at: Option<i64>, first: bool) -> Result<Read> {
    let snapshot = queries::now(&node.app).await?;
    if !(node.wiring.may_read)(&node.app, &snapshot, who, stream).await? {
        return Ok(Read::NotFound);
    }
    let head = queries::head(&snapshot, stream).await?;
    let at = at.unwrap_or(head);
    if at > head || at < 0 || (first && head - at > MOST) {
        return Ok(Read::Resync);
    }
    if at == head {
        return Ok(Read::Events(Vec::new(), head));
    }
    let events = queries::events(&snapshot, stream, at, PAGE).await?;
    let is_dense = (at + 1..).zip(&events).all(|(expected, event)| event.seq == expected);
    if events.is_empty() || !is_dense {
        return Ok(Read::Resync);
    }
    let periods = match node.wiring.periods {
        Some(periods) => periods(&node.app, &snapshot, who, stream).await?,
        None => None,
    };
    let is_theirs = |seq| {
        periods
            .as_ref()
            .is_none_or(|all| all.iter().any(|(from, to)| *from < seq && to.is_none_or(|to| seq <= to)))
    };
    let events = events.into_iter().map(|event| {
        let theirs = is_theirs(event.seq);
        (event, theirs)
    });
    Ok(Read::Events(events.collect(), head))
}
