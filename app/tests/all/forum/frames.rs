//! What the sockets are told: the rows as they are now, for everyone who may follow the stream.

use folkmoot::core::events::Appended;
use folkmoot::core::streams::Stream;
use folkmoot::threads::frames::{frame, thread_changed};

use super::text;
use crate::rig::*;

fn id(value: &Value) -> i64 {
    text(value).parse().unwrap()
}

async fn shows(app: &TestApp, stream: Stream, kind: &str, subject: i64, version: i64) -> Option<Value> {
    let event = Appended {
        stream,
        seq: 1,
        kind: kind.to_owned(),
        subject: Some(subject),
        version: Some(version),
        actor: None,
        facts: json!({}),
        at: app.app.now(),
    };
    frame(&app.app, &event).await.unwrap()
}

both_databases! {
    async fn a_post_is_shown_as_it_is_now(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let post = bob.replies(&thread, "meow").await;
        let path = format!("/api/posts/{}", text(&post["id"]));
        bob.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        let (stream, subject) = (Stream::Thread(thread.id.parse().unwrap()), id(&post["id"]));
        let shown = shows(&app, stream, "new_post", subject, 1).await.unwrap()["post"].clone();
        assert_eq!((&shown["html"], &shown["version"]), (&post["html"], &json!(2)));
        assert_eq!(shown["reactions"], json!([{"emoji": "👍", "count": 1}]));
        assert!(shown.get("may").is_none(), "{shown}");
        let reactions = shows(&app, stream, "reaction_changed", subject, 2).await.unwrap();
        assert_eq!(reactions, json!({"id": post["id"], "reactions": [{"emoji": "👍", "count": 1}], "version": 2}));
        bob.delete(&path).await.is(204);
        let tombstone = shows(&app, stream, "new_post", subject, 1).await.unwrap()["post"].clone();
        assert_eq!((&tombstone["deleted"], &tombstone["version"]), (&json!(true), &json!(3)));
        assert!(!tombstone.to_string().contains("meow") && !tombstone.to_string().contains("bob"), "{tombstone}");
        assert_eq!(shows(&app, stream, "reaction_changed", subject, 2).await, None);
        // A post of another thread is not this stream's.
        assert_eq!(shows(&app, Stream::Thread(17), "new_post", subject, 1).await, None);
        assert_eq!(shows(&app, stream, "of_tomorrow", subject, 1).await, None);
    }

    async fn a_board_hears_of_its_threads(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_board("dogs", json!({})).await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        bob.replies(&thread, "meow").await;
        let board = async |slug: &str| {
            let board = root.get(&format!("/api/boards/{slug}")).await.is(200).json();
            Stream::Board(id(&board["board"]["id"]))
        };
        let (cats, dogs) = (board("cats").await, board("dogs").await);
        let subject = thread.id.parse().unwrap();
        let shown = shows(&app, cats, "new_thread", subject, 1).await.unwrap()["thread"].clone();
        assert_eq!((&shown["title"], &shown["reply_count"]), (&json!("Cats"), &json!(1)));
        assert!(shown.get("unread").is_none(), "{shown}");
        let (stream, changed) = thread_changed(&app.app, Stream::Thread(subject)).await.unwrap().unwrap();
        assert_eq!((stream, &changed["reply_count"]), (cats, &json!(1)));
        assert_eq!(changed["last_post"]["author"]["nickname"], "bob");
        // Where it left it is named only, and never where to.
        root.patch(&thread.path(), json!({"board": "dogs"})).await.is(200);
        assert_eq!(shows(&app, cats, "thread_moved", subject, 3).await, Some(json!({"id": thread.id})));
        assert_eq!(shows(&app, cats, "new_thread", subject, 1).await, None);
        assert_eq!(shows(&app, dogs, "thread_moved", subject, 3).await.unwrap()["thread"]["title"], "Cats");
        let inside = Stream::Thread(subject);
        assert_eq!(shows(&app, inside, "thread_moved", subject, 3).await.unwrap()["thread"]["board"]["slug"], "dogs");
        root.delete(&thread.path()).await.is(204);
        assert_eq!(shows(&app, dogs, "thread_moved", subject, 3).await, Some(json!({"id": thread.id})));
        assert_eq!(shows(&app, dogs, "thread_deleted", subject, 4).await, Some(json!({"id": thread.id})));
        assert_eq!(thread_changed(&app.app, Stream::Thread(subject)).await.unwrap(), None);
    }

    async fn an_old_event_does_not_show_where_a_thread_went_since(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        root.makes_private_board("den", "lions", &[]).await;
        let thread = ann.opens("cats", "Cats").await;
        root.patch(&thread.path(), json!({"title": "Tame"})).await.is(200);
        root.patch(&thread.path(), json!({"board": "den"})).await.is(200);
        let (stream, subject) = (Stream::Thread(thread.id.parse().unwrap()), thread.id.parse().unwrap());
        assert_eq!(shows(&app, stream, "thread_edited", subject, 2).await, Some(json!({"id": thread.id})));
        // As that event left it, it is for those who may still read it: the socket asks before it hands it over.
        assert!(shows(&app, stream, "thread_moved", subject, 3).await.unwrap()["thread"].is_object());
    }

    async fn a_reader_hears_of_their_own_marks(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        bob.post(&format!("{}/read", thread.path()), json!({"post_id": thread.post})).await.is(204);
        let stream = Stream::User(bob.id().await.parse().unwrap());
        let shown = shows(&app, stream, "unread_changed", thread.id.parse().unwrap(), 1).await;
        assert_eq!(shown, Some(json!({"thread_id": thread.id, "position": 1, "post_id": thread.post})));
        app.forward(minutes(1)).await;
        bob.post("/api/read-all", json!({})).await.is(204);
        let shown = shows(&app, stream, "all_read", bob.id().await.parse().unwrap(), 1).await;
        assert_eq!(shown, Some(json!({"at": "2026-11-20T12:01:00.000Z"})));
    }
}
