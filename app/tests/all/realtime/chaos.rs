//! Clients that come and go at random while much happens: each has everything in the end, once and in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use folkmoot_bus::testing::Dice;

use super::as_json;
use crate::rig::*;

const CLIENTS: u64 = 8;
const EVENTS: usize = 400;

/// One client: connects from where it is, listens for a while, hangs up in the middle of anything, and begins again.
async fn comes_and_goes(
    guest: Person,
    epoch: String,
    seed: u64,
    done: Arc<AtomicBool>,
) -> BTreeMap<String, i64> {
    let mut dice = Dice::of(seed);
    let mut cursors = BTreeMap::from([("site".to_owned(), 0)]);
    loop {
        let last = done.load(Ordering::SeqCst);
        let mut socket = guest.opens_socket().await.expect("a socket");
        socket.cursors = cursors;
        if dice.per_cent(50) {
            let all = as_json(&socket.cursors);
            socket.says_hello(Some(&epoch), all).await;
        } else {
            socket.says_hello(Some(&epoch), json!({})).await;
            let site = socket.cursors["site"];
            socket.says("subscribe", json!({"streams": {"site": site}})).await;
        }
        let time = if last { 1500 } else { dice.roll(60) };
        socket.hears_for(Duration::from_millis(time)).await;
        if dice.per_cent(20) {
            // What was on its way is still heard; the answer to the second frame comes after it.
            socket.says("unsubscribe", json!({"streams": ["site"]})).await;
            socket.says("dance", json!({})).await;
            while socket.next_frame().await["type"] != "error" {}
            let site = socket.cursors["site"];
            socket.says("subscribe", json!({"streams": {"site": site}})).await;
            socket.hears_for(Duration::from_millis(dice.roll(20))).await;
        }
        cursors = socket.cursors.clone();
        if last {
            return cursors;
        }
    }
}

both_databases! {
    async fn nothing_is_lost_by_coming_and_going(app: TestApp) {
        let done = Arc::new(AtomicBool::new(false));
        let epoch = app.app.epoch().to_string();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|seed| tokio::spawn(comes_and_goes(app.guest(), epoch.clone(), seed, done.clone())))
            .collect();
        let mut dice = Dice::of(99);
        for _ in 0..EVENTS {
            app.something_happens().await;
            if dice.per_cent(20) {
                tokio::time::sleep(Duration::from_millis(dice.roll(15))).await;
            }
        }
        done.store(true, Ordering::SeqCst);
        let head = i64::try_from(EVENTS).unwrap();
        for client in clients {
            assert_eq!(client.await.expect("every event was the next")["site"], head);
        }
        assert_eq!(app.metric("websocket_streams_resynced_total"), 0.0);
    }
}
