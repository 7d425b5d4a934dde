//! One node's part in live delivery: its hub, its end of the bus, what is wired, and the tasks that keep them going.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use folkmoot_bus::{Bus, Subscription};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::channel::Arrival;
use super::counters::Counters;
use super::envelope::{Envelope, TOPIC};
use super::frames::{Effect, Frame};
use super::hub::Hub;
use super::line::Line;
use super::peer::Peer;
use super::presence::{self, Presence};
use super::recent::Recent;
use super::ripples::Ripples;
use super::shared::Shared;
use super::wiring::Wiring;
use super::{catch_up, deliver, drain, listen, pulse, rights, sweep, trim};
use crate::core::events::Appended;
use crate::core::outbox::Outbox;
use crate::core::streams::Stream;
use crate::core::{App, Result, epoch};

/// How long a missing event may still be on its way before it is read from the database.
const GRACE: Duration = Duration::from_millis(100);

/// This node; cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Parts>);

/// What a [`Node`] holds.
pub struct Parts {
    /// The product's parts.
    pub app: App,
    /// Connections and what they follow.
    pub(super) hub: Hub,
    /// What has happened so far.
    pub counters: Counters,
    pub(super) wiring: Wiring,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) ripples: Ripples,
    pub(super) presence: Presence,
    pub(super) recent: Recent,
    pub(super) shared: Shared,
    /// Who waits to be let in, or to read what they missed.
    pub(super) line: Line,
    /// Asks for a sweep of everything, at once.
    pub(super) sweep_now: Notify,
    pub(super) outbox: Outbox,
    /// Tells this node's own messages from those of others.
    name: String,
    started: Instant,
    catching_up: Mutex<HashSet<Stream>>,
    is_open: AtomicBool,
}

/// What keeps a node going.
pub struct Work {
    node: Node,
    rights: Arc<Peer>,
    subscription: Subscription,
    /// What other nodes tell of who is there.
    told: Subscription,
    events: mpsc::UnboundedReceiver<Vec<Appended>>,
}

impl Work {
    /// Works until it is dropped.
    pub async fn run(self) {
        let Self { node, rights, subscription, told, events } = self;
        let mut tasks = JoinSet::new();
        tasks.spawn(rights::obey(node.clone(), rights));
        tasks.spawn(listen::listen(node.clone(), subscription));
        tasks.spawn(deliver::deliver(node.clone(), events));
        tasks.spawn(presence::listen(node.clone(), told));
        tasks.spawn(presence::keep(node.clone()));
        tasks.spawn(sweep::sweep(node.clone()));
        tasks.spawn(pulse::beat(node.clone()));
        tasks.spawn(trim::trim(node.app.clone()));
        tasks.spawn(node.outbox.clone().run());
        tasks.spawn(epoch::keep_counting(node.app.clone()));
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of live delivery has ended");
            }
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.name)
    }
}

impl Deref for Node {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Node {
    /// This node, and the work that keeps it going. `events` is the other end of the app's `deliver`.
    ///
    /// # Errors
    /// When the database cannot be read, or there is no randomness.
    pub async fn new(
        app: App,
        wiring: Wiring,
        bus: Arc<dyn Bus>,
        events: mpsc::UnboundedReceiver<Vec<Appended>>,
    ) -> Result<(Self, Work)> {
        let line = Line::new(app.config.realtime.websocket_line);
        let outbox = Outbox::new(app.clone(), wiring.reactions.clone());
        let node = Self(Arc::new(Parts {
            name: format!("{}-{}", app.ids.node(), app.random.uuid()?),
            app,
            hub: Hub::default(),
            counters: Counters::default(),
            wiring,
            bus,
            ripples: Ripples::default(),
            presence: Presence::default(),
            recent: Recent::default(),
            shared: Shared::default(),
            line,
            sweep_now: Notify::new(),
            outbox,
            started: Instant::now(),
            catching_up: Mutex::default(),
            is_open: AtomicBool::new(true),
        }));
        epoch::count_start(&node.app).await?;
        // Both from before the first connection, so that nothing said from then on is missed.
        let rights = rights::follow(&node).await?;
        let subscription = node.bus.subscribe(TOPIC);
        let told = node.bus.subscribe(presence::TOPIC);
        let work = Work { node: node.clone(), rights, subscription, told, events };
        Ok((node, work))
    }

    /// Whether this node takes connections.
    pub fn is_open(&self) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.hub.count()
    }

    /// Takes no more connections once `stopping` is true, and sends those it has elsewhere. Ends when all are gone.
    pub async fn drain_when(self, mut stopping: watch::Receiver<bool>) {
        // An error means that whoever could have said stop is gone, which comes to the same.
        drop(stopping.wait_for(|stopping| *stopping).await);
        self.is_open.store(false, Ordering::SeqCst);
        drain::drain(&self).await;
    }

    /// What this node is called among nodes.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Seconds since this node started: the time in which silence and activity are measured.
    pub(super) fn seconds(&self) -> u32 {
        u32::try_from(self.started.elapsed().as_secs()).unwrap_or(u32::MAX)
    }

    /// Whether a frame of this stream would reach anybody, here or elsewhere.
    pub(super) fn is_wanted(&self, stream: Stream) -> bool {
        self.bus.has_others() || self.hub.is_followed(stream)
    }

    /// Gives a durable frame, wherever it comes from, to those who follow its stream here.
    pub(super) async fn hand_out(&self, frame: Frame) {
        match frame.effect {
            Effect::None => {}
            Effect::Gate => rights::check_followers(self, frame.stream).await,
            Effect::Removes(user) => {
                let revoked = self.hub.remove_person(frame.stream, user, frame.seq);
                self.counters.revoked.inc_by(revoked);
            }
            Effect::Begins(stream, seq) => {
                self.hub.expect_beginning(frame.stream, frame.seq, (stream, seq));
            }
        }
        self.app.told.note(frame.stream, frame.seq);
        self.app.changes.told(frame.stream, frame.seq);
        if let Some(Arrival::Early(at)) = self.hub.arrive(frame.stream, frame.seq, frame.text) {
            self.expect_after(frame.stream, at);
        }
    }

    /// The event after `at` is missing: if it does not come by itself, it is read.
    fn expect_after(&self, stream: Stream, at: i64) {
        if self.begin_catching_up(stream) {
            let node = self.clone();
            tokio::spawn(async move { node.fill_gaps(stream, at).await });
        }
    }

    async fn fill_gaps(&self, stream: Stream, mut at: i64) {
        loop {
            tokio::time::sleep(GRACE).await;
            match self.hub.gap(stream) {
                // It stood still for that long.
                Some(now) if now == at => {
                    if let Err(error) = catch_up::catch_up(self, stream).await {
                        // The sweep comes by again.
                        tracing::warn!(%error, %stream, "missing events could not be read");
                        self.end_catching_up(stream);
                        return;
                    }
                }
                Some(now) => at = now,
                None => {
                    self.end_catching_up(stream);
                    // Whatever came in just before that found this task still at work.
                    match self.hub.gap(stream) {
                        Some(now) if self.begin_catching_up(stream) => at = now,
                        _ => return,
                    }
                }
            }
        }
    }

    fn begin_catching_up(&self, stream: Stream) -> bool {
        self.catching_up.lock().unwrap_or_else(PoisonError::into_inner).insert(stream)
    }

    fn end_catching_up(&self, stream: Stream) {
        self.catching_up.lock().unwrap_or_else(PoisonError::into_inner).remove(&stream);
    }

    /// Tells the other nodes of a durable frame.
    pub(super) fn publish(&self, frame: &Frame) {
        self.tell(frame.stream, Some(frame.seq), frame.effect, frame.text.clone());
    }

    /// Shows a fleeting frame to those who follow its stream here, or are about to.
    pub(super) fn flash_here(&self, stream: Stream, text: &Utf8Bytes) {
        self.recent.note(stream, text, Instant::now());
        self.hub.flash(stream, text);
    }

    /// Shows a fleeting frame here and on the other nodes.
    pub(super) fn flash(&self, stream: Stream, text: &Utf8Bytes) {
        self.flash_here(stream, text);
        self.tell(stream, None, Effect::None, text.clone());
    }

    fn tell(&self, stream: Stream, seq: Option<i64>, effect: Effect, text: Utf8Bytes) {
        if self.bus.has_others() {
            let (from, epoch) = (self.name.clone(), self.app.epoch().to_string());
            self.bus.publish(TOPIC, Envelope { from, epoch, stream, seq, effect, text }.write());
        }
    }

    /// Whether a message of the bus is from another node and of this history.
    pub(super) fn is_news(&self, envelope: &Envelope) -> bool {
        envelope.from != self.name && *envelope.epoch == *self.app.epoch()
    }

    /// History may have gone back: every connection is closed, and comes back to hear which streams to load anew.
    pub(super) fn begin_epoch(&self, epoch: &str) {
        if *self.app.epoch() != *epoch {
            tracing::warn!(epoch, "history may have gone back; every client loads anew");
            self.app.set_epoch(epoch);
            self.app.told.forget();
            self.app.changes.begun_anew();
            self.hub.reset();
        }
    }
}
