//! Who is here.

use crate::rig::*;

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["nickname"].as_str().unwrap()).collect()
}

both_databases! {
    async fn the_directory_lists_people_by_name_page_by_page(app: TestApp) {
        app.people(["Zoe", "ann", "Bob", "cleo", "dan"]).await;
        let first = app.guest().get("/api/users?limit=2").await.is(200).json();
        assert_eq!(names(&first), ["ann", "Bob"]);
        let next = first["next"].as_str().unwrap();
        app.person("aaa").await;
        let second = app.guest().get(&format!("/api/users?limit=2&cursor={next}")).await.is(200).json();
        assert_eq!(names(&second), ["cleo", "dan"], "who came meanwhile moves nobody");
        let next = second["next"].as_str().unwrap();
        let third = app.guest().get(&format!("/api/users?limit=2&cursor={next}")).await.is(200).json();
        assert_eq!(names(&third), ["Zoe"]);
        assert_eq!(third["next"], Value::Null);
    }

    async fn people_are_found_by_letters_of_their_name(app: TestApp) {
        app.people(["ann", "Joanna", "bob", "a_n", "a-n"]).await;
        let find = async |words: &str| {
            let page = app.guest().get(&format!("/api/users?q={words}")).await.is(200).json();
            names(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(find("ANN").await, ["ann", "Joanna"]);
        assert_eq!(find("a_n").await, ["a_n"], "an underscore is only an underscore");
        assert_eq!(find("%25").await, Vec::<String>::new(), "and a percent sign only that");
        assert_eq!(find("%5C").await, Vec::<String>::new());
        assert_eq!(find("").await.len(), 5);
    }

    async fn what_did_not_change_is_not_sent_again(app: TestApp) {
        let ann = app.person("ann").await;
        for path in ["/api/users", "/api/users/ann", "/api/me", "/api/site"] {
            let first = ann.get(path).await.is(200);
            let knows = ann.who_knows(&first);
            assert_eq!(knows.get(path).await.is(304).text(), "", "{path}");
        }
        let before = ann.get("/api/users/ann").await.is(200);
        ann.patch("/api/me", json!({"bio": "Hello"})).await.is(200);
        ann.who_knows(&before).get("/api/users/ann").await.is(200);
    }

    async fn a_wrong_limit_or_cursor_is_named(app: TestApp) {
        app.guest().get("/api/users?limit=0").await.refuses_fields(["limit"]);
        app.guest().get("/api/users?limit=101").await.refuses_fields(["limit"]);
        app.guest().get("/api/users?cursor=made-up").await.refuses_fields(["cursor"]);
        app.guest().get("/api/users?limit=many").await.refuses(400, "malformed");
    }

    async fn a_page_is_found_in_any_case_and_says_where_it_was_read(app: TestApp) {
        let ann = app.person("Ann").await;
        let page = app.guest().get("/api/users/aNN").await.is(200).json();
        let user = &page["user"];
        assert_eq!(user["nickname"], "Ann");
        assert_eq!(user["id"], ann.account().await["id"]);
        assert_eq!((&page["stream"], &page["seq"]), (&json!("site"), &json!(0)));
        assert_eq!(page["epoch"].as_str(), Some(&*app.app.epoch()));
        assert_eq!((&user["thread_count"], &user["post_count"], &user["likes_received"]), (&json!(0), &json!(0), &json!(0)));
        app.guest().get("/api/users/nobody").await.refuses(404, "not_found");
    }

    async fn who_was_here_just_now_is_online(app: TestApp) {
        app.person("ann").await;
        let seen = async || app.guest().get("/api/users/ann").await.is(200).json()["user"].clone();
        assert_eq!(seen().await["last_seen_at"], "2026-11-20T12:00:00.000Z");
        assert_eq!(seen().await["online"], true);
        app.forward(minutes(16)).await;
        assert_eq!(seen().await["online"], false);
    }
}
