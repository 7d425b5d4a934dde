//! What a guest's answer rests on: whoever keeps its bytes learns from here when they hold no more.
//!
//! An answer is decided by its *outline*: rows without bodies, and the heads of the streams that tell of the rest. The
//! outline is read at the same instant as the answer, and can be read again for little.

use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::response::Response;
use folkmoot_store::{Seen, Snapshot};

use super::etag::Audience;
use super::read::relaxed;
use super::streams::Stream;
use super::{App, Result};

/// What ends an answer at once. An event on `site` ends every answer and is not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ends {
    /// An event of this stream.
    Event(Stream),
    /// Something in the place that this stream tells of, without an event of its own there: a reply that puts its thread
    /// before others ([`super::events::Write::stir`]).
    Stir(Stream),
}

/// What decides an answer, without bodies.
pub trait Outline: Hash + Send {
    /// What ends the answer at once.
    fn ends(&self) -> Vec<Ends>;

    /// Whether nothing that the answer shows is changing just now without being told of.
    fn is_settled(&self) -> bool {
        true
    }
}

/// An outline in brief, and since when it is known to be so.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The same for the same outline.
    pub print: u64,
    /// Whatever was acknowledged before this is in it.
    pub as_of: Instant,
}

type Again = Arc<dyn Fn(App) -> Pin<Box<dyn Future<Output = Result<Reading>> + Send>> + Send + Sync>;

/// What an answer rests on; cheap to clone.
#[derive(Clone)]
pub struct Basis {
    parts: Vec<Part>,
    as_of: Instant,
    thread: Option<i64>,
}

#[derive(Clone)]
struct Part {
    print: u64,
    ends: Arc<[Ends]>,
    again: Again,
}

impl Reading {
    /// In brief what was read of the database as it was `as_of` or later.
    pub fn new(outline: &impl Hash, as_of: Instant) -> Self {
        let mut hasher = DefaultHasher::new();
        outline.hash(&mut hasher);
        Self { print: hasher.finish(), as_of }
    }
}

impl Basis {
    /// Of an answer that rests on this `outline`, which `read` reads again for a guest. `None` for an answer that is one
    /// person's own, or that must not be kept.
    pub fn of<O: Outline, R>(
        audience: Audience,
        outline: &O,
        as_of: Instant,
        read: impl Fn(App, Snapshot) -> R + Clone + Send + Sync + 'static,
    ) -> Option<Self>
    where
        R: Future<Output = Result<O>> + Send,
    {
        if audience != Audience::Guests || !outline.is_settled() {
            return None;
        }
        Some(Self::read_by(Reading::new(outline, as_of), outline.ends(), move |app| {
            let read = read.clone();
            async move {
                let reading = relaxed(&app, Seen::Nothing, |snapshot| {
                    let as_of = snapshot.as_of();
                    let outline = read(app.clone(), snapshot);
                    async move { Ok(Reading::new(&outline.await?, as_of)) }
                });
                reading.await
            }
        }))
    }

    /// Of an answer whose reading `again` gives anew.
    pub fn read_by<R>(
        reading: Reading,
        ends: Vec<Ends>,
        again: impl Fn(App) -> R + Send + Sync + 'static,
    ) -> Self
    where
        R: Future<Output = Result<Reading>> + Send + 'static,
    {
        let part = Part {
            print: reading.print,
            ends: ends.into(),
            again: Arc::new(move |app| Box::pin(again(app))),
        };
        Self { parts: vec![part], as_of: reading.as_of, thread: None }
    }

    /// What rests on both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self.as_of = self.as_of.min(other.as_of);
        self.thread = self.thread.or(other.thread);
        self
    }

    /// Whoever is given the answer has opened this thread.
    #[must_use]
    pub fn opens(self, thread: i64) -> Self {
        Self { thread: Some(thread), ..self }
    }

    /// The thread that is opened by whoever is given the answer.
    pub fn opened(&self) -> Option<i64> {
        self.thread
    }

    /// What ends the answer at once.
    pub fn ends(&self) -> impl Iterator<Item = Ends> + '_ {
        self.parts.iter().flat_map(|part| part.ends.iter().copied())
    }

    /// Since when the answer is known to be so.
    pub fn as_of(&self) -> Instant {
        self.as_of
    }

    /// Reads the outline again: since when the answer is known to hold, or `None` when it holds no more.
    ///
    /// # Errors
    /// When the database does not answer, or what the answer showed is not there any more.
    pub async fn holds(&self, app: &App) -> Result<Option<Instant>> {
        let mut known: Option<Instant> = None;
        for part in &self.parts {
            let now = (part.again)(app.clone()).await?;
            if now.print != part.print {
                return Ok(None);
            }
            known = Some(known.map_or(now.as_of, |known| known.min(now.as_of)));
        }
        Ok(known)
    }
}

/// An answer that says what it rests on, to whoever may keep it.
pub fn resting_on(basis: Option<Basis>, mut answer: Response) -> Response {
    if let Some(basis) = basis {
        answer.extensions_mut().insert(basis);
    }
    answer
}

impl fmt::Debug for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|part| part.print)).finish()
    }
}
