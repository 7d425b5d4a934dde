//! Nobody finds what they may not read: not in items, excerpts, counts, totals or ways to narrow.

use super::*;

/// The answer to a search for a word that stands somewhere says nothing of it.
async fn finds_nothing(who: &Person, q: &str) {
    for more in ["", "&sort=date", "&each=5", "&in=posts", "&in=messages,people,boards,tags"] {
        let answer = who.searches(q, more).await;
        assert_eq!(answer["items"], json!([]), "{q}{more}");
        assert_eq!(answer["total"], json!({"count": 0, "at_least": false}), "{q}{more}");
        let counts = answer["counts"].as_object().unwrap();
        assert!(counts.values().all(|count| *count == 0), "{q}{more}: {counts:?}");
        assert_eq!(answer["narrow"], json!([]), "{q}{more}");
    }
}

/// Stops following events, as when a node lags: what happened stays undone.
async fn nothing_is_indexed_any_more(app: &TestApp) {
    app.is_indexed().await;
    let mut batch = folkmoot_store::Batch::new();
    batch.push(STOP.with(()));
    app.app.db.commit(batch).await.unwrap();
}

sql! {
    /// Every turn of the index is over before it begins: nothing can be written to it.
    static STOP: () = "DELETE FROM search_progress WHERE kind = 'all'";
}

both_databases! {
    async fn boards_are_for_those_who_may_read_them(app: TestApp) {
        let root = app.admin("ada").await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mod_ = app.moderator("moe").await;
        root.makes_private_board("attic", "keepers", &[&ann]).await;
        root.makes_board("members", json!({"rights": {"read": "members", "start": "members", "reply": "members"}})).await;
        root.makes_board("office", json!({"rights": {"read": "staff", "start": "staff", "reply": "staff"}})).await;
        ann.opens_with("attic", json!({"title": "Hidden atticword", "body": "x", "tags": ["attictag"]})).await;
        ann.opens("members", "Only for memberword").await;
        mod_.opens("office", "About officeword").await;
        app.is_indexed().await;
        let guest = app.guest();
        for (q, may, may_not) in [
            ("atticword", vec![&ann, &root], vec![&guest, &bob, &mod_]),
            ("attictag", vec![&ann, &root], vec![&guest, &bob, &mod_]),
            ("tag:attictag", vec![&ann, &root], vec![&guest, &bob, &mod_]),
            ("attic", vec![&ann, &root], vec![&guest, &bob, &mod_]),
            ("memberword", vec![&ann, &bob, &root, &mod_], vec![&guest]),
            ("officeword", vec![&root, &mod_], vec![&guest, &ann, &bob]),
        ] {
            for person in may {
                assert_ne!(person.searches(q, "").await["total"]["count"], 0, "{q}");
            }
            for person in may_not {
                finds_nothing(person, q).await;
            }
        }
    }

    async fn a_right_that_was_just_taken_hides_at_once(app: TestApp) {
        let root = app.admin("ada").await;
        let [ann] = app.people(["ann"]).await;
        root.makes_private_board("attic", "keepers", &[&ann]).await;
        root.makes_board("cats", json!({})).await;
        root.makes_board("dogs", json!({})).await;
        let thread = ann.opens("attic", "Keepsake").await;
        let moved = ann.opens("cats", "Wandering").await;
        ann.opens("dogs", "Closing").await;
        nothing_is_indexed_any_more(&app).await;
        assert_eq!(ann.finds("keepsake ").await.len(), 1);
        root.delete("/api/admin/groups/keepers/members/ann").await.is(204);
        finds_nothing(&ann, "keepsake").await;
        root.patch(&moved.path(), json!({"board": "attic"})).await.is(200);
        finds_nothing(&ann, "wandering").await;
        finds_nothing(&app.guest(), "wandering").await;
        root.patch("/api/boards/dogs", json!({"rights": {"read": "staff"}, "version": 1})).await.is(200);
        finds_nothing(&ann, "closing").await;
        finds_nothing(&ann, "dogs").await;
        ann.get(&format!("/api/search?q=x&thread={}", thread.id)).await.is(404);
    }

    async fn deleted_and_edited_words_hide_at_once(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens_with("cats", json!({"title": "Titleword", "body": "Bodyword", "tags": ["tagword"]})).await;
        let reply = text(&bob.replies(&thread, "Replyword").await["id"]);
        let other = text(&bob.replies(&thread, "Otherword").await["id"]);
        let whole = ann.opens("cats", "Wholeword").await;
        let talk = ann.talks_to("bob").await;
        let said = text(&ann.says_in(&talk, "Saidword").await["id"]);
        let edited = text(&ann.says_in(&talk, "Editword").await["id"]);
        ann.patch("/api/me", json!({"bio": "Bioword"})).await.is(200);
        nothing_is_indexed_any_more(&app).await;
        for q in ["titleword", "bodyword", "tagword", "replyword", "otherword", "wholeword", "saidword", "editword",
            "bioword"] {
            assert_ne!(bob.searches(q, "").await["total"]["count"], 0, "{q}");
        }
        ann.patch(&thread.path(), json!({"title": "Renamed", "tags": []})).await.is(200);
        ann.patch(&format!("/api/posts/{}", thread.post), json!({"body": "Changed"})).await.is(200);
        bob.delete(&format!("/api/posts/{reply}")).await.is(204);
        bob.patch(&format!("/api/posts/{other}"), json!({"body": "Changed"})).await.is(200);
        root.delete(&whole.path()).await.is(204);
        ann.delete(&format!("/api/messages/{said}")).await.is(204);
        ann.patch(&format!("/api/messages/{edited}"), json!({"body": "Changed"})).await.is(200);
        ann.patch("/api/me", json!({"bio": "Changed"})).await.is(200);
        for q in ["titleword", "bodyword", "tagword", "replyword", "otherword", "wholeword", "saidword", "editword",
            "bioword"] {
            for person in [&ann, &bob, &root] {
                finds_nothing(person, q).await;
            }
        }
    }

    async fn messages_are_for_those_who_were_there(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
        let group = ann.gathers("Film night", &["cid"]).await;
        ann.says_in(&group, "Firstword").await;
        ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        ann.says_in(&group, "Secondword").await;
        app.is_indexed().await;
        for person in [&bob, &root, &app.guest()] {
            finds_nothing(person, "firstword").await;
        }
        assert_eq!(bob.finds("secondword").await, ["([Secondword])"]);
        assert_eq!(cid.searches("firstword", "").await["counts"]["messages"], 1);
        let elsewhere = format!("/api/search?q=firstword&conversation={}", group.id);
        root.get(&elsewhere).await.is(404);
        app.guest().get(&elsewhere).await.is(401);
        ann.delete(&group.at("members/bob")).await.is(204);
        finds_nothing(&bob, "secondword").await;
        ann.says_in(&group, "Thirdword").await;
        ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        app.is_indexed().await;
        finds_nothing(&bob, "thirdword").await;
        assert_eq!(bob.finds("secondword").await, ["([Secondword])"], "what was said with them is theirs again");
    }
}
