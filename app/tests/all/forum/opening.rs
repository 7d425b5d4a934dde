//! Somebody opens a thread.

use super::{each, text};
use crate::rig::*;

both_databases! {
    async fn ann_opens_a_thread(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let new = json!({"title": " Fur & claws ", "body": "*Hello* @ANN", "tags": ["C++", "care"], "client_id": "one"});
        let answer = ann.post("/api/boards/cats/threads", new).await.is(201).json();
        let (thread, post) = (&answer["thread"], &answer["post"]);
        assert_eq!(thread["title"], "Fur & claws");
        assert_eq!(thread["url"], format!("/threads/{}/fur-claws", text(&thread["id"])));
        assert_eq!(thread["tags"], json!(["c++", "care"]));
        assert_eq!(thread["board"]["slug"], "cats");
        assert_eq!(thread["author"]["nickname"], "ann");
        assert_eq!(thread["reply_count"], 0);
        assert_eq!(thread["excerpt"], "Hello @ann");
        assert_eq!(thread["created_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(thread["last_post"]["id"], post["id"]);
        assert_eq!(each(&thread["faces"], "nickname"), ["ann"]);
        assert_eq!(post["position"], 1);
        assert_eq!(post["url"], format!("{}#post-{}", text(&thread["url"]), text(&post["id"])));
        assert!(text(&post["html"]).contains("<em>Hello</em>"), "{post}");
        assert!(text(&post["html"]).contains("/people/ann"), "{post}");
        assert_eq!(post["may"], json!({"edit": true, "delete": true, "react": true}));
        app.expects_events(["new_thread"]).await;
        assert_eq!(app.guest().titles("cats").await, ["Fur & claws"]);
    }

    async fn a_thread_sent_twice_is_one_thread(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_board("dogs", json!({})).await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        app.events().await;
        let new = json!({"title": "Once", "body": "Only", "client_id": "0b3ed0b2-9f3e-4d35-8e0b-6f8d3b8a4d11"});
        let first = ann.post("/api/boards/cats/threads", new.clone()).await.is(201).json();
        let again = ann.post("/api/boards/cats/threads", new.clone()).await.is(200).json();
        assert_eq!(again, first);
        let keyed = app.guest().with("idempotency-key", "0b3ed0b2-9f3e-4d35-8e0b-6f8d3b8a4d11");
        keyed.signs_in("ann", PASSWORD).await.is(200);
        let other = json!({"title": "Once", "body": "Only"});
        assert_eq!(keyed.post("/api/boards/cats/threads", other).await.is(200).json()["thread"]["id"], first["thread"]["id"]);
        ann.post("/api/boards/dogs/threads", new.clone()).await.refuses(409, "sent_elsewhere");
        bob.post("/api/boards/cats/threads", new.clone()).await.is(201);
        app.expects_events(["new_thread", "new_thread"]).await;

        // A retry is answered whatever happened since: moved, locked, deleted, out of the door.
        let thread = format!("/api/threads/{}", text(&first["thread"]["id"]));
        root.makes_private_board("den", "lions", &[]).await;
        root.patch(&thread, json!({"board": "dogs", "locked": true})).await.is(200);
        let moved = ann.post("/api/boards/cats/threads", new.clone()).await.is(200).json();
        assert_eq!(moved["thread"]["board"]["slug"], "dogs");
        root.patch(&thread, json!({"board": "den", "title": "Secret"})).await.is(200);
        let gone = ann.post("/api/boards/cats/threads", new.clone()).await.is(200);
        assert_eq!(gone.json()["post"]["id"], first["post"]["id"]);
        for word in ["den", "secret", "Secret", "lions"] {
            assert!(!gone.text().contains(word), "{word}: {}", gone.text());
        }
        root.delete(&thread).await.is(204);
        assert_eq!(ann.post("/api/boards/cats/threads", new).await.is(200).json()["post"]["id"], first["post"]["id"]);
    }

    async fn what_is_wrong_with_a_thread_is_named(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let cases = [
            (json!({"title": "ab", "body": "x"}), "title"),
            (json!({"title": "x".repeat(301), "body": "x"}), "title"),
            (json!({"title": "abc", "body": " "}), "body"),
            (json!({"title": "abc", "body": "x".repeat(100_001)}), "body"),
            (json!({"title": "abc", "body": "x", "tags": ["a b"]}), "tags"),
            (json!({"title": "abc", "body": "x", "tags": ["1", "2", "3", "4", "5", "6"]}), "tags"),
            (json!({"title": "abc", "body": "x", "client_id": "with space"}), "client_id"),
            (json!({"title": "abc", "body": "x", "pinned": true}), "pinned"),
            (json!({"body": "x"}), "title"),
        ];
        for (thread, field) in cases {
            ann.post("/api/boards/cats/threads", thread).await.refuses_fields([field]);
        }
        let fits = json!({"title": "é".repeat(300), "body": "é".repeat(100_000), "tags": ["1", "2", "3", "4", "5"]});
        ann.post("/api/boards/cats/threads", fits).await.is(201);
        ann.post("/api/boards/none/threads", json!({"title": "abc", "body": "x"})).await.refuses(404, "not_found");
        app.expects_events(["new_thread"]).await;
    }

    async fn slow_mode_makes_members_wait(app: TestApp) {
        let root = app.admin("ada").await;
        root.makes_board("slow", json!({"policy": {"slow_mode_seconds": 90}})).await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("slow", "First").await;
        let soon = ann.post(&thread.posts(), json!({"body": "too soon"})).await;
        assert_eq!(soon.header("retry-after"), Some("90"));
        soon.refuses(429, "too_many");
        bob.replies(&thread, "bob waits for himself alone").await;
        app.forward(minutes(1)).await;
        let soon = ann.post("/api/boards/slow/threads", json!({"title": "Second", "body": "x"})).await;
        assert_eq!(soon.header("retry-after"), Some("30"));
        soon.refuses(429, "too_many");
        app.forward(minutes(1)).await;
        ann.replies(&thread, "after two minutes").await;
        mo.replies(&thread, "moderators").await;
        mo.replies(&thread, "do not wait").await;
        assert_eq!(ann.looks_at(&thread).await["thread"]["reply_count"], 4);
    }
}
