//! Marks, unread counts and receipts.

use super::*;

both_databases! {
    async fn what_others_said_is_unread_until_it_is_read(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let mut at = Vec::new();
        for number in 1..=3 {
            at.push(ann.says_in(&talk, &format!("number {number}")).await["created_at"].clone());
            app.forward(minutes(1)).await;
        }
        let seen = bob.sees(&talk).await;
        assert_eq!(seen["unread"], json!({"count": 3, "first_seq": 2, "first_at": at[0]}));
        assert_eq!(ann.unread_in(&talk).await, 0, "one's own words are not unread");
        assert_eq!(bob.badge().await, (1, 3));
        app.events().await;
        bob.has_read(&talk, 3).await;
        app.expects_events(["unread_changed"]).await;
        assert_eq!(bob.sees(&talk).await["unread"], json!({"count": 1, "first_seq": 4, "first_at": at[2]}));
        bob.has_read(&talk, 2).await;
        app.expects_events([]).await;
        assert_eq!(bob.sees(&talk).await["mark"], 3, "a mark only grows");
        bob.has_read(&talk, 1_000_000).await;
        assert_eq!(bob.sees(&talk).await["mark"], 4, "and ends at the head");
        assert_eq!(bob.badge().await, (0, 0));
        ann.says_in(&talk, "number 4").await;
        assert_eq!(bob.unread_in(&talk).await, 1);
    }

    async fn deleting_takes_from_what_is_unread(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let first = ann.says_in(&talk, "One").await;
        let at = ann.says_in(&talk, "Two").await["created_at"].clone();
        ann.delete(&format!("/api/messages/{}", text(&first["id"]))).await.is(204);
        assert_eq!(bob.sees(&talk).await["unread"], json!({"count": 1, "first_seq": 3, "first_at": at}));
    }

    async fn more_than_99_are_100(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        for number in 0..103 {
            ann.says_in(&talk, &number.to_string()).await;
        }
        let unread = bob.sees(&talk).await["unread"].clone();
        assert_eq!((&unread["count"], &unread["first_seq"]), (&json!(100), &json!(2)));
    }

    async fn a_muted_conversation_counts_in_its_own_row(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Hello").await;
        bob.put(&talk.at("mute")).await.is(204);
        bob.put(&talk.at("mute")).await.is(204);
        let seen = bob.sees(&talk).await;
        assert_eq!((&seen["muted"], &seen["unread"]["count"]), (&json!(true), &json!(1)));
        assert_eq!(bob.badge().await, (0, 0));
        assert_eq!(ann.sees(&talk).await["muted"], false);
        bob.delete(&talk.at("mute")).await.is(204);
        assert_eq!(bob.badge().await, (1, 1));
    }

    async fn others_see_how_far_one_has_read_unless_one_does_not_want_it(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_in(&talk, "Hello").await;
        let of_bob = async || {
            let members = ann.sees(&talk).await["members"].clone();
            let members = members.as_array().unwrap().clone();
            members.into_iter().find(|one| one["person"]["nickname"] == "bob").unwrap()["read_seq"].clone()
        };
        bob.has_read(&talk, 2).await;
        assert_eq!(of_bob().await, Value::Null, "bob has not accepted what a stranger began");
        bob.post(&talk.at("accept"), json!({})).await.is(204);
        assert_eq!(of_bob().await, 2);
        bob.patch("/api/me", json!({"settings": {"receipts": false}})).await.is(200);
        assert_eq!(of_bob().await, Value::Null);
    }
}
