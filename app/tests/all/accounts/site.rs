//! The community's name and rules.

use crate::rig::*;

both_databases! {
    async fn everybody_may_know_the_community(app: TestApp) {
        let site = app.guest().get("/api/site").await.is(200).json();
        assert_eq!(site["name"], "Folkmoot");
        assert_eq!(site["tagline"], "");
        assert_eq!(site["setup_needed"], true);
        assert_eq!(site["registration"], "open");
        assert_eq!(site["minimum_age"], 13);
        assert_eq!(site["version"], env!("CARGO_PKG_VERSION"));
        assert!(site["release"].as_str().is_some_and(|release| !release.is_empty()));
        assert_eq!(site["epoch"].as_str(), Some(&*app.app.epoch()));
    }

    async fn an_administrator_names_it(app: TestApp) {
        let ada = app.admin("ada").await;
        let change = json!({"name": "The Moot", "tagline": "Under the oak"});
        let site = ada.patch("/api/admin/site", change).await.is(200).json()["site"].clone();
        assert_eq!((&site["name"], &site["tagline"]), (&json!("The Moot"), &json!("Under the oak")));
        app.expects_events(["site_changed"]).await;
        let seen = app.guest().get("/api/site").await.is(200).json();
        assert_eq!((&seen["name"], &seen["registration"]), (&json!("The Moot"), &json!("open")));
    }

    /// Also on pages for which nothing is read, and on another node from the next page on.
    async fn pages_that_tell_of_a_mistake_bear_its_name(app: TestApp) {
        let ada = app.admin("ada").await;
        let there = app.another(|_| ()).await;
        ada.patch("/api/admin/site", json!({"name": "The Moot"})).await.is(200);
        for node in [&app, &there] {
            let guest = node.guest().with("accept", "text/html");
            guest.get("/").await.is(200);
            for path in ["/no/such/page", "/t/no-such-topic", "/b/%00"] {
                let page = guest.get(path).await.is(404).text();
                assert!(page.contains("The Moot</title>"), "{path}: {page}");
            }
        }
    }

    async fn what_is_wrong_is_told_and_nothing_changed(app: TestApp) {
        let ada = app.admin("ada").await;
        let change = json!({"name": " ", "tagline": "x".repeat(161), "registration": "maybe", "minimum_age": 121});
        ada.patch("/api/admin/site", change).await.refuses_fields(["minimum_age", "name", "registration", "tagline"]);
        ada.patch("/api/admin/site", json!({"name": "Good", "minimum_age": -1})).await.refuses_fields(["minimum_age"]);
        assert_eq!(app.guest().get("/api/site").await.json()["name"], "Folkmoot");
    }
}
