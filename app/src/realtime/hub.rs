//! The hub of this node: every connection, and for each stream that one of them follows its channel.
//!
//! It does no IO and waits for nothing: whoever has events brings them, in any order, and each follower gets each
//! event once and in order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;

use super::channel::{Arrival, Channel, Release};
use super::close::Close;
use super::peer::{NewPeer, Peer, PeerId};
use super::protocol;
use crate::core::streams::Stream;

/// How many streams one connection may follow, one's own and one's conversations apart.
pub(super) const MAX_STREAMS: usize = 256;

/// All connections and what they follow.
#[derive(Default)]
pub(super) struct Hub {
    inner: Mutex<Inner>,
    next_id: AtomicU64,
}

#[derive(Default)]
struct Inner {
    channels: HashMap<Stream, Channel>,
    connections: HashMap<PeerId, Connection>,
    addresses: HashMap<IpAddr, usize>,
}

struct Connection {
    peer: Arc<Peer>,
    address: IpAddr,
    follows: Vec<Stream>,
}

/// Where a followed stream stands on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// The stream.
    pub(super) stream: Stream,
    /// The newest event its followers have; unknown while the first of them still joins.
    pub(super) at: Option<i64>,
}

/// An address that has too many connections already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyConnections;

/// A connection that follows too many streams already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyStreams;

impl Hub {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection, unless its address has `most` already. It must be taken out again with [`Hub::disconnect`].
    pub(super) fn connect(&self, peer: NewPeer, most: usize) -> Result<Arc<Peer>, TooManyConnections> {
        let id = PeerId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let mut inner = self.lock();
        let of_address = inner.addresses.entry(peer.address).or_default();
        if *of_address >= most {
            return Err(TooManyConnections);
        }
        *of_address += 1;
        let address = peer.address;
        let peer = Arc::new(Peer::new(id, peer));
        let connection = Connection { peer: Arc::clone(&peer), address, follows: Vec::new() };
        inner.connections.insert(id, connection);
        Ok(peer)
    }

    /// Takes a connection out of everything it follows.
    pub(super) fn disconnect(&self, peer: PeerId) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.remove(&peer) else { return };
        if let Entry::Occupied(mut of_address) = inner.addresses.entry(connection.address) {
            *of_address.get_mut() -= 1;
            if *of_address.get() == 0 {
                of_address.remove();
            }
        }
        for stream in connection.follows {
            inner.leave(stream, peer);
        }
    }

    /// Follows a stream with events held back until [`Hub::release`].
    ///
    /// # Errors
    /// When the connection follows [`MAX_STREAMS`] already.
    pub(super) fn join(&self, stream: Stream, peer: &Arc<Peer>) -> Result<(), TooManyStreams> {
        self.lock().join(stream, peer)
    }

    /// As [`Hub::join`], for this node itself, which is no connection.
    pub(super) fn join_own(&self, stream: Stream, peer: &Arc<Peer>) {
        let mut inner = self.lock();
        inner.channels.entry(stream).or_insert_with(|| Channel::new(stream)).join(Arc::clone(peer));
    }

    /// Makes a follower live that has read everything up to `head`.
    pub(super) fn release(&self, stream: Stream, peer: PeerId, head: i64) -> Release {
        let mut inner = self.lock();
        let released =
            inner.channels.get_mut(&stream).map_or(Release::Gone, |channel| channel.release(peer, head));
        inner.begin(stream);
        released
    }

    /// Follows no more. A stream that the connection does not follow costs no look at those who do.
    pub(super) fn leave(&self, stream: Stream, peer: &Peer) {
        if self.lock().unfollow(stream, peer.id) {
            peer.queue.forget(stream);
        }
    }

    /// Takes a stream away from a follower and tells it. No event of the stream comes after this.
    pub(super) fn revoke(&self, stream: Stream, peer: &Peer) -> bool {
        let mut inner = self.lock();
        let had = inner.unfollow(stream, peer.id);
        if had {
            peer.queue.forget(stream);
            peer.queue.notice(protocol::about_stream("revoked", stream));
        }
        had
    }

    /// Takes a stream away from a person from one of its events on: those of their connections that began to follow it
    /// after that event came back since, and keep it. Answers how many lost it.
    pub(super) fn remove_person(&self, stream: Stream, user: i64, seq: i64) -> u64 {
        let removed = match self.lock().channels.get_mut(&stream) {
            Some(channel) => channel.remove_person(user, seq),
            None => return 0,
        };
        removed.iter().map(|peer| u64::from(self.revoke(stream, peer))).sum()
    }

    /// With event `seq` of a stream, its followers begin to follow another one after a number. Told before the event
    /// arrives, and done as it is handed out.
    pub(super) fn expect_beginning(&self, stream: Stream, seq: i64, begins: (Stream, i64)) {
        if let Some(channel) = self.lock().channels.get_mut(&stream) {
            channel.expect_beginning(seq, begins);
        }
    }

    /// Has one connection begin what an event says that it read itself, because it came before the connection was live.
    pub(super) fn begin(&self, peer: &Arc<Peer>, begins: (Stream, i64)) {
        self.lock().begin_one(peer, begins);
    }

    /// Whether a connection follows a stream from this number or a later one on.
    pub(super) fn follows_from(&self, stream: Stream, peer: PeerId, seq: i64) -> bool {
        self.lock().channels.get(&stream).is_some_and(|channel| channel.follows_from(peer, seq))
    }

    /// Takes a stream that cannot be continued away from everyone, who are told to load it anew.
    pub(super) fn restart(&self, stream: Stream) {
        let mut inner = self.lock();
        let Some(channel) = inner.channels.remove(&stream) else { return };
        for peer in channel.followers() {
            if let Some(connection) = inner.connections.get_mut(&peer.id) {
                connection.follows.retain(|followed| *followed != stream);
            }
            peer.queue.forget(stream);
            peer.queue.notice(protocol::about_stream("resync", stream));
        }
    }

    /// Ends everything: history may have gone back, and no number means anything any more.
    pub(super) fn reset(&self) {
        let mut inner = self.lock();
        for (_, channel) in inner.channels.drain() {
            for peer in channel.followers() {
                peer.queue.forget(channel.stream());
                peer.queue.close(Close::NEW_EPOCH);
            }
        }
        for connection in inner.connections.values_mut() {
            connection.follows.clear();
            connection.peer.queue.close(Close::NEW_EPOCH);
        }
    }

    /// An event has arrived. `None`: nobody here follows its stream.
    pub(super) fn arrive(&self, stream: Stream, seq: i64, text: Utf8Bytes) -> Option<Arrival> {
        let mut inner = self.lock();
        let Entry::Occupied(mut channel) = inner.channels.entry(stream) else { return None };
        let arrival = channel.get_mut().arrive(seq, text);
        if channel.get().is_empty() {
            channel.remove();
        }
        inner.begin(stream);
        Some(arrival)
    }

    /// Shows something that is not kept to everyone who follows the stream.
    pub(super) fn flash(&self, stream: Stream, text: &Utf8Bytes) {
        if let Some(channel) = self.lock().channels.get(&stream) {
            channel.flash(text);
        }
    }

    /// Whether anyone here follows the stream.
    pub(super) fn is_followed(&self, stream: Stream) -> bool {
        self.lock().channels.contains_key(&stream)
    }

    /// Where the stream stands here.
    pub(super) fn standing(&self, stream: Stream) -> Option<Standing> {
        self.lock().channels.get(&stream).map(|channel| Standing { stream, at: channel.at() })
    }

    /// The newest event handed out of a stream, while later ones wait for the one after it.
    pub(super) fn gap(&self, stream: Stream) -> Option<i64> {
        self.lock().channels.get(&stream).and_then(Channel::gap)
    }

    /// Where every followed stream stands, or only those of connections whose client did something since.
    pub(super) fn standings(&self, active_since: Option<u32>) -> Vec<Standing> {
        let inner = self.lock();
        let counts = |channel: &Channel| {
            active_since.is_none_or(|since| channel.followers().any(|peer| peer.active() >= since))
        };
        let channels = inner.channels.iter().filter(|(_, channel)| counts(channel));
        channels.map(|(stream, channel)| Standing { stream: *stream, at: channel.at() }).collect()
    }

    /// Who follows the stream, joining or live.
    pub(super) fn followers(&self, stream: Stream) -> Vec<Arc<Peer>> {
        let inner = self.lock();
        inner.channels.get(&stream).map(|channel| channel.followers().cloned().collect()).unwrap_or_default()
    }

    /// What a connection follows.
    pub(super) fn follows(&self, peer: PeerId) -> Vec<Stream> {
        self.lock().connections.get(&peer).map(|connection| connection.follows.clone()).unwrap_or_default()
    }

    /// Every connection.
    pub(super) fn peers(&self) -> Vec<Arc<Peer>> {
        self.lock().connections.values().map(|connection| Arc::clone(&connection.peer)).collect()
    }

    /// How many connections there are.
    pub(super) fn count(&self) -> usize {
        self.lock().connections.len()
    }
}

/// One's own stream and one's conversations are followed without asking, however many they are.
fn comes_by_itself(stream: Stream) -> bool {
    matches!(stream, Stream::User(_) | Stream::Conversation(_))
}

impl Inner {
    fn join(&mut self, stream: Stream, peer: &Arc<Peer>) -> Result<(), TooManyStreams> {
        let Some(connection) = self.connections.get_mut(&peer.id) else { return Ok(()) };
        if !connection.follows.contains(&stream) {
            let asked_for = connection.follows.iter().filter(|stream| !comes_by_itself(**stream)).count();
            if !comes_by_itself(stream) && asked_for >= MAX_STREAMS {
                return Err(TooManyStreams);
            }
            connection.follows.push(stream);
        }
        self.channels.entry(stream).or_insert_with(|| Channel::new(stream)).join(Arc::clone(peer));
        Ok(())
    }

    /// Has followers begin what the events say that were just handed out. Until they have read it, nothing of the stream
    /// comes to them: neither what is left of an earlier time on it.
    fn begin(&mut self, stream: Stream) {
        let Some(channel) = self.channels.get_mut(&stream) else { return };
        let begun = channel.take_begun();
        if begun.is_empty() {
            return;
        }
        let followers: Vec<Arc<Peer>> = channel.followers().cloned().collect();
        for begins in begun {
            for peer in &followers {
                self.begin_one(peer, begins);
            }
        }
    }

    fn begin_one(&mut self, peer: &Arc<Peer>, (other, seq): (Stream, i64)) {
        let follows = |channel: &Channel| channel.follows_from(peer.id, seq);
        if !self.channels.get(&other).is_some_and(follows) && self.join(other, peer).is_ok() {
            peer.queue.bid(other, seq);
        }
    }

    /// Takes a connection off a stream; false when it did not follow it.
    fn unfollow(&mut self, stream: Stream, peer: PeerId) -> bool {
        let Some(connection) = self.connections.get_mut(&peer) else { return false };
        let Some(index) = connection.follows.iter().position(|followed| *followed == stream) else {
            return false;
        };
        connection.follows.swap_remove(index);
        self.leave(stream, peer);
        true
    }

    fn leave(&mut self, stream: Stream, peer: PeerId) {
        let Entry::Occupied(mut channel) = self.channels.entry(stream) else { return };
        channel.get_mut().leave(peer);
        if channel.get().is_empty() {
            channel.remove();
        }
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "hub_race_tests.rs"]
mod races;
