//! Sending and hearing on sockets; whose conversations come by themselves, and when they go.

use std::time::Duration;

use super::*;
use crate::realtime::as_json;

const MOMENT: Duration = Duration::from_millis(300);

both_databases! {
    async fn welcome_names_the_conversations_and_they_are_followed(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Before").await;
        let (mut socket, welcome) = bob.connects().await;
        assert_eq!(welcome["conversations"], json!({talk.stream(): 2}));
        ann.says_in(&talk, "After").await;
        let heard = socket.hears("new_message").await;
        assert_eq!(heard["message"]["excerpt"], "After");
    }

    async fn a_new_conversation_is_heard_without_asking(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (mut to_bob, _) = bob.connects().await;
        let talk = ann.talks_to("bob").await;
        let joined = to_bob.hears("conversation_joined").await;
        assert_eq!(joined, json!({"conversation_id": talk.id, "seq": 1}));
        ann.says_in(&talk, "Hello").await;
        let heard = to_bob.hears_events(&talk.stream(), 1).await.remove(0);
        assert_eq!((&heard["type"], &heard["seq"]), (&json!("new_message"), &json!(2)));
    }

    async fn what_was_missed_comes_after_coming_back(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (talk, quiet) = (ann.talks_to("bob").await, ann.gathers("Quiet", &["bob"]).await);
        let (socket, _) = bob.connects().await;
        let (cursors, epoch) = (socket.cursors.clone(), socket.epoch.clone());
        drop(socket);
        for number in 1..=3 {
            ann.says_in(&talk, &format!("number {number}")).await;
        }
        let mut socket = bob.opens_socket().await.unwrap();
        socket.cursors = cursors;
        socket.says_hello(Some(&epoch), as_json(&socket.cursors.clone())).await;
        assert_eq!(socket.hears_events(&talk.stream(), 3).await.len(), 3);
        ann.says_in(&quiet, "Not any more").await;
        assert_eq!(socket.hears_events(&quiet.stream(), 1).await[0]["payload"]["message"]["excerpt"], "Not any more");
    }

    async fn a_message_is_sent_on_the_socket_and_acknowledged(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let (mut socket, _) = ann.connects().await;
        for _ in 0..2 {
            let send = json!({"conversation_id": talk.id, "client_id": "c-1", "body": "Hello"});
            socket.says("send_message", send).await;
        }
        let mut acks = Vec::new();
        while acks.len() < 2 {
            let frame = socket.next_frame().await;
            if frame["type"] == "ack" {
                acks.push(frame["payload"].clone());
            }
        }
        assert_eq!(acks[0], acks[1]);
        assert_eq!((&acks[0]["client_id"], &acks[0]["message"]["seq"]), (&json!("c-1"), &json!(2)));
        assert_eq!(bob.reads(&talk, "").await, ["Hello"]);
        bob.put("/api/me/blocks/ann").await.is(204);
        let send = json!({"conversation_id": talk.id, "client_id": "c-2", "body": "Hello?"});
        socket.says("send_message", send).await;
        let refused = loop {
            let frame = socket.next_frame().await;
            if frame["type"] == "nack" {
                break frame["payload"].clone();
            }
        };
        assert_eq!((&refused["client_id"], &refused["error"]["code"]), (&json!("c-2"), &json!("blocked")));
        socket.says("send_message", json!({"conversation_id": talk.id})).await;
        assert_eq!(socket.hears("error").await["code"], "malformed");
    }

    async fn typing_is_shown_to_the_others_alone(app: TestApp) {
        let [ann, bob, eve] = app.people(["ann", "bob", "eve"]).await;
        let talk = ann.talks_to("bob").await;
        bob.post(&talk.at("accept"), json!({})).await.is(204);
        let ((mut to_ann, _), (mut to_bob, _), (mut to_eve, _)) =
            (ann.connects().await, bob.connects().await, eve.connects().await);
        to_ann.says("typing_start", json!({"conversation_id": talk.id})).await;
        let typing = json!({"conversation_id": talk.id, "person_id": ann.id().await});
        assert_eq!(to_bob.hears("typing_start").await, typing);
        to_ann.says("typing_stop", json!({"conversation_id": talk.id})).await;
        assert_eq!(to_bob.hears("typing_stop").await, typing);
        ann.patch("/api/me", json!({"settings": {"typing": false}})).await.is(200);
        to_ann.says("typing_start", json!({"conversation_id": talk.id})).await;
        assert_eq!(to_bob.hears_for(MOMENT).await, Vec::<Value>::new());
        assert_eq!(to_eve.hears_for(MOMENT).await, Vec::<Value>::new());
    }

    async fn a_stranger_sees_no_typing_and_no_receipts(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Hello").await;
        let ((mut to_ann, _), (mut to_bob, _)) = (ann.connects().await, bob.connects().await);
        to_bob.says("typing_start", json!({"conversation_id": talk.id})).await;
        to_bob.says("mark_read", json!({"conversation_id": talk.id, "seq": 2})).await;
        let own = to_bob.hears("unread_changed").await;
        assert_eq!((&own["seq"], &own["request"]), (&json!(2), &json!(true)));
        assert_eq!(to_ann.hears_for(MOMENT).await, Vec::<Value>::new());
    }

    async fn receipts_reach_the_others_and_marks_every_window(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Hello").await;
        bob.post(&talk.at("accept"), json!({})).await.is(204);
        let ((mut to_ann, _), (mut to_bob, _), (mut other, _)) =
            (ann.connects().await, bob.connects().await, bob.connects().await);
        to_bob.says("mark_read", json!({"conversation_id": talk.id, "seq": 2})).await;
        let unread = json!({"count": 0, "first_seq": null, "first_at": null});
        let own = json!({"conversation_id": talk.id, "seq": 2, "unread": unread, "muted": false, "request": false});
        assert_eq!(other.hears("unread_changed").await, own);
        let read = json!({"conversation_id": talk.id, "person_id": bob.id().await, "seq": 2});
        assert_eq!(to_ann.hears("message_read").await, read);
        bob.patch("/api/me", json!({"settings": {"receipts": false}})).await.is(200);
        ann.says_in(&talk, "And?").await;
        to_ann.hears("new_message").await;
        bob.has_read(&talk, 3).await;
        assert_eq!(to_ann.hears_for(MOMENT * 5).await, Vec::<Value>::new());
    }

    async fn who_is_removed_hears_nothing_from_then_on(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let (mut socket, _) = bob.connects().await;
        ann.delete(&group.at("members/bob")).await.is(204);
        ann.says_in(&group, "Without bob").await;
        let frames = socket.hears_for(MOMENT).await;
        let mut told: Vec<&str> = frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, ["conversation_left", "revoked"], "{frames:?}");
        ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        ann.says_in(&group, "Bob is back").await;
        let heard = socket.hears_events(&group.stream(), 1).await.remove(0);
        assert_eq!(heard["payload"]["message"]["excerpt"], "Bob is back");
    }

    async fn who_comes_back_resumes_without_what_was_said_meanwhile(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let (socket, _) = bob.connects().await;
        let (cursors, epoch) = (socket.cursors.clone(), socket.epoch.clone());
        drop(socket);
        ann.says_in(&group, "With bob").await;
        ann.delete(&group.at("members/bob")).await.is(204);
        ann.says_in(&group, "Without bob").await;
        ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        ann.says_in(&group, "Bob is back").await;
        let mut socket = bob.opens_socket().await.unwrap();
        let conversation = json!({group.stream(): cursors[&group.stream()]});
        socket.cursors.insert(group.stream(), cursors[&group.stream()]);
        socket.says_hello(Some(&epoch), conversation).await;
        let heard = socket.hears_events(&group.stream(), 5).await;
        let said: Vec<&str> =
            heard.iter().filter_map(|frame| frame["payload"]["message"]["excerpt"].as_str()).collect();
        assert_eq!(said, ["With bob", "Bob is back"], "{heard:?}");
        assert_eq!(heard[2]["type"], "nothing");
    }
}
