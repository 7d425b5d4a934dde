//! What the slices tell this one, so that it need not know them: how an event is shown, who may read a stream, what
//! a client may say, what follows from an event. `server/wiring.rs` fills it in.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;

use folkmoot_store::Snapshot;
use serde_json::Value;

use super::peer::Identity;
use crate::core::events::Appended;
use crate::core::outbox::{Reaction, ReactionToMany, Reactions};
use crate::core::streams::Stream;
use crate::core::{App, Result};

/// What an async function of a slice gives, in a form that a table can hold.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The payload of an event's frame, from the rows as they are now; `None` for what cannot be shown (any more).
pub type Show = for<'a> fn(&'a App, &'a Appended) -> Boxed<'a, Option<Value>>;
/// Those of these streams that somebody may read, as the rows of the snapshot have it.
pub type MayRead = for<'a> fn(&'a App, &'a Snapshot, Identity, Vec<Stream>) -> Boxed<'a, HashSet<Stream>>;
/// Whether the session that somebody came with is still good, as the rows of the snapshot have it.
pub type IsSignedIn = for<'a> fn(&'a App, &'a Snapshot, Identity) -> Boxed<'a, bool>;
/// The person in `welcome`.
pub type Person = for<'a> fn(&'a App, Identity) -> Boxed<'a, Value>;
/// The payload of a fleeting frame that follows from the events of a stream (about the subject, where it is told for
/// each apart), and the stream it goes to.
pub type Ripple = for<'a> fn(&'a App, Stream, Option<i64>) -> Boxed<'a, Option<(Stream, Value)>>;
/// The streams that somebody follows without asking, and where they stand, as the rows of the snapshot have it.
pub type Own = for<'a> fn(&'a App, &'a Snapshot, Identity) -> Boxed<'a, Vec<(Stream, i64)>>;
/// Of these streams, which somebody may read now, those of which not everything is for them: from which numbers (above
/// the first, up to the second) it is.
pub type Periods =
    for<'a> fn(&'a App, &'a Snapshot, Identity, Vec<Stream>) -> Boxed<'a, HashMap<Stream, Vec<Period>>>;
/// Above a number, up to another or for ever.
pub type Period = (i64, Option<i64>);
/// The person to whom a stream is closed by an event.
pub type Removes = fn(&Appended) -> Option<i64>;
/// The stream that the followers of an event's stream also follow from then on, and after which number; from the event
/// and its payload.
pub type Begins = fn(&Appended, &Value) -> Option<(Stream, i64)>;
/// Those of these people whom somebody may see come and go, as the rows of the snapshot have it.
pub type InSight = for<'a> fn(&'a App, &'a Snapshot, Identity, Vec<i64>) -> Boxed<'a, Vec<i64>>;
/// Where something fleeting that a client says is shown, with which payload; `None`: nowhere.
pub type Relay = fn(App, Identity, Value) -> Boxed<'static, Option<(Stream, Value)>>;
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
    /// A person who may see others come and go than before.
    Sight,
}

/// How a ripple is made.
#[derive(Clone, Copy)]
pub(super) struct RippleOf {
    /// The type of the frame.
    pub(super) frame: &'static str,
    /// Whether it is told for each subject apart.
    pub(super) each: bool,
    pub(super) make: Ripple,
}

/// Everything that is wired.
pub struct Wiring {
    pub(super) release: String,
    pub(super) may_read: MayRead,
    pub(super) is_signed_in: IsSignedIn,
    pub(super) person: Person,
    pub(super) shows: HashMap<&'static str, Show>,
    pub(super) gates: HashSet<&'static str>,
    pub(super) removes: HashMap<&'static str, Removes>,
    pub(super) begins: HashMap<&'static str, Begins>,
    pub(super) own: Option<Own>,
    pub(super) periods: Option<Periods>,
    pub(super) in_sight: Option<InSight>,
    pub(super) ripples: HashMap<&'static str, RippleOf>,
    pub(super) relays: HashMap<&'static str, Relay>,
    pub(super) concerns: HashMap<&'static str, Concern>,
    pub(super) hears: HashMap<&'static str, Hear>,
    pub(super) reactions: Reactions,
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
            removes: HashMap::new(),
            begins: HashMap::new(),
            own: None,
            periods: None,
            in_sight: None,
            ripples: HashMap::new(),
            relays: HashMap::new(),
            concerns: HashMap::new(),
            hears: HashMap::new(),
            reactions: Reactions::default(),
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
    pub fn ripple(mut self, kinds: &[&'static str], frame: &'static str, make: Ripple) -> Self {
        self.ripples.extend(kinds.iter().map(|kind| (*kind, RippleOf { frame, each: false, make })));
        self
    }

    /// The same, at most one a second for each subject on each stream.
    #[must_use]
    pub fn ripple_each(mut self, kinds: &[&'static str], frame: &'static str, make: Ripple) -> Self {
        self.ripples.extend(kinds.iter().map(|kind| (*kind, RippleOf { frame, each: true, make })));
        self
    }

    /// An event of this kind closes its stream to a person: from there on nothing of it is for them.
    #[must_use]
    pub fn removes(mut self, kind: &'static str, removes: Removes) -> Self {
        self.removes.insert(kind, removes);
        self
    }

    /// From an event of this kind on, those who follow its stream follow another one too.
    #[must_use]
    pub fn begins(mut self, kind: &'static str, begins: Begins) -> Self {
        self.begins.insert(kind, begins);
        self
    }

    /// What somebody follows without asking.
    #[must_use]
    pub fn own(mut self, own: Own) -> Self {
        self.own = Some(own);
        self
    }

    /// Which events of a stream are for somebody who may read it now.
    #[must_use]
    pub fn periods(mut self, periods: Periods) -> Self {
        self.periods = Some(periods);
        self
    }

    /// Whom somebody may see come and go.
    #[must_use]
    pub fn in_sight(mut self, in_sight: InSight) -> Self {
        self.in_sight = Some(in_sight);
        self
    }

    /// What a client says in a frame of this type is shown to others, if it may be.
    #[must_use]
    pub fn relay(mut self, kind: &'static str, relay: Relay) -> Self {
        self.relays.insert(kind, relay);
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
        self.reactions.to_each(kind, reaction);
        self
    }

    /// From events of these kinds that carry an outbox row follows this, from many at once in one commit.
    #[must_use]
    pub fn react_to_many(mut self, kinds: &[&'static str], reaction: ReactionToMany) -> Self {
        self.reactions.to_many(kinds, reaction);
        self
    }
}
