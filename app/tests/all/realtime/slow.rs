//! Readers that do not read: they are not waited for, and lose nothing.

use super::{numbers, place_in};
use crate::rig::*;

/// More than the sockets of both ends hold: 400 posts of 30 kB.
const POSTS: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_told_that_it_lagged_and_resumes() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.realtime.websocket_queue = 16).await;
    app.with_cats().await;
    let ann = app.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let (stream, seq) = place_in(&ann.looks_at(&thread).await);
    let mut slow = app.guest().follows([(&stream, seq)]).await;
    let mut quick = app.guest().follows([(&stream, seq)]).await;
    let name = stream.clone();
    let reader = tokio::spawn(async move { quick.hears_events(&name, POSTS).await });
    let words = "meow ".repeat(6000);
    for number in 0..POSTS {
        ann.replies(&thread, &format!("{number} {words}")).await;
    }
    let head = seq + i64::try_from(POSTS).unwrap();
    let heard = numbers(&reader.await.unwrap());
    assert_eq!(heard, (seq + 1..=head).collect::<Vec<_>>(), "others do not notice");

    let mut heard = Vec::new();
    let lagged = loop {
        let frame = slow.next_frame().await;
        if frame["type"] == "lagged" {
            break frame["payload"].clone();
        }
        heard.push(frame);
    };
    assert_eq!(lagged, json!({"streams": [stream]}));
    assert!(heard.len() < POSTS, "it lost some");
    let cursor = slow.cursors[&stream];
    heard.extend(slow.follows(&stream, cursor).await);
    assert_eq!(numbers(&heard), (seq + 1..=head).collect::<Vec<_>>(), "and has them all in the end");
    assert!(app.metric("websocket_lagged_total") >= 1.0);
}
