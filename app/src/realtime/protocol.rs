//! The frames of the socket: `{"type": …, "payload": …}`, as `docs/realtime.md` describes them.

use std::collections::BTreeMap;

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::core::streams::Stream;

/// The most bytes of a frame from a client.
pub(super) const MAX_FRAME_BYTES: usize = 64 * 1024;

/// What a client says.
#[derive(Debug, Deserialize)]
pub struct Said {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: String,
    /// The rest, by type.
    #[serde(default)]
    pub payload: Value,
}

/// What a client asks for.
#[derive(Debug)]
pub enum Asked {
    /// `hello`
    Hello(Hello),
    /// `subscribe`
    Subscribe(Subscribe),
    /// `unsubscribe`
    Unsubscribe(Unsubscribe),
    /// `watch`
    Watch(Watch),
    /// What another slice may understand.
    Other(Said),
}

impl Said {
    /// Reads a frame; `None` when it is none of this protocol.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// What it asks for.
    ///
    /// # Errors
    /// What is wrong with the payload of a type that is known, for the client.
    pub fn understood(self) -> Result<Asked, String> {
        match self.kind.as_str() {
            "hello" => self.payload().map(Asked::Hello),
            "subscribe" => self.payload().map(Asked::Subscribe),
            "unsubscribe" => self.payload().map(Asked::Unsubscribe),
            "watch" => self.payload().map(Asked::Watch),
            _ => Ok(Asked::Other(self)),
        }
    }

    /// The payload as a type that is known.
    ///
    /// # Errors
    /// What is wrong with it, for the client.
    pub(super) fn payload<T: for<'de> Deserialize<'de>>(self) -> Result<T, String> {
        serde_json::from_value(self.payload).map_err(|error| format!("{}: {error}", self.kind))
    }
}

/// `hello`: the first frame.
#[derive(Debug, Default, Deserialize)]
pub struct Hello {
    /// The epoch that the cursors are of.
    pub epoch: Option<String>,
    /// The newest event that the client has of each stream it follows.
    #[serde(default)]
    pub cursors: BTreeMap<String, i64>,
}

/// `subscribe`: everything after a number, then live.
#[derive(Debug, Deserialize)]
pub struct Subscribe {
    /// The epoch that the numbers are of; without it the one that `welcome` named.
    pub epoch: Option<String>,
    /// Streams and the newest event that the client has of each.
    pub streams: BTreeMap<String, i64>,
}

/// `unsubscribe`.
#[derive(Debug, Deserialize)]
pub struct Unsubscribe {
    /// The streams to follow no more.
    pub streams: Vec<String>,
}

/// `watch`: whose coming and going is shown.
#[derive(Debug, Deserialize)]
pub struct Watch {
    /// The ids of the people.
    pub people: Vec<String>,
}

#[derive(Serialize)]
struct Durable<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    stream: String,
    seq: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a Value>,
}

/// A durable event; without payload for what cannot be shown.
pub(super) fn event(kind: &str, stream: Stream, seq: i64, payload: Option<&Value>) -> Utf8Bytes {
    written(&Durable { kind, stream: stream.to_string(), seq, payload })
}

/// A frame that has no number: fleeting, or from the server to this socket.
pub(super) fn frame(kind: &str, payload: &Value) -> Utf8Bytes {
    written(&json!({"type": kind, "payload": payload}))
}

/// A fleeting frame on a stream: it has no number.
pub(super) fn frame_on(kind: &str, stream: Stream, payload: &Value) -> Utf8Bytes {
    written(&json!({"type": kind, "stream": stream.to_string(), "payload": payload}))
}

/// `resync` or `revoked`: something about a stream as a whole.
pub(super) fn about_stream(kind: &str, stream: Stream) -> Utf8Bytes {
    about_name(kind, &stream.to_string())
}

/// The same about a name that the client gave.
pub(super) fn about_name(kind: &str, stream: &str) -> Utf8Bytes {
    frame(kind, &json!({"stream": stream}))
}

/// `subscribed`: everything up to `head` was sent, the rest comes live.
pub(super) fn subscribed(stream: Stream, head: i64) -> Utf8Bytes {
    frame("subscribed", &json!({"stream": stream.to_string(), "head": head}))
}

/// `lagged`: the client follows these again from the newest event it has.
pub(super) fn lagged(streams: &[Stream]) -> Utf8Bytes {
    let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
    frame("lagged", &json!({"streams": names}))
}

/// `error`: what the client asked for was not done.
pub(super) fn error(code: &str, detail: &str, stream: Option<&str>) -> Utf8Bytes {
    let mut payload = json!({"code": code, "detail": detail});
    if let Some(stream) = stream {
        payload["stream"] = Value::from(stream);
    }
    frame("error", &payload)
}

/// Values of ours always serialise; should one not, the client sees an empty frame rather than nothing.
fn written(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame).unwrap_or_else(|_| String::from("{}")).into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Said, Stream, error, event, lagged, subscribed};

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn frames_are_written_as_the_protocol_says() {
        let thread = Stream::Thread(77);
        let payload = json!({"post": {"id": "5"}});
        assert_eq!(
            read(&event("new_post", thread, 12, Some(&payload))),
            json!({"type": "new_post", "stream": "thread:77", "seq": 12, "payload": {"post": {"id": "5"}}})
        );
        assert_eq!(
            read(&event("nothing", thread, 13, None)),
            json!({"type": "nothing", "stream": "thread:77", "seq": 13})
        );
        assert_eq!(
            read(&subscribed(thread, 13)),
            json!({"type": "subscribed", "payload": {"stream": "thread:77", "head": 13}})
        );
        assert_eq!(
            read(&lagged(&[thread, Stream::Site])),
            json!({"type": "lagged", "payload": {"streams": ["thread:77", "site"]}})
        );
        assert_eq!(
            read(&error("not_found", "no", Some("board:1"))),
            json!({"type": "error", "payload": {"code": "not_found", "detail": "no", "stream": "board:1"}})
        );
    }

    #[test]
    fn what_is_no_frame_is_not_read() {
        for text in
            ["", "hello", "[]", "null", "{}", r#"{"payload":{}}"#, r#"{"type":7}"#, r#"{"type":"a"}x"#]
        {
            assert!(Said::read(text).is_none(), "{text}");
        }
        let said = Said::read(r#"{"type":"subscribe","payload":{"streams":{"site":"x"}}}"#).unwrap();
        assert!(said.understood().unwrap_err().starts_with("subscribe: "));
    }
}
