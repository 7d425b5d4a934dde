//! Editing, deleting and reacting.

use super::*;

const THUMB: &str = "%F0%9F%91%8D";

fn path(message: &Value) -> String {
    format!("/api/messages/{}", text(&message["id"]))
}

both_databases! {
    async fn an_edit_shows_and_keeps_what_was_said(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let message = ann.says_in(&talk, "Hello there").await;
        let path = path(&message);
        assert_eq!(ann.get(&path).await.is(200).json()["body"], "Hello there");
        app.events().await;
        let edited = ann.patch(&path, json!({"body": "Hello", "version": 1})).await.is(200).json();
        app.expects_events(["message_edited"]).await;
        assert_eq!((&edited["message"]["edit_count"], &edited["message"]["version"]), (&json!(1), &json!(2)));
        assert_eq!(edited["message"]["seq"], message["seq"], "it stays in its place");
        assert_eq!(bob.reads(&talk, "").await, ["Hello"]);
        assert_eq!(each(&bob.get(&format!("{path}/edits")).await.is(200).json()["items"], "body"), ["Hello there"]);
        ann.patch(&path, json!({"body": "Hello"})).await.is(200);
        app.expects_events([]).await;
        let late = ann.patch(&path, json!({"body": "Hi", "version": 1})).await.is(409).json();
        assert_eq!(late["code"], "edited_meanwhile");
        bob.patch(&path, json!({"body": "Mine"})).await.is(403);
        assert_eq!(ann.patch(&path, json!({"body": ""})).await.is(400).json()["errors"]["body"], "write something");
        app.is_indexed().await;
        assert_eq!(ann.get(&talk.at("search?q=hello")).await.is(200).json()["items"][0]["id"], message["id"]);
    }

    async fn what_a_message_said_before_is_for_those_who_read_it(app: TestApp) {
        let [ann, bob, cid] = app.people(["ann", "bob", "cid"]).await;
        let group = ann.gathers("Film night", &["bob"]).await;
        let message = ann.says_in(&group, "At seven").await;
        ann.post(&group.at("members"), json!({"nicknames": ["cid"]})).await.is(200);
        ann.patch(&path(&message), json!({"body": "At eight"})).await.is(200);
        let before = format!("{}/edits", path(&message));
        let versions = bob.get(&before).await.is(200).json();
        assert_eq!(each(&versions["items"], "body"), ["At seven"]);
        cid.get(&before).await.is(404);
        app.guest().get(&before).await.is(401);
        bob.delete(&group.at("members/bob")).await.is(204);
        bob.get(&before).await.is(404);
        ann.delete(&path(&message)).await.is(204);
        ann.get(&before).await.is(404);
    }

    async fn of_a_deleted_message_nothing_but_its_place_is_left(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let message = ann.says_in(&talk, "My password is 12345").await;
        let path = path(&message);
        ann.patch(&path, json!({"body": "My password is 54321"})).await.is(200);
        bob.delete(&path).await.is(403);
        app.events().await;
        ann.delete(&path).await.is(204);
        app.expects_events(["message_deleted"]).await;
        ann.delete(&path).await.is(204);
        app.expects_events([]).await;
        let page = bob.get(&talk.at("messages")).await.is(200);
        assert!(!page.text().contains("password"), "{page:?}");
        let left = &page.json()["items"][0];
        assert_eq!((&left["deleted"], &left["seq"], &left["author"]["nickname"]), (&json!(true), &json!(2), &json!("ann")));
        assert_eq!(left.get("html"), None);
        for person in [&ann, &bob] {
            person.get(&path).await.is(404);
            person.get(&format!("{path}/edits")).await.is(404);
            person.put(&format!("{path}/reactions/{THUMB}")).await.is(404);
        }
        ann.patch(&path, json!({"body": "Again"})).await.is(404);
        assert_eq!(ann.sees(&talk).await["last_message"]["deleted"], true);
    }

    async fn people_react_with_single_emoji(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let message = ann.says_in(&talk, "Tea?").await;
        let thumb = format!("{}/reactions/{THUMB}", path(&message));
        bob.put(&thumb).await.is(204);
        app.events().await;
        bob.put(&thumb).await.is(204);
        app.expects_events([]).await;
        ann.put(&thumb).await.is(204);
        let seen = ann.get(&talk.at("messages")).await.is(200).json();
        assert_eq!(seen["items"][0]["reactions"], json!([{"emoji": "👍", "count": 2, "mine": true}]));
        ann.delete(&thumb).await.is(204);
        ann.delete(&thumb).await.is(204);
        let seen = ann.get(&talk.at("messages")).await.is(200).json();
        assert_eq!(seen["items"][0]["reactions"], json!([{"emoji": "👍", "count": 1, "mine": false}]));
        ann.put(&format!("{}/reactions/no", path(&message))).await.is(400);
    }
}
