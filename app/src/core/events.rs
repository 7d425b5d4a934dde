//! The one log: a write advances its streams, checks its guards, writes, and appends its events, in one commit.

use std::collections::BTreeMap;

use folkmoot_store::{Batch, CommitError, Committed, FromRow, Step, sql};
use serde_json::{Value, json};

use super::streams::Stream;
use super::{App, Result};

sql! {
    /// The next number of a stream. It locks the stream's row, so commit order is the order of numbers.
    static ADVANCE: (String) -> i64 = "INSERT INTO streams (id, head) VALUES ($1, 1)
        ON CONFLICT (id) DO UPDATE SET head = streams.head + 1 RETURNING head";
    /// Appends an event at its stream's head.
    static INSERT_EVENT: (String, String, Option<i64>, Option<i64>, Option<i64>, String, i64, i64) =
        "INSERT INTO events (stream, seq, kind, subject, version, actor, facts, at, batch)
        SELECT id, head, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS TEXT),
            CAST($7 AS BIGINT), CAST($8 AS BIGINT)
        FROM streams WHERE id = $1";
    /// Notes that something must still follow from the event at its stream's head.
    static INSERT_OUTBOX: (i64, String, String, Option<i64>) =
        "INSERT INTO outbox (id, stream, seq, kind, subject, claimed_until, attempts)
        SELECT CAST($1 AS BIGINT), id, head, CAST($3 AS TEXT), CAST($4 AS BIGINT), 0, 0 FROM streams WHERE id = $2";
    /// Whether a batch of unknown outcome was committed.
    static BATCH_OF_EVENT: (String, i64) -> i64 = "SELECT seq FROM events WHERE stream = $1 AND batch = $2";
}

/// A fact to append: what happened to which row. Never a body or any words of a person.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where it is appended.
    pub stream: Stream,
    /// What happened; a new meaning is a new kind.
    pub kind: &'static str,
    /// The row it happened to.
    pub subject: Option<i64>,
    /// That row's version afterwards.
    pub version: Option<i64>,
    /// Small facts that the row itself does not tell.
    pub facts: Value,
    /// Whether something durable follows from it (wiring.rs says what).
    pub outbox: bool,
}

impl Event {
    /// An event about one row.
    pub fn new(stream: Stream, kind: &'static str, subject: i64) -> Self {
        Self { stream, kind, subject: Some(subject), version: None, facts: json!({}), outbox: false }
    }

    /// With the version that the row has afterwards.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// With small facts.
    #[must_use]
    pub fn facts(mut self, facts: Value) -> Self {
        self.facts = facts;
        self
    }

    /// With an outbox row, because something durable follows.
    #[must_use]
    pub fn outbox(mut self) -> Self {
        self.outbox = true;
        self
    }
}

/// An event that is in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// Its stream.
    pub stream: Stream,
    /// Its number there, dense from 1.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// The row it happened to.
    pub subject: Option<i64>,
    /// That row's version when it happened.
    pub version: Option<i64>,
    /// Who did it; `None` on anonymous boards and for the server itself.
    pub actor: Option<i64>,
    /// Small facts.
    pub facts: Value,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Everything that commits together: statements in order, and at most one event a stream.
pub struct Write {
    actor: Option<i64>,
    at: i64,
    steps: Vec<Step>,
    events: BTreeMap<String, Event>,
    /// Streams without an event that tell of places where something is in another order now.
    stirred: Vec<Stream>,
    /// The stream for which there were two events.
    clash: Option<Stream>,
}

/// The number of a statement in its write, to ask for what it returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepNumber(usize);

impl Write {
    /// A write by `actor` at the time `at` (milliseconds since 1970).
    pub fn new(actor: Option<i64>, at: i64) -> Self {
        Self { actor, at, steps: Vec::new(), events: BTreeMap::new(), stirred: Vec::new(), clash: None }
    }

    /// Adds a guard or a write, after the ones before it.
    pub fn push(&mut self, step: impl Into<Step>) -> StepNumber {
        self.steps.push(step.into());
        StepNumber(self.steps.len() - 1)
    }

    /// Appends an event. A stream takes one a commit: with a second one for the same stream nothing is committed, since
    /// what the first said would be lost. Whoever has two things to say there says them in one event's facts.
    pub fn record(&mut self, event: Event) {
        let stream = event.stream;
        if self.events.insert(stream.to_string(), event).is_some() {
            debug_assert!(false, "two events for {stream} in one write");
            self.clash = Some(stream);
        }
    }

    /// Lists of the place that this stream tells of are others afterwards, though nothing is appended to it: kept answers
    /// that show them end with the commit.
    pub fn stir(&mut self, stream: Stream) {
        self.stirred.push(stream);
    }
}

/// A write that is on disk.
pub struct Done {
    committed: Committed,
    first_step: usize,
    appended: Vec<Appended>,
}

impl Done {
    /// The first row that a statement returned.
    ///
    /// # Errors
    /// When the row is not of the declared shape.
    pub fn row<R: FromRow>(&self, step: StepNumber) -> Result<Option<R>> {
        Ok(self.committed.row(self.first_step + step.0)?)
    }

    /// The events, with their numbers.
    pub fn appended(&self) -> &[Appended] {
        &self.appended
    }
}

impl App {
    /// Commits a write. When this returns, it is on disk; its events go to the hub whether or not anybody still waits.
    ///
    /// # Errors
    /// `Missed` with the code of the first expectation that did not hold: nothing of the write was done. `Invalid` for a
    /// write with two events for one stream.
    pub async fn commit(&self, write: Write) -> Result<Done, CommitError> {
        if let Some(stream) = write.clash {
            return Err(CommitError::Invalid(format!("two events for {stream}")));
        }
        let first_step = write.events.len();
        let id = self.ids.next().map_err(|error| CommitError::Unavailable(error.to_string()))?;
        let batch = self.batch(&write, id)?;
        let (actor, at) = (write.actor, write.at);
        let events: Vec<Event> = write.events.into_values().collect();
        let mut batch = batch;
        for step in write.steps {
            batch.push(step);
        }
        for event in &events {
            self.append(&mut batch, event, actor, at, id)?;
        }
        let (app, stirred) = (self.clone(), write.stirred);
        let noted = events.clone();
        let committed = self
            .db
            .commit_then(batch, move |committed| {
                let events = appended(committed, noted, actor, at);
                app.changes.committed(&events, &stirred);
                app.deliver.hand_over(events);
            })
            .await?;
        let appended = appended(&committed, events, actor, at);
        Ok(Done { committed, first_step, appended })
    }

    /// A batch that begins by advancing the streams, in the order of their names: no two batches wait for each other.
    fn batch(&self, write: &Write, id: i64) -> Result<Batch, CommitError> {
        let mut batch = Batch::new();
        for name in write.events.keys() {
            batch.lock(name);
            batch.push(ADVANCE.with((name.clone(),)));
        }
        if let Some(name) = write.events.keys().next() {
            batch.probe(BATCH_OF_EVENT.with((name.clone(), id)));
        }
        Ok(batch)
    }

    fn append(
        &self,
        batch: &mut Batch,
        event: &Event,
        actor: Option<i64>,
        at: i64,
        id: i64,
    ) -> Result<(), CommitError> {
        let name = event.stream.to_string();
        let kind = event.kind.to_owned();
        let facts = event.facts.to_string();
        batch.push(INSERT_EVENT.with((
            name.clone(),
            kind.clone(),
            event.subject,
            event.version,
            actor,
            facts,
            at,
            id,
        )));
        if event.outbox {
            let row = self.ids.next().map_err(|error| CommitError::Unavailable(error.to_string()))?;
            batch.push(INSERT_OUTBOX.with((row, name, kind, event.subject)));
        }
        Ok(())
    }
}

fn appended(committed: &Committed, events: Vec<Event>, actor: Option<i64>, at: i64) -> Vec<Appended> {
    let heads = (0..events.len()).map(|step| committed.row::<i64>(step).ok().flatten().unwrap_or_default());
    events
        .into_iter()
        .zip(heads)
        .map(|(event, seq)| Appended {
            stream: event.stream,
            seq,
            kind: event.kind.to_owned(),
            subject: event.subject,
            version: event.version,
            actor,
            facts: event.facts,
            at,
        })
        .collect()
}
