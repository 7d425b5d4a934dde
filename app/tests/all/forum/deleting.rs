//! Posts and threads are deleted and brought back.

use super::text;
use crate::rig::*;
use folkmoot_store::{Batch, sql};

sql! {
    /// Deleted posts that moved in from elsewhere.
    static BY_NOBODY: () = "UPDATE posts SET deleted_by = NULL";
}

both_databases! {
    async fn a_deleted_post_leaves_its_place(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        app.forward(minutes(1)).await;
        let first = bob.replies(&thread, "secret words").await;
        app.forward(minutes(1)).await;
        let answer = json!({"body": "indeed", "reply_to": first["id"]});
        let second = ann.post(&thread.posts(), answer).await.is(201).json()["post"].clone();
        let path = format!("/api/posts/{}", text(&first["id"]));
        app.events().await;
        ann.delete(&path).await.refuses(403, "not_allowed");
        bob.delete(&path).await.is(204);
        bob.delete(&path).await.is(204);
        app.expects_events(["post_deleted"]).await;

        let page = ann.get(&thread.path()).await.is(200);
        assert!(!page.text().contains("secret words"), "{}", page.text());
        let page = page.json();
        let tombstone = &page["posts"]["items"][1];
        assert_eq!(tombstone["deleted"], true);
        assert_eq!(tombstone["by_author"], true);
        assert_eq!(tombstone["position"], 2);
        assert_eq!(tombstone["may"], json!({"restore": false}));
        assert!(tombstone.get("author").is_none() && tombstone.get("html").is_none(), "{tombstone}");
        assert_eq!(page["posts"]["items"][2]["reply_to"], Value::Null);
        assert_eq!(page["thread"]["reply_count"], 1);
        ann.get(&path).await.refuses(404, "not_found");
        ann.get(&format!("{path}/reactions")).await.refuses(404, "not_found");

        // The last post gone, the one before is the last.
        ann.delete(&format!("/api/posts/{}", text(&second["id"]))).await.is(204);
        let page = ann.looks_at(&thread).await;
        assert_eq!(page["thread"]["last_post"]["id"], thread.post);
        assert_eq!(page["thread"]["bumped_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(page["posts"]["total"], 3);

        bob.post(&format!("{path}/restore"), json!({})).await.is(200);
        let page = bob.looks_at(&thread).await;
        assert_eq!(page["posts"]["items"][1]["excerpt"], "secret words");
        assert_eq!(page["thread"]["last_post"]["id"], first["id"]);
    }

    async fn what_a_moderator_deleted_only_moderators_bring_back(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        let post = bob.replies(&thread, "rude").await;
        let path = format!("/api/posts/{}", text(&post["id"]));
        mo.delete(&path).await.is(204);
        let tombstone = bob.looks_at(&thread).await["posts"]["items"][1].clone();
        assert_eq!((&tombstone["by_author"], &tombstone["may"]["restore"]), (&json!(false), &json!(false)));
        bob.post(&format!("{path}/restore"), json!({})).await.refuses(403, "not_allowed");
        assert_eq!(mo.looks_at(&thread).await["posts"]["items"][1]["may"]["restore"], true);
        let back = mo.post(&format!("{path}/restore"), json!({})).await.is(200).json();
        assert_eq!(back["post"]["excerpt"], "rude");
    }

    async fn what_nobody_here_deleted_moderators_bring_back(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", text(&bob.replies(&thread, "moved in deleted").await["id"]));
        bob.delete(&path).await.is(204);
        let mut unknown = Batch::new();
        unknown.push(BY_NOBODY.with(()));
        app.app.db.commit(unknown).await.unwrap();
        bob.post(&format!("{path}/restore"), json!({})).await.refuses(403, "not_allowed");
        let back = mo.post(&format!("{path}/restore"), json!({})).await.is(200).json();
        assert_eq!(back["post"]["excerpt"], "moved in deleted");
    }

    async fn a_deleted_thread_is_not_there(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens_with("cats", json!({"title": "Cats", "body": "x", "tags": ["fur"]})).await;
        let reply = bob.replies(&thread, "meow").await;
        app.events().await;
        bob.delete(&thread.path()).await.refuses(403, "not_allowed");
        // Deleting the opening post is deleting the thread.
        ann.delete(&format!("/api/posts/{}", thread.post)).await.is(204);
        app.expects_events(["thread_deleted", "thread_deleted"]).await;
        for person in [&ann, &bob] {
            person.get(&thread.path()).await.refuses(404, "not_found");
            person.get(&thread.posts()).await.refuses(404, "not_found");
            person.get(&format!("/api/posts/{}", text(&reply["id"]))).await.refuses(404, "not_found");
        }
        for path in ["/api/posts", "/api/boards/cats/threads", "/api/tags", "/api/users/ann/threads", "/api/users/bob/posts"] {
            assert_eq!(bob.get(path).await.is(200).json()["items"], json!([]), "{path}");
        }
        bob.post(&format!("{}/restore", thread.path()), json!({})).await.refuses(404, "not_found");
        let back = ann.post(&format!("{}/restore", thread.path()), json!({})).await.is(200).json();
        assert_eq!((&back["thread"]["title"], &back["thread"]["reply_count"]), (&json!("Cats"), &json!(1)));
        app.expects_events(["thread_restored", "thread_restored"]).await;
        assert_eq!(bob.titles("cats").await, ["Cats"]);
    }

    async fn what_a_moderator_deleted_its_author_does_not_find(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        mo.delete(&thread.path()).await.is(204);
        ann.post(&format!("{}/restore", thread.path()), json!({})).await.refuses(404, "not_found");
        ann.post(&format!("/api/posts/{}/restore", thread.post), json!({})).await.refuses(404, "not_found");
        mo.post(&format!("/api/posts/{}/restore", thread.post), json!({})).await.is(200);
        ann.looks_at(&thread).await;
    }
}
