//! Looking after the index from outside: how it is, whether it is right, and making it again.

use std::collections::{HashMap, HashSet};

use folkmoot_terms::VERSION;
use serde::Serialize;

use super::entry;
use super::fill::{begin_all, indexing, part};
use super::indexer::{flush, index};
use super::job::lag;
use super::json::Indexing;
use super::model::{Kind, WITH_ROWS};
use super::queries::{entries, words};
use super::sources::{Source, Sources};
use crate::core::{App, Result};

/// How many rows are compared at once.
const PART: i64 = 500;

/// How the index is.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// How many entries there are of each kind.
    pub entries: HashMap<Kind, i64>,
    /// How many words there are.
    pub words: i64,
    /// How far indexing has come, while rows are being looked through.
    pub indexing: Option<Indexing>,
    /// The age of the oldest change that the index lacks, in milliseconds.
    pub lag_ms: i64,
    /// The version of the terms.
    pub terms_version: i64,
}

/// How the index is now.
///
/// # Errors
/// When the database does not answer.
pub async fn status(app: &App) -> Result<Status> {
    let snapshot = app.db.snapshot().await?;
    let mut counts = HashMap::new();
    for kind in WITH_ROWS.into_iter().chain([Kind::Tag]) {
        counts.insert(kind, entries::count(&snapshot, kind).await?);
    }
    Ok(Status {
        entries: counts,
        words: words::count(&snapshot).await?,
        indexing: indexing(&snapshot).await?,
        lag_ms: lag(app, &snapshot).await?,
        terms_version: VERSION,
    })
}

/// Entries that are not what their rows say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Rows without an entry.
    pub missing: Vec<(Kind, i64)>,
    /// Entries that say something else than their rows.
    pub different: Vec<(Kind, i64)>,
    /// Entries of rows that are not there, or deleted.
    pub left_over: Vec<(Kind, i64)>,
}

impl Wrong {
    /// Whether all is right.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.different.is_empty() && self.left_over.is_empty()
    }
}

/// Compares every entry with its row, some at a time. What changes meanwhile may be named.
///
/// # Errors
/// When the database does not answer.
pub async fn check(app: &App) -> Result<Wrong> {
    let sources = app.part::<Sources>()?;
    let mut wrong = Wrong::default();
    for kind in WITH_ROWS {
        let Some(source) = sources.of(kind) else { continue };
        let mut after = 0;
        loop {
            let snapshot = app.db.snapshot().await?;
            let ids = (source.after)(&snapshot, after, PART).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let kept = entries::of(&snapshot, kind, &ids).await?;
            let mut kept: HashMap<i64, _> = kept.into_iter().map(|row| (row.subject, row)).collect();
            for row in (source.load)(&snapshot, ids).await? {
                let Some(kept) = kept.remove(&row.subject) else {
                    wrong.missing.push((kind, row.subject));
                    continue;
                };
                let made = entry::made(app.db.engine(), kept.id, kind, &row).entry;
                if (made.title, made.text) != (kept.title, kept.text) {
                    wrong.different.push((kind, row.subject));
                }
            }
        }
        left_over(app, kind, source, &mut wrong).await?;
    }
    Ok(wrong)
}

/// Entries of rows that are gone, or deleted.
async fn left_over(app: &App, kind: Kind, source: &Source, wrong: &mut Wrong) -> Result<()> {
    let mut after = 0;
    loop {
        let snapshot = app.db.snapshot().await?;
        let subjects = entries::subjects(&snapshot, kind, after, PART).await?;
        let Some(last) = subjects.last() else { return Ok(()) };
        after = *last;
        let living: HashSet<i64> =
            (source.load)(&snapshot, subjects.clone()).await?.into_iter().map(|row| row.subject).collect();
        let gone = subjects.into_iter().filter(|subject| !living.contains(subject));
        wrong.left_over.extend(gone.map(|subject| (kind, subject)));
    }
}

/// Makes every entry again, and takes those whose rows are gone; `tell` hears how far it is.
///
/// # Errors
/// When the database cannot be written.
pub async fn rebuild(app: &App, tell: impl Fn(Indexing)) -> Result<()> {
    begin_all(app).await?;
    while part(app).await? {
        let now = indexing(&app.db).await?;
        now.into_iter().for_each(&tell);
    }
    let wrong = check(app).await?;
    let rows: Vec<(Kind, i64)> =
        [wrong.missing, wrong.different, wrong.left_over].into_iter().flatten().collect();
    if !rows.is_empty() {
        index(app, &rows, Vec::new).await?;
    }
    flush(app).await
}
