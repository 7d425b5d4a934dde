//! What becomes of people, boards, topics and posts.

use serde_json::{Value, json};

use super::archive::{Archive, post, topic};
use super::import;
use crate::rig::{Engine, TestApp};

fn community() -> Archive {
    let mut long = topic(
        7,
        &[
            "<p>See <a href=\"https://old.example/t/other/8/2\">there</a></p><pre><code class=\"lang-rust\">let a = 1;</code></pre>",
            "<aside class=\"quote\" data-username=\"Ann\" data-post=\"1\" data-topic=\"7\"><blockquote><p>See</p></blockquote></aside><p>Yes</p>",
            "<p>Third <img src=\"https://elsewhere.example/cat.png\" alt=\"a cat\" width=\"20\" height=\"10\"></p>",
        ],
    );
    long["post_stream"]["posts"][1]["reply_to_post_number"] = json!(1);
    long["post_stream"]["posts"][2]["version"] = json!(3);
    long["post_stream"]["posts"][2]["updated_at"] = json!("2015-04-01T00:00:00.000Z");
    long["post_stream"]["posts"][0]["link_counts"] =
        json!([{"url": "https://old.example/t/other/8/2", "internal": true}]);
    let mut closed = topic(8, &["<p>One</p>", "<p>Two</p>"]);
    closed["closed"] = json!(true);
    closed["pinned_at"] = json!("2015-03-03T00:00:00.000Z");
    let mut action = post(8009, 5, "Ann", "");
    action["post_type"] = json!(3);
    action["action_code"] = json!("closed.enabled");
    let mut hidden = post(8006, 4, "bob", "<p>flagged</p>");
    hidden["hidden"] = json!(true);
    closed["post_stream"]["posts"].as_array_mut().unwrap().extend([hidden, action]);
    Archive::of([long, closed])
}

async fn thread(app: &TestApp, old: &str) -> Value {
    let guest = app.guest();
    let place = guest.get(old).await.is(301).header("location").unwrap().to_owned();
    let id = place.split('/').nth(2).unwrap().to_owned();
    guest.get(&format!("/api/threads/{id}")).await.is(200).json()
}

both_databases! {
    async fn a_community_moves_in_beside_a_running_server(app: TestApp) {
        let archive = community();
        let done = import(&app, archive.path(), &[]).await;
        assert!(done.whole, "{:#}", done.report);
        let counts = json!({"boards": 1, "people": 2, "topics": 2, "posts": 6, "likes": 1 + 2 + 3 + 1 + 2 + 4});
        assert_eq!(done.report["found"], counts);
        assert_eq!(done.report["here"], counts);
        let wrong = folkmoot::threads::counts::check(&app.app).await.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");

        let page = thread(&app, "/t/topic-7/7").await;
        assert_eq!(page["thread"]["title"], "Topic 7");
        assert_eq!(page["thread"]["tags"], json!(["tips"]));
        assert_eq!(page["thread"]["view_count"], 41);
        assert_eq!(page["board"]["title"], "Category 10");
        let posts = page["posts"]["items"].as_array().unwrap();
        let html = |number: usize| posts[number]["html"].as_str().unwrap();
        assert!(html(0).contains("href=\"/t/other/8/2\""), "{}", html(0));
        assert!(html(0).contains("let a = 1;"), "{}", html(0));
        assert!(html(1).contains("<blockquote"), "{}", html(1));
        assert!(html(2).contains("data-src=\"https://elsewhere.example/cat.png\"") && !html(2).contains("<img"), "{}", html(2));
        assert_eq!(posts[1]["reply_to"]["position"], 1);
        assert_eq!(posts[1]["imported_likes"], 2);
        assert_eq!(posts[0]["created_at"], "2015-03-02T10:00:00.000Z");
        assert_eq!(posts[2]["edit_count"], 2);
        assert_eq!(posts[2]["edited_at"], "2015-04-01T00:00:00.000Z");
        assert_eq!(posts[0]["author"]["nickname"], "Ann");

        let page = thread(&app, "/t/topic-8/8/2").await;
        assert_eq!((&page["thread"]["locked"], &page["thread"]["pinned"]), (&json!(true), &json!(true)));
        let posts = page["posts"]["items"].as_array().unwrap();
        assert_eq!(posts.len(), 3);
        assert_eq!(posts[2]["deleted"], true);
        assert!(posts[2].get("html").is_none());
    }

    async fn what_is_here_already_stays_as_it_is(app: TestApp) {
        let archive = community();
        assert!(import(&app, archive.path(), &[]).await.whole);
        let before = thread(&app, "/t/topic-7/7").await;
        let again = import(&app, archive.path(), &[]).await;
        assert!(again.whole);
        assert_eq!(again.report["written"], json!({"boards": 0, "people": 0, "topics": 0, "posts": 0, "likes": 0}));
        assert_eq!(again.report["already_here"], again.report["found"]);
        assert_eq!(thread(&app, "/t/topic-7/7").await, before);
    }

    async fn a_rehearsal_writes_nothing(app: TestApp) {
        let archive = community();
        let done = import(&app, archive.path(), &["--dry-run"]).await;
        assert!(done.whole);
        assert_eq!(done.report["found"]["posts"], 6);
        assert_eq!(app.guest().get("/api/boards").await.is(200).json()["items"], json!([]));
        assert_eq!(app.guest().get("/api/users").await.is(200).json()["items"], json!([]));
    }

    async fn boards_are_named_by_a_file(app: TestApp) {
        let archive = community();
        let names = archive.path().join("names.json");
        std::fs::write(&names, r#"{"10": "Support"}"#).unwrap();
        import(&app, archive.path(), &["--categories", names.to_str().unwrap()]).await;
        let board = app.guest().get("/api/boards/support").await.is(200).json();
        assert_eq!((&board["board"]["title"], &board["board"]["thread_count"]), (&json!("Support"), &json!(2)));
        assert_eq!(board["board"]["post_count"], 5, "deleted posts do not count");
    }

    async fn a_category_that_not_everyone_might_read_is_for_staff(app: TestApp) {
        let archive = community();
        let names = archive.path().join("site.json");
        let categories = json!({"categories": [{"id": 10, "name": "Den", "slug": "den", "read_restricted": true}]});
        std::fs::write(&names, categories.to_string()).unwrap();
        let done = import(&app, archive.path(), &["--categories", names.to_str().unwrap()]).await;
        assert_eq!(done.report["for_staff"], json!(["Den"]));
        let guest = app.guest();
        guest.get("/api/boards/den").await.refuses(404, "not_found");
        assert_eq!(guest.get("/api/posts").await.is(200).json()["items"], json!([]));
        guest.get("/t/topic-7/7").await.is(404);
        let profile = guest.get("/api/users/Ann").await.is(200).json();
        assert_eq!(profile["user"]["post_count"], 0);
        let wrong = folkmoot::threads::counts::check(&app.app).await.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
        app.moderator("mo").await.get("/api/boards/den").await.is(200);
    }

    async fn a_character_that_no_database_takes_is_dropped(app: TestApp) {
        let mut odd = topic(7, &["<p>Hel\0lo</p>"]);
        odd["post_stream"]["posts"][0]["name"] = json!("A\0nn");
        odd["post_stream"]["posts"][0]["username"] = json!("A\0nn");
        odd["tags"] = json!(["a\0b"]);
        odd["title"] = json!("To\0pic");
        let done = import(&app, Archive::of([odd]).path(), &[]).await;
        assert!(done.whole, "{:#}", done.report);
        let page = thread(&app, "/t/topic-7/7").await;
        assert_eq!(page["posts"]["items"][0]["html"], "<p>Hello</p>");
        assert_eq!(page["thread"]["author"]["nickname"], "Ann");
    }

    async fn a_name_that_is_taken_here_gives_way(app: TestApp) {
        app.people(["ann"]).await;
        let done = import(&app, community().path(), &[]).await;
        assert_eq!(done.report["renamed"], json!({"Ann": "Ann-2"}));
        let profile = app.guest().get("/api/users/Ann-2").await.is(200).json();
        assert_eq!((&profile["user"]["claimed"], &profile["user"]["post_count"]), (&json!(false), &json!(3)));
        assert_eq!(profile["user"]["joined_at"], "2015-03-02T10:00:00.000Z");
    }

    async fn old_addresses_do_not_tell_of_private_boards(app: TestApp) {
        let archive = community();
        import(&app, archive.path(), &[]).await;
        let admin = app.admin("rita").await;
        let board = admin.get("/api/boards/category-10").await.is(200).json();
        let change = json!({"rights": {"read": "staff"}, "version": board["board"]["version"]});
        admin.patch("/api/boards/category-10", change).await.is(200);
        for path in ["/t/topic-7/7", "/t/topic-7/7/2", "/t/7", "/t/x/999"] {
            let answer = app.guest().get(path).await.is(404);
            assert_eq!(answer.header("location"), None, "{path}");
        }
        admin.get("/t/topic-7/7").await.is(301);
    }
}
