//! Everybody comes back at once: they wait for their turn or are told when to come again, nobody loses a word, requests
//! are answered meanwhile, and what did not change costs next to nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Error;

use super::{as_json, place_in};
use crate::chat::Talk;
use crate::rig::*;

/// How many sockets are dropped.
const SOCKETS: usize = 300;
/// How many people they belong to, all of them in one group.
const PEOPLE: usize = 10;

/// What a client keeps over a connection that is lost.
#[derive(Clone)]
struct Memory {
    epoch: String,
    cursors: BTreeMap<String, i64>,
}

impl Memory {
    fn of(socket: &Socket) -> Self {
        Self { epoch: socket.epoch.clone(), cursors: socket.cursors.clone() }
    }
}

/// Comes back as often as it is told to, and hears what it missed; gives how often it was told to.
async fn comes_back(person: &Person, memory: Memory, talk: &Talk, missed: usize) -> u64 {
    let mut refused = 0;
    let mut socket = loop {
        match person.opens_socket().await {
            Ok(socket) => break socket,
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 503);
                let after = answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
                assert!((1..=10).contains(&after), "{after}");
                refused += 1;
                // The test need not wait as long as people do, only differently from each other.
                tokio::time::sleep(Duration::from_millis(20 * after)).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    socket.cursors.clone_from(&memory.cursors);
    socket.says_hello(Some(&memory.epoch), as_json(&memory.cursors)).await;
    assert_eq!(socket.hears_events(&talk.stream(), missed).await.len(), missed);
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_comes_back_at_once_and_has_everything() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.realtime.websocket_line = 16;
        config.realtime.websocket_per_address = SOCKETS;
        config.limits.max_connections = 16 * 2 * SOCKETS;
    })
    .await;
    let ann = app.person("ann").await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Arc::new(app.person(&format!("friend{number}")).await));
    }
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("friend{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let talk = ann.gathers("Storm", &names).await;
    let mut memories = Vec::new();
    for number in 0..SOCKETS {
        let person = Arc::clone(&people[number % PEOPLE]);
        let (socket, _) = person.connects().await;
        memories.push((person, Memory::of(&socket)));
    }
    for number in 0..5 {
        ann.says_in(&talk, &format!("while they were away {number}")).await;
    }

    let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let asking = tokio::spawn({
        let (over, asked, path) = (Arc::clone(&over), Arc::clone(&asked), talk.path());
        async move {
            while !over.load(Ordering::SeqCst) {
                ann.get(&path).await.is(200);
                asked.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let mut storm = JoinSet::new();
    for (person, memory) in memories {
        let talk = talk.clone();
        storm.spawn(async move { comes_back(&person, memory, &talk, 5).await });
    }
    let mut refused = 0;
    while let Some(back) = storm.join_next().await {
        refused += back.expect("they are back");
    }
    over.store(true, Ordering::SeqCst);
    asking.await.expect("requests are answered");
    assert!(asked.load(Ordering::SeqCst) > 0);
    assert!(refused > 0, "a line of sixteen is too short for them all");
    assert_eq!(app.metric("websocket_line_refused_total") as u64, refused);
    assert!(app.metric("websocket_line_admitted_total") as usize >= 2 * SOCKETS);
    assert_eq!(app.metric("websocket_line_waiting") as u64, 0);
}

/// How many reads of the database it takes to come back to where one was. Others read too, now and then: what the
/// quietest of some times took is what it takes.
async fn reads(app: &TestApp, person: &Person, memory: &Memory) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..8 {
        let before = app.app.db.stats().reads;
        let mut socket = person.opens_socket().await.unwrap();
        socket.cursors.clone_from(&memory.cursors);
        socket.says_hello(Some(&memory.epoch), as_json(&memory.cursors)).await;
        socket.says("dance", json!({})).await;
        while socket.next_frame().await["type"] != "error" {}
        least = least.min(app.app.db.stats().reads - before);
    }
    least
}

both_databases! {
    async fn what_did_not_move_costs_nothing_and_what_did_costs_one_query(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mut threads = BTreeMap::new();
        for number in 0..12 {
            let thread = ann.opens("cats", &format!("Thread {number}")).await;
            let (stream, seq) = place_in(&bob.looks_at(&thread).await);
            threads.insert(stream, (seq, thread));
        }
        let mut talks = Vec::new();
        for number in 0..12 {
            talks.push(ann.gathers(&format!("Talk {number}"), &["bob"]).await);
        }
        let (socket, _) = bob.connects().await;
        let mut few = Memory::of(&socket);
        let mut many = few.clone();
        let all = threads.iter().map(|(stream, (seq, _))| (stream.clone(), *seq));
        many.cursors.extend(all.clone());
        few.cursors.extend(all.take(1));
        let nothing_moved = reads(&app, &bob, &few).await;
        assert_eq!(reads(&app, &bob, &many).await, nothing_moved, "whether few are followed or many");

        ann.replies(&threads.values().next().unwrap().1, "meow").await;
        let one_moved = reads(&app, &bob, &many).await;
        assert_eq!(one_moved, nothing_moved + 1, "its frame is known already");
        for (_, thread) in threads.values().skip(1).take(3) {
            ann.replies(thread, "meow").await;
        }
        assert_eq!(reads(&app, &bob, &many).await, nothing_moved + 4);

        // In conversations it matters also when one came and went: once for all of them.
        for talk in &talks[..2] {
            ann.says_in(talk, "Hello").await;
        }
        let two_more = reads(&app, &bob, &many).await;
        for talk in &talks[2..6] {
            ann.says_in(talk, "Hello").await;
        }
        assert_eq!(reads(&app, &bob, &many).await, two_more + 4);
    }
}
