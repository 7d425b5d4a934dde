//! Threads are retitled, tagged, pinned, locked and moved.

use super::text;
use crate::rig::*;

both_databases! {
    async fn the_opener_and_moderators_arrange(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        app.events().await;
        let change = json!({"title": "Big cats", "tags": ["lion"]});
        let changed = ann.patch(&thread.path(), change).await.is(200).json()["thread"].clone();
        assert_eq!((&changed["title"], &changed["tags"], &changed["version"]), (&json!("Big cats"), &json!(["lion"]), &json!(2)));
        assert!(text(&changed["url"]).ends_with("/big-cats"));
        app.expects_events(["thread_edited", "thread_edited"]).await;
        ann.patch(&thread.path(), json!({"pinned": true})).await.refuses(403, "not_allowed");
        ann.patch(&thread.path(), json!({"locked": true})).await.refuses(403, "not_allowed");
        ann.patch(&thread.path(), json!({"board": "cats"})).await.refuses(403, "not_allowed");
        bob.patch(&thread.path(), json!({"title": "Mine"})).await.refuses(403, "not_allowed");
        ann.patch(&thread.path(), json!({"title": "x"})).await.refuses_fields(["title"]);
        ann.patch(&thread.path(), json!({"tags": ["a b"]})).await.refuses_fields(["tags"]);
        app.expects_events([]).await;
        mo.patch(&thread.path(), json!({"pinned": true, "locked": true})).await.is(200);
        app.expects_events(["thread_locked", "thread_locked"]).await;
        // What is so already tells nobody.
        mo.patch(&thread.path(), json!({"pinned": true, "locked": true})).await.is(200);
        app.expects_events([]).await;
        ann.patch(&thread.path(), json!({"title": "Locked out"})).await.refuses(403, "not_allowed");
        let page = ann.looks_at(&thread).await;
        assert_eq!(page["may"], json!({"reply": false, "edit": false, "lock": false, "archive": false, "pin": false, "move": false, "delete": false}));
        assert_eq!(mo.looks_at(&thread).await["may"]["lock"], true);
    }

    async fn an_archived_thread_is_read_and_tidied_but_not_answered(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        ann.patch(&thread.path(), json!({"archived": true})).await.refuses(403, "not_allowed");
        app.events().await;
        let archived = mo.patch(&thread.path(), json!({"archived": true})).await.is(200).json();
        assert_eq!((&archived["thread"]["archived"], &archived["thread"]["locked"]), (&json!(true), &json!(false)));
        app.expects_events(["thread_locked", "thread_locked"]).await;
        let opening = format!("/api/posts/{}", thread.post);
        for person in [&ann, &mo] {
            person.post(&thread.posts(), json!({"body": "late"})).await.refuses(403, "archived");
            assert_eq!(person.looks_at(&thread).await["may"]["reply"], false);
        }
        ann.patch(&opening, json!({"body": "Other.", "version": 1})).await.refuses(403, "archived");
        ann.put(&format!("{opening}/reactions/%F0%9F%91%8D")).await.refuses(403, "archived");
        ann.delete(&opening).await.refuses(403, "archived");
        app.expects_events([]).await;
        mo.patch(&opening, json!({"body": "Without the address.", "version": 1})).await.is(200);
        mo.patch(&thread.path(), json!({"archived": false})).await.is(200);
        ann.replies(&thread, "on we go").await;
        mo.patch(&thread.path(), json!({"archived": true})).await.is(200);
        mo.delete(&thread.path()).await.is(204);
    }

    async fn a_change_made_from_an_old_head_is_refused(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        mo.patch(&thread.path(), json!({"title": "Moderated", "version": 1})).await.is(200);
        ann.patch(&thread.path(), json!({"title": "Mine", "version": 1})).await.refuses(409, "edited_meanwhile");
        // A reply changes the version but not the head: it does not stand in the way.
        mo.replies(&thread, "hello").await;
        ann.patch(&thread.path(), json!({"title": "Mine", "version": 2})).await.is(200);
    }

    async fn a_thread_moves_with_its_counts(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_board("dogs", json!({})).await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Lost dog").await;
        ann.replies(&thread, "woof").await;
        app.events().await;
        let moved = root.patch(&thread.path(), json!({"board": "dogs"})).await.is(200).json();
        assert_eq!(moved["thread"]["board"]["slug"], "dogs");
        app.expects_events(["thread_moved", "thread_moved", "thread_moved"]).await;
        assert_eq!(ann.titles("cats").await, [""; 0]);
        assert_eq!(ann.titles("dogs").await, ["Lost dog"]);
        folkmoot::threads::jobs::finish(&app.app).await.unwrap();
        let counts = |board: Value| (board["thread_count"].as_i64(), board["post_count"].as_i64());
        assert_eq!(counts(ann.get("/api/boards/cats").await.json()["board"].clone()), (Some(0), Some(0)));
        assert_eq!(counts(ann.get("/api/boards/dogs").await.json()["board"].clone()), (Some(1), Some(2)));
        app.moderator("mo").await.patch(&thread.path(), json!({"board": "none"})).await.refuses_fields(["board"]);
    }

    async fn a_thread_that_moves_behind_a_door_tells_every_node(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        root.makes_private_board("den", "lions", &[]).await;
        let thread = ann.opens("cats", "Cats").await;
        app.events().await;
        root.patch(&thread.path(), json!({"board": "den"})).await.is(200);
        let happened = app.events().await;
        let kinds: Vec<&str> = happened.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["thread_moved", "thread_moved", "thread_rights_changed", "thread_moved"]);
        assert!(happened.iter().all(|event| event.facts == "{}"), "{happened:?}");
        ann.get(&thread.path()).await.refuses(404, "not_found");
        // Moderators who may not read the den may not move anything there either.
        let mo = app.moderator("mo").await;
        let other = ann.opens("cats", "More cats").await;
        mo.patch(&other.path(), json!({"board": "den"})).await.refuses_fields(["board"]);
    }
}
