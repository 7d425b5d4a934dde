//! Entries for what has none yet: rows from before there was an index, rows that no event told of, and all rows once
//! words are cut in another way. It goes through the rows of each kind in the order of their ids and remembers how far
//! it came, so that it goes on after a stop, on any node.

use folkmoot_store::{Batch, Step};
use folkmoot_terms::VERSION;

use super::indexer::{ELSEWHERE, index};
use super::json::Indexing;
use super::model::{Kind, WITH_ROWS};
use super::queries::progress::ProgressRow;
use super::queries::{entries, progress};
use super::sources::Sources;
use crate::core::read::Read;
use crate::core::{App, Error, Result};

/// How many rows one part looks at.
const PART: i64 = 200;

/// How far indexing has come; `None` when everything has been looked at.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn indexing(read: &impl Read) -> Result<Option<Indexing>> {
    let rows = progress::all(read).await?;
    if rows.iter().all(is_done) {
        return Ok(None);
    }
    let sum = |of: fn(&ProgressRow) -> i64| rows.iter().map(of).sum();
    Ok(Some(Indexing { done: sum(|row| row.done.min(row.total)), total: sum(|row| row.total) }))
}

fn is_done(row: &ProgressRow) -> bool {
    row.finished && row.terms_version == VERSION
}

/// Goes through the next part of what is left; answers whether there was any.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn part(app: &App) -> Result<bool> {
    let rows = progress::all(&app.db).await?;
    for kind in WITH_ROWS {
        let Some(row) = rows.iter().find(|row| row.kind == kind && !is_done(row)) else { continue };
        if row.finished || row.terms_version != VERSION {
            begin(app, kind, false).await?;
        } else {
            part_of(app, row).await?;
        }
        return Ok(true);
    }
    Ok(false)
}

/// Looks through all rows of a kind from the first one on: for those without an entry, or `anew` for all.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn begin(app: &App, kind: Kind, anew: bool) -> Result<()> {
    let total = {
        let snapshot = app.db.snapshot().await?;
        (source(app, kind)?.count)(&snapshot).await?
    };
    let mut batch = Batch::new();
    batch.push(progress::restart(kind, total, VERSION, anew));
    app.db.commit(batch).await?;
    Ok(())
}

/// Begins to make every entry again. Whoever runs goes on with it; searching goes on meanwhile.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn begin_all(app: &App) -> Result<()> {
    for kind in WITH_ROWS {
        begin(app, kind, true).await?;
    }
    Ok(())
}

async fn part_of(app: &App, row: &ProgressRow) -> Result<()> {
    let (ids, left) = {
        let snapshot = app.db.snapshot().await?;
        let ids = (source(app, row.kind)?.after)(&snapshot, row.done_to, PART).await?;
        let done = match row.anew {
            true => Vec::new(),
            false => entries::done(&snapshot, row.kind, &ids, VERSION).await?,
        };
        let left: Vec<(Kind, i64)> =
            ids.iter().filter(|id| !done.contains(id)).map(|id| (row.kind, *id)).collect();
        (ids, left)
    };
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let to = ids.last().copied().unwrap_or(row.done_to);
    let step = || -> Step {
        let advance = progress::advance(row.kind, row.done_to, to, count, count < PART);
        advance.expect_rows(1).or("elsewhere")
    };
    match index(app, &left, || vec![step()]).await {
        // Another node took this part.
        Err(Error::Conflict(ELSEWHERE, _)) => Ok(()),
        other => other,
    }
}

fn source(app: &App, kind: Kind) -> Result<super::sources::Source> {
    let sources = app.part::<Sources>()?;
    sources.of(kind).copied().ok_or_else(|| Error::internal(format_args!("{kind} has no rows")))
}
