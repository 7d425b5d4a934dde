//! Blocking, requests of strangers, and who may write to one.

use super::*;

both_databases! {
    async fn a_block_ends_direct_messages_both_ways(app: TestApp) {
        let [ann, bob, _cid] = app.people(["ann", "bob", "cid"]).await;
        let talk = ann.talks_to("bob").await;
        let group = bob.gathers("Film night", &["ann"]).await;
        app.events().await;
        ann.put("/api/me/blocks/BOB").await.is(204);
        app.expects_events(["sight_changed", "blocks_changed"]).await;
        ann.put("/api/me/blocks/bob").await.is(204);
        app.expects_events([]).await;
        assert_eq!(each(&ann.get("/api/me/blocks").await.is(200).json()["items"], "nickname"), ["bob"]);
        assert_eq!(bob.get("/api/me/blocks").await.is(200).json()["items"], json!([]));
        for who in [&ann, &bob] {
            let refused = who.post(&talk.at("messages"), json!({"body": "?"})).await.is(403).json();
            assert_eq!(refused["code"], "blocked");
            assert_eq!(who.sees(&talk).await["may"]["write"], false);
        }
        assert_eq!((&ann.sees(&talk).await["blocked"], &bob.sees(&talk).await["blocked"]), (&json!(true), &json!(false)));
        ann.says_in(&group, "In a group one still talks").await;
        let asked = json!({"members": ["ann", "cid"], "title": "Again"});
        assert_eq!(bob.post("/api/conversations", asked).await.is(403).json()["code"], "blocked");
        ann.delete("/api/me/blocks/bob").await.is(204);
        bob.says_in(&talk, "Friends again").await;
        ann.put("/api/me/blocks/ann").await.is(400);
        ann.put("/api/me/blocks/nobody-here").await.is(404);
        app.guest().get("/api/me/blocks").await.is(401);
    }

    async fn what_a_stranger_begins_is_a_request_until_it_is_answered(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Hello, you do not know me").await;
        assert_eq!((&ann.sees(&talk).await["request"], &bob.sees(&talk).await["request"]), (&json!(false), &json!(true)));
        app.events().await;
        bob.says_in(&talk, "Now I do").await;
        app.expects_events(["new_message", "sight_changed", "unread_changed"]).await;
        assert_eq!(bob.sees(&talk).await["request"], false);
        bob.says_in(&talk, "And again").await;
        app.expects_events(["new_message"]).await;
        let group = bob.gathers("Film night", &["ann"]).await;
        assert_eq!(ann.sees(&group).await["request"], false, "people who have accepted each other are no strangers");
    }

    async fn one_says_who_may_begin_to_write(app: TestApp) {
        let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
        let early = ann.talks_to("bob").await;
        let known = bob.talks_to("cid").await;
        cid.says_in(&known, "Hello bob").await;
        let set = |from: &'static str| {
            let bob = &bob;
            async move { bob.patch("/api/me", json!({"settings": {"messages_from": from}})).await }
        };
        set("known").await.is(200);
        let refused = ann.post(&early.at("messages"), json!({"body": "?"})).await.is(403).json();
        assert_eq!(refused["code"], "not_accepted_here", "what nobody accepted is not written on");
        cid.says_in(&known, "We know each other").await;
        cid.gathers("Film night", &["bob"]).await;
        let group = json!({"members": ["bob"], "title": "Strangers"});
        let refused = ann.post("/api/conversations", group.clone()).await.is(403).json();
        assert_eq!(refused["code"], "not_accepted_here");
        set("nobody").await.is(200);
        cid.says_in(&known, "Still").await;
        let again = json!({"members": ["bob"], "title": "Again"});
        assert_eq!(cid.post("/api/conversations", again).await.is(403).json()["code"], "not_accepted_here");
        set("everyone").await.is(200);
        ann.post("/api/conversations", group).await.is(201);
        set("somebody").await.is(400);
    }
}
