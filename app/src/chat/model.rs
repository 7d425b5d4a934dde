//! Conversations and messages as the rules see them: what may be written.

use crate::core::id_types::id_type;
use crate::core::words::words;
use crate::core::{Error, Result, written};

id_type! {
    /// A conversation.
    pub struct ConversationId;
    /// A message.
    pub struct MessageId;
}

words! {
    /// What sort of conversation it is.
    pub enum Kind {
        /// Two people.
        Direct = "direct",
        /// Any number of people, with an owner.
        Group = "group",
    }
}

words! {
    /// What somebody is in a conversation.
    pub enum MemberRole {
        /// Runs it; of a group there is exactly one. In a direct conversation nobody is anything.
        Owner = "owner",
        /// Adds and removes members, and names the group.
        Admin = "admin",
        /// Reads and writes.
        Member = "member",
    }
}

/// The most members of a group.
pub(super) const MAX_MEMBERS: i64 = 10_000;
/// The most people named in one request: each costs a commit.
pub(super) const MAX_NAMED: usize = 50;
/// The most members that a conversation's JSON lists.
pub(super) const MEMBERS_SHOWN: i64 = 50;
/// The most members of a conversation in which others see how far one has read.
pub(super) const RECEIPTS_UP_TO: i64 = 20;

/// The longest title of a group, in characters.
const MAX_TITLE: usize = 100;
/// The longest message, in characters: it fits a frame of 64 KiB in any script.
const MAX_BODY: usize = 15_000;

/// A group's title on one line; an empty one is none.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_title(title: &str) -> Result<Option<String>> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.chars().count() > MAX_TITLE || title.chars().any(char::is_control) {
        return Err(Error::invalid("title", format!("at most {MAX_TITLE} characters on one line")));
    }
    Ok(Some(title).filter(|title| !title.is_empty()))
}

/// What a person wrote, with line ends of one kind.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_body(body: &str) -> Result<String> {
    written::checked_body(body, MAX_BODY)
}

/// The address of a conversation's page.
pub(super) fn conversation_url(id: ConversationId) -> String {
    format!("/chat/{id}")
}

/// The address of a message on its conversation's page.
pub(super) fn message_url(id: ConversationId, seq: i64) -> String {
    format!("/chat/{id}?message={seq}")
}

#[cfg(test)]
mod tests {
    use super::{checked_body, checked_title};

    #[test]
    fn a_title_is_one_line_or_none() {
        assert_eq!(checked_title("  Two   words\n").unwrap(), Some(String::from("Two words")));
        assert_eq!(checked_title("  ").unwrap(), None);
        assert!(checked_title(&"é".repeat(100)).is_ok());
        assert!(checked_title(&"é".repeat(101)).is_err());
        assert!(checked_title("bell\u{7}bell").is_err());
    }

    #[test]
    fn a_message_has_words_and_ends() {
        assert_eq!(checked_body("a\r\nb\0").unwrap(), "a\nb");
        assert!(checked_body(" \n ").is_err());
        assert!(checked_body(&"é".repeat(15_000)).is_ok());
        assert!(checked_body(&"é".repeat(15_001)).is_err());
    }
}
