//! What is written reaches every open window.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{kinds, numbers, place_in};
use crate::forum::text;
use crate::rig::*;

both_databases! {
    async fn posts_edits_and_reactions_reach_every_follower_once_and_in_order(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&bob.looks_at(&thread).await);
        let mut sockets = Vec::new();
        for person in [&ann, &bob, &app.guest()] {
            sockets.push(person.follows([(&stream, seq)]).await);
        }
        // A frame is made of what is there by then: of a reaction to what is deleted already, it would be nothing.
        let mut first = bob.follows([(&stream, seq)]).await;

        let post = bob.replies(&thread, "meow").await;
        let path = format!("/api/posts/{}", text(&post["id"]));
        bob.patch(&path, json!({"body": "purr", "version": 1})).await.is(200);
        ann.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        first.hears_events(&stream, 3).await;
        bob.delete(&path).await.is(204);
        first.hears_events(&stream, 1).await;
        bob.post(&format!("{path}/restore"), json!({})).await.is(200);

        let expected = ["new_post", "post_edited", "reaction_changed", "post_deleted", "post_restored"];
        for socket in &mut sockets {
            let events = socket.hears_events(&stream, expected.len()).await;
            assert_eq!(kinds(&events), expected);
            assert_eq!(numbers(&events), (seq + 1..=seq + 5).collect::<Vec<_>>());
            assert!(!json!(events).to_string().contains("\"mine\""), "nothing depends on who looks");
            let versions: Vec<i64> = events.iter().filter_map(|event| event["payload"]["post"]["version"].as_i64()).collect();
            assert!(versions.is_sorted(), "{versions:?}");
        }
        assert!(app.metric("websocket_frames_delivered_total") >= 15.0);
    }

    async fn a_new_thread_appears_on_its_board(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let (stream, seq) = place_in(&app.guest().get("/api/boards/cats/threads").await.is(200).json());
        let mut socket = app.guest().follows([(&stream, seq)]).await;
        let thread = ann.opens("cats", "Tame").await;
        let shown = socket.hears("new_thread").await["thread"].clone();
        assert_eq!((text(&shown["id"]), text(&shown["title"])), (thread.id, "Tame".to_owned()));
    }

    async fn a_deleted_thread_is_gone_from_every_window(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&ann.looks_at(&thread).await);
        let mut socket = app.guest().follows([(&stream, seq)]).await;
        root.delete(&thread.path()).await.is(204);
        assert_eq!(socket.hears("thread_deleted").await, json!({"id": thread.id}));
        socket.says("subscribe", json!({"streams": {stream.as_str(): seq}})).await;
        assert_eq!(socket.hears("error").await["code"], "not_found");
    }

    /// Replies move their thread up in the list, but however many there are, the list is told once a second.
    async fn a_board_hears_of_replies_at_most_once_a_second(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&ann.get("/api/boards/cats/threads").await.is(200).json());
        let mut socket = app.guest().follows([(&stream, seq)]).await;
        for number in 0..20 {
            ann.replies(&thread, &format!("meow {number}")).await;
        }
        let frames = socket.hears_for(Duration::from_millis(2500)).await;
        assert!(frames.iter().all(|frame| frame["type"] == "thread_changed" && frame["stream"] == stream), "{frames:?}");
        assert!((1..=4).contains(&frames.len()), "{} frames", frames.len());
        let last = &frames.last().unwrap()["payload"];
        assert_eq!((&last["id"], &last["reply_count"]), (&json!(thread.id), &json!(20)));
    }

    async fn who_follows_a_board_a_moment_late_hears_that_a_thread_moved_up(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&ann.get("/api/boards/cats/threads").await.is(200).json());
        // Nobody follows the board while the reply is written.
        ann.replies(&thread, "meow").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut socket = app.guest().follows([(stream.as_str(), seq)]).await;
        let frame = socket.next_frame().await;
        assert_eq!((&frame["type"], &frame["payload"]["reply_count"]), (&json!("thread_changed"), &json!(1)), "{frame}");
        // A thread that went away is not told of.
        ann.delete(&thread.path()).await.is(204);
        let mut late = app.guest().follows([(stream.as_str(), seq + 1)]).await;
        assert_eq!(late.hears_for(Duration::from_millis(300)).await, [json!(null); 0]);
    }

    async fn a_mark_made_in_one_window_shows_in_the_other(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let (mut phone, _) = bob.connects().await;
        let (mut desk, _) = bob.connects().await;
        phone.says("mark_read", json!({"thread_id": thread.id, "post_id": thread.post})).await;
        for socket in [&mut phone, &mut desk] {
            let mark = socket.hears("unread_changed").await;
            assert_eq!(mark, json!({"thread_id": thread.id, "position": 1, "post_id": thread.post}));
        }
        phone.says("mark_read", json!({"thread_id": thread.id})).await;
        assert_eq!(phone.hears("error").await["code"], "malformed");
        let (mut guest, _) = app.guest().connects().await;
        guest.says("mark_read", json!({"thread_id": thread.id, "post_id": thread.post})).await;
        assert_eq!(guest.hears("error").await["code"], "sign_in_needed");
    }

    /// A commit belongs to nobody's request: what is stored reaches everyone, though its author has hung up.
    async fn posts_whose_author_hangs_up_reach_the_others(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&bob.looks_at(&thread).await);
        let mut socket = app.guest().follows([(&stream, seq)]).await;
        let (address, headers) = bob.asks();
        for number in 0..30_u64 {
            let body = json!({"body": format!("gone {number}")}).to_string();
            let mut request = format!("POST {} HTTP/1.1\r\nhost: {address}\r\n", thread.posts());
            for (name, value) in &headers {
                request.push_str(&format!("{name}: {value}\r\n"));
            }
            request.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
            let mut connection = TcpStream::connect(address).await.unwrap();
            connection.write_all(request.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_micros(number * 200)).await;
            drop(connection);
        }
        ann.replies(&thread, "the last").await;
        let (_, head) = place_in(&ann.looks_at(&thread).await);
        let events = socket.hears_events(&stream, usize::try_from(head - seq).unwrap()).await;
        assert_eq!(numbers(&events), (seq + 1..=head).collect::<Vec<_>>());
        assert!(events.len() > 1, "at least some were accepted before their author was gone");
        let stored = ann.get(&format!("{}?limit=100", thread.posts())).await.is(200).json();
        assert_eq!(stored["items"].as_array().unwrap().len(), events.len() + 1, "what is stored was heard of");
    }
}
