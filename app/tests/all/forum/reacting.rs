//! People react with emoji.

use super::each;
use crate::rig::*;

const THUMB: &str = "%F0%9F%91%8D";
const HEART: &str = "%E2%9D%A4%EF%B8%8F";

both_databases! {
    async fn bob_likes_what_ann_wrote(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}/reactions", thread.post);
        app.events().await;
        bob.put(&format!("{path}/{HEART}")).await.is(204);
        app.forward(minutes(1)).await;
        ann.put(&format!("{path}/{THUMB}")).await.is(204);
        bob.put(&format!("{path}/{THUMB}")).await.is(204);
        app.expects_events(["reaction_changed", "reaction_changed", "reaction_changed"]).await;
        let seq = ann.looks_at(&thread).await["seq"].clone();
        // What is so already changes nothing and tells nobody.
        bob.put(&format!("{path}/{THUMB}")).await.is(204);
        ann.delete(&format!("{path}/{HEART}")).await.is(204);
        app.expects_events([]).await;
        let page = ann.looks_at(&thread).await;
        assert_eq!(page["seq"], seq);
        let post = &page["posts"]["items"][0];
        assert_eq!(
            post["reactions"],
            json!([{"emoji": "❤️", "count": 1, "mine": false}, {"emoji": "👍", "count": 2, "mine": true}])
        );
        assert_eq!(post["version"], 4);
        let people = app.guest().get(&path).await.is(200).json();
        assert_eq!(each(&people["items"], "emoji"), ["❤️", "👍"]);
        assert_eq!(each(&people["items"][1]["people"], "nickname"), ["ann", "bob"]);
        bob.delete(&format!("{path}/{HEART}")).await.is(204);
        app.expects_events(["reaction_changed"]).await;
        let guest = app.guest().looks_at(&thread).await;
        assert_eq!(guest["posts"]["items"][0]["reactions"], json!([{"emoji": "👍", "count": 2, "mine": false}]));
    }

    async fn what_is_no_emoji_or_one_too_many_is_refused(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}/reactions", thread.post);
        for other in ["a", "%F0%9F%91%8D%F0%9F%91%8D", "%3Cb%3E", "1"] {
            ann.put(&format!("{path}/{other}")).await.refuses_fields(["emoji"]);
        }
        for number in 0..20 {
            // From U+1F600 on, every one is a face.
            ann.put(&format!("{path}/%F0%9F%98%{:02X}", 0x80 + number)).await.is(204);
        }
        bob.put(&format!("{path}/{THUMB}")).await.refuses(409, "too_many_reactions");
        bob.put(&format!("{path}/%F0%9F%98%80")).await.is(204);
        app.guest().put(&format!("{path}/{THUMB}")).await.refuses(401, "sign_in_needed");
        root.patch(&thread.path(), json!({"locked": true})).await.is(200);
        bob.delete(&format!("{path}/%F0%9F%98%80")).await.refuses(403, "locked");
        root.delete(&thread.path()).await.is(204);
        bob.put(&format!("{path}/{THUMB}")).await.refuses(404, "not_found");
    }
}
