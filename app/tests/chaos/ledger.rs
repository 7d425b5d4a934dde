//! What was sent and what was answered, by those who sent it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

/// What became of a send, as its sender knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was accepted: this message, at this place.
    Acknowledged { id: String, seq: i64 },
    /// It was refused with this code.
    Refused(String),
    /// Its sender gave up before anything was answered.
    GivenUp,
}

/// One message that somebody meant to send.
#[derive(Clone, Debug)]
pub(crate) struct Send {
    pub(crate) client_id: String,
    pub(crate) device: usize,
    pub(crate) conversation: String,
    /// What the message should say now: as sent, or as last edited.
    pub(crate) words: String,
    pub(crate) fate: Fate,
    pub(crate) deleted: bool,
}

/// What all senders noted. Each notes its own in order.
#[derive(Default)]
pub(crate) struct Ledger {
    sends: Mutex<Vec<Send>>,
    marks: Mutex<BTreeMap<(String, String), i64>>,
    strange: Mutex<Vec<String>>,
    there: AtomicUsize,
    /// How often something was said again because no answer came.
    pub(crate) repeated: AtomicU64,
    /// Edits and deletions that were acknowledged.
    pub(crate) changes: AtomicU64,
    /// Times that somebody was let into a group or out of it.
    pub(crate) comings_and_goings: AtomicU64,
}

impl Ledger {
    /// A send is done with.
    pub(crate) fn note(&self, send: Send) {
        lock(&self.sends).push(send);
    }

    /// All sends.
    pub(crate) fn sends(&self) -> Vec<Send> {
        lock(&self.sends).clone()
    }

    /// What the message of a send says from now on; `None`: it is deleted.
    pub(crate) fn changed(&self, client_id: &str, words: Option<String>) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        let mut sends = lock(&self.sends);
        let send = sends.iter_mut().find(|send| send.client_id == client_id).expect("it was sent");
        match words {
            Some(words) => send.words = words,
            None => send.deleted = true,
        }
    }

    /// A person's mark was acknowledged.
    pub(crate) fn marked(&self, person: &str, conversation: &str, seq: i64) {
        let mut marks = lock(&self.marks);
        let mark = marks.entry((person.to_owned(), conversation.to_owned())).or_default();
        *mark = seq.max(*mark);
    }

    /// The highest mark of each that was acknowledged.
    pub(crate) fn marks(&self) -> BTreeMap<(String, String), i64> {
        lock(&self.marks).clone()
    }

    /// Something was answered that should not be.
    pub(crate) fn is_strange(&self, what: String) {
        lock(&self.strange).push(what);
    }

    /// What should not have been answered.
    pub(crate) fn strange(&self) -> Vec<String> {
        lock(&self.strange).clone()
    }

    /// One more has begun.
    pub(crate) fn is_there(&self) {
        self.there.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether so many have begun.
    pub(crate) fn everybody_is_there(&self, devices: usize) -> bool {
        self.there.load(Ordering::SeqCst) >= devices
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().expect("nobody failed with it")
}
