//! Hot queries stand on an index, on both databases, and lists come out of it in their order.

use folkmoot_store::{Engine, STATEMENTS, SqlInfo};

use crate::rig::Database;

/// What is asked with nearly every page or write, or of tables that grow: the module (of threads, or by its path), the
/// statement, and whether it comes in order from the index alone.
const HOT: [(&str, &str, Order); 36] = [
    ("places", "PLACE", Order::None),
    ("places", "PLACE_AND_SENT", Order::None),
    ("places", "PLACES", Order::None),
    ("places", "SENT", Order::None),
    ("places", "POST_PLACE", Order::None),
    ("threads", "BY_IDS", Order::None),
    ("threads", "BOARD_BY_ACTIVITY", Order::FromIndex),
    ("threads", "BOARD_BY_NEWEST", Order::FromIndex),
    ("threads", "NEWEST", Order::FromIndex),
    ("threads", "ACTIVE", Order::FromIndex),
    ("threads", "BY_PERSON", Order::FromIndex),
    ("threads", "TAGGED", Order::None),
    ("threads", "RECENT_AUTHORS", Order::None),
    ("threads", "TAKE_POSITION", Order::None),
    ("threads", "RECOUNT", Order::None),
    ("posts", "ABOVE", Order::FromIndex),
    ("posts", "BELOW", Order::FromIndex),
    ("posts", "BETWEEN", Order::FromIndex),
    ("posts", "BY_PERSON", Order::FromIndex),
    ("tags", "TAGS_OF", Order::None),
    ("reactions", "OF_POSTS", Order::None),
    ("marks", "UNREAD", Order::None),
    ("counts", "REPLIED", Order::None),
    ("core::events", "ADVANCE", Order::None),
    ("core::events", "BATCH_OF_EVENT", Order::None),
    ("core::outbox", "CLAIM_ROWS", Order::None),
    ("realtime::queries", "HEADS", Order::None),
    ("realtime::queries", "EVENTS", Order::FromIndex),
    ("realtime::queries", "TRIM", Order::None),
    ("boards::queries", "BOARD_BY_SLUG", Order::None),
    ("boards::queries", "LAST_THREADS", Order::None),
    ("accounts::queries::users", "PEOPLE", Order::None),
    ("accounts::queries::users", "PEOPLE_BY_KEY", Order::None),
    ("accounts::queries::users", "DIRECTORY", Order::FromIndex),
    ("accounts::queries::sessions", "BY_SECRET", Order::None),
    ("accounts::queries::sessions", "EXPIRED", Order::None),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Few rows, or none in order.
    None,
    /// The index gives it, so that a page costs a page however long the list is.
    FromIndex,
}

fn statement(module: &str, name: &str) -> &'static SqlInfo {
    let among_threads = format!("folkmoot::threads::queries::{module}");
    let elsewhere = format!("folkmoot::{module}");
    let mut all = STATEMENTS.iter();
    let found =
        all.find(|info| (info.module == among_threads || info.module == elsewhere) && info.name == name);
    found.unwrap_or_else(|| panic!("there is no {module}::{name}"))
}

#[tokio::test]
async fn hot_queries_stand_on_an_index_on_sqlite() {
    let Database::Sqlite(file) = Database::migrated(Engine::Sqlite).await else { panic!("asked for SQLite") };
    let db = rusqlite::Connection::open(file.path()).unwrap();
    for (module, name, order) in HOT {
        let text = statement(module, name).text(Engine::Sqlite).unwrap();
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
        // Parameters that nobody binds are NULL; the plan does not look at them.
        let steps: Vec<String> =
            explain.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>().unwrap();
        for step in &steps {
            let scans = step.starts_with("SCAN")
                && !["json_each", "few", "CONSTANT ROW"].iter().any(|small| step.contains(small));
            let walks =
                scans && !(order == Order::FromIndex && step.contains("USING") && step.contains("INDEX"));
            assert!(!walks, "{module}::{name} reads a whole table: {steps:#?}");
            let sorts = order == Order::FromIndex && step.contains("TEMP B-TREE FOR ORDER BY");
            assert!(!sorts, "{module}::{name} sorts: {steps:#?}");
        }
    }
}

#[tokio::test]
async fn hot_queries_stand_on_an_index_on_postgres() {
    let Database::Postgres(database) = Database::migrated(Engine::Postgres).await else {
        panic!("asked for PostgreSQL")
    };
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    // The tables are empty, so scans and sorts would be cheapest; they are left only where there is no index to use.
    client
        .batch_execute(
            "SET enable_seqscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan",
        )
        .await
        .unwrap();
    for (number, (module, name, order)) in HOT.into_iter().enumerate() {
        let info = statement(module, name);
        let text = info.text(Engine::Postgres).unwrap();
        client.batch_execute(&format!("PREPARE s{number} AS {text}")).await.unwrap();
        let nulls = vec!["NULL"; info.params.len()].join(", ");
        let rows = client.simple_query(&format!("EXPLAIN EXECUTE s{number}({nulls})")).await.unwrap();
        let steps: Vec<String> = rows
            .iter()
            .filter_map(|row| match row {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            })
            .collect();
        assert!(
            !steps.iter().any(|step| step.contains("Seq Scan")),
            "{module}::{name} reads a whole table: {steps:#?}"
        );
        let sorts = order == Order::FromIndex
            && steps.iter().any(|step| step.trim_start_matches("->").contains("Sort  ("));
        assert!(!sorts, "{module}::{name} sorts: {steps:#?}");
    }
}
