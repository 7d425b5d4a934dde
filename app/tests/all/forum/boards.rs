//! Boards are made, changed and listed.

use super::text;
use crate::rig::*;

both_databases! {
    async fn an_admin_makes_a_board(app: TestApp) {
        let root = app.admin("ada").await;
        let board = root.makes_board("cats", json!({"title": "Cats", "description": "Purring", "hue": 30})).await;
        assert_eq!(board["url"], "/b/cats");
        assert_eq!(board["preset"], "forum");
        assert_eq!(board["hue"], 30);
        assert_eq!(board["rights"], json!({"read": "everyone", "start": "members", "reply": "members"}));
        assert_eq!(board["policy"], json!({"version": 1, "ordering": "activity", "slow_mode_seconds": 0}));
        assert_eq!(board["may"], json!({"start": true, "reply": true, "moderate": true}));
        assert_eq!(board["last_thread"], Value::Null);
        app.expects_events(["board_changed", "board_changed"]).await;

        let guest = app.guest();
        let list = guest.get("/api/boards").await.is(200).json();
        assert_eq!(list["items"][0]["slug"], "cats");
        assert_eq!(list["items"][0]["may"], json!({"start": false, "reply": false, "moderate": false}));
        assert_eq!((list["stream"].as_str(), list["seq"].as_i64()), (Some("site"), Some(2)));
        let one = guest.get("/api/boards/cats").await.is(200).json();
        assert_eq!(one["board"], list["items"][0]);
        assert_eq!(one["stream"], format!("board:{}", text(&board["id"])));
    }

    async fn a_board_shows_the_thread_written_to_last(app: TestApp) {
        let root = app.with_cats().await;
        let old = root.opens("cats", "Old").await;
        app.forward(minutes(1)).await;
        root.opens("cats", "New").await;
        assert_eq!(root.get("/api/boards/cats").await.json()["board"]["last_thread"]["title"], "New");
        app.forward(minutes(1)).await;
        root.patch(&old.path(), json!({"pinned": true})).await.is(200);
        root.replies(&old, "again").await;
        let last = root.get("/api/boards").await.json()["items"][0]["last_thread"].clone();
        assert_eq!((last["title"].as_str(), last["bumped_at"].as_str()), (Some("Old"), Some("2026-11-20T12:02:00.000Z")));
    }

    async fn what_is_wrong_with_a_board_is_named(app: TestApp) {
        let root = app.with_cats().await;
        let cases = [
            (json!({"slug": "Cats!", "title": "x"}), "slug"),
            (json!({"slug": "dogs", "title": " "}), "title"),
            (json!({"slug": "dogs", "title": "x", "hue": 360}), "hue"),
            (json!({"slug": "dogs", "title": "x", "preset": "image"}), "preset"),
            (json!({"slug": "dogs", "title": "x", "rights": {"read": "nobody"}}), "rights.read"),
            (json!({"slug": "dogs", "title": "x", "rights": {"reply": "group:none"}}), "rights.reply"),
            (json!({"slug": "dogs", "title": "x", "policy": {"slow_mode_seconds": 86401}}), "policy.slow_mode_seconds"),
            (json!({"slug": "dogs", "title": "x", "policy": {"sage": true}}), "policy.sage"),
            (json!({"slug": "dogs", "title": "x", "policy": {"ordering": "random"}}), "policy.ordering"),
            (json!({"slug": "dogs"}), "title"),
        ];
        for (board, field) in cases {
            root.post("/api/boards", board).await.refuses_fields([field]);
        }
        root.post("/api/boards", json!({"slug": "cats", "title": "Again"})).await.refuses(409, "taken");
        let ann = app.person("ann").await;
        ann.post("/api/boards", json!({"slug": "dogs", "title": "x"})).await.refuses(403, "not_allowed");
        app.guest().post("/api/boards", json!({"slug": "dogs", "title": "x"})).await.refuses(401, "sign_in_needed");
        app.expects_events([]).await;
    }

    async fn a_change_says_what_it_was_made_from(app: TestApp) {
        let root = app.with_cats().await;
        let change = json!({"version": 1, "title": "Big cats", "policy": {"slow_mode_seconds": 5}});
        let board = root.patch("/api/boards/cats", change).await.is(200).json()["board"].clone();
        assert_eq!((board["title"].as_str(), board["version"].as_i64()), (Some("Big cats"), Some(2)));
        assert_eq!(board["policy"], json!({"version": 1, "ordering": "activity", "slow_mode_seconds": 5}));
        app.expects_events(["board_changed", "board_changed"]).await;
        root.patch("/api/boards/cats", json!({"version": 1, "title": "Mine"})).await.refuses(409, "edited_meanwhile");
        root.patch("/api/boards/cats", json!({"title": "Mine"})).await.refuses_fields(["version"]);
        app.moderator("mo").await.patch("/api/boards/cats", json!({"version": 2})).await.refuses(403, "not_allowed");
        app.events().await;
        root.patch("/api/boards/cats", json!({"version": 2, "rights": {"read": "members"}})).await.is(200);
        app.expects_events(["board_changed", "board_rights_changed", "board_changed"]).await;
    }

    async fn rights_decide_who_may_do_what(app: TestApp) {
        let root = app.admin("ada").await;
        let mo = app.moderator("mo").await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        root.makes_private_board("den", "lions", &[&ann]).await;
        root.makes_board("staff", json!({"rights": {"read": "staff", "start": "staff", "reply": "staff"}})).await;
        root.makes_board("news", json!({"rights": {"start": "staff", "reply": "everyone"}})).await;
        root.makes_board("club", json!({"rights": {"read": "members"}})).await;
        root.makes_board("diary", json!({"rights": {"start": "owner"}})).await;
        let guest = app.guest();
        // Per board: who may read, start, reply.
        let table = [
            ("den", [("guest", "---"), ("bob", "---"), ("ann", "rsp"), ("mo", "---"), ("ada", "rsp")]),
            ("staff", [("guest", "---"), ("bob", "---"), ("ann", "---"), ("mo", "rsp"), ("ada", "rsp")]),
            ("news", [("guest", "r--"), ("bob", "r-p"), ("ann", "r-p"), ("mo", "rsp"), ("ada", "rsp")]),
            ("club", [("guest", "---"), ("bob", "rsp"), ("ann", "rsp"), ("mo", "rsp"), ("ada", "rsp")]),
            ("diary", [("guest", "r--"), ("bob", "r-p"), ("ann", "r-p"), ("mo", "r-p"), ("ada", "rsp")]),
        ];
        for (board, row) in table {
            for ((name, rights), person) in row.into_iter().zip([&guest, &bob, &ann, &mo, &root]) {
                let answer = person.get(&format!("/api/boards/{board}")).await;
                let seen = if answer.status == 404 {
                    String::from("---")
                } else {
                    let may = answer.json()["board"]["may"].clone();
                    let letter = |right: &str, letter| if may[right] == true { letter } else { '-' };
                    ['r', letter("start", 's'), letter("reply", 'p')].iter().collect()
                };
                assert_eq!(seen, rights, "{name} on {board}");
            }
        }
        // What is offered is what is done.
        let open = json!({"title": "Hello", "body": "Hello"});
        bob.post("/api/boards/news/threads", open.clone()).await.refuses(403, "not_allowed");
        mo.post("/api/boards/diary/threads", open.clone()).await.refuses(403, "not_allowed");
        mo.post("/api/boards/den/threads", open.clone()).await.refuses(404, "not_found");
        guest.post("/api/boards/den/threads", open).await.refuses(401, "sign_in_needed");
        let news = mo.opens("news", "News").await;
        bob.replies(&news, "thanks").await;
    }
}
