//! Somebody makes an account.

use http::Method;

use super::tables;
use crate::rig::*;

const FIELDS: [&str; 7] = ["nickname", "email", "password", "age", "gender", "first_name", "last_name"];

fn with(nickname: &str, field: &str, value: Value) -> Value {
    let mut form = form(nickname);
    form[field] = value;
    form
}

both_databases! {
    async fn ann_registers_and_is_signed_in(app: TestApp) {
        let ann = app.guest();
        let answer = ann.registers("Ann").await.is(201);
        let user = &answer.json()["user"];
        assert_eq!(user["nickname"], "Ann");
        assert_eq!(user["url"], "/people/Ann");
        assert_eq!(user["initials"], "AN");
        assert_eq!(user["email"], "ann@example.org");
        assert_eq!(user["age"], 34);
        assert_eq!(user["age_stated_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(user["joined_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(user["gender"], "female");
        assert_eq!(user["first_name"], "First");
        assert_eq!(user["last_name"], "Last");
        assert_eq!(user["role"], "member");
        assert_eq!(user["groups"], json!([]));
        assert_eq!(user["settings"], json!({"theme": "auto", "enter_sends": false, "receipts": true, "typing": true, "messages_from": "everyone"}));
        assert_eq!(user["may"], json!({"moderate": false, "administer": false}));
        assert_eq!(user["claimed"], true);
        assert_eq!(ann.account().await["id"], user["id"]);
        assert_eq!(tables::accounts(&app).await, 1);
        app.expects_events([]).await;
    }

    async fn a_password_is_kept_as_argon2id_alone(app: TestApp) {
        app.person("ann").await;
        let hash = tables::password_hash(&app, "ann").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
        assert!(!hash.contains(PASSWORD));
    }

    async fn each_missing_field_is_named(app: TestApp) {
        for field in FIELDS {
            let mut form = form("ann");
            form.as_object_mut().unwrap().remove(field);
            app.guest().post("/api/auth/register", form).await.refuses_fields([field]);
        }
        assert_eq!(tables::accounts(&app).await, 0);
    }

    async fn everything_that_is_wrong_is_told_at_once(app: TestApp) {
        app.person("ann").await;
        let form = json!({"nickname": "ANN", "email": "nonsense", "password": "short", "age": "old", "first_name": ""});
        let problem = app.guest().post("/api/auth/register", form).await.refuses_fields(
            ["age", "email", "first_name", "gender", "last_name", "nickname", "password"],
        );
        assert_eq!(problem["errors"]["nickname"], "Somebody has this nickname already.");
        assert!(problem["errors"]["password"].as_str().unwrap().contains("10"));
    }

    async fn a_name_belongs_to_one_person_whatever_its_case(app: TestApp) {
        app.person("ann").await;
        let taken = app.guest().post("/api/auth/register", with("Ann", "email", json!("other@example.org"))).await;
        assert_eq!(taken.refuses(409, "taken")["errors"].as_object().unwrap().keys().collect::<Vec<_>>(), ["nickname"]);
        let taken = app.guest().post("/api/auth/register", with("bob", "email", json!("ANN@Example.ORG"))).await;
        assert_eq!(taken.refuses(409, "taken")["errors"].as_object().unwrap().keys().collect::<Vec<_>>(), ["email"]);
        let both = app.guest().registers("ANN").await.refuses(409, "taken");
        assert_eq!(both["errors"].as_object().unwrap().len(), 2);
        assert_eq!(tables::accounts(&app).await, 1);
    }

    async fn of_two_who_want_a_name_at_once_one_gets_it(app: TestApp) {
        let (ann, also_ann) = (app.guest(), app.guest());
        let (one, other) = tokio::join!(ann.registers("ann"), also_ann.registers("Ann"));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert!([409, 503].contains(&statuses[1]), "{statuses:?}");
        app.guest().registers("ANN").await.refuses(409, "taken");
        assert_eq!(tables::accounts(&app).await, 1);
    }

    async fn the_nickname_may_be_called_username(app: TestApp) {
        let mut form = form("ann");
        let name = form.as_object_mut().unwrap().remove("nickname").unwrap();
        form["username"] = name;
        let answer = app.guest().post("/api/auth/register", form).await.is(201);
        assert_eq!(answer.json()["user"]["nickname"], "ann");
    }

    async fn names_of_the_place_are_kept_back(app: TestApp) {
        let problem = app.guest().registers("Admin").await.refuses_fields(["nickname"]);
        assert!(problem["errors"]["nickname"].as_str().unwrap().contains("kept"));
    }

    async fn who_is_too_young_waits(app: TestApp) {
        let ada = app.admin("ada").await;
        let young = with("ben", "age", json!(13));
        app.guest().post("/api/auth/register", with("ben", "age", json!(12))).await.refuses_fields(["age"]);
        ada.patch("/api/admin/site", json!({"minimum_age": 16})).await.is(200);
        let problem = app.guest().post("/api/auth/register", young.clone()).await.refuses_fields(["age"]);
        assert!(problem["errors"]["age"].as_str().unwrap().contains("16"));
        ada.patch("/api/admin/site", json!({"minimum_age": 13})).await.is(200);
        app.guest().post("/api/auth/register", young).await.is(201);
    }

    async fn a_closed_place_takes_nobody(app: TestApp) {
        let ada = app.admin("ada").await;
        ada.patch("/api/admin/site", json!({"registration": "closed"})).await.is(200);
        app.guest().registers("ben").await.refuses(403, "registration_closed");
        ada.patch("/api/admin/site", json!({"registration": "open"})).await.is(200);
        app.guest().registers("ben").await.is(201);
    }

    async fn only_json_is_read(app: TestApp) {
        let guest = app.guest();
        guest.send(Method::POST, "/api/auth/register", None).await.refuses(415, "wrong_type");
        guest.post("/api/auth/register", json!("a text")).await.refuses(400, "malformed");
        guest.post("/api/auth/register", json!([1, 2])).await.is(400);
    }
}
