//! What is read of the log.

use std::collections::HashMap;

use folkmoot_store::{Bound, Error, Snapshot, Texts, row, sql};

use crate::core::events::Appended;
use crate::core::streams::Stream;
use crate::core::{App, Result};

sql! {
    /// The newest number of a stream.
    static HEAD: (String) -> i64 = "SELECT head FROM streams WHERE id = $1";
    /// The newest numbers of several streams.
    static HEADS: (Texts) -> (String, i64) = "SELECT id, head FROM streams WHERE id IN {texts:$1}";
    /// A stream's events after one.
    static EVENTS: (String, i64, i64) -> EventRow =
        "SELECT seq, kind, subject, version, actor, facts, at FROM events
        WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// Forgets old events, oldest first, but none from which something must still follow.
    static TRIM: (i64, i64) = "DELETE FROM events WHERE (stream, seq) IN (
        SELECT old.stream, old.seq FROM events old
        WHERE old.at < $1 AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE outbox.stream = old.stream AND outbox.seq = old.seq)
        ORDER BY old.at LIMIT $2)";
}

row! {
    struct EventRow {
        seq: i64,
        kind: String,
        subject: Option<i64>,
        version: Option<i64>,
        actor: Option<i64>,
        facts: String,
        at: i64,
    }
}

/// The newest number of a stream; 0 before its first event.
pub(super) async fn head(snapshot: &Snapshot, stream: Stream) -> Result<i64, Error> {
    Ok(snapshot.maybe(HEAD.with((stream.to_string(),))).await?.unwrap_or(0))
}

/// The newest numbers of those of the streams that have events.
pub(super) async fn heads(snapshot: &Snapshot, streams: &[Stream]) -> Result<HashMap<Stream, i64>, Error> {
    let names = streams.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, i64)> = snapshot.all(HEADS.with((Texts(names),))).await?;
    Ok(rows.into_iter().filter_map(|(name, head)| Some((Stream::parse(&name)?, head))).collect())
}

/// At most `limit` events of a stream after `after`, in order.
pub(super) async fn events(
    snapshot: &Snapshot,
    stream: Stream,
    after: i64,
    limit: i64,
) -> Result<Vec<Appended>, Error> {
    let rows = snapshot.all(EVENTS.with((stream.to_string(), after, limit))).await?;
    Ok(rows.into_iter().map(|row| row.of(stream)).collect())
}

/// Forgets at most `limit` events from before `before` (milliseconds since 1970).
pub(super) fn trim(before: i64, limit: i64) -> Bound<()> {
    TRIM.with((before, limit))
}

/// An instant of the database that writes go to.
pub(super) async fn now(app: &App) -> Result<Snapshot, Error> {
    app.db.primary().snapshot().await
}

impl EventRow {
    fn of(self, stream: Stream) -> Appended {
        Appended {
            stream,
            seq: self.seq,
            kind: self.kind,
            subject: self.subject,
            version: self.version,
            actor: self.actor,
            // Facts were JSON when they were written; should a row be damaged, its event shows without them.
            facts: serde_json::from_str(&self.facts).unwrap_or_default(),
            at: self.at,
        }
    }
}
