//! What one device heard: it takes frames as `docs/realtime.md` says that a client does, and notes whatever is amiss.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::community::text;

/// A message as it was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) seq: i64,
    pub(crate) id: String,
}

/// A part of a conversation that a client reads from its pages, because the stream goes on behind it.
#[derive(Clone, Debug)]
pub(crate) struct Leap {
    pub(crate) conversation: String,
    pub(crate) after: i64,
    pub(crate) to: i64,
}

/// Everything that a device heard.
#[derive(Debug, Default)]
pub(crate) struct Reception {
    /// Whose it is, and their id.
    pub(crate) nickname: String,
    pub(crate) person: String,
    /// The newest event of each stream.
    pub(crate) cursors: BTreeMap<String, i64>,
    /// `new_message` frames by conversation, as they came.
    pub(crate) messages: BTreeMap<String, Vec<Heard>>,
    /// By message: the newest version that was heard, and whether it was deleted by then.
    pub(crate) versions: BTreeMap<String, (i64, bool)>,
    pub(crate) leaps: Vec<Leap>,
    /// What else happened to a stream than its events, for whoever looks for the cause of a complaint.
    pub(crate) journal: BTreeMap<String, Vec<String>>,
    /// Read from pages.
    pub(crate) pages: BTreeMap<String, BTreeSet<i64>>,
    /// Events that came a second time, and such that came too early.
    pub(crate) doubled: Vec<String>,
    pub(crate) skipped: Vec<String>,
    /// Frames that should not have come.
    pub(crate) strange: Vec<String>,
    /// Connections that the device dropped, that it lost, and that came about on other nodes than before or not.
    pub(crate) dropped: u64,
    pub(crate) lost: u64,
    pub(crate) durable: u64,
    pub(crate) lagged: u64,
    pub(crate) resyncs: u64,
}

/// What a frame asks its device to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    Nothing,
    /// Follow these again from where they stand.
    FollowAgain(Vec<String>),
    /// Read the conversation anew and follow it from there.
    Reload(String),
    /// The answer to a send: its `client_id`.
    Answered(String),
    /// Go elsewhere after so many milliseconds.
    Leave(u64),
}

impl Reception {
    /// Takes a frame.
    pub(crate) fn take(&mut self, frame: &Value) -> Todo {
        let payload = &frame["payload"];
        self.write_down(frame);
        match frame["type"].as_str().unwrap_or_default() {
            "welcome" => self.welcome(payload),
            "subscribed" => self.subscribed(payload),
            "conversation_joined" if self.is_next(frame) => self.joined(payload),
            "revoked" => drop(self.cursors.remove(&text(&payload["stream"]))),
            "lagged" => {
                self.lagged += 1;
                let streams = payload["streams"].as_array().into_iter().flatten();
                return Todo::FollowAgain(streams.map(text).collect());
            }
            "resync" => {
                self.resyncs += 1;
                return Todo::Reload(text(&payload["stream"]));
            }
            "ack" | "nack" => return Todo::Answered(text(&payload["client_id"])),
            "draining" => return Todo::Leave(payload["after_ms"].as_u64().unwrap_or(0)),
            "error" => return self.error(payload),
            _ if frame["seq"].is_i64() && self.is_next(frame) => self.event(frame),
            _ => {}
        }
        Todo::Nothing
    }

    fn write_down(&mut self, frame: &Value) {
        let payload = &frame["payload"];
        let about = match (payload["stream"].as_str(), payload["conversation_id"].as_str()) {
            (Some(stream), _) => stream.to_owned(),
            (None, Some(id)) if frame["type"] != "unread_changed" => format!("conversation:{id}"),
            _ => return,
        };
        let at = self.cursors.get(&about);
        let line = format!("at {at:?} {} {payload}", frame["type"]);
        self.journal.entry(about).or_default().push(line);
    }

    /// A conversation begins somewhere, or goes on further up: what lies between is read from its pages.
    pub(crate) fn begin(&mut self, stream: &str, seq: i64) {
        let before = self.cursors.get(stream).copied().unwrap_or(0);
        if seq > before || !self.cursors.contains_key(stream) {
            self.cursors.insert(stream.to_owned(), seq.max(before));
            if let Some(conversation) = stream.strip_prefix("conversation:") {
                self.leaps.push(Leap { conversation: conversation.to_owned(), after: before, to: seq });
            }
        }
    }

    fn welcome(&mut self, payload: &Value) {
        let heads = payload["conversations"].as_object().into_iter().flatten();
        for (stream, head) in heads {
            let known = self.cursors.get(stream);
            let line = format!("at {known:?} welcome {head}");
            self.journal.entry(stream.clone()).or_default().push(line);
            if !self.cursors.contains_key(stream) {
                self.begin(stream, head.as_i64().unwrap_or(0));
            }
        }
    }

    fn subscribed(&mut self, payload: &Value) {
        let (stream, head) = (text(&payload["stream"]), payload["head"].as_i64().unwrap_or(0));
        let cursor = *self.cursors.entry(stream.clone()).or_insert(head);
        if cursor != head {
            self.skipped.push(format!("subscribed to {stream} up to {head}, having heard {cursor}"));
        }
    }

    fn joined(&mut self, payload: &Value) {
        let stream = format!("conversation:{}", text(&payload["conversation_id"]));
        self.begin(&stream, payload["seq"].as_i64().unwrap_or(0));
    }

    fn error(&mut self, payload: &Value) -> Todo {
        let stream = payload["stream"].as_str();
        match (payload["code"].as_str().unwrap_or_default(), stream) {
            ("unavailable", Some(stream)) => return Todo::FollowAgain(vec![stream.to_owned()]),
            ("not_found", Some(stream)) => drop(self.cursors.remove(stream)),
            // A mark in a group that they are not in just now.
            ("not_found" | "unavailable", None) => {}
            _ => self.strange.push(payload.to_string()),
        }
        Todo::Nothing
    }

    /// Whether a durable frame is the next of its stream; each must be.
    fn is_next(&mut self, frame: &Value) -> bool {
        let (Some(stream), Some(seq)) = (frame["stream"].as_str(), frame["seq"].as_i64()) else {
            return false;
        };
        if !self.cursors.contains_key(stream) {
            // One that comes by itself begins with what comes first.
            self.begin(stream, seq - 1);
        }
        let cursor = self.cursors.get_mut(stream).expect("it was begun");
        let expected = *cursor + 1;
        let about = || format!("{stream} {seq}, expected {expected}");
        if seq < expected {
            self.doubled.push(about());
            return false;
        }
        if seq > expected {
            self.skipped.push(about());
        }
        *cursor = seq;
        self.durable += 1;
        true
    }

    fn event(&mut self, frame: &Value) {
        let kind = frame["type"].as_str().unwrap_or_default();
        if !matches!(kind, "new_message" | "message_edited" | "message_deleted") {
            return;
        }
        let message = &frame["payload"]["message"];
        let (id, seq) = (text(&message["id"]), message["seq"].as_i64().unwrap_or(0));
        let version = message["version"].as_i64().unwrap_or(0);
        let newest = self.versions.entry(id.clone()).or_default();
        *newest = (version, message["deleted"] == true).max(*newest);
        if kind == "new_message" {
            if frame["seq"] != seq {
                self.strange.push(format!("a message whose place is not its event's: {frame}"));
            }
            self.messages.entry(text(&message["conversation_id"])).or_default().push(Heard { seq, id });
        }
    }
}
