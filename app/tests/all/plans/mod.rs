//! How both engines run every statement of the product: kept in `sqlite.txt` and `postgres.txt`, so that a change of a
//! statement, an index or an engine is reviewed by what it does to the plans; and the rule that no statement reads the
//! whole of a table that grows.
//!
//! `make plans` writes the files anew. SQLite plans by the schema alone, since the product never runs ANALYZE there;
//! PostgreSQL by the statistics of `community.sql`.

mod rules;

use std::collections::BTreeMap;
use std::fmt::Write;

use folkmoot_store::testing::{execute, plans};
use folkmoot_store::{Engine, STATEMENTS, SqlInfo, sql};
use tokio::sync::OnceCell;

use crate::rig::Database;
use crate::tree::root;
use rules::Plan;

/// Set, the tests write the files instead of comparing with them.
const WRITE: &str = "FOLKMOOT_WRITE_PLANS";

/// Another version plans and words it in its own way: there the rules are held, the file is not compared.
const POSTGRES_VERSION: i64 = 15;

sql! {
    /// PostgreSQL's version, such as 150004.
    static VERSION: () -> i64 = dialect! {
        sqlite: "SELECT 0",
        postgres: "SELECT CAST(current_setting('server_version_num') AS BIGINT)",
    };
    /// Tables of which `community.sql` has few rows.
    static NEARLY_EMPTY: () -> String = dialect! {
        sqlite: "SELECT ''",
        postgres: "SELECT CAST(relname AS TEXT) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples < 1000 ORDER BY relname",
    };
}

/// The product's own statements by module and name.
fn statements() -> BTreeMap<String, &'static SqlInfo> {
    let ours = STATEMENTS.iter().filter_map(|it| {
        let module = it.module.strip_prefix("folkmoot::")?;
        Some((format!("{module}::{}", it.name), *it))
    });
    ours.collect()
}

static ON_SQLITE: OnceCell<Vec<Plan>> = OnceCell::const_new();
static ON_POSTGRES: OnceCell<Vec<Plan>> = OnceCell::const_new();

/// The plans of all statements, by module and name.
async fn planned(engine: Engine) -> &'static [Plan] {
    let once = if engine == Engine::Sqlite { &ON_SQLITE } else { &ON_POSTGRES };
    once.get_or_init(|| plan_all(engine)).await
}

async fn plan_all(engine: Engine) -> Vec<Plan> {
    let database = Database::migrated(engine).await;
    if engine == Engine::Postgres {
        execute(&database.url(), include_str!("community.sql")).await;
        execute(&database.url(), "VACUUM").await;
        // So many values that no table is sampled: what is known of each is exact, and the same each time.
        execute(&database.url(), "SET default_statistics_target = 1000; ANALYZE").await;
        let empty = database.open().await.all(NEARLY_EMPTY.with(())).await.unwrap();
        let empty: Vec<_> = empty.into_iter().filter(|it| rules::grows(it)).collect();
        assert!(empty.is_empty(), "community.sql needs rows of {empty:?}");
    }
    let statements = statements();
    assert!(statements.len() > 200, "only {} statements were found", statements.len());
    let infos: Vec<_> = statements.values().copied().collect();
    let steps = plans(&database.url(), &infos).await;
    let plan = |((name, info), steps): ((String, &'static SqlInfo), String)| Plan {
        name,
        text: info.text(engine).unwrap(),
        steps,
    };
    statements.into_iter().zip(steps).map(plan).collect()
}

async fn are_as_reviewed(engine: Engine, file: &str) {
    let mut found = String::new();
    for plan in planned(engine).await {
        writeln!(found, "{}\n{}\n", plan.name, plan.short()).unwrap();
    }
    found.truncate(found.trim_end().len());
    found.push('\n');
    let path = root().join("app/tests/all/plans").join(file);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, found).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let kept: Vec<&str> = kept.split("\n\n").collect();
    let new: Vec<&str> = found.split("\n\n").collect();
    let only = |these: &[&str], those: &[&str]| {
        let only: Vec<_> = these.iter().filter(|it| !those.contains(it)).map(ToString::to_string).collect();
        only.join("\n")
    };
    let (gone, come) = (only(&kept, &new), only(&new, &kept));
    assert!(
        kept == new,
        "{file} says:\n{gone}\n\nNow it is:\n{come}\n\nIs it better or as good? `make plans`"
    );
}

#[tokio::test]
async fn plans_are_as_reviewed_on_sqlite() {
    are_as_reviewed(Engine::Sqlite, "sqlite.txt").await;
}

#[tokio::test]
async fn plans_are_as_reviewed_on_postgres() {
    let database = Database::migrated(Engine::Postgres).await;
    let version = database.open().await.one(VERSION.with(())).await.unwrap() / 10_000;
    if version == POSTGRES_VERSION {
        are_as_reviewed(Engine::Postgres, "postgres.txt").await;
    }
}
