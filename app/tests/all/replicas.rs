//! Two nodes on a primary with a replica: real streaming replication, that a test pauses and kills.

use folkmoot::config::Config;
use folkmoot_store::testing::Running;

use crate::realtime::{numbers, place_in};
use crate::rig::*;

/// The servers, and two nodes that have found the replica near enough.
async fn two_nodes() -> (Running, Running, TestApp, TestApp) {
    let servers = tokio::task::spawn_blocking(|| {
        let primary = Running::start(&[]);
        let standby = primary.standby("standby", &[]);
        (primary, standby)
    });
    let (primary, standby) = servers.await.expect("the servers start");
    let database = Database::replicated(&primary.url(), Some(&standby.url())).await;
    // What is read is to be seen, so nothing is kept of it.
    let keeps_nothing = |config: &mut Config| config.limits.kept_megabytes = 0;
    let here = TestApp::start_at(database, keeps_nothing).await;
    let there = here.another(keeps_nothing).await;
    for node in [&here, &there] {
        says(node, "healthy").await;
    }
    (primary, standby, here, there)
}

/// Waits until a node says so of its replica; it is ready in any case.
async fn says(node: &TestApp, word: &str) {
    until(async || node.guest().get("/ready").await.is(200).json()["replica"] == word).await;
}

/// The same person, whose next request another node takes.
fn moves(person: &Person, to: &TestApp) -> Person {
    let moved = to.guest();
    moved.holds_cookie("folkmoot_session", &person.cookie("folkmoot_session").expect("a session"));
    moved
}

fn posts(page: &Value) -> usize {
    page["posts"]["items"].as_array().expect("posts").len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_come_from_the_replica_and_show_everyone_what_they_wrote_on_postgres() {
    let (_primary, standby, here, there) = two_nodes().await;
    here.with_cats().await;
    let [ann, bob] = here.people(["ann", "bob"]).await;
    let thread = ann.opens("cats", "Cats").await;
    until(async || posts(&there.guest().looks_at(&thread).await) == 1).await;

    standby.pause_replay().await;
    for number in 2..=6 {
        ann.replies(&thread, "still here").await;
        for reader in [moves(&ann, &there), moves(&bob, &there), moves(&ann, &here)] {
            assert_eq!(
                posts(&reader.looks_at(&thread).await),
                number,
                "who is signed in sees all that is done"
            );
        }
        assert_eq!(moves(&ann, &there).titles("cats").await, ["Cats"]);
    }
    let page = there.guest().looks_at(&thread).await;
    assert_eq!(posts(&page), 1, "a guest sees how it was a moment ago");
    let (stream, seq) = place_in(&page);
    let (mut socket, _) = there.guest().connects().await;
    let missed: Vec<i64> = (seq + 1..=seq + 5).collect();
    assert_eq!(numbers(&socket.follows(&stream, seq).await), missed, "and hears at once what followed");
    assert_eq!(posts(&there.guest().looks_at(&thread).await), 6, "who was told of something finds it");
    let new = ann.opens("cats", "More cats").await;
    assert_eq!(
        posts(&there.guest().looks_at(&new).await),
        1,
        "what is not there yet is looked for at the primary"
    );
    assert_eq!(there.guest().titles("cats").await, ["Cats"]);
    says(&there, "behind").await;

    let passed = there.metric("database_replica_reads_passed_total");
    assert!(passed >= 15.0, "{passed} reads went to the primary");
    standby.resume_replay().await;
    says(&there, "healthy").await;
    until(async || posts(&there.guest().looks_at(&thread).await) == 6).await;
    assert_eq!(there.guest().titles("cats").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_from_the_replica_and_every_right_from_the_primary_on_postgres() {
    let (_primary, standby, here, there) = two_nodes().await;
    let ada = here.with_cats().await;
    let ann = here.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let pages = [
        thread.path(),
        thread.posts(),
        "/api/boards".to_owned(),
        "/api/boards/cats".to_owned(),
        "/api/boards/cats/threads".to_owned(),
        "/api/posts".to_owned(),
        "/api/tags".to_owned(),
        "/api/users".to_owned(),
        "/api/users/ann".to_owned(),
        "/api/users/ann/threads".to_owned(),
        "/api/users/ann/posts".to_owned(),
    ];
    until(async || there.guest().get(&thread.path()).await.status == 200).await;
    for page in &pages {
        let before = there.metric("database_replica_reads_total");
        there.guest().get(page).await.is(200);
        assert_eq!(there.metric("database_replica_reads_total"), before + 1.0, "{page}");
    }
    // A right that is taken away holds for those signed in with their next request, whatever the replica says.
    standby.pause_replay().await;
    let version = ada.get("/api/boards/cats").await.is(200).json()["board"]["version"].clone();
    let rights = json!({"read": "staff", "start": "staff", "reply": "staff"});
    ada.patch("/api/boards/cats", json!({"version": version, "rights": rights})).await.is(200);
    for node in [&here, &there] {
        moves(&ann, node).get(&thread.path()).await.is(404);
        moves(&ann, node).get("/api/boards/cats/threads").await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_killed_fails_no_request_on_postgres() {
    let (_primary, standby, here, there) = two_nodes().await;
    here.with_cats().await;
    let ann = here.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let asking = async {
        for number in 0..200 {
            if number == 50 {
                standby.kill();
            }
            for node in [&here, &there] {
                assert_eq!(posts(&node.guest().looks_at(&thread).await), 1);
                assert_eq!(posts(&moves(&ann, node).looks_at(&thread).await), 1);
            }
        }
    };
    asking.await;
    for node in [&here, &there] {
        says(node, "unhealthy").await;
        assert_eq!(node.metric("database_replica_up"), 0.0);
    }
    ann.replies(&thread, "still here").await;
    assert_eq!(posts(&there.guest().looks_at(&thread).await), 2);
}
