//! What a plan says, and what none may say.

use std::collections::BTreeSet;

use folkmoot_store::Engine;

use super::planned;
use crate::tree::{expect_none, files};

/// How an engine runs a statement.
pub(super) struct Plan {
    /// The statement's module and name.
    pub(super) name: String,
    /// What the engine was given.
    pub(super) text: &'static str,
    /// What it will do, a line each.
    pub(super) steps: String,
}

/// Tables whose size has nothing to do with how much was written so far. `count_changes` is emptied by a job.
const SMALL: [&str; 8] = [
    "boards",
    "count_changes",
    "groups",
    "meta",
    "nodes",
    "releases",
    "schema_migrations",
    "search_progress",
];

/// Whether a table is the larger the more was written.
pub(super) fn grows(table: &str) -> bool {
    !SMALL.contains(&table)
}

/// Statements that read the whole of a table that grows, and why they may.
const EXCUSED: [(&str, &[&str], &str); 24] = [
    ("accounts::searching::COUNT", &["users"], PROGRESS),
    ("accounts::queries::links::DELETE_OLD", &["links"], LINKS),
    ("accounts::queries::links::DELETE_SETUP", &["links"], LINKS),
    ("accounts::queries::links::DELETE_UNUSED", &["links"], LINKS),
    ("accounts::queries::users::DIRECTORY_OF", &["users"], "what is looked for may stand anywhere in a name"),
    ("accounts::queries::users::HAS_ADMIN", &["users"], ADMINS),
    ("accounts::queries::users::HAS_OTHER_ADMIN", &["users"], ADMINS),
    ("accounts::queries::users::NO_ADMIN_YET", &["users"], ADMINS),
    ("chat::queries::messages::INSERT", &["messages"], CHILDREN),
    ("chat::queries::searching::COUNT", &["messages"], PROGRESS),
    ("commands::demo::SOMEBODY", &["users"], "stops at the first"),
    ("commands::import::discourse::queries::PEOPLE", &["users"], "an import looks at all that is there"),
    (
        "commands::import::discourse::queries::TOPICS",
        &["posts", "threads"],
        "an import looks at all that is there",
    ),
    ("search::job::OLDEST", &["outbox"], "what waits is little, and it stops at the first"),
    ("search::queries::entries::DENSITY", &["search_entries"], "a job looks at it once a minute"),
    ("search::queries::words::COUNT", &["search_words"], "an operator's command"),
    ("threads::queries::counts::RECOUNT_BOARDS", &["posts"], COUNTS),
    ("threads::queries::counts::WRONG_BOARDS", &["posts"], COUNTS),
    ("threads::queries::counts::WRONG_THREADS", &["posts", "threads"], COUNTS),
    ("threads::queries::counts::WRONG_USERS", &["users"], COUNTS),
    ("threads::queries::posts::INSERT", &["posts"], CHILDREN),
    ("threads::queries::searching::COUNT", &["posts"], PROGRESS),
    (
        "threads::queries::tags::TAG_COUNTS",
        &["threads"],
        "PostgreSQL: with the beginning of a tag it takes the index, without one it counts all",
    ),
    ("threads::queries::threads::INSERT", &["thread_marks"], CHILDREN),
];
const LINKS: &str = "a link lives for some days and is then deleted, so there are few";
const ADMINS: &str = "stops at the first administrator; asked when one is made or leaves";
const CHILDREN: &str =
    "SQLite looks for rows that already point to a new one only while such an error is pending: never";
const PROGRESS: &str = "asked once when all rows are looked through";
const COUNTS: &str = "counts everything anew: an operator's command";

/// Lists that come out of their index in order, so that a page costs a page however long the list is.
const IN_ORDER: [&str; 13] = [
    "accounts::queries::users::DIRECTORY",
    "chat::queries::messages::ABOVE",
    "chat::queries::messages::BELOW",
    "realtime::queries::EVENTS",
    "threads::queries::posts::ABOVE",
    "threads::queries::posts::BELOW",
    "threads::queries::posts::BETWEEN",
    "threads::queries::posts::BY_PERSON",
    "threads::queries::threads::ACTIVE",
    "threads::queries::threads::BOARD_BY_ACTIVITY",
    "threads::queries::threads::BOARD_BY_NEWEST",
    "threads::queries::threads::BY_PERSON",
    "threads::queries::threads::NEWEST",
];

/// Lookups and what they go through: by SQLite's name, where a unique column's index has only a number, and by
/// PostgreSQL's.
const THROUGH: [(&str, &str, &str); 9] = [
    (
        "accounts::queries::users::CREDENTIAL_BY_EMAIL",
        "users USING INDEX sqlite_autoindex_users_2 (email_key=?)",
        "users_email_key_key",
    ),
    ("accounts::queries::users::CREDENTIAL_BY_NICKNAME", "(nickname_key=?)", "users_nickname_key_key"),
    ("accounts::queries::users::ACCOUNT_BY_KEY", "(nickname_key=?)", "users_nickname_key_key"),
    ("accounts::queries::sessions::BY_SECRET", "(token_hash=?)", "sessions_token_hash_key"),
    ("accounts::queries::sessions::EXPIRED", "sessions_expires_at", "sessions_expires_at"),
    ("chat::queries::messages::FIRST_FROM", "messages_created", "messages_created"),
    ("chat::queries::conversations::OF_PERSON", "memberships_open", "memberships_open"),
    ("threads::queries::posts::BY_PERSON", "posts_author", "posts_author"),
    ("threads::queries::threads::BY_PERSON", "threads_author", "threads_author"),
];

/// What PostgreSQL says beside the steps that neither chooses a way nor costs anything of its own.
const ASIDE: [&str; 8] = [
    "Filter:",
    "Hash Cond:",
    "Merge Cond:",
    "Join Filter:",
    "Recheck Cond:",
    "Sort Key:",
    "Group Key:",
    "Output:",
];

impl Plan {
    /// The steps without what PostgreSQL says beside them.
    pub(super) fn short(&self) -> String {
        let steps =
            self.steps.lines().filter(|line| !ASIDE.iter().any(|it| line.trim_start().starts_with(it)));
        steps.map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
    }

    /// Tables that are read from one end, whether or not something stops that early.
    fn walked(&self, tables: &BTreeSet<String>) -> BTreeSet<String> {
        let lines: Vec<&str> =
            self.steps.lines().map(|line| line.trim_start().trim_start_matches("->").trim()).collect();
        let mut found = BTreeSet::new();
        for (at, line) in lines.iter().enumerate() {
            if line.contains(" VIRTUAL TABLE INDEX ") && !line.ends_with(':') {
                // SQLite's full text index looks terms or rows up.
                continue;
            }
            if let Some(walked) = line.strip_prefix("SCAN ") {
                found.extend(
                    self.tables_called(walked.split(' ').next().unwrap(), tables).into_iter().cloned(),
                );
            } else if let Some(on) = scanned(line) {
                let searched = lines.get(at + 1).is_some_and(|next| next.starts_with("Index Cond:"));
                if !searched {
                    found.insert(on.to_owned());
                }
            }
        }
        found
    }

    /// SQLite names a table as the statement does: all tables that it may mean, none for what is no table.
    fn tables_called<'a>(&self, alias: &str, tables: &'a BTreeSet<String>) -> Vec<&'a String> {
        let words: Vec<&str> =
            self.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|it| !it.is_empty()).collect();
        let named = |table: &&String| {
            table.as_str() == alias
                || words.windows(2).any(|pair| pair == [table.as_str(), alias])
                || words.windows(3).any(|three| three == [table.as_str(), "AS", alias])
        };
        tables.iter().filter(named).collect()
    }
}

/// All tables of the product, as the migrations make them.
fn tables() -> BTreeSet<String> {
    let migrations = files("app/migrations", &["up.sql"]);
    let lines = migrations.iter().flat_map(|file| file.text.lines());
    lines.filter_map(|line| Some(line.strip_prefix("CREATE TABLE ")?.split(' ').next()?.to_owned())).collect()
}

/// The table of a step of PostgreSQL that reads one, unless it is a bitmap, which always comes from a search.
fn scanned(step: &str) -> Option<&str> {
    let plain = step.starts_with("Seq Scan on ");
    let indexed = step.starts_with("Index Scan ") || step.starts_with("Index Only Scan ");
    let on = step.split(" on ").nth(1).filter(|_| plain || indexed)?;
    on.split(' ').next()
}

async fn no_table_that_grows_is_read_whole(engine: Engine) {
    let tables = tables();
    let mut complaints = Vec::new();
    for plan in planned(engine).await {
        for table in plan.walked(&tables) {
            let excused =
                EXCUSED.iter().any(|(name, on, _)| *name == plan.name && on.contains(&table.as_str()));
            if grows(&table) && !excused {
                complaints.push(format!("{} reads {table}:\n{}", plan.name, plan.steps));
            }
        }
    }
    expect_none(
        &complaints,
        "These read the whole of a table that grows: give an index, or a reason in EXCUSED.",
    );
}

#[tokio::test]
async fn no_table_that_grows_is_read_whole_on_sqlite() {
    no_table_that_grows_is_read_whole(Engine::Sqlite).await;
}

#[tokio::test]
async fn no_table_that_grows_is_read_whole_on_postgres() {
    no_table_that_grows_is_read_whole(Engine::Postgres).await;
}

async fn find(engine: Engine, name: &str) -> &'static Plan {
    let found = planned(engine).await.iter().find(|plan| plan.name == name);
    found.unwrap_or_else(|| panic!("{name} is gone"))
}

async fn lists_come_in_order(engine: Engine) {
    for name in IN_ORDER {
        let plan = find(engine, name).await;
        let sorts = |line: &str| {
            line.contains("TEMP B-TREE FOR ORDER BY") || line.trim_start_matches([' ', '-', '>']) == "Sort"
        };
        assert!(!plan.steps.lines().any(sorts), "{name} sorts:\n{}", plan.steps);
    }
}

#[tokio::test]
async fn long_lists_come_out_of_their_index_in_order_on_sqlite() {
    lists_come_in_order(Engine::Sqlite).await;
}

#[tokio::test]
async fn long_lists_come_out_of_their_index_in_order_on_postgres() {
    lists_come_in_order(Engine::Postgres).await;
}

async fn lookups_go_through_their_index(engine: Engine) {
    for (name, on_sqlite, on_postgres) in THROUGH {
        let plan = find(engine, name).await;
        let through = if engine == Engine::Sqlite { on_sqlite } else { on_postgres };
        assert!(plan.steps.contains(through), "{name} does not go through {through}:\n{}", plan.steps);
    }
}

#[tokio::test]
async fn lookups_by_email_author_and_conversation_go_through_their_index_on_sqlite() {
    lookups_go_through_their_index(Engine::Sqlite).await;
}

#[tokio::test]
async fn lookups_by_email_author_and_conversation_go_through_their_index_on_postgres() {
    lookups_go_through_their_index(Engine::Postgres).await;
}

#[tokio::test]
async fn nothing_is_excused_that_is_not_there_on_sqlite() {
    for (name, ..) in EXCUSED {
        find(Engine::Sqlite, name).await;
    }
}
