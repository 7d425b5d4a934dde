//! What somebody says of themselves.

use crate::rig::*;

/// What only its owner and administrators may see.
const PRIVATE: [&str; 7] = ["email", "age", "age_stated_at", "gender", "first_name", "last_name", "settings"];

both_databases! {
    async fn ann_tells_of_herself(app: TestApp) {
        let ann = app.person("ann").await;
        app.person("bob").await;
        let bio = "I like **bold** words, @BOB and <script>alert(1)</script>.";
        let user = ann.patch("/api/me", json!({"bio": bio})).await.is(200).json()["user"].clone();
        assert_eq!(user["bio"], bio);
        let html = user["bio_html"].as_str().unwrap();
        assert!(html.contains("<strong>bold</strong>"), "{html}");
        assert!(html.contains("/people/bob"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        let page = app.guest().get("/api/users/ann").await.is(200).json();
        assert_eq!(page["user"]["bio_html"], user["bio_html"]);
        assert_eq!(page["user"]["version"], 2);
        app.expects_events(["person_changed"]).await;
        ann.patch("/api/me", json!({"bio": bio, "first_name": "Anna"})).await.is(200);
        app.expects_events([]).await;
    }

    async fn what_is_left_out_stays(app: TestApp) {
        let ann = app.person("ann").await;
        ann.patch("/api/me", json!({"bio": "Hello", "settings": {"theme": "dark"}})).await.is(200);
        ann.patch("/api/me", json!({"first_name": "Anna", "settings": {"enter_sends": true}})).await.is(200);
        let account = ann.account().await;
        assert_eq!(account["bio"], "Hello");
        assert_eq!(account["first_name"], "Anna");
        assert_eq!(account["last_name"], "Last");
        assert_eq!(account["settings"], json!({"theme": "dark", "enter_sends": true, "receipts": true, "typing": true, "messages_from": "everyone"}));
        ann.patch("/api/me", json!({"bio": ""})).await.is(200);
        assert_eq!(ann.account().await["bio"], "");
    }

    async fn all_that_is_wrong_is_told_and_nothing_changed(app: TestApp) {
        let ann = app.person("ann").await;
        let change = json!({
            "bio": "x".repeat(2_001), "first_name": "", "age": 3, "gender": 7, "settings": {"theme": "pink"},
            "last_name": "Changed",
        });
        ann.patch("/api/me", change).await.refuses_fields(["age", "bio", "first_name", "gender", "settings"]);
        assert_eq!(ann.account().await["last_name"], "Last");
        app.guest().patch("/api/me", json!({"bio": "x"})).await.refuses(401, "sign_in_needed");
    }

    async fn an_age_goes_on_by_itself(app: TestApp) {
        let ann = app.person("ann").await;
        app.forward(days(29)).await;
        ann.patch("/api/me", json!({"age": 34})).await.is(200);
        assert_eq!(ann.account().await["age_stated_at"], "2026-11-20T12:00:00.000Z", "it is true anyway");
        for _ in 0..12 {
            app.forward(days(29)).await;
            ann.signs_in("ann", PASSWORD).await.is(200);
        }
        assert_eq!(ann.account().await["age"], 35);
        ann.patch("/api/me", json!({"age": 40})).await.is(200);
        assert_eq!(ann.account().await["age"], 40);
    }

    async fn what_is_private_reaches_only_its_owner_and_administrators(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (moderator, ada) = (app.moderator("mo").await, app.admin("ada").await);
        for field in PRIVATE {
            assert!(ann.account().await.get(field).is_some(), "{field}");
        }
        for (name, person) in [("guest", &app.guest()), ("bob", &bob), ("mo", &moderator), ("ada", &ada), ("ann", &ann)] {
            for path in ["/api/users/ann", "/api/users?q=ann"] {
                let answer = person.get(path).await.is(200);
                let json = answer.json();
                let user = json.get("user").unwrap_or_else(|| &json["items"][0]);
                assert_eq!(user["nickname"], "ann");
                for field in PRIVATE {
                    assert!(user.get(field).is_none(), "{name} sees {field} at {path}");
                }
                assert!(!answer.text().contains("ann@example.org"), "{name} at {path}");
            }
        }
        let seen = ada.get("/api/admin/people?q=ann").await.is(200).json()["items"][0].clone();
        assert_eq!(seen["email"], "ann@example.org");
        assert_eq!(seen["age"], 34);
    }
}
