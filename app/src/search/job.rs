//! What runs beside requests: rows without entries get theirs, words are counted, figures are looked up.

use std::time::Duration;

use folkmoot_store::sql;

use super::model::Kind;
use super::queries::entries;
use super::sources::Sources;
use super::{density, fill, indexer, metrics};
use crate::core::read::Read;
use crate::core::{App, Result};

/// How long to rest when there was nothing to do, and between two parts of what there is.
const IDLE: Duration = Duration::from_millis(500);
const BUSY: Duration = Duration::from_millis(2);
/// How long to rest after a failure.
const FAILED: Duration = Duration::from_secs(5);
/// After how many idle rounds words are counted, and after how many the whole index is looked at.
const COUNT_EVERY: u32 = 10;
const LOOK_EVERY: u32 = 120;
/// How far before the last look new people are looked for, in milliseconds: longer than any commit takes.
const LATELY: i64 = 120_000;
/// How many of them at once.
const PEOPLE: i64 = 200;

sql! {
    /// The number of the oldest event that waits, among kinds that searching follows, and when it happened.
    static OLDEST: (folkmoot_store::Texts) -> i64 =
        "SELECT e.at FROM outbox o JOIN events e ON e.stream = o.stream AND e.seq = o.seq
        WHERE o.kind IN {texts:$1} ORDER BY o.id LIMIT 1";
}

/// Runs until it is dropped. A failure is logged and tried again.
pub async fn run(app: App) {
    let mut looked = app.now();
    for round in 0_u32.. {
        let rest = match work(&app, round, &mut looked).await {
            Ok(true) => BUSY,
            Ok(false) => IDLE,
            Err(error) => {
                tracing::warn!(%error, "the index could not be worked on");
                FAILED
            }
        };
        tokio::time::sleep(rest).await;
    }
}

/// Answers whether there is more to do at once.
async fn work(app: &App, round: u32, looked: &mut i64) -> Result<bool> {
    if round.is_multiple_of(LOOK_EVERY) {
        look(app).await?;
        people_without_entries(app).await?;
    }
    if round.is_multiple_of(COUNT_EVERY) {
        indexer::flush(app).await?;
    }
    if fill::part(app).await? {
        return Ok(true);
    }
    let now = app.now();
    let more = new_people(app, *looked - LATELY).await?;
    *looked = if more { *looked } else { now };
    Ok(more)
}

/// Nobody tells of people who register: they are looked for, among those who did since a time.
async fn new_people(app: &App, since: i64) -> Result<bool> {
    let from = crate::core::ids::first_at(since);
    let snapshot = app.db.snapshot().await?;
    let ids = (app.part::<Sources>()?.people.after)(&snapshot, from, PEOPLE).await?;
    let done = entries::done(&snapshot, Kind::Person, &ids, folkmoot_terms::VERSION).await?;
    drop(snapshot);
    let new: Vec<(Kind, i64)> =
        ids.into_iter().filter(|id| !done.contains(id)).map(|id| (Kind::Person, id)).collect();
    if new.is_empty() {
        return Ok(false);
    }
    indexer::index(app, &new, Vec::new).await?;
    Ok(true)
}

/// Where there are more people than entries of people, all are looked through: some came while no server ran.
async fn people_without_entries(app: &App) -> Result<()> {
    let snapshot = app.db.snapshot().await?;
    let there = (app.part::<Sources>()?.people.count)(&snapshot).await?;
    let known = entries::count(&snapshot, Kind::Person).await?;
    drop(snapshot);
    if there > known { fill::begin(app, Kind::Person, false).await } else { Ok(()) }
}

async fn look(app: &App) -> Result<()> {
    let snapshot = app.db.snapshot().await?;
    let density = density::look(app, &snapshot).await?;
    let left = fill::indexing(&snapshot).await?.map_or(0, |indexing| indexing.total - indexing.done);
    metrics::looked(app, density.total, left, lag(app, &snapshot).await?)
}

/// How old the oldest change is that the index lacks, in milliseconds.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn lag(app: &App, read: &impl Read) -> Result<i64> {
    let kinds = super::follow::kinds().into_iter().map(str::to_owned).collect();
    let oldest = read.maybe(OLDEST.with((folkmoot_store::Texts(kinds),))).await?;
    Ok(oldest.map_or(0, |at| (app.now() - at).max(0)))
}
