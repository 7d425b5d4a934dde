//! Opening the database that the settings name, and bringing its schema up to date.

use std::path::Path;

use anyhow::Context;
use folkmoot_store::migrate::Migrations;
use folkmoot_store::{Db, Options};

use crate::config::Config;
use crate::core::schema::MIGRATIONS;

/// Opens the database. A server has an SQLite file for itself; commands open it beside the server.
///
/// # Errors
/// When it cannot be opened, or another server has it.
pub async fn open(config: &Config, exclusive: bool) -> anyhow::Result<Db> {
    let data = &config.server.data_dir;
    let address = config.database.address(data);
    if let Some(path) = address.expose().strip_prefix("sqlite:") {
        make_folder(Path::new(path.trim_start_matches("//")))?;
    }
    let connections = usize::try_from(config.database.max_connections)?;
    let options = Options { exclusive, connections, ..Options::default() };
    let shown = config.database.shown(data);
    let db = Db::open(address.expose(), options)
        .await
        .with_context(|| format!("cannot open the database {shown}"))?;
    if let Some(replica) = config.database.replica() {
        db.follow(replica.expose()).context("DATABASE_REPLICA_URL cannot be used")?;
    }
    Ok(db)
}

fn make_folder(file: &Path) -> anyhow::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display())),
        _ => Ok(()),
    }
}

/// The steps of the schema that this binary carries.
///
/// # Errors
/// When a migration's file is wrong.
pub fn migrations() -> anyhow::Result<Migrations> {
    Ok(Migrations::embedded(MIGRATIONS)?)
}

/// Brings the schema up to date, under a lock: of several that start at once, one does it and the others wait.
///
/// # Errors
/// When a step fails, or the database is newer than this binary can work with.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    let made = db.migrations(&migrations()?).up(None).await.context("cannot bring the schema up to date")?;
    if !made.is_empty() {
        tracing::info!(steps = ?made, "the schema was brought up to date");
    }
    Ok(())
}
