//! Where somebody is signed in, and how that ends.

use folkmoot::accounts::jobs;
use folkmoot::config::MetricsAddress;

use super::tables;
use crate::rig::*;

both_databases! {
    async fn a_cookie_is_worth_nothing_after_signing_out(app: TestApp) {
        let ann = app.person("ann").await;
        let cookie = ann.cookie("folkmoot_session").unwrap();
        ann.post("/api/auth/logout", json!({})).await.is(204);
        assert_eq!(ann.cookie("folkmoot_session"), None, "the browser forgets it");
        ann.holds_cookie("folkmoot_session", &cookie);
        assert!(!ann.is_signed_in().await);
        app.expects_events(["session_ended"]).await;
        ann.post("/api/auth/logout", json!({})).await.is(204);
        app.expects_events([]).await;
    }

    async fn ann_sees_where_she_is_signed_in_and_ends_one(app: TestApp) {
        let ann = app.person("ann").await;
        app.forward(minutes(1)).await;
        let phone = app.guest().with("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1");
        phone.signs_in("ann", PASSWORD).await.is(200);
        let list = ann.get("/api/auth/sessions").await.is(200).json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[0]["device"], "Safari on iPhone");
        assert_eq!(items[0]["current"], false);
        assert_eq!(items[0]["created_at"], "2026-11-20T12:01:00.000Z");
        assert_eq!(items[1]["current"], true);

        let path = format!("/api/auth/sessions/{}", items[0]["id"].as_str().unwrap());
        let bob = app.person("bob").await;
        bob.delete(&path).await.refuses(404, "not_found");
        ann.delete(&path).await.is(204);
        ann.delete(&path).await.refuses(404, "not_found");
        assert!(!phone.is_signed_in().await);
        assert!(ann.is_signed_in().await);
        app.expects_events(["session_ended"]).await;
    }

    async fn ann_signs_out_everywhere_else(app: TestApp) {
        let ann = app.person("ann").await;
        let (phone, tablet) = (app.guest(), app.guest());
        phone.signs_in("ann", PASSWORD).await.is(200);
        tablet.signs_in("ann", PASSWORD).await.is(200);
        let token = ann.post("/api/auth/tokens", json!({"name": "script"})).await.is(201).json();
        ann.delete("/api/auth/sessions").await.is(204);
        app.expects_events(["user_rights_changed"]).await;
        assert!(ann.is_signed_in().await);
        assert!(!phone.is_signed_in().await && !tablet.is_signed_in().await);
        assert!(ann.program(token["token"].as_str().unwrap()).is_signed_in().await, "programs go on");
    }

    async fn a_new_password_signs_out_everywhere_else(app: TestApp) {
        let ann = app.person("ann").await;
        let phone = app.guest();
        phone.signs_in("ann", PASSWORD).await.is(200);
        let token = ann.post("/api/auth/tokens", json!({"name": "script"})).await.is(201).json();
        let program = ann.program(token["token"].as_str().unwrap());

        let change = |current: &str, new: &str| ann.post("/api/me/password", json!({"current": current, "password": new}));
        change("a wrong password", "a better password").await.refuses_fields(["current"]);
        change(PASSWORD, "short").await.refuses_fields(["password"]);
        assert!(phone.is_signed_in().await);
        change(PASSWORD, "a better password").await.is(204);
        app.expects_events(["user_rights_changed"]).await;
        assert!(ann.is_signed_in().await);
        assert!(!phone.is_signed_in().await);
        program.get("/api/me").await.refuses(401, "bad_token");
        app.guest().signs_in("ann", PASSWORD).await.refuses(401, "wrong_credentials");
        app.guest().signs_in("ann", "a better password").await.is(200);
    }

    async fn a_password_cannot_be_guessed_from_within_either(app: TestApp) {
        let ann = app.person("ann").await;
        for _ in 0..10 {
            let guess = json!({"current": "a wrong password", "password": "a better password"});
            ann.post("/api/me/password", guess).await.refuses_fields(["current"]);
        }
        let right = json!({"current": PASSWORD, "password": "a better password"});
        ann.post("/api/me/password", right).await.refuses(429, "too_many");
    }

    async fn what_ran_out_is_taken_away_and_its_sockets_are_told(app: TestApp) {
        let ann = app.person("ann").await;
        ann.post("/api/auth/tokens", json!({"name": "script", "expires_in_days": 1})).await.is(201);
        app.person("bob").await;
        assert_eq!(tables::sessions(&app).await, 3);
        jobs::tidy(&app.app).await.unwrap();
        app.expects_events([]).await;
        app.forward(days(2)).await;
        jobs::tidy(&app.app).await.unwrap();
        app.expects_events(["sessions_ended"]).await;
        assert_eq!(tables::sessions(&app).await, 2);
        app.forward(days(30)).await;
        jobs::tidy(&app.app).await.unwrap();
        let events = app.events().await;
        assert_eq!(events.len(), 1, "one event for both: {events:?}");
        assert_eq!(events[0].stream, "rights");
        assert_eq!(tables::sessions(&app).await, 0);
    }
}

async fn living_sessions_are_counted(engine: Engine) {
    let any = "127.0.0.1:0".parse().unwrap();
    let app =
        TestApp::start_with(engine, |config| config.server.metrics_addr = MetricsAddress::At(any)).await;
    let shown = async || {
        let text = app.operator().get("/metrics").await.is(200).text();
        let line = text.lines().find_map(|line| line.strip_prefix("sessions_active ")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no such metric in\n{text}"))
    };
    assert_eq!(shown().await, "0");
    let [ann, _bob] = app.people(["ann", "bob"]).await;
    assert_eq!(shown().await, "2");
    ann.post("/api/auth/logout", json!({})).await.is(204);
    assert_eq!(shown().await, "1");
    app.forward(days(31)).await;
    assert_eq!(shown().await, "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn living_sessions_are_counted_on_sqlite() {
    living_sessions_are_counted(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn living_sessions_are_counted_on_postgres() {
    living_sessions_are_counted(Engine::Postgres).await;
}
