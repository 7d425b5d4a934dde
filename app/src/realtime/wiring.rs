//! What the slices tell this one, so that it need not know them: how an event is shown, who may read a stream, what
//! a client may say, what follows from an event. `server/wiring.rs` fills it in.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;

use folkmoot_store::Snapshot;
use serde_json::Value;

use super::peer::Identity;
use crate::core::events::Appended;
use crate::core::outbox::Reaction;
use crate::core::streams::Stream;
use crate::core::{App, Result};

/// What an async function of a slice gives, in a form that a table can hold.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The payload of an event's frame, from the rows as they are now; `None` for what cannot be shown (any more).
pub type Show = for<'a> fn(&'a App, &'a Appended) -> Boxed<'a, Option<Value>>;
/// Whether somebody may read a stream, as the rows of the snapshot have it.
pub type MayRead = for<'a> fn(&'a App, &'a Snapshot, Identity, Stream) -> Boxed<'a, bool>;
/// Whether the session that somebody came with is still good, as the rows of the snapshot have it.
pub type IsSignedIn = for<'a> fn(&'a App, &'a Snapshot, Identity) -> Boxed<'a, bool>;
/// The person in `welcome`.
pub type Person = for<'a> fn(&'a App, Identity) -> Boxed<'a, Value>;
/// The payload of a fleeting frame that follows from the events of a stream, and the stream it goes to.
pub type Ripple = for<'a> fn(&'a App, Stream) -> Boxed<'a, Option<(Stream, Value)>>;
/// Does what a client says, and gives the type and payload of the answer, if there is one.
pub type Hear = fn(App, Identity, Value) -> Boxed<'static, Option<(&'static str, Value)>>;

/// Whom an event on `rights` concerns, by its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// A person: everything they are signed in to; and sessions of anybody that ended, named by the fact `sessions`.
    Person,
    /// A session that ended; or several, named by the fact `sessions`.
    Session,
    /// Whoever follows a board, or a thread that may be on it.
    Board,
    /// Whoever follows a thread.
    Thread,
}

/// Everything that is wired.
pub struct Wiring {
    pub(super) release: String,
    pub(super) may_read: MayRead,
    pub(super) is_signed_in: IsSignedIn,
    pub(super) person: Person,
    pub(super) shows: HashMap<&'static str, Show>,
    pub(super) gates: HashSet<&'static str>,
    pub(super) ripples: HashMap<&'static str, (&'static str, Ripple)>,
    pub(super) concerns: HashMap<&'static str, Concern>,
    pub(super) hears: HashMap<&'static str, Hear>,
    pub(super) reactions: HashMap<&'static str, Reaction>,
}

impl Wiring {
    /// Wiring in which nothing is shown yet. `release` names the client's files that this node serves.
    pub fn new(release: String, may_read: MayRead, is_signed_in: IsSignedIn, person: Person) -> Self {
        Self {
            release,
            may_read,
            is_signed_in,
            person,
            shows: HashMap::new(),
            gates: HashSet::new(),
            ripples: HashMap::new(),
            concerns: HashMap::new(),
            hears: HashMap::new(),
            reactions: HashMap::new(),
        }
    }

    /// Events of these kinds are shown so.
    #[must_use]
    pub fn show(mut self, kinds: &[&'static str], show: Show) -> Self {
        self.shows.extend(kinds.iter().map(|kind| (*kind, show)));
        self
    }

    /// After an event of these kinds its stream may be for fewer people: each follower's right is asked again before
    /// they get it, or anything after it.
    #[must_use]
    pub fn gate(mut self, kinds: &[&'static str]) -> Self {
        self.gates.extend(kinds);
        self
    }

    /// Events of these kinds make a fleeting frame of type `frame`, at most one a second for each stream.
    #[must_use]
    pub fn ripple(mut self, kinds: &[&'static str], frame: &'static str, ripple: Ripple) -> Self {
        self.ripples.extend(kinds.iter().map(|kind| (*kind, (frame, ripple))));
        self
    }

    /// Events of this kind on `rights` concern these.
    #[must_use]
    pub fn concern(mut self, kind: &'static str, whom: Concern) -> Self {
        self.concerns.insert(kind, whom);
        self
    }

    /// A frame of this type from a client leads here.
    #[must_use]
    pub fn hear(mut self, kind: &'static str, hear: Hear) -> Self {
        self.hears.insert(kind, hear);
        self
    }

    /// From events of this kind that carry an outbox row follows this.
    #[must_use]
    pub fn react(mut self, kind: &'static str, reaction: Reaction) -> Self {
        self.reactions.insert(kind, reaction);
        self
    }
}
