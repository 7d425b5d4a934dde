//! What sockets are told of conversations.

use super::*;
use crate::realtime::kinds;

both_databases! {
    async fn frames_are_the_same_for_everyone(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let mut socket = ann.follows([]).await;
        let send = json!({"body": "Hello", "client_id": "mine"});
        let message = bob.post(&talk.at("messages"), send).await.is(201).json()["message"].clone();
        let heard = socket.hears_events(&talk.stream(), 1).await.remove(0);
        assert_eq!((&heard["type"], &heard["seq"]), (&json!("new_message"), &message["seq"]));
        let mut told = message.clone();
        for personal in ["client_id", "may"] {
            told.as_object_mut().unwrap().remove(personal);
        }
        assert_eq!(heard["payload"], json!({"message": told}));
        let path = format!("/api/messages/{}", text(&message["id"]));
        ann.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        bob.patch(&path, json!({"body": "Hello!"})).await.is(200);
        bob.delete(&path).await.is(204);
        let heard = socket.hears_events(&talk.stream(), 3).await;
        assert_eq!(kinds(&heard), ["reaction_changed", "message_edited", "message_deleted"]);
        let left = &heard[2]["payload"]["message"];
        assert_eq!((&left["deleted"], left.get("html")), (&json!(true), None));
    }

    async fn reactions_and_edits_are_told_as_they_are(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let message = ann.says_in(&talk, "Tea?").await;
        let mut socket = bob.follows([]).await;
        bob.put(&format!("/api/messages/{}/reactions/%F0%9F%91%8D", text(&message["id"]))).await.is(204);
        let heard = socket.hears("reaction_changed").await;
        let reactions = json!([{"emoji": "👍", "count": 1}]);
        assert_eq!(heard, json!({"message_id": message["id"], "reactions": reactions, "version": 2}));
    }

    async fn members_and_titles_are_told(app: TestApp) {
        let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
        let (ann_id, bob_id, cid_id) = (ann.id().await, bob.id().await, cid.id().await);
        let group = ann.gathers("Film night", &["bob"]).await;
        let mut socket = bob.follows([]).await;
        ann.patch(&group.path(), json!({"title": "Game night"})).await.is(200);
        let changed = json!({"conversation": {"id": group.id, "title": "Game night", "version": 2}});
        assert_eq!(socket.hears("conversation_changed").await, changed);
        ann.post(&group.at("members"), json!({"nicknames": ["cid"]})).await.is(200);
        let joined = socket.hears("member_joined").await;
        assert_eq!((&joined["person"]["id"], &joined["role"], &joined["by"]), (&json!(cid_id), &json!("member"), &json!(ann_id)));
        ann.patch(&group.at("members/bob"), json!({"role": "owner"})).await.is(200);
        let members = json!([{"person_id": bob_id, "role": "owner"}, {"person_id": ann_id, "role": "admin"}]);
        assert_eq!(socket.hears("member_changed").await, json!({"conversation_id": group.id, "members": members}));
        cid.delete(&group.at("members/cid")).await.is(204);
        let left = json!({"conversation_id": group.id, "person_id": cid_id, "by": cid_id});
        assert_eq!(socket.hears("member_left").await, left);
    }

    async fn a_quote_of_what_not_everyone_read_is_not_told(app: TestApp) {
        let [ann, bob, _cid] = app.people(["ann", "bob", "cid"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let early = ann.says_in(&group, "Early").await;
        let mut socket = bob.follows([]).await;
        let answer = json!({"body": "Yes", "reply_to": early["id"]});
        ann.post(&group.at("messages"), answer.clone()).await.is(201);
        assert_eq!(socket.hears("new_message").await["message"]["reply_to"]["excerpt"], "Early");
        ann.post(&group.at("members"), json!({"nicknames": ["cid"]})).await.is(200);
        socket.hears("member_joined").await;
        ann.post(&group.at("messages"), answer).await.is(201);
        assert_eq!(socket.hears("new_message").await["message"]["reply_to"], Value::Null);
    }
}
