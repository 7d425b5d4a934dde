//! One SQL text on SQLite or PostgreSQL: reads, batches, migrations; knows no table.

mod batch;
pub mod check;
mod db;
mod dialect;
mod error;
pub mod migrate;
mod param;
mod postgres;
mod row;
mod sql;
mod sqlite;
mod stats;
#[cfg(feature = "testing")]
pub mod testing;
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
    sql::{Bound, STATEMENTS, Sql, SqlInfo},
    sqlite::Sqlite,
    stats::Stats,
    value::{Type, Value, ValueRef},
};
