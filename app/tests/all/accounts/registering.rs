//! Somebody makes an account.

use crate::rig::*;

both_databases! {
    async fn ann_registers_and_is_signed_in(app: TestApp) {
        let ann = app.guest();
        let answer = ann.registers("Ann").await.is(201);
        let user = &answer.json()["user"];
        assert_eq!(user["nickname"], "Ann");
        assert_eq!(user["url"], "/people/Ann");
        assert_eq!(user["email"], "ann@example.org");
        assert_eq!(user["age"], 34);
        assert_eq!(user["age_stated_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(user["gender"], "female");
        assert_eq!(user["first_name"], "First");
        assert_eq!(user["last_name"], "Last");
        assert_eq!(user["role"], "member");
        assert_eq!(user["groups"], json!([]));
        assert_eq!(user["settings"], json!({"theme": "auto", "enter_sends": false}));
        assert_eq!(user["may"], json!({"moderate": false, "administer": false}));
        assert_eq!(user["claimed"], true);
        assert_eq!(ann.account().await["id"], user["id"]);
        app.expects_events([]).await;
    }
}
