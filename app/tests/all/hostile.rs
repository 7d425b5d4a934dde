//! Addresses that only an attacker asks for: refused, and never a mistake of ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::rig::*;

both_databases! {
    /// No database takes the character NUL, so it must not get that far.
    async fn the_character_nul_finds_nothing(app: TestApp) {
        let root = app.with_cats().await;
        let cursor = URL_SAFE_NO_PAD.encode(r#""ann\u0000""#);
        for (path, status) in [
            ("/api/users/%00", 404),
            ("/api/users/ann%00/posts", 404),
            ("/api/boards/%00", 404),
            ("/api/boards/cats%00/threads", 404),
            ("/api/tags/%00/threads", 404),
            ("/api/auth/links/%00", 404),
            ("/b/%00", 404),
            ("/people/%00", 404),
            ("/assets/%00/x", 404),
            ("/assets/%00/manifest.json", 404),
            ("/t/%00/1", 404),
            ("/api/tags?q=%00", 400),
            ("/api/users?q=a%00", 400),
            ("/api/boards/cats/threads?tag=%00", 400),
            (&format!("/api/users?cursor={cursor}"), 400),
            (&format!("/api/admin/people?cursor={cursor}"), 400),
        ] {
            let answer = root.get(path).await;
            assert_eq!(answer.status, status, "{path}");
        }
    }

    async fn nobody_searches_for_more_than_a_name_holds(app: TestApp) {
        let root = app.admin("ada").await;
        let novel = "a".repeat(60_000);
        for path in ["/api/users", "/api/tags", "/api/admin/people"] {
            root.get(&format!("{path}?q={novel}")).await.refuses_fields(["q"]);
            root.get(&format!("{path}?q={}", "%C3%A4".repeat(100))).await.is(200);
        }
    }

    /// What a body brings is refused by the field, or finds nothing. In the text of a post it is left out.
    async fn the_character_nul_in_a_body_is_refused(app: TestApp) {
        let root = app.with_cats().await;
        let thread = root.opens("cats", "Cats").await;
        let reply = root.replies(&thread, "One").await;
        let nul = "n\0ul";
        let post = format!("/api/posts/{}", reply["id"].as_str().unwrap());
        for (method, path, body) in [
            ("POST", "/api/auth/register", json!({"nickname": nul, "email": nul, "password": nul})),
            ("PATCH", "/api/me", json!({"bio": nul, "first_name": nul, "gender": nul})),
            ("POST", "/api/auth/tokens", json!({"name": nul})),
            ("POST", "/api/admin/groups", json!({"slug": nul, "title": nul})),
            ("POST", "/api/boards", json!({"slug": nul, "title": nul})),
            ("PATCH", "/api/admin/site", json!({"name": nul, "tagline": nul})),
            ("POST", "/api/boards/cats/threads", json!({"title": nul, "body": nul, "tags": [nul]})),
            ("PATCH", &thread.path(), json!({"title": nul, "board": nul, "tags": [nul]})),
            ("POST", "/api/boards", json!({"slug": "x", "title": "x", "rights": {"read": "group:\0"}})),
            ("PUT", &format!("{post}/reactions/{nul}").replace('\0', "%00"), json!({})),
        ] {
            let answer = root.send(method.parse().unwrap(), path, Some(body)).await;
            assert!(answer.status.is_client_error(), "{method} {path}: {answer:?}");
        }
        assert_eq!(root.replies(&thread, "O\0ne").await["source"], Value::Null);
    }
}
