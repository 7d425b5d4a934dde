//! An import that is killed at any moment goes on where it was, and in the end everything is here once.

use std::time::Duration;

use serde_json::{Value, json};

use super::archive::{Archive, topic};
use super::{command, import};
use crate::rig::{Engine, TestApp};

/// Kills at so many moments, spread over the time that a whole import takes.
const KILLS: u32 = 20;
const TOPICS: i64 = 60;

both_databases! {
    async fn a_killed_import_goes_on(app: TestApp) {
        let bodies: Vec<String> = (0..12).map(|number| format!("<p>{}</p>", "word ".repeat(40 * (number + 1)))).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let archive = Archive::of((1..=TOPICS).map(|id| topic(id, &bodies)));
        let mut cut_short = 0;
        for kill in 0..KILLS {
            let mut child = command(&app, archive.path(), &[]).spawn().expect("the command runs");
            let ended = tokio::time::timeout(Duration::from_millis(u64::from(20 + kill * 25)), child.wait()).await;
            if ended.is_err() {
                child.start_kill().expect("it can be killed");
                child.wait().await.expect("it ends");
                cut_short += 1;
            }
        }
        assert!(cut_short > 0, "every run came to its end: nothing was tested");
        let done = import(&app, archive.path(), &[]).await;
        assert!(done.whole, "{:#}", done.report);
        assert_eq!(done.report["here"]["topics"], TOPICS);
        let feed = all(&app).await;
        assert_eq!(feed.len(), usize::try_from(TOPICS).unwrap());
        assert!(feed.iter().all(|thread| thread["reply_count"] == 11), "no topic is half here");
        let board = app.guest().get("/api/boards/category-10").await.is(200).json();
        assert_eq!((&board["board"]["thread_count"], &board["board"]["post_count"]), (&json!(TOPICS), &json!(TOPICS * 12)));
    }
}

async fn all(app: &TestApp) -> Vec<Value> {
    let mut feed = app.guest().get("/api/posts?limit=100").await.is(200).json();
    feed["items"].as_array_mut().map(std::mem::take).unwrap_or_default()
}
