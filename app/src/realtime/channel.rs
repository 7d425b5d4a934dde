//! One stream on this node: who follows it, and the order in which they get its events.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;

use super::peer::{Peer, PeerId};
use super::queue::Pushed;
use crate::core::streams::Stream;

/// How many frames wait for one that is missing, or for a follower that still reads what it missed. Of more, the rest
/// is read from the database again.
const MAX_WAITING: usize = 256;

/// The followers of one stream.
pub(super) struct Channel {
    stream: Stream,
    /// The newest event that was handed to the followers; unknown until the first of them has read the head.
    at: Option<i64>,
    /// Frames that came before their predecessors.
    early: BTreeMap<i64, Utf8Bytes>,
    /// Streams that followers also follow once they have been handed an event, and after which number.
    begins: BTreeMap<i64, (Stream, i64)>,
    /// Those of events that were just handed out.
    begun: Vec<(Stream, i64)>,
    followers: Vec<Follower>,
}

struct Follower {
    peer: Arc<Peer>,
    state: State,
}

enum State {
    /// Still reads what it missed; what comes meanwhile is held back.
    Joining(Box<Held>),
    /// Gets every event above this number at once.
    Live(i64),
}

struct Held {
    /// Everything above this number is held; unknown until the first follower has read where the stream stands.
    from: Option<i64>,
    frames: Vec<(i64, Utf8Bytes)>,
    overflowed: bool,
    /// The event by which the stream was taken away from the follower: what they read must be later.
    removed_by: Option<i64>,
}

impl Held {
    fn above(from: Option<i64>) -> Self {
        Self { from, frames: Vec::new(), overflowed: false, removed_by: None }
    }
}

/// What became of an event that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It, and perhaps some that waited for it, went to the followers.
    Handed,
    /// The followers have had it.
    Known,
    /// It waits, since the event after this number is missing.
    Early(i64),
    /// It waits until the first follower has read where the stream stands.
    Held,
}

/// What became of a follower that has read what it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// It is live.
    Live,
    /// More came meanwhile than is held back: it reads on.
    ReadOn,
    /// It was taken off the stream meanwhile.
    Gone,
}

impl Channel {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            at: None,
            early: BTreeMap::new(),
            begins: BTreeMap::new(),
            begun: Vec::new(),
            followers: Vec::new(),
        }
    }

    /// Adds a follower, with frames held back. One that follows already begins anew.
    pub(super) fn join(&mut self, peer: Arc<Peer>) {
        self.leave(peer.id);
        peer.queue.begin(self.stream);
        self.followers.push(Follower { peer, state: State::Joining(Box::new(Held::above(self.at))) });
    }

    pub(super) fn leave(&mut self, peer: PeerId) -> bool {
        let found = self.followers.iter().position(|follower| follower.peer.id == peer);
        found.map(|index| self.followers.swap_remove(index)).is_some()
    }

    /// Those of a person's connections from which event `seq` takes the stream: all that are live since before it. One
    /// that still joins has to read on until after it, and is told then whether it may.
    pub(super) fn remove_person(&mut self, user: i64, seq: i64) -> Vec<Arc<Peer>> {
        let mut removed = Vec::new();
        for follower in &mut self.followers {
            match &mut follower.state {
                _ if follower.peer.identity.user != Some(user) => {}
                State::Live(after) if *after >= seq => {}
                State::Live(_) => removed.push(Arc::clone(&follower.peer)),
                State::Joining(held) => held.removed_by = held.removed_by.max(Some(seq)),
            }
        }
        removed
    }

    /// Whether a follower is live since this number or a later one.
    pub(super) fn follows_from(&self, peer: PeerId, seq: i64) -> bool {
        let found = self.followers.iter().find(|follower| follower.peer.id == peer);
        found.is_some_and(|follower| matches!(follower.state, State::Live(after) if after >= seq))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.followers.is_empty()
    }

    pub(super) fn followers(&self) -> impl Iterator<Item = &Arc<Peer>> {
        self.followers.iter().map(|follower| &follower.peer)
    }

    pub(super) fn stream(&self) -> Stream {
        self.stream
    }

    /// The newest event handed out.
    pub(super) fn at(&self) -> Option<i64> {
        self.at
    }

    /// The newest event handed out, while some that came later wait for the one after it.
    pub(super) fn gap(&self) -> Option<i64> {
        self.at.filter(|_| !self.early.is_empty())
    }

    /// Makes a follower live that has read everything up to `head`.
    pub(super) fn release(&mut self, peer: PeerId, head: i64) -> Release {
        if self.at.is_none() {
            self.begin_at(head);
        }
        let at = self.at;
        let Some(follower) = self.followers.iter_mut().find(|follower| follower.peer.id == peer) else {
            return Release::Gone;
        };
        let State::Joining(held) = &mut follower.state else { return Release::Live };
        if held.removed_by > Some(head) {
            return Release::ReadOn;
        }
        if held.overflowed {
            **held = Held { removed_by: held.removed_by, ..Held::above(at) };
            return Release::ReadOn;
        }
        // Somebody who read a later snapshot told where the stream stands: what is between is held for nobody.
        if held.from > Some(head) {
            return Release::ReadOn;
        }
        for (seq, text) in std::mem::take(&mut held.frames) {
            if seq > head {
                // An overflow here shows at the next event, which the queue then refuses.
                follower.peer.queue.push(self.stream, text);
            }
        }
        follower.state = State::Live(head);
        Release::Live
    }

    /// Whoever is released first tells where the stream stands; everything above has yet to be handed out.
    fn begin_at(&mut self, head: i64) {
        self.at = Some(head);
        self.early = self.early.split_off(&(head + 1));
        self.begins = self.begins.split_off(&(head + 1));
        for follower in &mut self.followers {
            if let State::Joining(held) = &mut follower.state {
                held.from = Some(head);
            }
        }
        self.drain();
    }

    /// With event `seq`, its followers begin to follow another stream.
    pub(super) fn expect_beginning(&mut self, seq: i64, begins: (Stream, i64)) {
        if self.at.is_none_or(|at| seq > at) {
            self.begins.insert(seq, begins);
        }
    }

    /// What followers are to follow too, since the events were handed out that say so.
    pub(super) fn take_begun(&mut self) -> Vec<(Stream, i64)> {
        std::mem::take(&mut self.begun)
    }

    /// An event has arrived from anywhere, in any order, any number of times.
    pub(super) fn arrive(&mut self, seq: i64, text: Utf8Bytes) -> Arrival {
        let Some(at) = self.at else {
            self.wait(seq, text);
            return Arrival::Held;
        };
        if seq <= at {
            return Arrival::Known;
        }
        self.wait(seq, text);
        if seq > at + 1 {
            return Arrival::Early(at);
        }
        self.drain();
        Arrival::Handed
    }

    fn wait(&mut self, seq: i64, text: Utf8Bytes) {
        self.early.insert(seq, text);
        if self.early.len() > MAX_WAITING {
            // The newest is read again when its turn comes; the oldest may be the one that is waited for.
            self.early.pop_last();
        }
    }

    /// Hands out everything that is next. Who overflows is off the stream: it will hear so, and follow again.
    fn drain(&mut self) {
        while let Some((seq, text)) = self.at.and_then(|at| self.early.remove_entry(&(at + 1))) {
            self.at = Some(seq);
            self.begun.extend(self.begins.remove(&seq));
            let stream = self.stream;
            self.followers.retain_mut(|follower| follower.take(stream, seq, &text) == Pushed::Kept);
        }
    }

    /// Shows something that is not kept to everyone who is live.
    pub(super) fn flash(&self, text: &Utf8Bytes) {
        for follower in &self.followers {
            if matches!(follower.state, State::Live(_)) {
                follower.peer.queue.push_fleeting(self.stream, text.clone());
            }
        }
    }
}

impl Follower {
    fn take(&mut self, stream: Stream, seq: i64, text: &Utf8Bytes) -> Pushed {
        match &mut self.state {
            State::Live(after) if seq <= *after => Pushed::Kept,
            State::Live(_) => self.peer.queue.push(stream, text.clone()),
            State::Joining(held) if held.frames.len() < MAX_WAITING => {
                held.frames.push((seq, text.clone()));
                Pushed::Kept
            }
            State::Joining(held) => {
                **held = Held { overflowed: true, removed_by: held.removed_by, ..Held::above(None) };
                Pushed::Kept
            }
        }
    }
}

#[cfg(test)]
#[path = "channel_tests.rs"]
mod tests;
