//! The counts of boards and people: what commits changed of them is added in one go, by a job, so that replies in one
//! board never queue behind its row. Counts are derived: [`check`] proves them, [`repair`] sets them right.

use std::collections::BTreeMap;

use folkmoot_store::{Batch, CommitError};
use serde::Serialize;

use super::model::ThreadId;
use super::queries::counts as queries;
use super::queries::counts::ChangeRow;
use super::queries::threads;
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::core::events::Write;
use crate::core::outbox::{Entry, Follows};
use crate::core::{App, Result};

/// The most changes added in one batch.
const CHANGES: i64 = 2000;
/// The most people recounted in one batch.
const PEOPLE: usize = 50;
/// The most authors of a board recounted in one batch.
const AUTHORS: i64 = 50;

/// Adds what commits changed, one batch of it; answers how many rows it took. What another node is adding is left to it.
///
/// # Errors
/// When the database does not answer.
pub async fn add_pending(app: &App) -> Result<usize> {
    let rows = queries::pending(app.db.primary(), CHANGES).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let taken = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let mut changes: Vec<i64> = rows.iter().map(|row| row.change).collect();
    changes.dedup();
    let mut batch = Batch::new();
    batch.push(queries::take(changes).expect_rows(taken).or("taken"));
    let (boards, people) = sums(&rows);
    for (board, [threads, posts]) in boards {
        batch.push(queries::add_to_board(board, threads, posts));
    }
    for (person, [threads, posts, likes]) in people {
        batch.push(queries::add_to_user(person, threads, posts, likes));
    }
    match app.db.commit(batch).await {
        Ok(_) => Ok(rows.len()),
        Err(CommitError::Missed { .. }) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// What changed in all, in the order of ids, so that two nodes never wait for each other.
fn sums(rows: &[ChangeRow]) -> (BTreeMap<BoardId, [i64; 2]>, BTreeMap<UserId, [i64; 3]>) {
    let mut boards: BTreeMap<BoardId, [i64; 2]> = BTreeMap::new();
    let mut people: BTreeMap<UserId, [i64; 3]> = BTreeMap::new();
    for row in rows {
        let [threads, posts] = boards.entry(row.board_id).or_default();
        *threads += row.board_threads;
        *posts += row.board_posts;
        let [threads, posts, likes] = people.entry(row.user_id).or_default();
        *threads += row.user_threads;
        *posts += row.user_posts;
        *likes += row.user_likes;
    }
    people.retain(|_, sums| *sums != [0; 3]);
    boards.retain(|_, sums| *sums != [0; 2]);
    (boards, people)
}

/// Derived counts that are not what a recount gives. What waits to be added is not wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WrongCounts {
    /// Boards.
    pub boards: Vec<BoardId>,
    /// People.
    pub people: Vec<UserId>,
    /// Threads: their count of posts, or which is the last.
    pub threads: Vec<ThreadId>,
}

impl WrongCounts {
    /// Whether all is right.
    pub fn is_empty(&self) -> bool {
        self.boards.is_empty() && self.people.is_empty() && self.threads.is_empty()
    }
}

/// Compares every derived count with a recount, at one instant.
///
/// # Errors
/// When the database does not answer.
pub async fn check(app: &App) -> Result<WrongCounts> {
    let snapshot = app.db.snapshot().await?;
    let boards = queries::wrong_boards(&snapshot).await?.into_iter().map(|row| row.0);
    let people = queries::wrong_users(&snapshot).await?.into_iter().map(|row| row.0);
    let threads = queries::wrong_threads(&snapshot).await?.into_iter().map(|row| row.0);
    Ok(WrongCounts { boards: boards.collect(), people: people.collect(), threads: threads.collect() })
}

/// Sets wrong counts right, in bounded batches.
///
/// # Errors
/// When the database cannot be written.
pub async fn repair(app: &App, wrong: &WrongCounts) -> Result<()> {
    for thread in &wrong.threads {
        let mut batch = Batch::new();
        batch.push(threads::recount(*thread));
        app.db.commit(batch).await?;
    }
    for board in &wrong.boards {
        commit(app, queries::recount_boards(&[*board])).await?;
    }
    for people in wrong.people.chunks(PEOPLE) {
        commit(app, queries::recount_users(people)).await?;
    }
    Ok(())
}

/// What follows when others may read a board than before: everyone who wrote there is recounted, some at a time, since
/// people's counts are over what everyone may read.
///
/// # Errors
/// When the database does not answer.
pub async fn after_rights(app: &App, entry: &Entry) -> Result<Follows> {
    let after = entry.progress.as_deref().and_then(|id| id.parse().ok()).unwrap_or(UserId(0));
    let board = BoardId(entry.subject.unwrap_or_default());
    let people = queries::authors(app.db.primary(), board, after, AUTHORS).await?;
    let mut write = Write::new(None, app.now());
    let Some(last) = people.last() else { return Ok(Follows::Last(write)) };
    for step in queries::recount_users(&people) {
        write.push(step);
    }
    Ok(Follows::More { write, progress: last.to_string() })
}

async fn commit(app: &App, steps: [folkmoot_store::Bound<()>; 2]) -> Result<()> {
    let mut batch = Batch::new();
    for step in steps {
        batch.push(step);
    }
    app.db.commit(batch).await?;
    Ok(())
}
