//! Databases of the tests: a copy for each test of one that was migrated once.

use std::path::PathBuf;
use std::sync::Arc;

use folkmoot::server::database::migrations;
use folkmoot_store::testing::{Postgres, TempDatabase, TempSqlite, temp_sqlite};
use folkmoot_store::{Db, Engine, Options};
use tokio::sync::OnceCell;

/// A database to throw away; it vanishes when this is dropped.
pub(crate) enum Database {
    /// A file.
    Sqlite(TempSqlite),
    /// A database on the server that all tests of this process share.
    Postgres(TempDatabase),
}

static SQLITE: OnceCell<(TempSqlite, PathBuf)> = OnceCell::const_new();
static POSTGRES: OnceCell<(Arc<Postgres>, TempDatabase)> = OnceCell::const_new();

impl Database {
    /// One without any table.
    pub(crate) async fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(temp_sqlite()),
            Engine::Postgres => Self::Postgres(start_postgres().await.database().await),
        }
    }

    /// One with today's schema.
    pub(crate) async fn migrated(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let (_, template) = SQLITE.get_or_init(sqlite_template).await;
                let copy = temp_sqlite();
                std::fs::copy(template, copy.path()).expect("a copy of the database");
                Self::Sqlite(copy)
            }
            Engine::Postgres => {
                let (server, template) = POSTGRES.get_or_init(postgres_template).await;
                Self::Postgres(server.copy_of(template).await)
            }
        }
    }

    /// Where it is, as `Db::open` takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => file.url(),
            Self::Postgres(database) => database.url(),
        }
    }

    /// Opens it.
    pub(crate) async fn open(&self) -> Db {
        let options = Options { connections: 6, readers: 2, ..Options::default() };
        Db::open(&self.url(), options).await.expect("the database opens")
    }
}

async fn start_postgres() -> Arc<Postgres> {
    tokio::task::spawn_blocking(Postgres::start).await.expect("PostgreSQL starts")
}

async fn sqlite_template() -> (TempSqlite, PathBuf) {
    let file = temp_sqlite();
    migrate(&file.url()).await;
    let path = file.path();
    (file, path)
}

async fn postgres_template() -> (Arc<Postgres>, TempDatabase) {
    let server = start_postgres().await;
    let database = server.database().await;
    migrate(&database.url()).await;
    (server, database)
}

/// Brings the schema up to date and lets go of the database.
async fn migrate(url: &str) {
    let db = Db::open(url, Options::default()).await.expect("the database opens");
    let migrations = migrations().expect("the migrations can be read");
    db.migrations(&migrations).up(None).await.expect("the migrations run");
    db.close().await;
}
