//! Those who run the place, and that nobody else can do what they do.

use http::Method;

use crate::rig::*;

/// Every call of administrators: with what, and what an administrator is answered.
fn calls(bob: &str) -> Vec<(Method, String, Option<Value>, u16)> {
    let person = format!("/api/admin/people/{bob}");
    vec![
        (Method::GET, String::from("/api/admin/people"), None, 200),
        (Method::PATCH, person.clone(), Some(json!({"role": "member"})), 200),
        (Method::POST, format!("{person}/link"), Some(json!({})), 201),
        (Method::GET, String::from("/api/admin/groups"), None, 200),
        (
            Method::POST,
            String::from("/api/admin/groups"),
            Some(json!({"slug": "crew", "title": "Crew"})),
            201,
        ),
        (Method::PATCH, String::from("/api/admin/groups/crew"), Some(json!({"title": "The crew"})), 200),
        (Method::GET, String::from("/api/admin/groups/crew/members"), None, 200),
        (Method::PUT, String::from("/api/admin/groups/crew/members/bob"), None, 204),
        (Method::DELETE, String::from("/api/admin/groups/crew/members/bob"), None, 204),
        (Method::DELETE, String::from("/api/admin/groups/crew"), None, 204),
        (Method::GET, String::from("/api/admin/site"), None, 200),
        (Method::PATCH, String::from("/api/admin/site"), Some(json!({"name": "Moot"})), 200),
    ]
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["nickname"].as_str().unwrap()).collect()
}

both_databases! {
    async fn only_administrators_administer(app: TestApp) {
        let (ada, mo, bob) = (app.admin("ada").await, app.moderator("mo").await, app.person("bob").await);
        for (method, path, body, status) in calls(&bob.id().await) {
            app.guest().send(method.clone(), &path, body.clone()).await.refuses(401, "sign_in_needed");
            bob.send(method.clone(), &path, body.clone()).await.refuses(403, "not_allowed");
            mo.send(method.clone(), &path, body.clone()).await.refuses(403, "not_allowed");
            ada.send(method, &path, body).await.is(status);
        }
    }

    async fn a_role_holds_from_the_next_request_on(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let path = format!("/api/admin/people/{}", bob.id().await);
        let user = ada.patch(&path, json!({"role": "moderator"})).await.is(200).json()["user"].clone();
        assert_eq!(user["role"], "moderator");
        assert_eq!(bob.account().await["may"], json!({"moderate": true, "administer": false}));
        let events = app.events().await;
        let told: Vec<_> = events.iter().map(|event| (event.stream.as_str(), event.kind.as_str())).collect();
        assert_eq!(told, [("rights", "user_rights_changed"), ("site", "person_changed")]);
        assert!(events.iter().all(|event| !event.facts.contains("bob")), "a fact, not a copy: {events:?}");
        ada.patch(&path, json!({"role": "moderator"})).await.is(200);
        app.expects_events([]).await;
    }

    async fn who_is_banned_is_out_at_once_and_everywhere(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let token = bob.post("/api/auth/tokens", json!({"name": "script"})).await.is(201).json();
        let program = bob.program(token["token"].as_str().unwrap());
        let path = format!("/api/admin/people/{}", bob.id().await);
        let user = ada.patch(&path, json!({"standing": "banned"})).await.is(200).json()["user"].clone();
        assert_eq!(user["standing"], "banned");
        app.expects_events(["user_rights_changed"]).await;
        assert!(!bob.is_signed_in().await);
        program.get("/api/me").await.refuses(401, "bad_token");
        app.guest().get("/api/users/bob").await.is(200);
        ada.patch(&path, json!({"standing": "good"})).await.is(200);
        app.guest().signs_in("bob", PASSWORD).await.is(200);
    }

    async fn nobody_changes_their_own_rights(app: TestApp) {
        let ada = app.admin("ada").await;
        let path = format!("/api/admin/people/{}", ada.id().await);
        ada.patch(&path, json!({"role": "member"})).await.refuses(403, "own_rights");
        ada.patch(&path, json!({"standing": "banned"})).await.refuses(403, "own_rights");
        assert_eq!(ada.account().await["role"], "admin");
    }

    async fn rights_are_words_that_are_known(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let path = format!("/api/admin/people/{}", bob.id().await);
        ada.patch(&path, json!({"role": "king", "standing": 1})).await.refuses_fields(["role", "standing"]);
        ada.patch(&path, json!({"role": "guest"})).await.refuses_fields(["role"]);
        ada.patch("/api/admin/people/1", json!({"role": "member"})).await.refuses(404, "not_found");
        ada.patch("/api/admin/people/bob", json!({"role": "member"})).await.refuses(404, "not_found");
    }

    async fn administrators_find_people_by_address_too(app: TestApp) {
        let ada = app.admin("ada").await;
        app.people(["bob", "cleo"]).await;
        let found = ada.get("/api/admin/people?q=cleo@example").await.is(200).json();
        assert_eq!(names(&found), ["cleo"]);
        assert_eq!((&found["items"][0]["role"], &found["items"][0]["standing"]), (&json!("member"), &json!("good")));
        let first = ada.get("/api/admin/people?limit=2").await.is(200).json();
        assert_eq!(names(&first), ["ada", "bob"]);
        let next = first["next"].as_str().unwrap();
        assert_eq!(names(&ada.get(&format!("/api/admin/people?cursor={next}")).await.is(200).json()), ["cleo"]);
    }
}
