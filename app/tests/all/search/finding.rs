//! What is found, in which order, and what is said of it.

use super::*;

both_databases! {
    async fn a_word_finds_posts_wherever_it_stands(app: TestApp) {
        let root = app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let first = ann.opens_with("cats", json!({"title": "Whiskers at night", "body": "She sleeps all day."})).await;
        ann.opens_with("cats", json!({"title": "Feeding", "body": "Dry food and whiskers."})).await;
        root.replies(&first, "Long whiskers are useful in the dark.").await;
        app.is_indexed().await;
        let guest = app.guest();
        assert_eq!(guest.finds("whiskers ").await, ["[Whiskers] at night", "Feeding"]);
        assert_eq!(guest.finds("useful DARK").await, ["ada: Long whiskers are [useful] in the [dark]."]);
        assert_eq!(guest.finds("whisk").await, ["[Whiskers] at night", "Feeding"]);
        assert_eq!(guest.finds("zebra").await, [""; 0]);
        let answer = guest.searches("whiskers ", "").await;
        assert_eq!(answer["counts"]["posts"], 3);
        assert_eq!(answer["items"][0]["more_in_thread"], 1);
        assert_eq!(answer["understood"]["words"], json!(["whiskers"]));
        assert_eq!(answer["indexing"], Value::Null);
    }
}
