//! A SQLite connection: its settings, running statements on it, and what its errors mean.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, ffi, types::ValueRef as SqlRef};

use crate::{
    batch::Done,
    dialect::Engine,
    error::{CommitError, Constraint, Error},
    row::{FromRow, Row, Source, absent},
    sql::Statement,
    value::{Value, ValueRef},
};

/// How many prepared statements a connection keeps: more than the product has.
const STATEMENTS_KEPT: usize = 1024;

/// How many steps of its virtual machine SQLite makes between looks at the deadline.
const STEPS_BETWEEN_LOOKS: i32 = 2000;

/// How long the writer waits for another process that is writing.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// Opens the connection that writes.
pub(super) fn open_writer(path: &Path) -> Result<Connection, rusqlite::Error> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    wait_when_busy(&conn)?;
    keep_plans(&conn)?;
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // Every commit is on disk before it is acknowledged; the checkpointer does the copying. What a savepoint may have to
    // take back is kept in memory: past 64 KB, which one batch touches, it would be written to a temporary file.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;
        PRAGMA temp_store = MEMORY;",
    )?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(conn)
}

/// Opens a connection that reads; SQLite itself refuses it any write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, rusqlite::Error> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    wait_when_busy(&conn)?;
    keep_plans(&conn)?;
    conn.execute_batch("PRAGMA query_only = ON;")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(conn)
}

fn wait_when_busy(conn: &Connection) -> Result<(), rusqlite::Error> {
    conn.busy_timeout(BUSY_LIMIT)
}

/// Lets a prepared statement keep its plan whatever values are bound to it. Without this SQLite plans
/// a statement on a table with a partial index anew each time other values are bound, in the middle of a write.
fn keep_plans(conn: &Connection) -> Result<(), rusqlite::Error> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// When the statement that runs must have ended. SQLite looks at it while it works.
#[derive(Clone)]
pub(super) struct Deadline {
    start: Instant,
    /// Nanoseconds after `start`; `u64::MAX` for none.
    at: Arc<AtomicU64>,
}

impl Deadline {
    /// Makes `conn` stop what it does when the deadline has passed.
    pub(super) fn on(conn: &mut Connection) -> Result<Self, rusqlite::Error> {
        let deadline = Self { start: Instant::now(), at: Arc::new(AtomicU64::new(u64::MAX)) };
        let seen = deadline.clone();
        conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || seen.has_passed()))?;
        Ok(deadline)
    }

    pub(super) fn set(&self, until: Option<Instant>) {
        let nanos = until.map_or(u64::MAX, |until| {
            u64::try_from(until.saturating_duration_since(self.start).as_nanos()).unwrap_or(u64::MAX)
        });
        self.at.store(nanos, Ordering::Relaxed);
    }

    fn has_passed(&self) -> bool {
        let at = self.at.load(Ordering::Relaxed);
        at != u64::MAX && self.start.elapsed().as_nanos() >= u128::from(at)
    }
}

/// Reads at most `limit` rows.
pub(super) fn fetch<R: FromRow>(
    conn: &Connection,
    statement: &Statement,
    limit: usize,
) -> Result<Vec<R>, Error> {
    let mut prepared = prepare(conn, statement).map_err(read_error)?;
    let mut cursor = prepared.raw_query();
    let mut rows = Vec::new();
    while rows.len() < limit
        && let Some(row) = cursor.next().map_err(read_error)?
    {
        rows.push(R::from_row(&Row(Source::Sqlite(row)))?);
    }
    Ok(rows)
}

/// Runs a step of a batch and keeps what it answers.
pub(super) fn run(conn: &Connection, statement: &Statement) -> Result<Done, Failure> {
    let mut prepared = prepare(conn, statement)?;
    let columns = prepared.column_count();
    if columns == 0 {
        return Ok(Done { affected: prepared.raw_execute()? as u64, rows: Vec::new() });
    }
    let mut rows = Vec::new();
    let mut cursor = prepared.raw_query();
    while let Some(row) = cursor.next()? {
        let values: Result<Vec<Value>, Error> =
            (0..columns).map(|index| column(row, index).map(ValueRef::to_value)).collect();
        rows.push(values?);
    }
    Ok(Done { affected: rows.len() as u64, rows })
}

fn prepare<'a>(
    conn: &'a Connection,
    statement: &Statement,
) -> Result<rusqlite::CachedStatement<'a>, Failure> {
    let mut prepared = conn.prepare_cached(statement.info.text(Engine::Sqlite)?)?;
    for (index, value) in statement.values.iter().enumerate() {
        bind(&mut prepared, index + 1, value)?;
    }
    Ok(prepared)
}

fn bind(prepared: &mut rusqlite::Statement<'_>, index: usize, value: &Value) -> Result<(), Failure> {
    match value {
        Value::Null => prepared.raw_bind_parameter(index, rusqlite::types::Null)?,
        Value::Int(v) => prepared.raw_bind_parameter(index, v)?,
        // SQLite would make NULL of it.
        Value::Float(v) if v.is_nan() => {
            return Err(Error::Invalid(format!("${index} is not a number")).into());
        }
        Value::Float(v) => prepared.raw_bind_parameter(index, v)?,
        Value::Bool(v) => prepared.raw_bind_parameter(index, v)?,
        // PostgreSQL cannot store it, so neither do we.
        Value::Text(v) if v.contains('\0') => {
            return Err(Error::Invalid(format!("${index} holds a NUL character")).into());
        }
        Value::Text(v) => prepared.raw_bind_parameter(index, v)?,
        Value::Bytes(v) => prepared.raw_bind_parameter(index, &v[..])?,
        Value::Ids(v) => prepared.raw_bind_parameter(index, json(v)?)?,
        Value::Texts(v) => prepared.raw_bind_parameter(index, json(v)?)?,
    }
    Ok(())
}

/// A list as `json_each` takes it.
fn json<T: serde::Serialize>(list: &[T]) -> Result<String, Error> {
    serde_json::to_string(list).map_err(|error| Error::Invalid(error.to_string()))
}

/// The column of a row under the cursor.
pub(crate) fn column<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Result<ValueRef<'a>, Error> {
    Ok(match row.get_ref(index).map_err(|_| absent(index))? {
        SqlRef::Null => ValueRef::Null,
        SqlRef::Integer(v) => ValueRef::Int(v),
        SqlRef::Real(v) => ValueRef::Float(v),
        SqlRef::Text(v) => ValueRef::Text(
            str::from_utf8(v).map_err(|_| Error::Invalid(format!("column {} is not UTF-8", index + 1)))?,
        ),
        SqlRef::Blob(v) => ValueRef::Bytes(v),
    })
}

/// What went wrong on a connection, before it is known whom it concerns.
pub(super) enum Failure {
    Engine(rusqlite::Error),
    Store(Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// What a failed read means.
pub(super) fn read_error(failure: impl Into<Failure>) -> Error {
    let error = match failure.into() {
        Failure::Store(error) => return error,
        Failure::Engine(error) => error,
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => Error::TimedOut,
        // A reader may not write; that is for batches.
        Some(ErrorCode::ReadOnly) => Error::Invalid(error.to_string()),
        Some(code) if !is_own_mistake(code) => Error::Unavailable(error.to_string()),
        _ => Error::Invalid(error.to_string()),
    }
}

/// Whom a failed step harms.
pub(super) enum Harm {
    /// Its own batch alone.
    Batch(CommitError),
    /// Everyone in the commit: full disk, I/O error, no memory.
    Group(String),
}

/// What a failed step means.
pub(super) fn write_error(failure: impl Into<Failure>) -> Harm {
    let error = match failure.into() {
        Failure::Store(error) => return Harm::Batch(error.into()),
        Failure::Engine(error) => error,
    };
    match error.sqlite_error() {
        Some(ffi::Error { code: ErrorCode::ConstraintViolation, extended_code }) => {
            let kind = match *extended_code {
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Constraint::ForeignKey,
                ffi::SQLITE_CONSTRAINT_NOTNULL => Constraint::NotNull,
                ffi::SQLITE_CONSTRAINT_UNIQUE
                | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                | ffi::SQLITE_CONSTRAINT_ROWID => Constraint::Unique,
                _ => Constraint::Check,
            };
            Harm::Batch(CommitError::Constraint { kind, detail: error.to_string() })
        }
        Some(ffi::Error { code, .. }) if !is_own_mistake(*code) => Harm::Group(error.to_string()),
        _ => Harm::Batch(CommitError::Invalid(error.to_string())),
    }
}

/// Errors that say something about the statement and nothing about the database.
fn is_own_mistake(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Unknown
            | ErrorCode::TypeMismatch
            | ErrorCode::TooBig
            | ErrorCode::ApiMisuse
            | ErrorCode::ParameterOutOfRange
            | ErrorCode::AuthorizationForStatementDenied
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::{open_reader, open_writer};

    #[test]
    fn a_statement_keeps_its_plan_for_other_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plans.db");
        let writer = open_writer(&path).unwrap();
        writer
            .execute_batch(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, at INTEGER);
                CREATE INDEX late ON t (kind, at) WHERE at > 5",
            )
            .unwrap();
        for conn in [writer, open_reader(&path).unwrap()] {
            let mut select = conn.prepare("SELECT id FROM t WHERE kind = ?1 AND at > ?2").unwrap();
            for at in 0..3 {
                assert!(!select.exists((format!("kind {at}"), at)).unwrap());
            }
            assert_eq!(select.get_status(StatementStatus::RePrepare), 0);
        }
    }
}
