//! Opening conversations, and who sees that they are there.

use super::*;

both_databases! {
    async fn two_people_have_one_conversation(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        app.events().await;
        let first = ann.post("/api/conversations", json!({"members": ["BOB"]})).await.is(201).json();
        app.expects_events(["conversation_opened", "sight_changed", "conversation_joined", "conversation_joined"]).await;
        let conversation = &first["conversation"];
        assert_eq!(conversation["kind"], "direct");
        assert_eq!(conversation["with"]["nickname"], "bob");
        assert_eq!(conversation["title"], Value::Null);
        assert_eq!(conversation["url"], format!("/chat/{}", text(&conversation["id"])));
        assert_eq!((&conversation["member_count"], &conversation["request"]), (&json!(2), &json!(false)));
        let may = json!({"write": true, "add": false, "rename": false, "remove": false, "leave": false,
            "hand_over": false});
        assert_eq!(conversation["may"], may);

        let again = bob.post("/api/conversations", json!({"members": ["ann"]})).await.is(200).json();
        assert_eq!(again["conversation"]["id"], conversation["id"]);
        assert_eq!(again["conversation"]["with"]["nickname"], "ann");
        assert_eq!(again["conversation"]["request"], true, "ann is a stranger to bob");
        app.expects_events([]).await;
    }

    async fn both_at_once_open_the_same(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let to_bob = json!({"members": ["bob"]});
        let to_ann = json!({"members": ["ann"]});
        let (one, other) =
            tokio::join!(ann.post("/api/conversations", to_bob), bob.post("/api/conversations", to_ann));
        let id = |answer: &Answer| answer.json()["conversation"]["id"].clone();
        assert!(one.status.is_success() && other.status.is_success(), "{one:?} {other:?}");
        assert_eq!(id(&one), id(&other));
    }

    async fn a_group_has_a_title_an_owner_and_members(app: TestApp) {
        let [ann, bob, _cid] = app.people(["ann", "bob", "cid"]).await;
        let new = json!({"members": ["bob", "cid", "bob", "ann"], "title": " Film  night ", "client_id": "one"});
        let group = ann.post("/api/conversations", new.clone()).await.is(201).json()["conversation"].clone();
        assert_eq!((&group["kind"], &group["title"]), (&json!("group"), &json!("Film night")));
        let members: Vec<_> = group["members"].as_array().unwrap().iter()
            .map(|member| (text(&member["person"]["nickname"]), text(&member["role"]))).collect();
        assert_eq!(members[0], ("ann".to_owned(), "owner".to_owned()));
        assert_eq!(members.len(), 3);
        let again = ann.post("/api/conversations", new).await.is(200).json();
        assert_eq!(again["conversation"]["id"], group["id"], "opened once, however often it is sent");
        assert_eq!(bob.get("/api/conversations").await.is(200).json()["items"][0]["id"], group["id"]);
    }

    async fn what_cannot_be_opened_says_why(app: TestApp) {
        let [ann] = app.people(["ann"]).await;
        for (new, field) in [
            (json!({"members": []}), "members"),
            (json!({"members": ["ann"]}), "members"),
            (json!({"members": ["nobody-here"]}), "members"),
            (json!({"members": vec!["ann"; 51]}), "members"),
            (json!({"members": [], "title": "x".repeat(101)}), "title"),
        ] {
            let answer = ann.post("/api/conversations", new.clone()).await.is(400).json();
            assert!(answer["errors"].get(field).is_some(), "{new}: {answer}");
        }
        app.guest().post("/api/conversations", json!({"members": ["ann"]})).await.is(401);
    }

    async fn for_who_is_not_in_it_a_conversation_is_not_there(app: TestApp) {
        let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
        let talk = ann.talks_to("bob").await;
        let secret = ann.says_in(&talk, "A secret").await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let said = ann.says_in(&group, "Which one?").await;
        let (id, other) = (text(&secret["id"]), text(&said["id"]));
        assert_eq!(eve.get("/api/conversations").await.is(200).json()["items"], json!([]));
        assert_eq!(eve.badge().await, (0, 0));
        for talk in [&talk, &group] {
            for path in ["", "/messages", "/search?q=secret"] {
                eve.get(&format!("{}{path}", talk.path())).await.is(404);
            }
            eve.post(&talk.at("messages"), json!({"body": "Hello?"})).await.is(404);
            eve.post(&talk.at("read"), json!({"seq": 2})).await.is(404);
            eve.post(&talk.at("accept"), json!({})).await.is(404);
            eve.put(&talk.at("mute")).await.is(404);
            eve.post(&talk.at("members"), json!({"nicknames": ["eve"]})).await.is(404);
            eve.patch(&talk.path(), json!({"title": "Mine"})).await.is(404);
            eve.delete(&talk.at("members/ann")).await.is(404);
            eve.patch(&talk.at("members/ann"), json!({"role": "member"})).await.is(404);
        }
        for id in [id, other] {
            let path = format!("/api/messages/{id}");
            eve.get(&path).await.is(404);
            eve.get(&format!("{path}/edits")).await.is(404);
            eve.patch(&path, json!({"body": "Mine"})).await.is(404);
            eve.delete(&path).await.is(404);
            eve.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(404);
        }
        let (mut socket, welcome) = eve.connects().await;
        assert_eq!(welcome["conversations"], json!({}));
        socket.says("subscribe", json!({"streams": {talk.stream(): 0}})).await;
        assert_eq!(socket.hears("error").await["code"], "not_found");
        for frame in ["typing_start", "typing_stop"] {
            socket.says(frame, json!({"conversation_id": talk.id})).await;
            assert_eq!(socket.hears("error").await["code"], "not_found");
        }
        socket.says("mark_read", json!({"conversation_id": talk.id, "seq": 2})).await;
        assert_eq!(socket.hears("error").await["code"], "not_found");
        socket.says("send_message", json!({"conversation_id": talk.id, "client_id": "x", "body": "?"})).await;
        assert_eq!(socket.hears("nack").await["error"]["code"], "not_found");
        assert_eq!(bob.reads(&talk, "").await, ["A secret"]);
        app.guest().get(&talk.path()).await.is(401);
        // An administrator is nobody in it either.
        app.admin("ada").await.get(&talk.path()).await.is(404);
    }
}
