//! Somebody replies, the commonest write of all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Thread, each, text};
use crate::rig::*;

both_databases! {
    async fn bob_replies_to_ann(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        app.events().await;
        app.forward(minutes(5)).await;
        let reply = json!({"body": "> About Cats.\n\n**Yes**", "reply_to": thread.post, "client_id": "a"});
        let post = bob.post(&thread.posts(), reply).await.is(201).json()["post"].clone();
        assert_eq!(post["position"], 2);
        assert_eq!(post["thread_id"], thread.id);
        assert_eq!(post["author"]["nickname"], "bob");
        assert_eq!(post["created_at"], "2026-11-20T12:05:00.000Z");
        assert_eq!(post["excerpt"], "About Cats. Yes");
        assert_eq!((&post["version"], &post["edit_count"], &post["edited_at"]), (&json!(1), &json!(0), &Value::Null));
        assert_eq!(post["reply_to"]["id"], thread.post);
        assert_eq!(post["reply_to"]["author"]["nickname"], "ann");
        assert_eq!(post["reply_to"]["excerpt"], "About Cats.");
        assert_eq!(post["may"], json!({"edit": true, "delete": true, "react": true}));
        app.expects_events(["new_post"]).await;

        // The answer, made from memory, is what the page shows.
        let page = bob.looks_at(&thread).await;
        assert_eq!(page["posts"]["items"][1], post);
        assert_eq!(page["thread"]["reply_count"], 1);
        assert_eq!(page["thread"]["bumped_at"], "2026-11-20T12:05:00.000Z");
        assert_eq!(page["thread"]["last_post"]["author"]["nickname"], "bob");
        assert_eq!(page["thread"]["last_post"]["url"], post["url"]);
        assert_eq!(each(&page["thread"]["faces"], "nickname"), ["ann", "bob"]);
        assert_eq!((page["stream"].as_str(), page["seq"].as_i64()), (Some(format!("thread:{}", thread.id).as_str()), Some(1)));
    }

    async fn a_reply_bumps_its_thread(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let old = ann.opens("cats", "Old").await;
        app.forward(minutes(1)).await;
        ann.opens("cats", "New").await;
        assert_eq!(bob.titles("cats").await, ["New", "Old"]);
        app.forward(minutes(1)).await;
        bob.replies(&old, "still here").await;
        assert_eq!(bob.titles("cats").await, ["Old", "New"]);
        let newest = bob.get("/api/boards/cats/threads?sort=newest").await.is(200).json();
        assert_eq!(each(&newest["items"], "title"), ["New", "Old"]);
    }

    async fn a_reply_sent_twice_is_one_post(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let other = ann.opens("cats", "Other cats").await;
        app.events().await;
        let reply = json!({"body": "once", "client_id": "c1"});
        let first = ann.post(&thread.posts(), reply.clone()).await.is(201).json();
        assert_eq!(ann.post(&thread.posts(), reply.clone()).await.is(200).json(), first);
        ann.post(&other.posts(), reply.clone()).await.refuses(409, "sent_elsewhere");
        ann.post("/api/boards/cats/threads", json!({"title": "abc", "body": "x", "client_id": "c1"})).await
            .refuses(409, "sent_elsewhere");
        app.expects_events(["new_post"]).await;
        root.patch(&thread.path(), json!({"locked": true})).await.is(200);
        assert_eq!(ann.post(&thread.posts(), reply.clone()).await.is(200).json()["post"]["id"], first["post"]["id"]);
        root.delete(&thread.path()).await.is(204);
        assert_eq!(ann.post(&thread.posts(), reply).await.is(200).json()["post"]["id"], first["post"]["id"]);
    }

    async fn the_same_reply_from_many_windows_at_once_is_one_post(app: TestApp) {
        app.with_cats().await;
        let ann = Arc::new(app.person("ann").await);
        let thread = ann.opens("cats", "Cats").await;
        let sends: Vec<_> = (0..16)
            .map(|_| {
                let (ann, path) = (ann.clone(), thread.posts());
                tokio::spawn(async move { ann.post(&path, json!({"body": "once", "client_id": "c1"})).await })
            })
            .collect();
        let mut ids = BTreeSet::new();
        let mut created = 0;
        for send in sends {
            let answer = send.await.unwrap();
            created += usize::from(answer.status == 201);
            assert!(answer.status == 201 || answer.status == 200, "{}", answer.text());
            ids.insert(text(&answer.json()["post"]["id"]));
        }
        assert_eq!((created, ids.len()), (1, 1));
        assert_eq!(ann.looks_at(&thread).await["thread"]["reply_count"], 1);
    }

    async fn sixty_four_writers_leave_no_gap_and_nothing_double(app: TestApp) {
        app.with_cats().await;
        let ann = Arc::new(app.person("ann").await);
        let thread = ann.opens("cats", "Busy").await;
        let writers: Vec<_> = (0..64)
            .map(|writer| {
                let (ann, path) = (ann.clone(), thread.posts());
                tokio::spawn(async move {
                    for turn in 0..4 {
                        let body = json!({"body": format!("{writer} {turn}"), "client_id": format!("{writer}-{turn}")});
                        ann.post(&path, body).await.is(201);
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let (posts, _) = read_through(&ann, &thread, "?limit=100").await;
        let positions: Vec<i64> = posts.iter().map(|post| post["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, (1..=257).collect::<Vec<_>>());
        let words: BTreeSet<String> = posts.iter().map(|post| text(&post["excerpt"])).collect();
        assert_eq!(words.len(), 257);
        let page = ann.looks_at(&thread).await;
        assert_eq!((&page["thread"]["reply_count"], &page["seq"]), (&json!(256), &json!(256)));
    }

    async fn what_is_wrong_with_a_reply_is_named(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let other = ann.opens("cats", "Other").await;
        let deleted = ann.replies(&thread, "gone").await;
        ann.delete(&format!("/api/posts/{}", text(&deleted["id"]))).await.is(204);
        app.events().await;
        bob.post(&thread.posts(), json!({"body": "\n"})).await.refuses_fields(["body"]);
        bob.post(&thread.posts(), json!({"body": "x", "reply_to": other.post})).await.refuses_fields(["reply_to"]);
        bob.post(&thread.posts(), json!({"body": "x", "reply_to": deleted["id"]})).await.refuses_fields(["reply_to"]);
        bob.post(&thread.posts(), json!({"body": "x", "reply_to": 7})).await.refuses_fields(["reply_to"]);
        bob.post("/api/threads/17/posts", json!({"body": "x"})).await.refuses(404, "not_found");
        bob.post("/api/threads/x/posts", json!({"body": "x"})).await.refuses(404, "not_found");
        app.guest().post(&thread.posts(), json!({"body": "x"})).await.refuses(401, "sign_in_needed");
        root.patch(&thread.path(), json!({"locked": true})).await.is(200);
        bob.post(&thread.posts(), json!({"body": "x"})).await.refuses(403, "locked");
        app.moderator("mo").await.replies(&thread, "moderators may").await;
        root.delete(&thread.path()).await.is(204);
        bob.post(&thread.posts(), json!({"body": "x"})).await.refuses(404, "not_found");
    }

    async fn a_late_reply_is_refused_at_the_commit(app: TestApp) {
        // Rights are taken away between the read and the commit: what the read allowed, the batch refuses.
        let root = app.admin("ada").await;
        let ann = Arc::new(app.person("ann").await);
        root.makes_private_board("den", "lions", &[&ann]).await;
        let thread = ann.opens("den", "Roar").await;
        let writer = tokio::spawn({
            let (ann, path) = (ann.clone(), thread.posts());
            async move {
                let mut written = 0;
                loop {
                    let answer = ann.post(&path, json!({"body": "roar"})).await;
                    if answer.status != 201 {
                        return (written, answer.status);
                    }
                    written += 1;
                }
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        root.delete("/api/admin/groups/lions/members/ann").await.is(204);
        let acknowledged = root.looks_at(&thread).await["posts"]["total"].clone();
        let (written, refusal) = writer.await.unwrap();
        assert_eq!(refusal, 404);
        let posts = root.looks_at(&thread).await["posts"]["total"].clone();
        assert_eq!(posts, written + 1);
        // On one writer nothing comes after the leave was acknowledged; of several at once one may be at its commit.
        let late = posts.as_i64().unwrap() - acknowledged.as_i64().unwrap();
        assert!(late <= i64::from(app.app.db.engine() == Engine::Postgres), "{late} late");
    }
}

/// Reads a thread from its beginning to its end; the posts, and how many pages it took.
pub(crate) async fn read_through(reader: &Person, thread: &Thread, query: &str) -> (Vec<Value>, usize) {
    let (mut posts, mut pages) = (Vec::new(), 0);
    let mut path = format!("{}{query}", thread.posts());
    loop {
        let page = reader.get(&path).await.is(200).json();
        posts.extend(page["items"].as_array().unwrap().clone());
        pages += 1;
        match page["next"].as_str() {
            Some(next) => path = format!("{}?limit=100&cursor={next}", thread.posts()),
            None => return (posts, pages),
        }
    }
}
