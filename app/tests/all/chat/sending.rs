//! Sending: durable, once, in order.

use super::*;

both_databases! {
    async fn a_message_has_the_number_of_its_event(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        app.events().await;
        let message = ann.says_in(&talk, "Hello *Bob*, I am @ann").await;
        app.expects_events(["new_message"]).await;
        assert_eq!(seq(&message), 2);
        assert_eq!(message["url"], format!("/chat/{}?message=2", talk.id));
        assert_eq!(message["author"]["nickname"], "ann");
        assert!(text(&message["html"]).contains("<em>Bob</em>"), "{message}");
        assert!(text(&message["html"]).contains("/people/ann"), "{message}");
        assert_eq!(message["may"], json!({"edit": true, "delete": true}));
        assert_eq!((&message["deleted"], &message["version"]), (&json!(false), &json!(1)));
        assert_eq!(app.metric("messages_sent_total"), 1.0);

        let page = bob.get(&talk.at("messages")).await.is(200).json();
        assert_eq!((&page["stream"], &page["seq"]), (&json!(talk.stream()), &json!(2)));
        assert_eq!(page["items"][0]["id"], message["id"]);
        assert_eq!(page["items"][0]["may"], json!({"edit": false, "delete": false}));
        assert_eq!(page["items"][0]["client_id"], Value::Null);
        assert_eq!(bob.sees(&talk).await["last_message"]["id"], message["id"]);
    }

    async fn sent_again_it_is_the_same_message(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (talk, other) = (ann.talks_to("bob").await, ann.gathers("Others", &["bob"]).await);
        let send = json!({"body": "Once", "client_id": "8e3c"});
        let first = ann.post(&talk.at("messages"), send.clone()).await.is(201).json();
        assert_eq!(first["message"]["client_id"], "8e3c");
        let again = ann.post(&talk.at("messages"), send.clone()).await.is(200).json();
        assert_eq!(again, first);
        let (path, twice) = (talk.at("messages"), json!({"body": "Twice", "client_id": "9"}));
        let (one, two) = tokio::join!(ann.post(&path, twice.clone()), ann.post(&path, twice));
        assert_eq!(one.json(), two.json());
        assert_eq!(one.status.as_u16() + two.status.as_u16(), 401, "201 and 200");
        let elsewhere = ann.post(&other.at("messages"), send.clone()).await.is(409).json();
        assert_eq!(elsewhere["code"], "sent_elsewhere");
        assert_eq!(bob.reads(&talk, "").await, ["Twice", "Once"]);
        // The name is its author's alone.
        bob.post(&talk.at("messages"), send).await.is(201);
        assert_eq!(app.metric("messages_sent_total"), 3.0);
    }

    async fn what_was_accepted_is_never_refused_afterwards(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (talk, group) = (ann.talks_to("bob").await, ann.gathers("Film night", &["bob"]).await);
        let send = json!({"body": "Hello", "client_id": "1"});
        bob.post(&talk.at("messages"), send.clone()).await.is(201);
        let to_group = json!({"body": "Hi all", "client_id": "2"});
        let said = bob.post(&group.at("messages"), to_group.clone()).await.is(201).json();
        ann.put(&format!("/api/messages/{}/reactions/%F0%9F%91%8D", text(&said["message"]["id"]))).await.is(204);
        ann.put("/api/me/blocks/bob").await.is(204);
        ann.delete(&group.at("members/bob")).await.is(204);
        bob.post(&talk.at("messages"), send).await.is(200);
        let again = bob.post(&group.at("messages"), to_group).await.is(200).json();
        assert_eq!(again["message"]["reactions"], json!([]), "nothing that came later");
        assert_eq!(bob.post(&talk.at("messages"), json!({"body": "?"})).await.is(403).json()["code"], "blocked");
        bob.post(&group.at("messages"), json!({"body": "?"})).await.is(404);
    }

    async fn what_cannot_be_sent_says_why(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (talk, other) = (ann.talks_to("bob").await, ann.gathers("Others", &["bob"]).await);
        let elsewhere = ann.says_in(&other, "Elsewhere").await;
        for (send, field) in [
            (json!({"body": " \n"}), "body"),
            (json!({"body": "x".repeat(15_001)}), "body"),
            (json!({"body": "x", "attachments": ["1"]}), "attachments"),
            (json!({"body": "x", "client_id": "two words"}), "client_id"),
            (json!({"body": "x", "reply_to": elsewhere["id"]}), "reply_to"),
            (json!({"body": "x", "reply_to": "17"}), "reply_to"),
        ] {
            let answer = ann.post(&talk.at("messages"), send.clone()).await.is(400).json();
            assert!(answer["errors"].get(field).is_some(), "{send}: {answer}");
        }
        assert_eq!(bob.reads(&talk, "").await, [""; 0]);
    }

    async fn a_reply_shows_what_it_answers(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let question = ann.says_in(&talk, "Tea or coffee?").await;
        let send = json!({"body": "Tea", "reply_to": question["id"]});
        let answer = bob.post(&talk.at("messages"), send).await.is(201).json()["message"].clone();
        assert_eq!(answer["reply_to"]["seq"], question["seq"]);
        assert_eq!(answer["reply_to"]["excerpt"], "Tea or coffee?");
        assert_eq!(answer["reply_to"]["author"]["nickname"], "ann");
        ann.delete(&format!("/api/messages/{}", text(&question["id"]))).await.is(204);
        let page = bob.get(&talk.at("messages?limit=1")).await.is(200).json();
        assert_eq!(page["items"][0]["reply_to"], Value::Null);
    }

    async fn many_writers_are_numbered_in_one_order(app: TestApp) {
        let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
        let group = ann.gathers("Many", &["bob", "cid"]).await;
        let write = async |person: &Person, name: &str| {
            for number in 0..10 {
                person.says_in(&group, &format!("{name} {number}")).await;
            }
        };
        tokio::join!(write(&ann, "ann"), write(&bob, "bob"), write(&cid, "cid"));
        let page = ann.get(&group.at("messages?limit=100")).await.is(200).json();
        let numbers: Vec<i64> = page["items"].as_array().unwrap().iter().map(seq).collect();
        assert_eq!(numbers, (2..=31).rev().collect::<Vec<_>>());
        for name in ["ann", "bob", "cid"] {
            let own: Vec<String> =
                each(&page["items"], "excerpt").into_iter().filter(|said| said.starts_with(name)).collect();
            assert_eq!(own, (0..10).rev().map(|number| format!("{name} {number}")).collect::<Vec<_>>());
        }
    }

    async fn a_banned_person_sends_nothing(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let ada = app.admin("ada").await;
        ada.patch(&format!("/api/admin/people/{}", bob.id().await), json!({"standing": "banned"})).await.is(200);
        bob.post(&talk.at("messages"), json!({"body": "x"})).await.is(401);
    }
}
