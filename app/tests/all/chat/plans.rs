//! Hot queries of chat stand on an index, on both databases.

use folkmoot_store::testing::plan;
use folkmoot_store::{Engine, STATEMENTS};

use super::*;

/// What is asked with nearly every message or page, and an index that it goes through. Names differ between engines:
/// a table's own unique constraints are `sqlite_autoindex_messages_2` and `messages_conversation_id_seq_key`.
const HOT: [(&str, &str, &[&str]); 12] = [
    ("places", "PLACE_AND_SENT", &["memberships_open"]),
    ("places", "BUMP", &["memberships_open", "memberships_pkey"]),
    ("messages", "BELOW", &["conversation_id=? AND seq<?", "messages_conversation_id_seq_key"]),
    ("messages", "ABOVE", &["conversation_id=? AND seq>?", "messages_conversation_id_seq_key"]),
    ("messages", "FIRST_FROM", &["messages_created"]),
    ("messages", "HOLDING_ANYWHERE", &["memberships_open"]),
    ("conversations", "OF_PERSON", &["memberships_open"]),
    ("conversations", "BY_ID", &["memberships_open"]),
    ("conversations", "UNREAD_OF_PERSON", &["memberships_open"]),
    ("conversations", "HEADS_OF_PERSON", &["memberships_open"]),
    ("members", "AMONG", &["memberships_open", "memberships_pkey", "memberships_one_open"]),
    ("members", "PERIODS", &["memberships_pkey", "sqlite_autoindex_memberships_1"]),
];

async fn stand_on_an_index(engine: Engine) {
    let database = Database::migrated(engine).await;
    for (module, name, through) in HOT {
        let path = format!("folkmoot::chat::queries::{module}");
        let wanted = STATEMENTS.iter().find(|it| it.module == path && it.name == name);
        let plan = plan(&database.url(), wanted.unwrap_or_else(|| panic!("{path}::{name} is gone"))).await;
        assert!(through.iter().any(|index| plan.contains(index)), "{module}::{name}:\n{plan}");
        for table in ["messages", "memberships", "conversations"] {
            assert!(!plan.contains(&format!("Seq Scan on {table}")), "{module}::{name}:\n{plan}");
        }
        for alias in ["SCAN m", "SCAN c", "SCAN x", "SCAN p"] {
            assert!(!plan.lines().any(|line| line.ends_with(alias)), "{module}::{name}:\n{plan}");
        }
    }
}

#[tokio::test]
async fn hot_queries_of_chat_stand_on_an_index_on_sqlite() {
    stand_on_an_index(Engine::Sqlite).await;
}

#[tokio::test]
async fn hot_queries_of_chat_stand_on_an_index_on_postgres() {
    stand_on_an_index(Engine::Postgres).await;
}
