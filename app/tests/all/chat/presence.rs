//! Who is here, as others see it.

use std::time::Duration;

use super::*;

const MOMENT: Duration = Duration::from_millis(1500);

fn about(id: &str) -> Value {
    json!({"person_id": id, "last_seen_at": null})
}

both_databases! {
    async fn who_watches_sees_people_come_and_not_who_blocked_them(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (ann_id, bob_id) = (ann.id().await, bob.id().await);
        let (mut to_bob, _) = bob.connects().await;
        to_bob.says("watch", json!({"people": [ann_id, bob_id, "17"]})).await;
        assert_eq!(to_bob.hears("user_online").await, about(&bob_id));
        let (mut to_ann, _) = ann.connects().await;
        assert_eq!(to_bob.hears("user_online").await, about(&ann_id));
        ann.put("/api/me/blocks/bob").await.is(204);
        assert_eq!(to_bob.hears("user_offline").await, about(&ann_id));
        ann.delete("/api/me/blocks/bob").await.is(204);
        assert_eq!(to_bob.hears("user_online").await, about(&ann_id));
        assert!(to_ann.hears_for(MOMENT).await.iter().all(|frame| frame["type"] == "blocks_changed"));
        to_bob.says("watch", json!({"people": vec!["1"; 201]})).await;
        assert_eq!(to_bob.hears("error").await["code"], "too_many_people");
        to_bob.says("watch", json!({"people": ["x"]})).await;
        assert_eq!(to_bob.hears("error").await["code"], "malformed");
        let (mut guest, _) = app.guest().connects().await;
        guest.says("watch", json!({"people": [ann_id]})).await;
        assert_eq!(guest.hears_for(MOMENT).await, Vec::<Value>::new());
    }

    async fn a_stranger_does_not_see_whom_they_wrote_to_until_accepted(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let bob_id = bob.id().await;
        let ((mut to_ann, _), _to_bob) = (ann.connects().await, bob.connects().await);
        to_ann.says("watch", json!({"people": [bob_id]})).await;
        assert_eq!(to_ann.hears("user_online").await, about(&bob_id));
        let talk = ann.talks_to("bob").await;
        let mut gone = false;
        while !gone {
            gone = to_ann.next_frame().await["type"] == "user_offline";
        }
        bob.post(&talk.at("accept"), json!({})).await.is(204);
        let mut back = false;
        while !back {
            back = to_ann.next_frame().await["type"] == "user_online";
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_counts_as_absent_after_a_while() {
    let app = TestApp::start(Engine::Sqlite).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let ((mut to_bob, _), (to_ann, _), (other, _)) =
        (bob.connects().await, ann.connects().await, ann.connects().await);
    to_bob.says("watch", json!({"people": [ann.id().await]})).await;
    to_bob.hears("user_online").await;
    drop(to_ann);
    assert_eq!(to_bob.hears_for(MOMENT).await, Vec::<Value>::new(), "there is another window");
    drop(other);
    let frames = to_bob.hears_for(Duration::from_secs(18)).await;
    assert_eq!(frames.len(), 1, "{frames:?}");
    assert_eq!(frames[0]["type"], "user_offline");
    assert!(frames[0]["payload"]["last_seen_at"].is_string());
}
