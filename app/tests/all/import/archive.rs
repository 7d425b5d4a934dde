//! Small archives of our own, in the form in which Discourse tells topics.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder whose `topics/` holds topic files.
pub(super) struct Archive(TempDir);

impl Archive {
    /// An archive of these topics.
    pub(super) fn of(topics: impl IntoIterator<Item = Value>) -> Self {
        let archive = Self(tempfile::tempdir().expect("a temporary folder"));
        std::fs::create_dir(archive.path().join("topics")).expect("a folder");
        for topic in topics {
            archive.add(&format!("topic.{}.json", topic["id"]), topic.to_string());
        }
        archive
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Adds a file as it is.
    pub(super) fn add(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join("topics").join(name), content).expect("a file");
    }
}

/// A topic with one post for each body, by ann and bob in turn.
pub(super) fn topic(id: i64, bodies: &[&str]) -> Value {
    let posts = bodies.iter().zip(1..).map(|(body, number)| {
        let who = if number % 2 == 1 { "Ann" } else { "bob" };
        post(id * 1000 + number, number, who, body)
    });
    json!({
        "id": id, "title": format!("Topic {id}"), "slug": format!("topic-{id}"), "archetype": "regular",
        "category_id": 10, "tags": ["tips"], "views": 41, "closed": false, "archived": false, "visible": true,
        "pinned": false, "pinned_at": null, "pinned_globally": false, "deleted_at": null,
        "post_stream": {"posts": posts.collect::<Vec<_>>()}
    })
}

/// A post as Discourse tells it.
pub(super) fn post(id: i64, number: i64, username: &str, cooked: &str) -> Value {
    let day = 1 + number % 28;
    json!({
        "id": id, "post_number": number, "post_type": 1, "username": username, "name": format!("{username} Example"),
        "cooked": cooked, "created_at": format!("2015-03-{day:02}T10:00:00.000Z"),
        "updated_at": format!("2015-03-{day:02}T10:00:00.000Z"), "version": 1, "reply_to_post_number": null,
        "actions_summary": [{"id": 2, "count": number}], "hidden": false, "user_deleted": false, "deleted_at": null,
        "staff": false, "admin": false, "moderator": false
    })
}
