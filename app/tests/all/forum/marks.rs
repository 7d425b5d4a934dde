//! How far people have read: marks, and what is unread above them.

use super::{Thread, text};
use crate::rig::*;
use folkmoot_store::sql;

sql! {
    /// Everything that unread counts are derived from, recounted the plain way.
    static RECOUNT: (i64, i64) -> i64 = "SELECT COUNT(*) FROM posts p JOIN users u ON u.id = $1
        WHERE p.thread_id = $2 AND p.deleted_at IS NULL AND p.author_id <> u.id AND p.created_at > u.all_read_at
            AND p.position > COALESCE((SELECT m.position FROM thread_marks m
                WHERE m.user_id = u.id AND m.thread_id = p.thread_id), 0)";
}

/// What somebody's list shows as unread in a thread.
async fn unread(reader: &Person, thread: &Thread) -> Value {
    let list = reader.get("/api/boards/cats/threads?limit=100").await.is(200).json();
    let items = list["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["id"] == thread.id.as_str()).unwrap()["unread"].clone()
}

both_databases! {
    async fn bob_goes_on_where_he_was(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        app.forward(minutes(1)).await;
        let thread = ann.opens("cats", "Cats").await;
        let second = ann.replies(&thread, "two").await;
        assert_eq!(unread(&bob, &thread).await, json!({"count": 2, "first": {"position": 1, "post_id": thread.post}}));
        assert_eq!(unread(&ann, &thread).await, json!({"count": 0, "first": null}));
        assert_eq!(unread(&app.guest(), &thread).await, Value::Null);
        assert_eq!(bob.looks_at(&thread).await["mark"], Value::Null);
        app.events().await;
        let read = format!("{}/read", thread.path());
        bob.post(&read, json!({"post_id": second["id"]})).await.is(204);
        app.expects_events(["unread_changed"]).await;
        assert_eq!(unread(&bob, &thread).await, json!({"count": 0, "first": null}));
        assert_eq!(bob.looks_at(&thread).await["mark"], json!({"position": 2, "post_id": second["id"]}));
        // A mark only grows.
        bob.post(&read, json!({"post_id": thread.post})).await.is(204);
        app.expects_events([]).await;
        assert_eq!(bob.looks_at(&thread).await["mark"]["position"], 2);
        let third = ann.replies(&thread, "three").await;
        assert_eq!(unread(&bob, &thread).await, json!({"count": 1, "first": {"position": 3, "post_id": third["id"]}}));
        ann.delete(&format!("/api/posts/{}", text(&third["id"]))).await.is(204);
        assert_eq!(unread(&bob, &thread).await["count"], 0);

        let other = ann.opens("cats", "Other").await;
        bob.post(&read, json!({"post_id": other.post})).await.refuses_fields(["post_id"]);
        bob.post(&read, json!({})).await.refuses_fields(["post_id"]);
        app.guest().post(&read, json!({"post_id": thread.post})).await.refuses(401, "sign_in_needed");
        bob.post("/api/threads/17/read", json!({"post_id": thread.post})).await.refuses(404, "not_found");
    }

    async fn everything_is_read_at_once(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        app.forward(minutes(1)).await;
        let thread = ann.opens("cats", "Cats").await;
        let read = ann.opens("cats", "Read").await;
        app.forward(minutes(1)).await;
        app.events().await;
        bob.post("/api/read-all", json!({})).await.is(204);
        app.expects_events(["all_read"]).await;
        assert_eq!(unread(&bob, &thread).await["count"], 0);
        assert_eq!(unread(&bob, &read).await["count"], 0);
        app.forward(minutes(1)).await;
        ann.replies(&thread, "news").await;
        assert_eq!(unread(&bob, &thread).await["count"], 1);
        // Who comes later has not missed what was before.
        let cid = app.person("cid").await;
        assert_eq!(unread(&cid, &thread).await["count"], 0);
        app.guest().post("/api/read-all", json!({})).await.refuses(401, "sign_in_needed");
    }

    async fn a_hundred_stands_for_many(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        app.forward(minutes(1)).await;
        let thread = ann.opens("cats", "Cats").await;
        for _ in 0..104 {
            ann.replies(&thread, "meow").await;
        }
        assert_eq!(unread(&bob, &thread).await["count"], 100);
    }

    async fn the_number_shown_is_the_number_counted(app: TestApp) {
        app.with_cats().await;
        let people = app.people(["ann", "bob", "cid"]).await;
        let mut ids = Vec::new();
        for person in &people {
            ids.push(person.id().await.parse::<i64>().unwrap());
        }
        let mut dice = Dice(0x5eed);
        for _ in 0..3 {
            app.forward(minutes(1)).await;
            let thread = people[0].opens("cats", "Chance").await;
            let mut posts = vec![thread.post.clone()];
            for _ in 0..60 {
                app.forward(std::time::Duration::from_secs(dice.roll(3))).await;
                let person = &people[dice.roll(3) as usize];
                let post = posts[dice.roll(posts.len() as u64) as usize].clone();
                let path = format!("/api/posts/{post}");
                match dice.roll(8) {
                    0..4 => posts.push(text(&person.replies(&thread, "words").await["id"])),
                    4 if post != thread.post => drop(person.delete(&path).await),
                    5 => drop(person.post(&format!("{path}/restore"), json!({})).await),
                    6 => drop(person.post(&format!("{}/read", thread.path()), json!({"post_id": post})).await.is(204)),
                    7 if dice.roll(4) == 0 => drop(person.post("/api/read-all", json!({})).await.is(204)),
                    _ => drop(person.patch(&path, json!({"body": "other words", "version": 1})).await),
                }
                let reader = dice.roll(3) as usize;
                let counted = RECOUNT.with((ids[reader], thread.id.parse::<i64>().unwrap()));
                let counted = app.app.db.one(counted).await.unwrap();
                let shown = unread(&people[reader], &thread).await;
                assert_eq!(shown["count"], counted.min(100), "{shown}");
                assert_eq!(shown["first"].is_null(), counted == 0, "{shown}");
            }
        }
    }
}

/// Chance that repeats itself.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
