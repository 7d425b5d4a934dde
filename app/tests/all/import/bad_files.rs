//! Files that cannot be trusted are reported and left out whole; the rest moves in.

use serde_json::json;

use super::archive::{Archive, post, topic};
use super::import;
use crate::rig::{Engine, TestApp};

both_databases! {
    async fn bad_files_are_left_out_with_the_reason(app: TestApp) {
        let archive = Archive::of([topic(1, &["<p>Good</p>"])]);
        let whole = topic(2, &["<p>x</p>"]).to_string();
        archive.add("truncated.json", &whole[..whole.len() / 2]);
        archive.add("empty.json", "");
        archive.add("page.json", "<html>502</html>");
        archive.add("list.json", "[]");
        archive.add("readme.txt", "hello");
        let mut bad = [3, 4, 5, 6, 7, 8, 9].map(|id| topic(id, &["<p>x</p>", "<p>y</p>"]));
        bad[0]["post_stream"]["posts"][1].as_object_mut().unwrap().remove("cooked");
        bad[1]["post_stream"]["posts"][1]["created_at"] = json!("9999-01-01T00:00:00Z");
        bad[2]["post_stream"]["posts"][1]["created_at"] = json!("0001-01-01T00:00:00Z");
        bad[3]["post_stream"]["posts"][1]["post_number"] = json!(1);
        bad[4]["post_stream"]["posts"] = json!([]);
        bad[5]["archetype"] = json!("private_message");
        bad[6]["title"] = json!(" \n ");
        for (number, topic) in bad.iter().enumerate() {
            archive.add(&format!("bad-{number}.json"), topic.to_string());
        }
        let done = import(&app, archive.path(), &[]).await;
        assert!(done.whole, "{:#}", done.report);
        assert_eq!(done.report["here"]["topics"], 1);
        let left_out = done.report["left_out"].as_array().unwrap();
        let why = |what: &str| {
            let item = left_out.iter().find(|item| item["what"] == what);
            item.unwrap_or_else(|| panic!("{what} is not reported"))["why"].as_str().unwrap().to_owned()
        };
        let reasons = [
            ("truncated.json", "not a topic"), ("empty.json", "not a topic"), ("page.json", "not a topic"),
            ("list.json", "not a topic"), ("readme.txt", "not a .json file"), ("bad-0.json", "post 2: it has no body"),
            ("bad-1.json", "absurd"), ("bad-2.json", "absurd"), ("bad-3.json", "two posts have the number 1"),
            ("bad-4.json", "no posts"), ("bad-5.json", "private message"), ("bad-6.json", "no title"),
        ];
        for (what, reason) in reasons {
            assert!(why(what).contains(reason), "{what}: {}", why(what));
        }
        assert_eq!(left_out.len(), reasons.len());
        let feed = app.guest().get("/api/posts").await.is(200).json();
        assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    }

    async fn of_two_copies_the_fuller_counts(app: TestApp) {
        let archive = Archive::of([topic(5, &["<p>1</p>", "<p>2</p>"])]);
        archive.add("an-older-copy.5.json", topic(5, &["<p>1</p>"]).to_string());
        let done = import(&app, archive.path(), &[]).await;
        assert_eq!((&done.report["here"]["topics"], &done.report["here"]["posts"]), (&json!(1), &json!(2)));
        assert_eq!(done.report["left_out"][0]["what"], "an-older-copy.5.json");
    }

    async fn hostile_html_arrives_as_words(app: TestApp) {
        let archive = Archive::of([topic(6, &[
            "<p onclick=\"alert(1)\">a<script>alert(2)</script><a href=\"javascript:alert(3)\">b</a></p>",
            "<img src=x onerror=alert(4)><iframe src=\"https://evil.example\"></iframe><style>p{display:none}</style>",
        ])]);
        import(&app, archive.path(), &[]).await;
        let feed = app.guest().get("/api/posts").await.is(200).json();
        let id = feed["items"][0]["id"].as_str().unwrap();
        let page = app.guest().get(&format!("/api/threads/{id}")).await.is(200).json();
        for post in page["posts"]["items"].as_array().unwrap() {
            let html = post["html"].as_str().unwrap();
            for evil in ["<script", "onclick", "onerror", "javascript:", "<iframe", "<style", "alert"] {
                assert!(!html.contains(evil), "{html}");
            }
        }
    }

    async fn people_and_numbers_are_accounted_for(app: TestApp) {
        let mut odd = topic(9, &["<p>1</p>"]);
        let mut whisper = post(9008, 8, "Mod", "<p>psst</p>");
        whisper["post_type"] = json!(4);
        let mut lost = post(9006, 6, "Ünïcode Näme That Is Much Longer Than Thirty Characters", "<p>6</p>");
        lost["reply_to_post_number"] = json!(3);
        odd["post_stream"]["posts"].as_array_mut().unwrap().extend([lost, whisper]);
        odd["post_stream"]["stream"] = json!([9001, 9002, 9006, 9008]);
        let done = import(&app, Archive::of([odd]).path(), &[]).await;
        assert!(done.whole);
        let remarks = done.report["remarks"].as_object().unwrap();
        let count = |words: &str| remarks.iter().find(|(key, _)| key.contains(words)).map(|(_, count)| count.clone());
        assert_eq!(count("numbers that no post has"), Some(json!(5)));
        assert_eq!(count("whispers"), Some(json!(1)));
        assert_eq!(count("the file does not hold"), Some(json!(1)));
        assert_eq!(count("not in the topic"), Some(json!(1)));
        assert_eq!(done.report["renamed"].as_object().unwrap().len(), 1);
        app.guest().get("/api/users/Mod").await.is(404);
    }
}
