//! Who is in a group: adding, removing, leaving, roles, handing over.

use super::*;

impl Person {
    async fn role_of(&self, talk: &Talk, nickname: &str) -> Value {
        let members = self.sees(talk).await["members"].clone();
        let found =
            members.as_array().unwrap().iter().find(|one| one["person"]["nickname"] == nickname).cloned();
        found.map_or(Value::Null, |member| member["role"].clone())
    }
}

both_databases! {
    async fn who_comes_later_reads_from_then_on_or_everything(app: TestApp) {
        let [ann, bob, cid, dan] = app.people(["ann", "bob", "cid", "dan"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let early = ann.says_in(&group, "Early").await;
        app.events().await;
        ann.post(&group.at("members"), json!({"nicknames": ["cid"]})).await.is(200);
        app.expects_events(["member_joined", "conversation_joined"]).await;
        ann.post(&group.at("members"), json!({"nicknames": ["dan", "cid"], "history": "all"})).await.is(200);
        app.expects_events(["member_joined", "conversation_joined"]).await;
        let late = json!({"body": "Late", "reply_to": early["id"]});
        ann.post(&group.at("messages"), late).await.is(201);
        assert_eq!(bob.reads(&group, "").await, ["Late", "Early"]);
        assert_eq!(cid.reads(&group, "").await, ["Late"]);
        assert_eq!(dan.reads(&group, "").await, ["Late", "Early"]);
        let page = cid.get(&group.at("messages")).await.is(200).json();
        assert_eq!(page["items"][0]["reply_to"], Value::Null, "nor what a later one quotes of it");
        assert_eq!((&page["older"], &page["newer"]), (&json!(false), &json!(false)));
        assert_eq!(cid.reads(&group, "offset=1").await, [""; 0]);
        assert_eq!(cid.reads(&group, "around=2").await, ["Late"]);
        assert_eq!(cid.reads(&group, "at=2020-01-01T00:00:00Z").await, ["Late"]);
        assert_eq!(cid.get(&group.at("search?q=early")).await.is(200).json()["items"], json!([]));
        let path = format!("/api/messages/{}", text(&early["id"]));
        cid.get(&path).await.is(404);
        cid.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(404);
        cid.post(&group.at("messages"), json!({"body": "x", "reply_to": early["id"]})).await.is(400);
        assert_eq!((cid.unread_in(&group).await, dan.unread_in(&group).await), (1, 1), "what came before is not new");
    }

    async fn who_left_reads_nothing_and_after_coming_back_not_what_was_said_meanwhile(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        ann.says_in(&group, "First").await;
        app.events().await;
        bob.delete(&group.at("members/bob")).await.is(204);
        app.expects_events(["member_left", "conversation_left"]).await;
        bob.get(&group.path()).await.is(404);
        bob.get(&group.at("messages")).await.is(404);
        assert_eq!(bob.badge().await, (0, 0));
        ann.says_in(&group, "Meanwhile").await;
        ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        ann.says_in(&group, "Again").await;
        assert_eq!(bob.reads(&group, "").await, ["Again", "First"]);
        assert_eq!(bob.unread_in(&group).await, 1);
        bob.delete(&group.at("members/bob")).await.is(204);
        ann.post(&group.at("members"), json!({"nicknames": ["bob"], "history": "all"})).await.is(200);
        assert_eq!(bob.reads(&group, "").await, ["Again", "Meanwhile", "First"]);
    }

    async fn roles_say_who_may_what(app: TestApp) {
        let [ann, bob, cid, _dan] = app.people(["ann", "bob", "cid", "dan"]).await;
        let group = ann.gathers("Film night", &["bob", "cid"]).await;
        for who in [&bob, &cid] {
            who.post(&group.at("members"), json!({"nicknames": ["dan"]})).await.is(403);
            who.patch(&group.path(), json!({"title": "Mine"})).await.is(403);
            who.delete(&group.at("members/ann")).await.is(403);
            who.patch(&group.at("members/cid"), json!({"role": "admin"})).await.is(403);
        }
        app.events().await;
        ann.patch(&group.at("members/bob"), json!({"role": "admin"})).await.is(200);
        app.expects_events(["member_changed"]).await;
        ann.patch(&group.at("members/bob"), json!({"role": "admin"})).await.is(200);
        app.expects_events([]).await;
        bob.post(&group.at("members"), json!({"nicknames": ["dan"]})).await.is(200);
        bob.delete(&group.at("members/ann")).await.is(403);
        bob.delete(&group.at("members/dan")).await.is(204);
        ann.delete(&group.at("members/dan")).await.is(404);
        ann.post(&group.at("members"), json!({"nicknames": ["nobody-here"]})).await.is(400);

        let late = ann.delete(&group.at("members/ann")).await.is(409).json();
        assert_eq!(late["code"], "last_owner");
        ann.patch(&group.at("members/ann"), json!({"role": "member"})).await.is(409);
        ann.patch(&group.at("members/bob"), json!({"role": "owner"})).await.is(200);
        assert_eq!(cid.role_of(&group, "bob").await, "owner");
        assert_eq!(cid.role_of(&group, "ann").await, "admin");
        ann.delete(&group.at("members/ann")).await.is(204);
        assert_eq!(cid.role_of(&group, "ann").await, Value::Null);
        bob.delete(&group.at("members/cid")).await.is(204);
        bob.delete(&group.at("members/bob")).await.is(204);
        bob.get(&group.path()).await.is(404);
    }

    async fn a_title_changes_for_who_has_seen_it(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        app.events().await;
        let renamed = ann.patch(&group.path(), json!({"title": "Game night", "version": 1})).await.is(200).json();
        app.expects_events(["conversation_changed"]).await;
        assert_eq!((&renamed["conversation"]["title"], &renamed["conversation"]["version"]), (&json!("Game night"), &json!(2)));
        let late = ann.patch(&group.path(), json!({"title": "Old", "version": 1})).await.is(409).json();
        assert_eq!(late["code"], "edited_meanwhile");
        assert_eq!(bob.sees(&group).await["title"], "Game night");
        let talk = ann.talks_to("bob").await;
        ann.patch(&talk.path(), json!({"title": "Ours"})).await.is(403);
        ann.post(&talk.at("members"), json!({"nicknames": ["bob"]})).await.is(403);
        ann.delete(&talk.at("members/ann")).await.is(403);
    }
}
