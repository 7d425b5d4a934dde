//! What holds for the database whatever is asked of it: every statement fits the schema, and that goes up and down
//! without losing anybody.

use folkmoot::server::database::migrations;
use folkmoot_store::{Batch, Db, Engine, check, sql};

use crate::rig::Database;

sql! {
    /// Every column of every table, in words.
    static COLUMNS: () -> String = dialect! {
        sqlite: "SELECT m.name || '.' || p.name || ' ' || p.type || ' ' || p.\"notnull\" || ' ' || p.pk
            FROM sqlite_master m JOIN pragma_table_info(m.name) p
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.name",
        postgres: "SELECT CAST(table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS TEXT)
            FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name",
    };
    /// Every index, in words.
    static INDEXES: () -> String = dialect! {
        sqlite: "SELECT m.name || ' ' || i.name || ' ' || i.\"unique\"
            FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' ORDER BY m.name, i.name",
        postgres: "SELECT CAST(indexdef AS TEXT) FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    };
    /// Somebody who registered before there was more to say of oneself.
    static INSERT_EARLY: (i64) =
        "INSERT INTO users (id, nickname, nickname_key, email, email_key, password_hash, role, standing, bio, settings,
            thread_count, post_count, like_count, all_read_at, created_at, version)
        VALUES ($1, 'Early', 'early', 'early@example.org', 'early@example.org', 'x', 'member', 'good', '', '{}',
            0, 0, 0, 0, 0, 1)";
    /// What is known of them.
    static EARLY: (i64) -> (String, Option<String>) = "SELECT nickname, email FROM users WHERE id = $1";
    /// What could be said later.
    static PERSONAL: (i64) -> (Option<i64>, Option<i64>, Option<String>, Option<String>, Option<String>) =
        "SELECT age, age_stated_at, gender, first_name, last_name FROM users WHERE id = $1";
    /// They say it.
    static STATE: (i64) =
        "UPDATE users SET age = 34, age_stated_at = 5, gender = 'female', first_name = 'E', last_name = 'L'
        WHERE id = $1";
}

async fn every_statement_fits(engine: Engine) {
    let database = Database::migrated(engine).await;
    let db = database.open().await;
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

async fn up(db: &Db, to: Option<u32>) {
    db.migrations(&migrations().unwrap()).up(to).await.unwrap();
}

async fn down(db: &Db, to: u32) {
    db.migrations(&migrations().unwrap()).down(to).await.unwrap();
}

async fn schema(db: &Db) -> (Vec<String>, Vec<String>) {
    (db.all(COLUMNS.with(())).await.unwrap(), db.all(INDEXES.with(())).await.unwrap())
}

async fn up_down_up(engine: Engine) {
    let database = Database::empty(engine).await;
    let db = database.open().await;
    up(&db, None).await;
    let first = schema(&db).await;
    assert!(first.0.iter().any(|column| column.starts_with("users.age_stated_at")), "{first:?}");
    down(&db, 0).await;
    let empty = schema(&db).await;
    assert!(!empty.0.iter().any(|column| column.starts_with("users.")), "{empty:?}");
    up(&db, None).await;
    assert_eq!(schema(&db).await, first);
}

#[tokio::test]
async fn up_down_and_up_again_is_the_same_schema_on_sqlite() {
    up_down_up(Engine::Sqlite).await;
}

#[tokio::test]
async fn up_down_and_up_again_is_the_same_schema_on_postgres() {
    up_down_up(Engine::Postgres).await;
}

async fn run(db: &Db, statement: folkmoot_store::Bound<()>) {
    let mut batch = Batch::new();
    batch.push(statement);
    db.commit(batch).await.unwrap();
}

async fn early_people_survive(engine: Engine) {
    let database = Database::empty(engine).await;
    let db = database.open().await;
    up(&db, Some(1)).await;
    run(&db, INSERT_EARLY.with((7,))).await;

    up(&db, None).await;
    let early = (String::from("Early"), Some(String::from("early@example.org")));
    assert_eq!(db.one(EARLY.with((7,))).await.unwrap(), early);
    assert_eq!(db.one(PERSONAL.with((7,))).await.unwrap(), (None, None, None, None, None));
    run(&db, STATE.with((7,))).await;

    down(&db, 1).await;
    assert_eq!(db.one(EARLY.with((7,))).await.unwrap(), early);
    up(&db, None).await;
    assert_eq!(db.one(PERSONAL.with((7,))).await.unwrap().0, None, "what was said went with its columns");
}

#[tokio::test]
async fn people_from_before_they_could_say_their_age_stay_on_sqlite() {
    early_people_survive(Engine::Sqlite).await;
}

#[tokio::test]
async fn people_from_before_they_could_say_their_age_stay_on_postgres() {
    early_people_survive(Engine::Postgres).await;
}
