//! Steps on PostgreSQL: under an advisory lock, and never waiting long for a table that is in use.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, Row};

use super::{APPLIED, Applied, Direction, MigrateError, Migrations, Step, TABLE, Target, note};
use crate::{dialect::Engine, postgres::Postgres};

/// How long to wait for another node that migrates.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often to ask whether it has come to its end.
const ASK: Duration = Duration::from_millis(50);

/// A step takes as long as it takes, but waits only so long for a table: behind it everyone would wait.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '5s';
    SET LOCAL idle_in_transaction_session_timeout = 0";

/// Taken for the length of one step; the number is ours alone ("folkmoot" in ASCII).
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(7381228850396032884)";

pub(super) async fn applied(db: &Postgres) -> Result<Vec<Applied>, MigrateError> {
    let lease = db.connection().await?;
    let client = lease.client()?;
    let known = client.query_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[]).await;
    if known.and_then(|row| row.try_get::<_, bool>(0)).map_err(unavailable)? {
        read(client).await
    } else {
        Ok(Vec::new())
    }
}

pub(super) async fn go(
    db: &Postgres,
    migrations: &Migrations,
    target: Target,
) -> Result<Vec<u32>, MigrateError> {
    let mut lease = db.connection().await?;
    lease.set_busy(true);
    let client = lease.client()?;
    let mut made = Vec::new();
    let until = Instant::now() + PATIENCE;
    loop {
        client.batch_execute(BEGIN).await.map_err(unavailable)?;
        let locked = client.query_one(LOCK, &[]).await.and_then(|row| row.try_get::<_, bool>(0));
        if !locked.map_err(unavailable)? {
            client.batch_execute("ROLLBACK").await.map_err(unavailable)?;
            if Instant::now() >= until {
                return Err(MigrateError::Unavailable("another node is migrating".to_owned()));
            }
            sleep(ASK).await;
            continue;
        }
        // An error leaves the connection busy: it is rolled back when it is given back.
        let number = next(client, migrations, target).await?;
        client.batch_execute("COMMIT").await.map_err(unavailable)?;
        match number {
            Some(number) => made.push(number),
            None => break,
        }
    }
    lease.set_busy(false);
    db.forget_statements();
    Ok(made)
}

async fn next(client: &Client, migrations: &Migrations, target: Target) -> Result<Option<u32>, MigrateError> {
    client.batch_execute(TABLE).await.map_err(unavailable)?;
    let applied = read(client).await?;
    let Some((step, direction)) = migrations.next(&applied, target)? else { return Ok(None) };
    run(client, step, direction).await?;
    Ok(Some(step.number))
}

async fn run(client: &Client, step: &Step, direction: Direction) -> Result<(), MigrateError> {
    let failed = |error: tokio_postgres::Error| MigrateError::Failed {
        number: step.number,
        cause: error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string),
    };
    client.batch_execute(&step.sql(direction, Engine::Postgres)?).await.map_err(failed)?;
    client.batch_execute(&note(step, direction)).await.map_err(failed)
}

async fn read(client: &Client) -> Result<Vec<Applied>, MigrateError> {
    let rows = client.query(APPLIED, &[]).await.map_err(unavailable)?;
    rows.iter().map(|row| applied_from(row).map_err(unavailable)).collect()
}

fn applied_from(row: &Row) -> Result<Applied, tokio_postgres::Error> {
    let number = |index| row.try_get::<_, i64>(index).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    Ok(Applied {
        number: number(0)?,
        name: row.try_get(1)?,
        checksum: row.try_get(2)?,
        works_with: number(3)?,
    })
}

fn unavailable(error: impl std::error::Error) -> MigrateError {
    MigrateError::Unavailable(crate::postgres::whole(&error))
}
