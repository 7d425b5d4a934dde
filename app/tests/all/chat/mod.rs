//! Private conversations: who is in them, what is said, and who hears of it.

mod blocking;
mod editing;
mod frames;
mod garbage;
mod groups;
mod history;
mod opening;
mod periods;
mod presence;
mod recount;
mod sending;
mod sockets;
mod unread;

pub(crate) use crate::forum::{each, text};
use crate::rig::*;

/// A conversation, as its opener remembers it.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    /// Its id.
    pub(crate) id: String,
}

impl Talk {
    /// Where it is.
    pub(crate) fn path(&self) -> String {
        format!("/api/conversations/{}", self.id)
    }

    /// Where something of it is.
    pub(crate) fn at(&self, what: &str) -> String {
        format!("/api/conversations/{}/{what}", self.id)
    }

    /// Its stream.
    pub(crate) fn stream(&self) -> String {
        format!("conversation:{}", self.id)
    }
}

impl Person {
    /// Opens a direct conversation.
    pub(crate) async fn talks_to(&self, nickname: &str) -> Talk {
        let answer = self.post("/api/conversations", json!({"members": [nickname]})).await;
        assert!(answer.status.is_success(), "{answer:?}");
        Talk { id: text(&answer.json()["conversation"]["id"]) }
    }

    /// Opens a group.
    pub(crate) async fn gathers(&self, title: &str, members: &[&str]) -> Talk {
        let group = json!({"members": members, "title": title});
        let answer = self.post("/api/conversations", group).await.is(201);
        Talk { id: text(&answer.json()["conversation"]["id"]) }
    }

    /// Sends a message, and gives it.
    pub(crate) async fn says_in(&self, talk: &Talk, body: &str) -> Value {
        self.post(&talk.at("messages"), json!({"body": body})).await.is(201).json()["message"].clone()
    }

    /// The conversation as they see it.
    pub(crate) async fn sees(&self, talk: &Talk) -> Value {
        self.get(&talk.path()).await.is(200).json()["conversation"].clone()
    }

    /// The first words of the messages that they are given, the newest first.
    pub(crate) async fn reads(&self, talk: &Talk, query: &str) -> Vec<String> {
        let answer = self.get(&talk.at(&format!("messages?{query}"))).await.is(200).json();
        each(&answer["items"], "excerpt")
    }

    /// What is unread in a conversation: how many.
    pub(crate) async fn unread_in(&self, talk: &Talk) -> i64 {
        self.sees(talk).await["unread"]["count"].as_i64().unwrap()
    }

    /// What is unread in all: conversations, messages.
    pub(crate) async fn badge(&self) -> (i64, i64) {
        let unread = self.get("/api/conversations").await.is(200).json()["unread"].clone();
        (unread["conversations"].as_i64().unwrap(), unread["messages"].as_i64().unwrap())
    }

    /// Marks a conversation as read up to a number.
    pub(crate) async fn has_read(&self, talk: &Talk, seq: i64) {
        self.post(&talk.at("read"), json!({"seq": seq})).await.is(204);
    }
}

/// A message's place.
pub(crate) fn seq(message: &Value) -> i64 {
    message["seq"].as_i64().expect("a number")
}
