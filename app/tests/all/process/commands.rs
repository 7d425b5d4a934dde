//! Commands that look after a community: the demo, and the doctor.

use serde_json::{Value, json};

use super::http::{get, post};
use super::node::Settings;

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_demo_is_a_community_that_scripts_may_sign_in_to() {
    let settings = Settings::new();
    let made = settings.run(&["demo", "--password", "a few good words"]);
    assert!(made.status.success(), "{made:?}");
    assert!(said(&settings.run(&["demo"])).contains("nothing was changed"), "once");
    assert!(settings.run(&["doctor"]).status.success());

    let node = settings.start();
    let feed = get(node.address, "/api/posts?limit=50").json();
    let threads = feed["items"].as_array().unwrap();
    assert!(threads.len() > 5 && threads.iter().any(|thread| thread["reply_count"] != json!(0)), "{feed:#}");
    let author = threads[0]["author"]["nickname"].as_str().unwrap();
    let person = get(node.address, &format!("/api/users/{author}")).json();
    assert_eq!(person["user"]["claimed"], true, "nobody is waited for");
    for name in ["user1", "user2"] {
        let form = json!({"identifier": name, "password": "a few good words"});
        let json = [("Content-Type", "application/json")];
        assert_eq!(post(node.address, "/api/auth/login", &json, &form.to_string()).status, 200);
    }
}

#[test]
fn the_doctor_finds_wrong_counts_and_sets_them_right() {
    let settings = Settings::new();
    assert!(settings.run(&["demo"]).status.success());
    let database = rusqlite::Connection::open(settings.path().join("folkmoot.db")).unwrap();
    database.execute_batch("UPDATE boards SET post_count = post_count + 1").unwrap();
    drop(database);
    let found = settings.run(&["doctor", "--json"]);
    assert_eq!(found.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert!(!report["counts"]["boards"].as_array().unwrap().is_empty(), "{report}");
    assert!(report["counts"]["threads"].as_array().unwrap().is_empty(), "{report}");
    let repaired = settings.run(&["doctor", "--repair"]);
    assert!(repaired.status.success() && said(&repaired).contains("set right"), "{repaired:?}");
    assert!(said(&settings.run(&["doctor"])).contains("is what a recount gives"));
}
