//! Coming back: everything that was missed, or the word that the page must be loaded anew.

use folkmoot::core::events::{Event, Write};
use folkmoot::core::streams::Stream;
use folkmoot::realtime::trim_now;

use super::{as_json, kinds, numbers, place_in};
use crate::forum::text;
use crate::rig::*;

both_databases! {
    async fn a_client_that_comes_back_hears_what_it_missed(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&bob.looks_at(&thread).await);
        let mut socket = bob.follows([(&stream, seq)]).await;
        ann.replies(&thread, "one").await;
        socket.hears_events(&stream, 1).await;
        let (cursors, epoch) = (socket.cursors.clone(), socket.epoch.clone());
        drop(socket);

        ann.replies(&thread, "two").await;
        ann.replies(&thread, "three").await;
        let mut socket = bob.opens_socket().await.unwrap();
        socket.cursors = cursors;
        socket.says_hello(Some(&epoch), as_json(&socket.cursors.clone())).await;
        let missed = socket.hears_events(&stream, 2).await;
        assert!(json!(missed).to_string().contains("three"));
        ann.replies(&thread, "four").await;
        assert_eq!(numbers(&socket.hears_events(&stream, 1).await), [seq + 4]);
    }

    /// An event is a fact: its frame shows the row as it is now.
    async fn what_was_deleted_or_moved_since_comes_as_a_tombstone(app: TestApp) {
        let root = app.with_cats().await;
        let board = root.makes_board("dogs", json!({})).await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&ann.looks_at(&thread).await);
        let (cats, before) = place_in(&ann.get("/api/boards/cats").await.is(200).json());
        let post = ann.replies(&thread, "a secret slipped out").await;
        ann.delete(&format!("/api/posts/{}", text(&post["id"]))).await.is(204);
        let stray = ann.opens("cats", "Stray").await;
        root.patch(&stray.path(), json!({"board": board["slug"]})).await.is(200);

        let (mut socket, _) = app.guest().connects().await;
        let missed = socket.follows(&stream, seq).await;
        assert_eq!(kinds(&missed), ["new_post", "post_deleted"]);
        assert!(missed.iter().all(|event| event["payload"]["post"]["deleted"] == true), "{missed:?}");
        assert!(!json!(missed).to_string().contains("secret"));
        let missed = socket.follows(&cats, before).await;
        assert_eq!(kinds(&missed), ["nothing", "thread_moved"]);
        assert_eq!(missed[1]["payload"], json!({"id": stray.id}), "never where to");
    }

    async fn a_kind_of_another_release_keeps_its_number(app: TestApp) {
        let mut write = Write::new(None, app.app.now());
        write.record(Event::new(Stream::Site, "of_tomorrow", 7));
        app.app.commit(write).await.unwrap();
        let (mut socket, _) = app.guest().connects().await;
        assert_eq!(socket.follows("site", 0).await, [json!({"type": "nothing", "stream": "site", "seq": 1})]);
    }

    async fn a_long_gap_is_read_page_by_page_and_a_longer_one_loads_anew(app: TestApp) {
        app.much_happens(500).await;
        let (mut socket, _) = app.guest().connects().await;
        assert_eq!(numbers(&socket.follows("site", 0).await), (1..=500).collect::<Vec<_>>());
        app.something_happens().await;
        let (mut socket, _) = app.guest().connects().await;
        socket.says("subscribe", json!({"streams": {"site": 0}})).await;
        assert_eq!(socket.hears("resync").await, json!({"stream": "site"}));
        assert!(app.metric("websocket_streams_resynced_total") >= 1.0);
        // It is not followed then, and can be from elsewhere.
        app.something_happens().await;
        socket.follows("site", 502).await;
    }

    async fn numbers_that_cannot_be_are_loaded_anew(app: TestApp) {
        let head = app.something_happens().await;
        let (mut socket, _) = app.guest().connects().await;
        for seq in [head + 1, i64::MAX, -1, i64::MIN] {
            socket.says("subscribe", json!({"streams": {"site": seq}})).await;
            assert_eq!(socket.hears("resync").await, json!({"stream": "site"}), "{seq}");
        }
        socket.says("subscribe", json!({"epoch": "another", "streams": {"site": head}})).await;
        assert_eq!(socket.hears("resync").await, json!({"stream": "site"}));
        let mut socket = app.guest().opens_socket().await.unwrap();
        socket.says_hello(Some("another"), json!({"site": head})).await;
        assert_eq!(socket.hears("resync").await, json!({"stream": "site"}));
    }

    async fn what_is_not_kept_any_more_is_loaded_anew(app: TestApp) {
        app.much_happens(3).await;
        app.forward(days(13)).await;
        app.much_happens(2).await;
        assert_eq!(trim_now(&app.app).await.unwrap(), 0, "kept for 14 days");
        app.forward(days(2)).await;
        assert!(trim_now(&app.app).await.unwrap() >= 3);
        let (mut socket, _) = app.guest().connects().await;
        for seq in 0..3 {
            socket.says("subscribe", json!({"streams": {"site": seq}})).await;
            assert_eq!(socket.hears("resync").await, json!({"stream": "site"}), "{seq}");
        }
        assert_eq!(numbers(&socket.follows("site", 3).await), [4, 5]);
    }

    /// Whoever holds events back must not see a hole that resuming would step over.
    async fn trimming_keeps_what_something_must_still_follow_from(app: TestApp) {
        app.something_happens().await;
        let mut write = Write::new(None, app.app.now());
        write.record(Event::new(Stream::Site, "of_tomorrow", 7).outbox());
        app.app.commit(write).await.unwrap();
        app.something_happens().await;
        app.forward(days(15)).await;
        app.something_happens().await;
        assert!(trim_now(&app.app).await.unwrap() >= 2);
        let (mut socket, _) = app.guest().connects().await;
        for seq in [0, 1, 2] {
            socket.says("subscribe", json!({"streams": {"site": seq}})).await;
            assert_eq!(socket.hears("resync").await, json!({"stream": "site"}), "{seq}");
        }
        assert_eq!(numbers(&socket.follows("site", 3).await), [4]);
    }

    async fn what_is_unsubscribed_is_not_heard(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        socket.follows("site", 0).await;
        app.something_happens().await;
        socket.hears_events("site", 1).await;
        socket.says("unsubscribe", json!({"streams": ["site", "nonsense"]})).await;
        socket.says("dance", json!({})).await;
        socket.hears("error").await;
        app.something_happens().await;
        assert_eq!(socket.hears_for(std::time::Duration::from_millis(300)).await, Vec::<Value>::new());
    }
}
