//! A generated community of any size, on both databases.

use serde_json::{Value, json};

use super::http::{Answer, get, post, request};
use super::node::{Node, Settings};
use folkmoot_store::testing::Postgres;

const PASSWORD: &str = "a few good words";

fn generate(settings: &Settings, seed: &str) {
    let made = settings.run(&["demo", "--posts", "1500", "--seed", seed, "--password", PASSWORD]);
    assert!(made.status.success(), "{made:?}");
    let right = settings.run(&["doctor"]);
    assert!(right.status.success(), "every count is right: {right:?}");
}

/// One column of the database, in the order of a community's own time.
fn column(settings: &Settings, sql: &str) -> Vec<String> {
    let database = rusqlite::Connection::open(settings.path().join("folkmoot.db")).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn the_same_seed_makes_the_same_community_and_another_another() {
    let [one, same, other] = [(); 3].map(|()| Settings::new());
    generate(&one, "7");
    generate(&same, "7");
    generate(&other, "8");
    for sql in [
        "SELECT body FROM posts ORDER BY created_at - (SELECT MIN(created_at) FROM posts), position, body",
        "SELECT title FROM threads ORDER BY title",
        "SELECT body FROM messages ORDER BY body",
        "SELECT nickname FROM users ORDER BY nickname",
    ] {
        assert_eq!(column(&one, sql), column(&same, sql), "{sql}");
        assert_ne!(column(&one, sql), column(&other, sql), "{sql}");
    }
    assert_eq!(column(&one, "SELECT body FROM posts").len(), 1500);
    assert_eq!(column(&one, "SELECT body FROM messages").len(), 150);

    let refused = one.run(&["demo", "--posts", "10"]);
    assert_eq!(refused.status.code(), Some(1), "where people are it changes nothing: {refused:?}");
    assert_eq!(column(&one, "SELECT body FROM posts").len(), 1500);
}

#[test]
fn a_generated_community_is_lived_in() {
    let settings = Settings::new();
    generate(&settings, "1");
    is_lived_in(&settings.start());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_community_is_lived_in_on_postgres() {
    let database = Postgres::start().database().await;
    let settings = Settings::new().with("DATABASE_URL", &database.url());
    generate(&settings, "1");
    is_lived_in(&settings.start());
}

/// Guests read what is for everyone, and a member finds conversations.
fn is_lived_in(node: &Node) {
    let boards = get(node.address, "/api/boards").json();
    assert_eq!(
        boards["items"].as_array().unwrap().len(),
        12,
        "neither the members' nor the staff's: {boards:#}"
    );
    let feed = get(node.address, "/api/posts?limit=50").json();
    let threads = feed["items"].as_array().unwrap();
    assert!(threads.iter().any(|thread| thread["reply_count"] != json!(0)), "{feed:#}");
    for thread in threads {
        let page = get(node.address, &format!("/api/threads/{}", thread["id"].as_str().unwrap())).json();
        let posts = page["posts"]["items"].as_array().unwrap();
        assert!(posts.iter().all(|post| post["html"].as_str().unwrap().starts_with('<')), "{page:#}");
    }

    let form = json!({"identifier": "user1", "password": PASSWORD}).to_string();
    let signed_in = post(node.address, "/api/auth/login", &[("Content-Type", "application/json")], &form);
    let cookie = signed_in.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let read = |path: &str| -> Value {
        let answer: Answer = request(node.address, "GET", path, &[("Cookie", &cookie)]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let talks = read("/api/conversations");
    let talk = talks["items"][0]["id"].as_str().unwrap();
    let messages = read(&format!("/api/conversations/{talk}/messages"));
    assert!(!messages["items"].as_array().unwrap().is_empty(), "{messages:#}");
    assert_eq!(read("/api/boards")["items"].as_array().unwrap().len(), 13, "with the one for members");
}
