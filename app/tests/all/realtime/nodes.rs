//! Two nodes on one PostgreSQL, joined by a bus that drops, doubles and delays.

use std::sync::Arc;
use std::time::Duration;

use folkmoot::core::events::{Event, Write};
use folkmoot::core::streams::Stream;
use folkmoot::server::nodes::Nodes;
use folkmoot_bus::Memory;
use folkmoot_bus::testing::{Mischief, Unruly};

use super::{numbers, place_in};
use crate::rig::*;

/// Two nodes, and their ends of the bus.
pub(crate) async fn two_nodes(mischief: Mischief, seed: u64) -> (TestApp, TestApp, [Arc<Unruly<Memory>>; 2]) {
    let end = Memory::new();
    let other = end.another_node();
    let ends = [Arc::new(Unruly::new(end, mischief, seed)), Arc::new(Unruly::new(other, mischief, seed + 1))];
    let [end, other] = ends.clone().map(|end| Nodes::on(end));
    let here = TestApp::start_on(Engine::Postgres, end, |_| ()).await;
    let there = here.another_on(other, |_| ()).await;
    (here, there, ends)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_out_of_order_between_nodes_on_postgres() {
    let (here, there, _ends) = two_nodes(Mischief::PLENTY, 7).await;
    here.with_cats().await;
    let ann = here.person("ann").await;
    let threads = [ann.opens("cats", "First").await, ann.opens("cats", "Second").await];
    let bob = there.person("bob").await;
    let mut places = Vec::new();
    for thread in &threads {
        places.push(place_in(&ann.looks_at(thread).await));
    }
    let streams = [(places[0].0.as_str(), places[0].1), (places[1].0.as_str(), places[1].1)];
    let sockets = [
        here.guest().follows(streams).await,
        there.guest().follows(streams).await,
        ann.follows(streams).await,
        bob.follows(streams).await,
    ];

    const EACH: usize = 60;
    let writing = async {
        for number in 0..EACH {
            ann.replies(&threads[number % 2], &format!("here {number}")).await;
        }
    };
    let answering = async {
        for number in 0..EACH {
            bob.replies(&threads[number % 2], &format!("there {number}")).await;
        }
    };
    tokio::join!(writing, answering);
    for mut socket in sockets {
        // The socket itself fails the test at the first event that is doubled or not the next.
        let mut missing = 2 * EACH;
        while missing > 0 {
            missing -= usize::from(socket.next_frame().await["seq"].is_i64());
        }
        for (stream, seq) in streams {
            assert_eq!(socket.cursors[stream], seq + i64::try_from(EACH).unwrap());
        }
    }
    assert!(
        there.metric("events_caught_up_total") + here.metric("events_caught_up_total") > 0.0,
        "the bus was unruly"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_bus_delivery_is_slower_but_complete_on_postgres() {
    let (here, there, ends) =
        two_nodes(Mischief { dropped: 0, doubled: 0, delayed: 0, ..Mischief::PLENTY }, 1).await;
    let mut socket = there.guest().follows([("site", 0)]).await;
    here.much_happens(3).await;
    assert_eq!(numbers(&socket.hears_events("site", 3).await), [1, 2, 3]);
    ends.iter().for_each(|end| end.set_up(false));
    here.much_happens(3).await;
    let began = std::time::Instant::now();
    assert_eq!(numbers(&socket.hears_events("site", 3).await), [4, 5, 6]);
    assert!(began.elapsed() < Duration::from_secs(4), "the sweep comes every two seconds");
    ends.iter().for_each(|end| end.set_up(true));
    here.something_happens().await;
    socket.hears_events("site", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_without_any_bus_hear_each_other_within_seconds_on_postgres() {
    let here = TestApp::start(Engine::Postgres).await;
    let there = here.another(|_| ()).await;
    here.with_cats().await;
    let ann = here.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let (stream, seq) = place_in(&ann.looks_at(&thread).await);
    let mut socket = there.guest().follows([(stream.as_str(), seq)]).await;
    // Somebody who has only read for a while.
    here.forward(minutes(2)).await;
    for number in 1..=3 {
        ann.replies(&thread, "hello").await;
        let began = std::time::Instant::now();
        assert_eq!(numbers(&socket.hears_events(&stream, 1).await), [seq + number]);
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    }
}

/// An import or an administrator's command is a process of its own, without a bus.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_writes_is_heard_at_once() {
    let serving = TestApp::start(Engine::Sqlite).await;
    let mut socket = serving.guest().follows([("site", 0)]).await;
    let command = serving.in_another_process().await;
    // The sweep that comes anyway is two seconds after the one before, which brought the event before.
    for seq in 1..=6 {
        let began = std::time::Instant::now();
        let mut write = Write::new(None, command.now());
        write.record(Event::new(Stream::Site, "site_changed", 1));
        command.commit(write).await.unwrap();
        assert_eq!(numbers(&socket.hears_events("site", 1).await), [seq]);
        assert!(began.elapsed() < Duration::from_millis(1600), "{:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_may_come_back_to_another_node_on_postgres() {
    let (here, there, _ends) = two_nodes(Mischief::PLENTY, 3).await;
    let mut socket = here.guest().follows([("site", 0)]).await;
    here.much_happens(5).await;
    socket.hears_events("site", 5).await;
    let (cursors, epoch) = (socket.cursors.clone(), socket.epoch.clone());
    drop(socket);
    here.much_happens(5).await;
    let mut socket = there.guest().opens_socket().await.unwrap();
    socket.cursors = cursors;
    socket.says_hello(Some(&epoch), super::as_json(&socket.cursors.clone())).await;
    assert_eq!(numbers(&socket.hears_events("site", 5).await), [6, 7, 8, 9, 10]);
}
