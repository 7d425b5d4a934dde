//! The names of streams.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ordered list of events with dense numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// A board: threads that come, go and change.
    Board(i64),
    /// A thread: its posts.
    Thread(i64),
    /// A conversation: its messages.
    Conversation(i64),
    /// A person's own: read marks, notifications, joined conversations. Nobody else may follow it.
    User(i64),
    /// What everyone may know of the whole site: people and boards that changed.
    Site,
    /// What staff alone may know.
    Staff,
    /// Between nodes only: whose rights changed.
    Rights,
}

impl Stream {
    /// Reads a stream's name.
    pub fn parse(name: &str) -> Option<Self> {
        let (kind, id) = match name.split_once(':') {
            Some((kind, id)) => (kind, Some(id)),
            None => (name, None),
        };
        // A sign or leading zeros would make two names of one stream.
        let id = match id {
            Some(text) if text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') => {
                Some(text.parse::<i64>().ok()?)
            }
            Some(_) => return None,
            None => None,
        };
        match (kind, id) {
            ("board", Some(id)) => Some(Self::Board(id)),
            ("thread", Some(id)) => Some(Self::Thread(id)),
            ("conversation", Some(id)) => Some(Self::Conversation(id)),
            ("user", Some(id)) => Some(Self::User(id)),
            ("site", None) => Some(Self::Site),
            ("staff", None) => Some(Self::Staff),
            ("rights", None) => Some(Self::Rights),
            _ => None,
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board(id) => write!(f, "board:{id}"),
            Self::Thread(id) => write!(f, "thread:{id}"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Site => f.write_str("site"),
            Self::Staff => f.write_str("staff"),
            Self::Rights => f.write_str("rights"),
        }
    }
}

impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("no such stream"))
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;

    #[test]
    fn a_name_and_its_stream_are_one() {
        for name in ["board:3", "thread:77", "conversation:5", "user:9", "site", "staff", "rights"] {
            assert_eq!(Stream::parse(name).unwrap().to_string(), name);
        }
    }

    #[test]
    fn other_names_are_nothing() {
        for name in [
            "",
            "board",
            "board:",
            "board:03",
            "board:-3",
            "board:+3",
            "site:1",
            "thread:x",
            "thread:99999999999999999999",
        ] {
            assert_eq!(Stream::parse(name), None, "{name}");
        }
    }
}
