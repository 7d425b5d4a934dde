//! Programs that act for somebody.

use crate::rig::*;

both_databases! {
    async fn a_program_acts_by_its_token_until_it_is_revoked(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/api/auth/tokens", json!({"name": "backup script", "expires_in_days": 30})).await.is(201).json();
        assert_eq!(made["expires_at"], "2026-12-20T12:00:00.000Z");
        let token = made["token"].as_str().unwrap();
        assert!(token.starts_with("fm_"), "{token}");
        let program = ann.program(token);
        assert_eq!(program.account().await["nickname"], "ann");

        let list = ann.get("/api/auth/tokens").await.is(200);
        assert!(!list.text().contains(token), "it is shown once");
        assert_eq!(list.json()["items"][0]["name"], "backup script");
        assert_eq!(list.json()["items"][0]["last_used_at"], Value::Null);
        let id = made["id"].as_str().unwrap();
        app.person("bob").await.delete(&format!("/api/auth/tokens/{id}")).await.refuses(404, "not_found");
        ann.delete(&format!("/api/auth/tokens/{id}")).await.is(204);
        app.expects_events(["session_ended"]).await;
        program.get("/api/me").await.refuses(401, "bad_token");
    }

    async fn a_token_ends_with_its_time(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/api/auth/tokens", json!({"name": "short", "expires_in_days": 1})).await.is(201).json();
        let program = ann.program(made["token"].as_str().unwrap());
        app.forward(hours(23)).await;
        program.get("/api/me").await.is(200);
        app.forward(hours(2)).await;
        program.get("/api/me").await.refuses(401, "bad_token");
    }

    async fn a_token_is_no_cookie_and_a_cookie_no_token(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/api/auth/tokens", json!({"name": "script"})).await.is(201).json();
        let thief = app.guest();
        thief.holds_cookie("folkmoot_session", made["token"].as_str().unwrap());
        assert!(!thief.is_signed_in().await);
        ann.program(&ann.cookie("folkmoot_session").unwrap()).get("/api/me").await.refuses(401, "bad_token");
    }

    async fn a_wrong_token_is_refused_where_somebody_is_asked_for(app: TestApp) {
        let program = app.guest().program("fm_made-up");
        program.get("/api/me").await.refuses(401, "bad_token");
        program.get("/health").await.is(200);
        let basic = app.guest().with("authorization", "Basic YW5uOnBhc3N3b3Jk");
        basic.get("/api/me").await.refuses(401, "bad_token");
    }

    async fn a_token_needs_a_name_and_a_time_within_reason(app: TestApp) {
        let ann = app.person("ann").await;
        ann.post("/api/auth/tokens", json!({})).await.refuses_fields(["name"]);
        for days in [json!(0), json!(3651), json!("a week")] {
            ann.post("/api/auth/tokens", json!({"name": "x", "expires_in_days": days})).await
                .refuses_fields(["expires_in_days"]);
        }
        app.guest().post("/api/auth/tokens", json!({"name": "x"})).await.refuses(401, "sign_in_needed");
    }

    async fn tokens_do_not_pile_up_for_ever(app: TestApp) {
        let ann = app.person("ann").await;
        for _ in 0..50 {
            ann.post("/api/auth/tokens", json!({"name": "x"})).await.is(201);
        }
        ann.post("/api/auth/tokens", json!({"name": "x"})).await.refuses(409, "too_many_tokens");
    }
}
