//! One SQL text on SQLite or PostgreSQL: reads, batches, migrations; knows no table.
//!
//! # What it is
//!
//! A thin layer over two drivers. Statements are SQL, written once ([`sql!`]); a read runs at once
//! ([`Db::one`], [`Db::maybe`], [`Db::all`], or several at one instant in a [`Snapshot`]); a write only
//! joins a [`Batch`], and the batch commits whole ([`Db::commit`]) or not at all.
//!
//! ```
//! use folkmoot_store::{Batch, CommitError, Db, row, sql};
//!
//! row! {
//!     /// A thread in a list.
//!     pub struct Thread { pub id: i64, pub title: String, pub locked: bool }
//! }
//!
//! sql! {
//!     static THREAD: (i64) -> Thread = "SELECT id, title, locked FROM threads WHERE id = $1";
//!     static OPEN: (i64) -> i64 = "SELECT id FROM threads WHERE id = $1 AND NOT locked";
//!     static INSERT: (i64, i64, String) = "INSERT INTO posts (id, thread_id, body) VALUES ($1, $2, $3)";
//! }
//!
//! async fn reply(db: &Db, post: i64, thread: i64, body: &str) -> Result<(), CommitError> {
//!     let mut batch = Batch::new();
//!     batch.lock(&format!("thread:{thread}"));
//!     batch.push(OPEN.with((thread,)).expect_rows(1).or("locked"));
//!     batch.push(INSERT.with((post, thread, body)));
//!     db.commit(batch).await.map(drop)
//! }
//! ```
//!
//! # What it promises
//!
//! - An answer to `commit` comes after the commit is on disk, never before. What was answered stays.
//! - A batch is whole: the first expectation that is missed, or constraint that refuses, takes back this
//!   batch and no other, and says which step it was.
//! - A commit belongs to nobody's request: once begun it runs to its end although the caller goes away,
//!   and what follows it ([`Db::commit_then`]) runs in commit order.
//! - Queues are bounded: one more is refused at once as `Unavailable`, which means "later" and not "never".
//! - A full disk, an I/O error or a lost connection acknowledges nobody in the commit; writing goes on when
//!   there is room again. A COMMIT whose answer is lost is looked up before anyone is told anything.
//!
//! # What it never does
//!
//! It builds no SQL, maps no objects, knows no table but `schema_migrations`, reads no setting and no clock
//! of the calendar, and hides no difference between the engines: the few that there are stand in a
//! statement marked by `dialect!`, or in a migration's line marked `-- only:`.
//!
//! # Where things are
//!
//! [`sqlite`](Sqlite): `writer` (the one thread that writes, all waiting batches in one commit), `at_hand` (reads that are
//! over in a moment, where they are asked for), `readers` (threads for the others), `checkpoint` and `gate` (the log stays
//! short), `lock` (one server a file), `session` (snapshots and `Tx`). [`postgres`](Postgres): `queue` (batches wait in
//! memory, and which go together), `commit` (a transaction for those, COMMITs in doubt), `group` (its statements), `pipeline`,
//! `pool`, `session`, `replica` (how far behind it is, and who may read from it). Both: [`migrate`], [`check`] (every statement prepared on the real schema),
//! [`times`] (how long callers waited), `testing` (databases to throw away; feature `testing`).

mod batch;
mod caution;
pub mod check;
mod db;
mod dialect;
mod error;
pub mod migrate;
mod param;
mod postgres;
mod row;
mod seen;
mod sql;
mod sqlite;
mod stats;
#[cfg(feature = "testing")]
pub mod testing;
pub mod times;
mod value;

#[doc(hidden)]
pub use linkme;

pub use crate::{
    batch::{Batch, Committed, Expect, Step},
    db::{Db, Options, SNAPSHOT_LIMIT, Snapshot, TX_LIMIT, Tx},
    dialect::{Engine, Text},
    error::{CommitError, Constraint, Error},
    param::{Arg, Args, Ids, Param, Params, Texts},
    postgres::Postgres,
    row::{Column, ColumnInfo, FromRow, Row, column_name},
    seen::{Position, ReplicaStats, Seen, Standing},
    sql::{Bound, STATEMENTS, Sql, SqlInfo},
    sqlite::Sqlite,
    stats::Stats,
    value::{Type, Value, ValueRef},
};
