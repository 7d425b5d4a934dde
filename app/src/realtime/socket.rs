//! One socket: what its client says and what waits for it, in one task.
//!
//! Whatever needs memory only for a while is boxed, because thousands of these wait for nothing most of the time.

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::{Sink, Stream as _, StreamExt};

use super::allowance::Allowance;
use super::close::Close;
use super::hub::TooManyConnections;
use super::node::Node;
use super::peer::{Identity, NewPeer, Peer};
use super::queue::Taken;
use super::{follow, hear, protocol};
use crate::core::streams::Stream;

/// How long a client may take to answer a close, before the connection is cut.
const FAREWELL: Duration = Duration::from_secs(2);

/// One connection.
pub(super) struct Socket {
    pub(super) node: Node,
    pub(super) peer: Arc<Peer>,
    pub(super) allowance: Allowance,
    /// Streams to follow as soon as nothing else is being followed, and from where.
    bids: Vec<(Stream, i64)>,
    /// Whether the last turn was the news'.
    news_had_its_turn: bool,
    wire: WebSocket,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The other end is gone, or cannot be reached.
    Gone,
    /// We close it.
    Close(Close),
}

enum Turn {
    Said(Message),
    News(Taken),
}

/// A place in the hub, given up whatever happens to the request or the task that holds it.
pub(super) struct Place {
    node: Node,
    peer: Arc<Peer>,
}

impl Place {
    /// Takes a place.
    ///
    /// # Errors
    /// When the address has too many already.
    pub(super) fn take(node: &Node, identity: Identity, address: IpAddr) -> Result<Self, TooManyConnections> {
        let settings = &node.app.config.realtime;
        let peer = NewPeer { identity, address, capacity: settings.websocket_queue, now: node.seconds() };
        let peer = node.hub.connect(peer, settings.websocket_per_address)?;
        Ok(Self { node: node.clone(), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.node.hub.disconnect(self.peer.id);
        self.node.presence.go(&self.peer, self.node.seconds());
    }
}

/// Serves a connection to its end.
pub(super) async fn serve(place: Place, wire: WebSocket) {
    let (node, peer) = (place.node.clone(), Arc::clone(&place.peer));
    let allowance = Allowance::new(node.app.config.realtime.websocket_frames, Instant::now());
    let mut socket = Socket { node, peer, allowance, bids: Vec::new(), news_had_its_turn: false, wire };
    let end = socket.talk().await;
    drop(place);
    if let Err(End::Close(close)) = end {
        Box::pin(socket.close(close)).await;
    }
}

impl Socket {
    async fn talk(&mut self) -> Result<(), End> {
        loop {
            let turn = self.turn().await?;
            self.news_had_its_turn = matches!(turn, Turn::News(_));
            match turn {
                Turn::Said(Message::Text(text)) => hear::hear(self, text).await?,
                Turn::Said(Message::Ping(_) | Message::Pong(_)) => self.peer.hear(self.node.seconds()),
                Turn::Said(Message::Binary(_)) => return Err(End::Close(Close::NOT_TEXT)),
                Turn::Said(Message::Close(_)) => return Ok(()),
                Turn::News(taken) => Box::pin(self.pass_on(taken)).await?,
            }
            if !self.bids.is_empty() {
                Box::pin(self.follow_bids()).await?;
            }
        }
    }

    /// Follows what it was bidden to, unless it does so already.
    async fn follow_bids(&mut self) -> Result<(), End> {
        while let Some((stream, seq)) = self.bids.pop() {
            if !self.node.hub.follows_from(stream, self.peer.id, seq) {
                follow::follow_all(self, &[(stream, Some(seq))]).await?;
            }
        }
        Ok(())
    }

    /// What comes next from either side: neither waits for the other more than once. Mostly it is news, so what was said
    /// is looked for only when there is none, or has just been some.
    async fn turn(&mut self) -> Result<Turn, End> {
        poll_fn(|context| {
            if !self.news_had_its_turn
                && let Poll::Ready(taken) = self.peer.queue.poll_take(context)
            {
                return Poll::Ready(Ok(Turn::News(taken)));
            }
            self.news_had_its_turn = false;
            match Pin::new(&mut self.wire).poll_next(context) {
                Poll::Ready(Some(Ok(message))) => return Poll::Ready(Ok(Turn::Said(message))),
                // Lost, too large, or against the rules: whoever is still there is told why it ends.
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Err(End::Close(Close::UNREADABLE))),
                Poll::Ready(None) => return Poll::Ready(Err(End::Gone)),
                Poll::Pending => {}
            }
            self.peer.queue.poll_take(context).map(|taken| Ok(Turn::News(taken)))
        })
        .await
    }

    /// Writes what waited, and ends the connection if that was asked for.
    async fn pass_on(&mut self, taken: Taken) -> Result<(), End> {
        self.node.counters.delivered.inc_by(taken.frames.len() as u64);
        self.bids.extend(taken.bids);
        let lagged = (!taken.lagged.is_empty()).then(|| protocol::lagged(&taken.lagged));
        self.node.counters.lagged.inc_by(u64::from(lagged.is_some()));
        // The ping is for us: only its answer shows that somebody is still there.
        let ping = taken.beat.is_some().then(|| Message::Ping(Bytes::new()));
        let texts = taken.frames.into_iter().chain(lagged).chain(taken.beat);
        self.write(texts.map(Message::Text).chain(ping)).await?;
        taken.close.map_or(Ok(()), |close| Err(End::Close(close)))
    }

    /// Writes what waits just now.
    pub(super) async fn flush_queue(&mut self) -> Result<(), End> {
        let taken = self.peer.queue.take();
        self.pass_on(taken).await
    }

    /// Writes frames past the queue: answers, and events that were missed.
    pub(super) async fn send(&mut self, frames: Vec<Utf8Bytes>) -> Result<(), End> {
        self.write(frames.into_iter().map(Message::Text)).await
    }

    /// Says that something asked for was not done, and about which stream.
    pub(super) async fn refuse(&mut self, code: &str, why: &str, stream: &str) -> Result<(), End> {
        self.send(vec![protocol::error(code, why, Some(stream))]).await
    }

    /// Writes until everything is on its way. A reader that is stuck is cut off when the connection is to end.
    async fn write(&mut self, messages: impl Iterator<Item = Message>) -> Result<(), End> {
        for message in messages {
            poll_fn(|context| {
                let ready = Pin::new(&mut self.wire).poll_ready(context);
                or_closing(ready, &self.peer, context)
            })
            .await?;
            Pin::new(&mut self.wire).start_send(message).map_err(|_| End::Gone)?;
        }
        poll_fn(|context| {
            let flushed = Pin::new(&mut self.wire).poll_flush(context);
            or_closing(flushed, &self.peer, context)
        })
        .await
    }

    /// Says why, and waits a moment for the answer, so that the word is not lost with the connection.
    async fn close(mut self, close: Close) {
        let farewell = async {
            if self.wire.send(Message::Close(Some(close.frame()))).await.is_ok() {
                while let Some(Ok(_)) = self.wire.next().await {}
            }
        };
        // A client that does not answer has heard nothing of it; the connection ends in either case.
        let _in_time = tokio::time::timeout(FAREWELL, farewell).await;
    }
}

/// What a write says, or while it waits, that nobody waits for it any more.
fn or_closing(
    written: Poll<Result<(), axum::Error>>,
    peer: &Peer,
    context: &Context<'_>,
) -> Poll<Result<(), End>> {
    match written {
        Poll::Ready(done) => Poll::Ready(done.map_err(|_| End::Gone)),
        Poll::Pending => peer.queue.poll_closing(context).map(|()| Err(End::Gone)),
    }
}
