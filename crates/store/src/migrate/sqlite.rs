//! Steps on SQLite: foreign keys off, because rebuilding a table would delete its children, and checked
//! before the commit.

use std::time::Duration;

use rusqlite::Connection;

use super::{APPLIED, Applied, Direction, MigrateError, Migrations, Step, TABLE, Target, note};
use crate::{dialect::Engine, sqlite::Sqlite};

/// How long to wait for another process that migrates.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) async fn applied(db: &Sqlite) -> Result<Vec<Applied>, MigrateError> {
    let conn = db.connection().await?;
    blocking(move || {
        let there = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
        let known: i64 = conn.query_row(there, [], |row| row.get(0)).map_err(unavailable)?;
        if known == 0 { Ok(Vec::new()) } else { read(&conn).map_err(unavailable) }
    })
    .await
}

pub(super) async fn go(
    db: &Sqlite,
    migrations: &Migrations,
    target: Target,
) -> Result<Vec<u32>, MigrateError> {
    let conn = db.connection().await?;
    let migrations = migrations.clone();
    blocking(move || {
        conn.busy_timeout(PATIENCE).map_err(unavailable)?;
        conn.execute_batch("PRAGMA foreign_keys = OFF").map_err(unavailable)?;
        let mut made = Vec::new();
        while let Some(number) = in_transaction(&conn, &migrations, target)? {
            made.push(number);
        }
        Ok(made)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MigrateError> + Send + 'static,
) -> Result<T, MigrateError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| MigrateError::Unavailable(error.to_string()))?
}

/// Makes the next step, if there is one. Holding the right to write is the lock.
fn in_transaction(
    conn: &Connection,
    migrations: &Migrations,
    target: Target,
) -> Result<Option<u32>, MigrateError> {
    conn.execute_batch("BEGIN IMMEDIATE").map_err(unavailable)?;
    let made = next(conn, migrations, target);
    let end = if made.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = conn.execute_batch(end).map_err(unavailable);
    made.and_then(|made| ended.map(|()| made))
}

fn next(conn: &Connection, migrations: &Migrations, target: Target) -> Result<Option<u32>, MigrateError> {
    conn.execute_batch(TABLE).map_err(unavailable)?;
    let applied = read(conn).map_err(unavailable)?;
    let Some((step, direction)) = migrations.next(&applied, target)? else { return Ok(None) };
    run(conn, step, direction)?;
    Ok(Some(step.number))
}

fn run(conn: &Connection, step: &Step, direction: Direction) -> Result<(), MigrateError> {
    let failed = |cause: String| MigrateError::Failed { number: step.number, cause };
    let sql = step.sql(direction, Engine::Sqlite)?;
    conn.execute_batch(&sql).map_err(|error| failed(error.to_string()))?;
    let orphan = conn.query_row("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", [], |row| {
        row.get::<_, String>(0)
    });
    match orphan {
        Err(rusqlite::Error::QueryReturnedNoRows) => {}
        Err(error) => return Err(failed(error.to_string())),
        Ok(table) => return Err(failed(format!("a row of {table} refers to one that is not there"))),
    }
    conn.execute_batch(&note(step, direction)).map_err(|error| failed(error.to_string()))
}

fn read(conn: &Connection) -> Result<Vec<Applied>, rusqlite::Error> {
    conn.prepare(APPLIED)?
        .query_map([], |row| {
            Ok(Applied {
                number: row.get(0)?,
                name: row.get(1)?,
                checksum: row.get(2)?,
                works_with: row.get(3)?,
            })
        })?
        .collect()
}

fn unavailable(error: impl std::error::Error) -> MigrateError {
    MigrateError::Unavailable(error.to_string())
}
