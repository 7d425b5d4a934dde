//! The primary dies, its synchronous standby is promoted, and two running nodes go on: nobody restarts anything.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use folkmoot_store::testing::{Running, together};

use crate::forum::{Thread, each, text};
use crate::realtime::place_in;
use crate::rig::*;

/// How long the standby takes to be promoted by whoever watches over it.
const NOTICED_AFTER: Duration = Duration::from_secs(2);
/// How long anything may take that has to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A primary that acknowledges nothing before its standby has it.
async fn synchronous() -> (Running, Running) {
    let servers = tokio::task::spawn_blocking(|| {
        let primary = Running::start(&[]);
        let standby = primary.standby("standby", &[]);
        (primary, standby)
    });
    let (primary, standby) = servers.await.expect("the servers start");
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'").await;
    primary.execute("SELECT pg_reload_conf()").await;
    (primary, standby)
}

/// The same person at both nodes, since no session is bound to one.
fn at_both(person: &Person, nodes: [&TestApp; 2]) -> [Person; 2] {
    let session = person.cookie("folkmoot_session").expect("a session");
    nodes.map(|node| {
        let there = node.guest();
        there.holds_cookie("folkmoot_session", &session);
        there
    })
}

/// Says something until it is acknowledged, at one node and the other in turn; gives the post's id. It is only ever
/// refused in the way that tells a client to try again.
async fn says(person: &[Person; 2], thread: &Thread, body: &str, client_id: &str) -> String {
    let began = Instant::now();
    for node in person.iter().cycle() {
        let answer = node.post(&thread.posts(), json!({"body": body, "client_id": client_id})).await;
        if answer.status.is_success() {
            return text(&answer.json()["post"]["id"]);
        }
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        answer.refuses(503, "unavailable");
        assert!(began.elapsed() < PATIENCE, "writing does not go on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("nodes without an end")
}

/// What is in the thread: ids of posts, and where its stream stands.
async fn all_of(reader: &Person, thread: &Thread) -> Option<(Vec<String>, i64)> {
    let answer = reader.get(&format!("{}?limit=100", thread.posts())).await;
    let page = answer.status.is_success().then(|| answer.json())?;
    Some((each(&page["items"], "id"), place_in(&page).1))
}

/// Follows the thread as the client does, through whatever happens, until so many posts were seen.
async fn follows(guests: [Person; 2], thread: Thread, count: usize) -> BTreeSet<String> {
    let stream = format!("thread:{}", thread.id);
    let mut seen = BTreeSet::new();
    for guest in guests.iter().cycle() {
        let Some((ids, seq)) = all_of(guest, &thread).await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        seen.extend(ids);
        let Ok(mut socket) = guest.opens_socket().await else { continue };
        socket.cursors.insert(stream.clone(), seq);
        socket.says("hello", json!({"epoch": null, "cursors": {}})).await;
        socket.says("subscribe", json!({"streams": {&stream: seq}})).await;
        while seen.len() < count {
            match tokio::time::timeout(PATIENCE, socket.hear()).await.expect("a frame comes in time") {
                Ok(frame) if frame["type"] == "new_post" => {
                    assert!(seen.insert(text(&frame["payload"]["post"]["id"])), "twice: {frame}");
                }
                Ok(frame) if frame["type"] == "resync" => break,
                Ok(_) => {}
                Err(_closed) => break,
            }
        }
        if seen.len() >= count {
            return seen;
        }
    }
    unreachable!("nodes without an end")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_during_a_failover_is_there_once_and_heard_by_all_on_postgres() {
    const EACH: usize = 30;
    let (primary, standby) = synchronous().await;
    let database = Database::replicated(&together(&[&primary, &standby]), None).await;
    let here = TestApp::start_at(database, |_| ()).await;
    let there = here.another(|_| ()).await;
    here.with_cats().await;
    let [ann, bob] = here.people(["ann", "bob"]).await;
    let thread = ann.opens("cats", "Cats").await;
    let (ann, bob) = (at_both(&ann, [&here, &there]), at_both(&bob, [&there, &here]));
    let followers: Vec<_> = [[&here, &there], [&there, &here]]
        .map(|nodes| tokio::spawn(follows(nodes.map(TestApp::guest), thread.clone(), 2 * EACH + 1)))
        .into_iter()
        .collect();

    let talking = async |person: &[Person; 2], word: &str| {
        let mut said = Vec::with_capacity(EACH);
        for number in 0..EACH {
            let client_id = format!("00000000-0000-4000-8000-{:012}", word.len() * 1000 + number);
            said.push((says(person, &thread, &format!("{word} {number}"), &client_id).await, Instant::now()));
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        said
    };
    let failing = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        primary.kill();
        let killed = Instant::now();
        tokio::time::sleep(NOTICED_AFTER).await;
        standby.promote().await;
        (killed, Instant::now())
    };
    let (anns, bobs, (killed, promoted)) =
        tokio::join!(talking(&ann, "ann"), talking(&bob, "bobby"), failing);

    let said: Vec<_> = anns.iter().chain(&bobs).collect();
    let again =
        said.iter().map(|(_, at)| *at).filter(|at| *at > promoted).min().expect("some are said afterwards");
    println!(
        "promoted {:?} after the kill; writing went on {:?} after it",
        promoted - killed,
        again - killed
    );
    let (there_now, _) = all_of(&ann[0], &thread).await.expect("the thread can be read");
    let distinct: BTreeSet<String> = there_now.iter().cloned().collect();
    assert_eq!((there_now.len(), distinct.len()), (2 * EACH + 1, 2 * EACH + 1), "each is there once");
    assert!(said.iter().all(|(id, _)| distinct.contains(id)), "acknowledged and lost");
    for follower in followers {
        assert_eq!(follower.await.expect("nothing came twice"), distinct);
    }
    until(async || there.guest().get("/ready").await.status == 200).await;
}
