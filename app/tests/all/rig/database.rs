//! Databases of the tests: a copy for each test of one that was migrated once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

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
    /// One on servers that the test itself runs.
    Replicated {
        /// The primary.
        primary: String,
        /// What follows it, if anything.
        replica: Option<String>,
    },
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

    /// One with today's schema on servers of the test.
    pub(crate) async fn replicated(primary: &str, replica: Option<&str>) -> Self {
        migrate(primary).await;
        Self::Replicated { primary: primary.to_owned(), replica: replica.map(str::to_owned) }
    }

    /// Where it is, as `Db::open` takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => file.url(),
            Self::Postgres(database) => database.url(),
            Self::Replicated { primary, .. } => primary.clone(),
        }
    }

    /// Opens it.
    pub(crate) async fn open(&self) -> Db {
        // What a test makes lag would be left alone after two seconds.
        let replica_limit = Duration::from_secs(60);
        let options = Options { connections: 6, readers: 2, replica_limit, ..Options::default() };
        let db = Db::open(&self.url(), options).await.expect("the database opens");
        if let Self::Replicated { replica: Some(replica), .. } = self {
            db.follow(replica).expect("it follows");
        }
        db
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
