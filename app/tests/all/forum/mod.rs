//! The forum: boards, threads, posts, and who sees what of them.

mod arranging;
mod boards;
mod counts;
mod deleting;
mod editing;
mod frames;
mod marks;
mod opening;
mod reacting;
mod reading;
mod replying;
mod side_doors;

use crate::rig::*;

/// A thread, as its opener remembers it.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    /// Its id.
    pub(crate) id: String,
    /// Its opening post.
    pub(crate) post: String,
}

impl Thread {
    /// Where its posts are.
    pub(crate) fn posts(&self) -> String {
        format!("/api/threads/{}/posts", self.id)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> String {
        format!("/api/threads/{}", self.id)
    }
}

/// The text of a field.
#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

/// What each item of a list says under a name.
pub(crate) fn each(list: &Value, name: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("a list, not {list}"));
    items
        .iter()
        .map(|item| item[name].as_str().map_or_else(|| item[name].to_string(), str::to_owned))
        .collect()
}

impl TestApp {
    /// An administrator, and an open board "cats".
    pub(crate) async fn with_cats(&self) -> Person {
        let root = self.admin("ada").await;
        root.makes_board("cats", json!({})).await;
        self.events().await;
        root
    }
}

impl Person {
    /// Makes a board.
    pub(crate) async fn makes_board(&self, slug: &str, more: Value) -> Value {
        let mut board = json!({"slug": slug, "title": slug});
        board.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/api/boards", board).await.is(201).json()["board"].clone()
    }

    /// Makes a board for a group, and puts people into it.
    pub(crate) async fn makes_private_board(&self, slug: &str, group: &str, members: &[&Person]) {
        self.post("/api/admin/groups", json!({"slug": group, "title": group})).await.is(201);
        for member in members {
            self.put(&format!("/api/admin/groups/{group}/members/{}", member.name().await)).await.is(204);
        }
        let right = format!("group:{group}");
        self.makes_board(slug, json!({"rights": {"read": right, "start": right, "reply": right}})).await;
    }

    /// What they are called.
    pub(crate) async fn name(&self) -> String {
        text(&self.account().await["nickname"])
    }

    /// Opens a thread.
    pub(crate) async fn opens(&self, board: &str, title: &str) -> Thread {
        self.opens_with(board, json!({"title": title, "body": format!("About {title}.")})).await
    }

    /// Opens a thread with more than a title.
    pub(crate) async fn opens_with(&self, board: &str, thread: Value) -> Thread {
        let answer = self.post(&format!("/api/boards/{board}/threads"), thread).await.is(201).json();
        Thread { id: text(&answer["thread"]["id"]), post: text(&answer["post"]["id"]) }
    }

    /// Replies, and gives the post.
    pub(crate) async fn replies(&self, thread: &Thread, body: &str) -> Value {
        self.post(&thread.posts(), json!({"body": body})).await.is(201).json()["post"].clone()
    }

    /// A board's threads, as they list them.
    pub(crate) async fn titles(&self, board: &str) -> Vec<String> {
        each(&self.get(&format!("/api/boards/{board}/threads")).await.is(200).json()["items"], "title")
    }

    /// What they see of a thread.
    pub(crate) async fn looks_at(&self, thread: &Thread) -> Value {
        self.get(&thread.path()).await.is(200).json()
    }
}
