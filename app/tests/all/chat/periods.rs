//! Random joins, leavings and messages on two nodes over a bus that drops, doubles and delays: nobody hears what was
//! said outside of their periods, whoever is in at the end hears what is said then, and all of it in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use folkmoot_bus::testing::{Dice, Mischief};

use super::*;
use crate::realtime::as_json;
use crate::realtime::nodes::two_nodes;

const STEPS: usize = 150;
const NAMES: [&str; 3] = ["bob", "cid", "dan"];

/// What somebody heard of a conversation: the numbers of messages, and of all events that were not `nothing`.
async fn listens(person: Person, talk: Talk, seed: u64, done: Arc<AtomicBool>) -> Vec<i64> {
    let mut dice = Dice::of(seed);
    let (mut cursors, mut heard) = (BTreeMap::new(), Vec::new());
    let mut epoch: Option<String> = None;
    loop {
        let ending = done.load(Ordering::SeqCst);
        let mut socket = person.opens_socket().await.expect("a socket");
        socket.cursors = cursors;
        let all = as_json(&socket.cursors);
        socket.says_hello(epoch.as_deref(), all).await;
        let time = if ending { 4000 } else { 20 + dice.roll(400) };
        for frame in socket.hears_for(Duration::from_millis(time)).await {
            let of_talk = frame["stream"] == talk.stream() && frame["seq"].is_i64();
            if of_talk && frame["type"] != "nothing" {
                heard.push(seq(&frame));
            }
            if frame["type"] == "revoked" || frame["type"] == "error" {
                socket.cursors.remove(&talk.stream());
            }
        }
        (cursors, epoch) = (socket.cursors.clone(), Some(socket.epoch.clone()));
        if ending {
            return heard;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_hears_what_was_said_without_them_on_postgres() {
    for seed in [5, 23] {
        let (here, there, _ends) = two_nodes(Mischief::PLENTY, seed).await;
        let ann = here.person("ann").await;
        let group = ann.gathers("Coming and going", &[]).await;
        let done = Arc::new(AtomicBool::new(false));
        let mut listeners = Vec::new();
        for (index, name) in NAMES.into_iter().enumerate() {
            let node = if index == 0 { &here } else { &there };
            let (talk, seed) = (group.clone(), seed + index as u64);
            listeners.push(tokio::spawn(listens(node.person(name).await, talk, seed, done.clone())));
        }
        // Everything is written by one person, one after another, so the head is the number of what was just done.
        let head = async || seq(&ann.sees(&group).await);
        let mut dice = Dice::of(seed);
        let mut periods: BTreeMap<&str, Vec<(i64, Option<i64>)>> = BTreeMap::new();
        for step in 0..STEPS {
            let name = NAMES[usize::try_from(dice.roll(3)).unwrap() % NAMES.len()];
            let own = periods.entry(name).or_default();
            match own.last_mut().filter(|(_, to)| to.is_none()) {
                _ if dice.per_cent(60) => drop(ann.says_in(&group, &format!("step {step}")).await),
                Some((_, to)) => {
                    ann.delete(&group.at(&format!("members/{name}"))).await.is(204);
                    *to = Some(head().await);
                }
                None => {
                    ann.post(&group.at("members"), json!({"nicknames": [name]})).await.is(200);
                    own.push((head().await, None));
                }
            }
        }
        for name in NAMES {
            ann.post(&group.at("members"), json!({"nicknames": [name]})).await.is(200);
            let own = periods.entry(name).or_default();
            if own.last().is_none_or(|(_, to)| to.is_some()) {
                own.push((head().await, None));
            }
        }
        done.store(true, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(800)).await;
        let last = seq(&ann.says_in(&group, "The last").await);
        for (name, listener) in NAMES.into_iter().zip(listeners) {
            let heard = listener.await.expect("every event was the next");
            let own = &periods[name];
            for seq in &heard {
                let inside = own.iter().any(|(from, to)| from <= seq && to.is_none_or(|to| *seq <= to));
                assert!(inside, "seed {seed}: {name} heard {seq}, but was there {own:?}");
            }
            assert!(heard.contains(&last), "seed {seed}: {name} is there at the end, and heard {heard:?}");
            let mut once = heard.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), heard.len(), "seed {seed}: {name} heard each once: {heard:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_seen_from_another_node_on_postgres() {
    let calm = Mischief { dropped: 0, doubled: 0, delayed: 0, ..Mischief::PLENTY };
    let (here, there, _ends) = two_nodes(calm, 1).await;
    let (ann, bob) = (here.person("ann").await, there.person("bob").await);
    let (mut to_bob, _) = bob.connects().await;
    to_bob.says("watch", json!({"people": [ann.id().await]})).await;
    let (_to_ann, _) = ann.connects().await;
    assert_eq!(to_bob.hears("user_online").await["person_id"], json!(ann.id().await));
}
