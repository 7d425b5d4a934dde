//! What every use case is given: the database, the clock, ids, randomness, the configuration, and the way out for events.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use folkmoot_store::Db;
use tokio::sync::mpsc;

use super::changes::Changes;
use super::clock::Clock;
use super::events::Appended;
use super::ids::Ids;
use super::parts::Made;
use super::random::Random;
use super::told::Told;
use super::{Result, meta};
use crate::config::Config;

/// The product's parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] holds.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time of day.
    pub clock: Clock,
    /// Makes ids.
    pub ids: Ids,
    /// Makes secrets.
    pub random: Random,
    /// What the operator set.
    pub config: Arc<Config>,
    /// Where committed events go.
    pub deliver: Deliver,
    /// What slices keep in memory.
    pub made: Made,
    /// How far clients here were told of streams.
    pub told: Told,
    /// Who hears of changes before anybody is answered.
    pub changes: Changes,
    epoch: RwLock<Arc<str>>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together over a migrated database.
    ///
    /// # Errors
    /// When the database cannot be read, or no node number is free.
    pub async fn new(
        db: Db,
        clock: Clock,
        random: Random,
        config: Arc<Config>,
        deliver: Deliver,
    ) -> Result<Self> {
        let ids = Ids::lease(&db, &clock, &random).await?;
        let epoch = meta::epoch(&db, &random).await?;
        Ok(Self(Arc::new(Parts {
            db,
            clock,
            ids,
            random,
            config,
            deliver,
            made: Made::default(),
            told: Told::default(),
            changes: Changes::default(),
            epoch: RwLock::new(epoch.into()),
        })))
    }

    /// A new id.
    ///
    /// # Errors
    /// `Unavailable` when this node's lease has run out.
    pub fn new_id(&self) -> Result<i64> {
        self.ids.next()
    }

    /// Milliseconds since 1970 in UTC.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The name of this history: it changes when history may have gone back.
    pub fn epoch(&self) -> Arc<str> {
        self.epoch.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over a renewed epoch.
    pub fn set_epoch(&self, epoch: &str) {
        *self.epoch.write().unwrap_or_else(PoisonError::into_inner) = epoch.into();
    }
}

/// The way of committed events to the hub. It never waits, since it is called from the database's writer.
#[derive(Clone)]
pub struct Deliver(mpsc::UnboundedSender<Vec<Appended>>);

impl Deliver {
    /// A way out and its other end.
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Vec<Appended>>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// A way out to nobody, for commands: a serving node finds their events by its sweep.
    pub fn nowhere() -> Self {
        Self::channel().0
    }

    /// Hands events over, in the order of their commits.
    pub fn hand_over(&self, events: Vec<Appended>) {
        if !events.is_empty() && self.0.send(events).is_err() {
            tracing::trace!("nobody follows this process's events");
        }
    }
}
