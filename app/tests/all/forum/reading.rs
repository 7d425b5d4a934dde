//! Pages, lists and feeds.

use super::replying::read_through;
use super::{each, text};
use crate::rig::*;

both_databases! {
    async fn pages_and_endless_lists_agree(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Long").await;
        for number in 2..=45 {
            ann.replies(&thread, &format!("post {number}")).await;
        }
        let page = |number: i64| format!("{}?page={number}", thread.path());
        let mut positions = Vec::new();
        for number in 1..=3 {
            let posts = ann.get(&page(number)).await.is(200).json()["posts"].clone();
            assert_eq!((&posts["total"], &posts["page"], &posts["pages"]), (&json!(45), &json!(number), &json!(3)));
            positions.extend(posts["items"].as_array().unwrap().iter().map(|post| post["position"].as_i64().unwrap()));
        }
        assert_eq!(positions, (1..=45).collect::<Vec<_>>());
        ann.get(&page(4)).await.refuses(404, "not_found");
        ann.get(&page(0)).await.refuses(404, "not_found");

        // Backwards from the last page, in small steps.
        let mut posts = ann.get(&format!("{}?page=3", thread.posts())).await.is(200).json();
        let mut backwards = posts["items"].as_array().unwrap().clone();
        while let Some(previous) = posts["previous"].as_str() {
            posts = ann.get(&format!("{}?limit=7&cursor={previous}", thread.posts())).await.is(200).json();
            let mut before = posts["items"].as_array().unwrap().clone();
            before.append(&mut backwards);
            backwards = before;
        }
        let (forwards, _) = read_through(&ann, &thread, "?limit=9").await;
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.len(), 45);

        // A post's page, and the address that leads there.
        let post = &forwards[20];
        let found = ann.get(&format!("{}?post={}", thread.path(), text(&post["id"]))).await.is(200).json();
        assert_eq!(found["posts"]["page"], 2);
        assert_eq!(found["posts"]["items"][0], *post);
        assert!(text(&post["url"]).ends_with(&format!("?page=2#post-{}", text(&post["id"]))), "{post}");
        ann.get(&format!("{}?post=17", thread.path())).await.refuses(404, "not_found");
        ann.get(&format!("{}?page=1&post={}", thread.path(), text(&post["id"]))).await.refuses_fields(["cursor"]);
        ann.get(&format!("{}?cursor=made-up", thread.posts())).await.refuses_fields(["cursor"]);
        ann.get(&format!("{}?limit=101", thread.posts())).await.refuses_fields(["limit"]);
    }

    async fn a_deleted_post_keeps_the_pages_in_place(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Long").await;
        let mut posts = Vec::new();
        for number in 2..=25 {
            posts.push(ann.replies(&thread, &format!("post {number}")).await);
        }
        let second_page = ann.get(&format!("{}?page=2", thread.posts())).await.is(200).json()["items"].clone();
        ann.delete(&format!("/api/posts/{}", text(&posts[3]["id"]))).await.is(204);
        let after = ann.get(&format!("{}?page=2", thread.posts())).await.is(200).json()["items"].clone();
        assert_eq!(after, second_page);
        let first_page = ann.get(&format!("{}?page=1", thread.posts())).await.is(200).json()["items"].clone();
        assert_eq!(each(&first_page, "position").len(), 20);
        assert_eq!(first_page[4]["deleted"], true);
    }

    async fn lists_are_read_page_by_page_without_gaps(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        let mut threads = Vec::new();
        // Several at the same instant, so that the order must not rest on time alone.
        for number in 0..13 {
            threads.push(ann.opens_with("cats", json!({"title": format!("Cat {number}"), "body": "x", "tags": ["tag"]})).await);
            if number % 4 == 0 {
                app.forward(minutes(1)).await;
            }
        }
        root.patch(&threads[2].path(), json!({"pinned": true})).await.is(200);
        root.patch(&threads[7].path(), json!({"pinned": true})).await.is(200);
        let paths = [
            "/api/boards/cats/threads?", "/api/boards/cats/threads?sort=newest&", "/api/boards/cats/threads?tag=tag&",
            "/api/boards/cats/threads?tag=tag&sort=newest&", "/api/posts?", "/api/posts?sort=activity&",
            "/api/tags/tag/threads?", "/api/users/ann/threads?", "/api/users/ann/posts?",
        ];
        for path in paths {
            let whole = each(&ann.get(&format!("{path}limit=100")).await.is(200).json()["items"], "id");
            assert_eq!(whole.len(), 13, "{path}");
            let mut parts = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = ann.get(&format!("{path}limit=3{cursor}")).await.is(200).json();
                parts.extend(each(&page["items"], "id"));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(parts, whole, "{path}");
        }
        let board = ann.titles("cats").await;
        assert_eq!(board[..2], ["Cat 7", "Cat 2"], "pinned first");
        ann.get("/api/boards/cats/threads?sort=best").await.refuses(400, "malformed");
        ann.get("/api/boards/cats/threads?tag=a%20b").await.refuses_fields(["tags"]);
    }

    async fn home_shows_opening_posts_of_every_board(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_board("dogs", json!({})).await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let cat = ann.opens("cats", "A cat").await;
        app.forward(minutes(1)).await;
        bob.opens("dogs", "A dog").await;
        app.forward(minutes(1)).await;
        bob.replies(&cat, "meow").await;
        let home = app.guest().get("/api/posts").await.is(200).json();
        assert_eq!(each(&home["items"], "title"), ["A dog", "A cat"]);
        assert_eq!(home["items"][1]["post"]["id"], cat.post);
        assert_eq!(home["items"][1]["post"]["html"], "<p>About A cat.</p>");
        assert_eq!(home["items"][1]["reply_count"], 1);
        assert_eq!(home["stream"], "site");
        let (cats, dogs) = (&home["items"][1]["board"], &home["items"][0]["board"]);
        let stream = |board: &Value| format!("board:{}", text(&board["id"]));
        assert_eq!(home["streams"], json!({stream(cats): 2, stream(dogs): 2}), "each was made, and a thread opened");
        let den = json!({"rights": {"read": "staff", "start": "staff", "reply": "staff"}});
        root.makes_board("den", den).await;
        let streams = |home: Value| home["streams"].as_object().map(serde_json::Map::len);
        assert_eq!(streams(app.guest().get("/api/posts").await.json()), Some(2), "not of a board that is not theirs");
        assert_eq!(streams(root.get("/api/posts").await.json()), Some(3));
        let active = app.guest().get("/api/posts?sort=activity").await.is(200).json();
        assert_eq!(each(&active["items"], "title"), ["A cat", "A dog"]);
    }

    async fn a_profile_lists_what_somebody_wrote(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let cat = ann.opens("cats", "A cat").await;
        app.forward(minutes(1)).await;
        let gone = bob.replies(&cat, "never mind").await;
        bob.replies(&cat, "meow").await;
        bob.delete(&format!("/api/posts/{}", text(&gone["id"]))).await.is(204);
        let posts = ann.get("/api/users/BOB/posts").await.is(200).json()["items"].clone();
        assert_eq!(each(&posts, "excerpt"), ["meow"]);
        assert_eq!(posts[0]["thread"]["title"], "A cat");
        assert_eq!(posts[0]["thread"]["board"]["slug"], "cats");
        assert_eq!(each(&ann.get("/api/users/ann/threads").await.json()["items"], "title"), ["A cat"]);
        assert_eq!(ann.get("/api/users/bob/threads").await.json()["items"], json!([]));
        ann.get("/api/users/nobody/posts").await.refuses(404, "not_found");
    }

    async fn tags_are_counted_and_lead_to_threads(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        let one = ann.opens_with("cats", json!({"title": "One", "body": "x", "tags": ["fur", "food"]})).await;
        ann.opens_with("cats", json!({"title": "Two", "body": "x", "tags": ["fur"]})).await;
        let tags = ann.get("/api/tags").await.is(200).json();
        assert_eq!(tags["items"], json!([{"tag": "fur", "count": 2}, {"tag": "food", "count": 1}]));
        assert_eq!(each(&ann.get("/api/tags?q=FO").await.json()["items"], "tag"), ["food"]);
        assert_eq!(each(&ann.get("/api/tags/food/threads").await.json()["items"], "title"), ["One"]);
        assert_eq!(each(&ann.get("/api/boards/cats/threads?tag=food").await.json()["items"], "title"), ["One"]);
        root.delete(&one.path()).await.is(204);
        assert_eq!(ann.get("/api/tags").await.json()["items"], json!([{"tag": "fur", "count": 1}]));
        assert_eq!(ann.get("/api/tags/food/threads").await.json()["items"], json!([]));
    }

    async fn an_answer_that_did_not_change_is_not_sent_again(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        folkmoot::threads::jobs::finish(&app.app).await.unwrap();
        let paths = ["/api/boards", "/api/boards/cats", "/api/boards/cats/threads", "/api/posts", "/api/tags"];
        for path in paths.map(str::to_owned).into_iter().chain([thread.path(), thread.posts()]) {
            let first = app.guest().get(&path).await.is(200);
            assert_eq!(first.header("cache-control"), Some("no-cache"), "{path}");
            let tag = first.header("etag").unwrap().to_owned();
            assert!(tag.starts_with("W/\""), "{tag}");
            let again = app.guest().with("if-none-match", tag).get(&path).await.is(304);
            assert!(again.body.is_empty());
            assert_eq!(ann.get(&path).await.is(200).header("cache-control"), Some("private, no-cache"), "{path}");
        }
        let reader = app.guest().with("if-none-match", app.guest().get(&thread.path()).await.header("etag").unwrap());
        folkmoot::threads::jobs::finish(&app.app).await.unwrap();
        reader.get(&thread.path()).await.is(304);
        ann.replies(&thread, "news").await;
        reader.get(&thread.path()).await.is(200);
    }

    async fn opening_a_thread_counts_as_a_view(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        for _ in 0..3 {
            app.guest().get(&thread.path()).await.is(200);
        }
        folkmoot::threads::jobs::finish(&app.app).await.unwrap();
        let list = ann.get("/api/boards/cats/threads").await.is(200).json();
        assert_eq!(list["items"][0]["view_count"], 3);
    }

    async fn a_draft_can_be_looked_at(app: TestApp) {
        let ann = app.person("ann").await;
        let html = ann.post("/api/preview", json!({"body": "*hi* @ann <script>"})).await.is(200).json()["html"].clone();
        assert!(text(&html).contains("<em>hi</em>") && !text(&html).contains("<script"), "{html}");
        ann.post("/api/preview", json!({"body": ""})).await.refuses_fields(["body"]);
        app.guest().post("/api/preview", json!({"body": "x"})).await.refuses(401, "sign_in_needed");
    }
}
