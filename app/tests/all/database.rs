//! What holds for the database whatever is asked of it: every statement fits the schema, the lookups of every request
//! have an index, and the schema goes up and down without losing anybody.

use folkmoot::server::database::migrations;
use folkmoot_store::{Db, Engine, check, sql};

use crate::rig::Database;

async fn migrated(engine: Engine) -> (Database, Db) {
    let database = Database::migrated(engine).await;
    let db = database.open().await;
    (database, db)
}

async fn every_statement_fits(engine: Engine) {
    let (_database, db) = migrated(engine).await;
    let checked = check::prepare_all(&db).await.unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")));
    assert!(checked.statements > 50, "only {} statements were found", checked.statements);
}

#[tokio::test]
async fn every_statement_fits_the_schema_on_sqlite() {
    every_statement_fits(Engine::Sqlite).await;
}

#[tokio::test]
async fn every_statement_fits_the_schema_on_postgres() {
    every_statement_fits(Engine::Postgres).await;
}
