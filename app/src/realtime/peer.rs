//! One connection as the hub knows it.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::queue::Queue;

/// The number of a connection on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PeerId(pub(super) u64);

/// Who is at the other end of a connection. Rights are asked of the database whenever they matter, not remembered here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The person; `None` for a guest.
    pub user: Option<i64>,
    /// The session or token they came with.
    pub session: Option<i64>,
}

/// A connection that is about to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPeer {
    /// Who it is.
    pub(super) identity: Identity,
    /// Where it comes from, as far as limits count.
    pub(super) address: IpAddr,
    /// How many frames may wait for it.
    pub(super) capacity: usize,
    /// When it is made, in seconds of the node's own time.
    pub(super) now: u32,
}

/// A connection: who it is, and what waits for it.
pub(super) struct Peer {
    /// Its number.
    pub(super) id: PeerId,
    /// Who it is.
    pub(super) identity: Identity,
    /// What waits for it.
    pub(super) queue: Queue,
    since: u32,
    heard: AtomicU32,
    active: AtomicU32,
    greeted: AtomicBool,
}

impl Peer {
    pub(super) fn new(id: PeerId, peer: NewPeer) -> Self {
        let NewPeer { identity, capacity, now, .. } = peer;
        let [heard, active] = [now, now].map(AtomicU32::new);
        let greeted = AtomicBool::new(false);
        Self { id, identity, queue: Queue::new(capacity), since: now, heard, active, greeted }
    }

    /// When it was made.
    pub(super) fn since(&self) -> u32 {
        self.since
    }

    /// Notes a sign of life.
    pub(super) fn hear(&self, now: u32) {
        self.heard.store(now, Ordering::Relaxed);
    }

    /// When the last sign of life came.
    pub(super) fn heard(&self) -> u32 {
        self.heard.load(Ordering::Relaxed)
    }

    /// Notes that the client did something.
    pub(super) fn act(&self, now: u32) {
        self.hear(now);
        self.active.store(now, Ordering::Relaxed);
    }

    /// When the client last did something.
    pub(super) fn active(&self) -> u32 {
        self.active.load(Ordering::Relaxed)
    }

    /// Notes that the client has said `hello`.
    pub(super) fn greet(&self) {
        self.greeted.store(true, Ordering::Relaxed);
    }

    /// Whether the client has said `hello`.
    pub(super) fn is_greeted(&self) -> bool {
        self.greeted.load(Ordering::Relaxed)
    }
}
