//! What nodes tell each other over the bus: a frame, and a line about it before it.

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::frames::Effect;
use crate::core::streams::Stream;

/// The topic of all events of one database.
pub(super) const TOPIC: &str = "folkmoot.events";

/// A frame from another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    /// The node that sent it.
    pub(super) from: String,
    /// The history that it belongs to.
    pub(super) epoch: String,
    pub(super) stream: Stream,
    /// Its number; `None` when it is fleeting.
    pub(super) seq: Option<i64>,
    /// What it does to those who follow the stream.
    pub(super) effect: Effect,
    pub(super) text: Utf8Bytes,
}

#[derive(Serialize, Deserialize)]
struct Line {
    from: String,
    epoch: String,
    stream: String,
    seq: Option<i64>,
    effect: Effect,
}

impl Envelope {
    pub(super) fn write(&self) -> Bytes {
        let line = Line {
            from: self.from.clone(),
            epoch: self.epoch.clone(),
            stream: self.stream.to_string(),
            seq: self.seq,
            effect: self.effect,
        };
        let mut message = serde_json::to_string(&line).unwrap_or_default();
        message.push('\n');
        message.push_str(self.text.as_str());
        message.into()
    }

    /// `None` for what no node of this release wrote.
    pub(super) fn read(message: &Bytes) -> Option<Self> {
        let end = message.iter().position(|byte| *byte == b'\n')?;
        let line: Line = serde_json::from_slice(&message[..end]).ok()?;
        Some(Self {
            stream: Stream::parse(&line.stream)?,
            from: line.from,
            epoch: line.epoch,
            seq: line.seq,
            effect: line.effect,
            text: Utf8Bytes::try_from(message.slice(end + 1..)).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Effect, Envelope, Stream};

    #[test]
    fn an_envelope_is_read_as_it_was_written() {
        let envelope = Envelope {
            from: "node".into(),
            epoch: "e".into(),
            stream: Stream::Thread(77),
            seq: Some(12),
            effect: Effect::Begins(Stream::Conversation(5), 9),
            text: "{\"payload\":\"a\\nb \u{1f33b}\"}".into(),
        };
        assert_eq!(Envelope::read(&envelope.write()), Some(envelope.clone()));
        let fleeting = Envelope { seq: None, effect: Effect::None, ..envelope };
        assert_eq!(Envelope::read(&fleeting.write()), Some(fleeting));
    }

    #[test]
    fn other_messages_are_nothing() {
        let bad = [
            "",
            "\n",
            "{}\n{}",
            "no line",
            r#"{"from":"a","epoch":"e","stream":"x:1","seq":1,"effect":"none"}"#,
        ];
        for message in bad {
            assert_eq!(Envelope::read(&Bytes::from(message)), None, "{message}");
        }
        let line = br#"{"from":"a","epoch":"e","stream":"site","seq":1,"effect":"none"}"#;
        let message = [line.as_slice(), b"\n\xff"].concat();
        assert_eq!(Envelope::read(&Bytes::from(message)), None, "text is UTF-8");
    }
}
