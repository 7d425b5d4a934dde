//! Posts are edited, and what they said before is kept.

use super::{each, text};
use crate::rig::*;
use folkmoot_store::{Batch, sql};

sql! {
    /// Posts as an older release left them.
    static AGE: () = "UPDATE posts SET markup_version = 0, html = 'as it was', excerpt = 'as it was'";
    /// Posts as they move in.
    static AS_HTML: () = "UPDATE posts SET flavour = 'html', body = '<p>Hello <b>there</b></p>'";
}

both_databases! {
    async fn ann_corrects_herself(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", thread.post);
        let source = ann.get(&path).await.is(200).json();
        assert_eq!((&source["post"]["body"], &source["post"]["flavour"]), (&json!("About Cats."), &json!("markdown")));
        assert_eq!(source["stream"], format!("thread:{}", thread.id));
        app.events().await;
        app.forward(minutes(3)).await;
        let post = ann.patch(&path, json!({"body": "About *lions*.", "version": 1})).await.is(200).json()["post"].clone();
        assert_eq!(post["html"], "<p>About <em>lions</em>.</p>");
        assert_eq!((&post["version"], &post["edit_count"]), (&json!(2), &json!(1)));
        assert_eq!(post["edited_at"], "2026-11-20T12:03:00.000Z");
        app.expects_events(["post_edited"]).await;
        assert_eq!(bob.looks_at(&thread).await["thread"]["excerpt"], "About lions.");

        let edits = ann.get(&format!("{path}/edits")).await.is(200).json();
        assert_eq!(edits["items"][0]["body"], "About Cats.");
        assert_eq!(edits["items"][0]["edited_by"]["nickname"], "ann");
        assert_eq!(edits["items"][0]["edited_at"], "2026-11-20T12:03:00.000Z");
        bob.get(&format!("{path}/edits")).await.refuses(403, "not_allowed");
        app.moderator("mo").await.get(&format!("{path}/edits")).await.is(200);
    }

    async fn an_edit_made_from_old_words_is_refused(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let mo = app.moderator("mo").await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", thread.post);
        mo.patch(&path, json!({"body": "Moderated.", "version": 1})).await.is(200);
        app.events().await;
        let problem = ann.patch(&path, json!({"body": "Mine.", "version": 1})).await.refuses(409, "edited_meanwhile");
        assert!(text(&problem["detail"]).contains("version is 2"), "{problem}");
        app.expects_events([]).await;
        // A reaction changes the version but no words: it does not stand in the way of an edit.
        bob.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        ann.patch(&path, json!({"body": "Mine.", "version": 2})).await.is(200);
        let edits = ann.get(&format!("{path}/edits")).await.is(200).json();
        assert_eq!(each(&edits["items"], "body"), ["About Cats.", "Moderated."]);
    }

    async fn an_edit_that_names_no_version_takes_the_words_as_they_are(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", thread.post);
        for number in 1..=3 {
            ann.patch(&path, json!({"body": format!("Edit {number}")})).await.is(200);
        }
        let page = ann.get(&format!("{path}/edits?limit=2")).await.is(200).json();
        assert_eq!(each(&page["items"], "body"), ["About Cats.", "Edit 1"]);
        let rest = ann.get(&format!("{path}/edits?cursor={}", text(&page["next"]))).await.is(200).json();
        assert_eq!((each(&rest["items"], "body"), &rest["next"]), (vec![String::from("Edit 2")], &Value::Null));
    }

    async fn only_the_author_and_moderators_edit(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", thread.post);
        app.events().await;
        let edit = json!({"body": "Other.", "version": 1});
        bob.patch(&path, edit.clone()).await.refuses(403, "not_allowed");
        app.guest().patch(&path, edit.clone()).await.refuses(401, "sign_in_needed");
        ann.patch(&path, json!({"body": " ", "version": 1})).await.refuses_fields(["body"]);
        ann.patch("/api/posts/17", edit.clone()).await.refuses(404, "not_found");
        // What changes nothing is no edit.
        let same = ann.patch(&path, json!({"body": "About Cats.", "version": 1})).await.is(200).json();
        assert_eq!(same["post"]["edit_count"], 0);
        app.expects_events([]).await;
        root.patch(&thread.path(), json!({"locked": true})).await.is(200);
        ann.patch(&path, edit.clone()).await.refuses(403, "locked");
        root.patch(&path, edit).await.is(200);
    }

    async fn what_an_older_renderer_wrote_is_rendered_again(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let mut age = Batch::new();
        age.push(AGE.with(()));
        app.app.db.commit(age).await.unwrap();
        assert_eq!(ann.looks_at(&thread).await["posts"]["items"][0]["html"], "as it was");
        while folkmoot::threads::render_old(&app.app).await.unwrap() > 0 {}
        let post = ann.looks_at(&thread).await["posts"]["items"][0].clone();
        assert_eq!((&post["html"], &post["excerpt"]), (&json!("<p>About Cats.</p>"), &json!("About Cats.")));
        assert_eq!(post["edit_count"], 0);
    }

    async fn what_moved_in_as_html_is_edited_as_html(app: TestApp) {
        app.with_cats().await;
        let ann = app.person("ann").await;
        let thread = ann.opens("cats", "Cats").await;
        let path = format!("/api/posts/{}", thread.post);
        let refused = json!({"body": "<p>x</p>", "flavour": "html", "version": 1});
        ann.patch(&path, refused).await.refuses_fields(["flavour"]);
        let mut change = Batch::new();
        change.push(AS_HTML.with(()));
        app.app.db.commit(change).await.unwrap();
        let source = ann.get(&path).await.is(200).json()["post"].clone();
        assert_eq!((&source["body"], &source["flavour"]), (&json!("<p>Hello <b>there</b></p>"), &json!("html")));
        // What is saved as it was is no edit.
        let same = ann.patch(&path, json!({"body": source["body"], "version": 1})).await.is(200).json();
        assert_eq!(same["post"]["edit_count"], 0);

        let edit = json!({"body": "<p>Hello <b>you</b><script>x</script></p>", "version": 1});
        let post = ann.patch(&path, edit).await.is(200).json()["post"].clone();
        assert_eq!(post["html"], "<p>Hello <b>you</b></p>");
        let edit = json!({"body": "Hello *you*", "flavour": "markdown", "version": 2});
        let post = ann.patch(&path, edit).await.is(200).json()["post"].clone();
        assert_eq!(post["html"], "<p>Hello <em>you</em></p>");
        let edits = ann.get(&format!("{path}/edits")).await.is(200).json();
        assert_eq!(each(&edits["items"], "flavour"), ["html", "html"]);
        assert_eq!(ann.get(&path).await.is(200).json()["post"]["flavour"], "markdown");
        let preview = ann.post("/api/preview", json!({"body": "<b>x</b>", "flavour": "html"})).await.is(200).json();
        assert_eq!(preview["html"], "<p><b>x</b></p>");
        ann.post("/api/preview", json!({"body": "x", "flavour": "bbcode"})).await.refuses_fields(["flavour"]);
    }

    async fn of_many_edits_at_once_one_is_taken(app: TestApp) {
        app.with_cats().await;
        let ann = std::sync::Arc::new(app.person("ann").await);
        let thread = ann.opens("cats", "Cats").await;
        let edits: Vec<_> = (0..8)
            .map(|number| {
                let (ann, path) = (ann.clone(), format!("/api/posts/{}", thread.post));
                tokio::spawn(async move {
                    ann.patch(&path, json!({"body": format!("Edit {number}"), "version": 1})).await.status.as_u16()
                })
            })
            .collect();
        let mut statuses = Vec::new();
        for edit in edits {
            statuses.push(edit.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    }
}
