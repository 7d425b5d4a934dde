//! The name of this database's history. It is renewed whenever history may have gone back, because then numbers of
//! events that clients remember mean something else.
//!
//! How that is noticed: SQLite counts its starts, in the database and in a file beside it; a database that counts fewer
//! is an older copy. PostgreSQL tells which cluster it is and on which timeline; another one was restored or promoted.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use folkmoot_store::{Batch, CommitError, Db, row, sql};

use super::{App, Error, Result};

/// How often the counter rises while the server runs, so that a copy made in the middle of a long run is known too.
const COUNT_EVERY: Duration = Duration::from_secs(60 * 60);

const EPOCH: &str = "epoch";
const LINEAGE: &str = "lineage";
const STARTS: &str = "starts";

sql! {
    /// What is known of this history.
    static KNOWN: (String, String) -> Known = "SELECT key, value FROM meta WHERE key IN ($1, $2)";
    /// The cluster and its timeline; nothing on SQLite.
    static ASK_LINEAGE: () -> String = dialect! {
        sqlite: "SELECT ''",
        postgres: "SELECT system_identifier::text || '/' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
            FROM pg_control_system()",
    };
    /// Replaces a fact, if it is still what was read.
    static REPLACE: (String, String, String) = "UPDATE meta SET value = $3 WHERE key = $1 AND value = $2";
    /// Writes a fact.
    static SET: (String, String) = "INSERT INTO meta (key, value) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
}

row! {
    struct Known { key: String, value: String }
}

/// The epoch as the database has it now, renewed if the database itself is another one.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn current(app: &App) -> Result<String> {
    let rows = app.db.primary().all(KNOWN.with((EPOCH.to_owned(), LINEAGE.to_owned()))).await?;
    let known = |key: &str| rows.iter().find(|row| row.key == key).map(|row| row.value.clone());
    let epoch = known(EPOCH).ok_or_else(|| Error::internal("this database has no epoch"))?;
    match (known(LINEAGE), lineage(&app.db).await?) {
        (Some(before), Some(now)) if before != now => {
            tracing::warn!(before, now, "the database is another cluster, or on another timeline");
            let mut batch = Batch::new();
            batch.push(REPLACE.with((LINEAGE.to_owned(), before, now)).expect_rows(1).or("renewed"));
            renew_with(app, &epoch, batch).await
        }
        (None, Some(now)) => {
            let mut batch = Batch::new();
            batch.push(SET.with((LINEAGE.to_owned(), now)));
            app.db.commit(batch).await?;
            Ok(epoch)
        }
        _ => Ok(epoch),
    }
}

/// `None` on SQLite, and where the operator of the server keeps it from us ([`count_start`] says so in the log).
async fn lineage(db: &Db) -> Result<Option<String>> {
    match db.primary().one(ASK_LINEAGE.with(())).await {
        Ok(lineage) => Ok(Some(lineage).filter(|lineage: &String| !lineage.is_empty())),
        Err(folkmoot_store::Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Gives this history a new name, because it may have gone back.
///
/// # Errors
/// When the database cannot be written.
pub async fn renew(app: &App) -> Result<String> {
    renew_with(app, &app.epoch(), Batch::new()).await
}

/// Of several nodes that notice, one renews.
async fn renew_with(app: &App, before: &str, mut batch: Batch) -> Result<String> {
    let new = hex::encode(app.random.bytes::<8>()?);
    batch.push(REPLACE.with((EPOCH.to_owned(), before.to_owned(), new.clone())).expect_rows(1).or("renewed"));
    match app.db.commit(batch).await {
        Ok(_) => Ok(new),
        Err(CommitError::Missed { .. }) => {
            let rows = app.db.primary().all(KNOWN.with((EPOCH.to_owned(), EPOCH.to_owned()))).await?;
            let row = rows.into_iter().next();
            row.map(|row| row.value).ok_or_else(|| Error::internal("this database has no epoch"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Compares and raises the counter of starts, at the start. PostgreSQL has none: it tells its lineage, and it is only
/// noted when it does not.
///
/// # Errors
/// When the database or the file beside it cannot be read or written.
pub async fn count_start(app: &App) -> Result<()> {
    let Db::Sqlite(sqlite) = &app.db else {
        if lineage(&app.db).await?.is_none() {
            tracing::warn!(
                "PostgreSQL does not say which cluster it is; a restore will not be noticed by that"
            );
        }
        return Ok(());
    };
    let file = beside(sqlite.path());
    let failed = |error: io::Error| Error::internal(format_args!("{}: {error}", file.display()));
    let beside = read(&file).await.map_err(failed)?;
    let rows = app.db.all(KNOWN.with((STARTS.to_owned(), STARTS.to_owned()))).await?;
    let ours = rows.first().and_then(|row| row.value.parse().ok()).unwrap_or(0);
    if ours < beside {
        tracing::warn!(ours, beside, "the database is an older copy of itself");
        app.set_epoch(&renew(app).await?);
    }
    let next = ours.max(beside) + 1;
    let mut batch = Batch::new();
    batch.push(SET.with((STARTS.to_owned(), next.to_string())));
    app.db.commit(batch).await?;
    // The database first: should we be killed here, it is ahead of the file, which alarms nobody.
    write(&file, next).await.map_err(failed)
}

/// Raises the counter every hour until the task is ended.
pub async fn keep_counting(app: App) {
    loop {
        tokio::time::sleep(COUNT_EVERY).await;
        if let Err(error) = count_start(&app).await {
            tracing::warn!(%error, "the counter of starts could not be raised");
        }
    }
}

/// The file that counts, beside the database.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-starts");
    name.into()
}

async fn read(file: &Path) -> io::Result<i64> {
    match tokio::fs::read_to_string(file).await {
        Ok(text) => Ok(text.trim().parse().unwrap_or(0)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Replaces the file as a whole, so that a crash leaves the old number or the new one.
async fn write(file: &Path, count: i64) -> io::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    tokio::fs::write(&new, count.to_string()).await?;
    tokio::fs::File::open(&new).await?.sync_all().await?;
    tokio::fs::rename(&new, file).await
}
