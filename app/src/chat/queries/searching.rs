//! The SQL of what searching reads of messages.

use folkmoot_store::{Ids, sql};

use super::super::model::{ConversationId, MessageId};
use super::in_a_period;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// Messages that are not deleted, with what can be found of them.
    static WORDS: (Ids) -> WordsRow =
        "SELECT id, conversation_id, seq, author_id, html, created_at, edit_count FROM messages
        WHERE id IN {ids:$1} AND deleted_at IS NULL ORDER BY id";
    /// The ids of messages, in order.
    static AFTER: (MessageId, i64) -> MessageId = "SELECT id FROM messages WHERE id > $1 ORDER BY id LIMIT $2";
    /// How many messages there are.
    static COUNT: () -> i64 = "SELECT COUNT(*) FROM messages";
    /// Those of these messages that are not deleted and that a person reads.
    static FOUND: (Ids, UserId) -> WordsRow = concat!(
        "SELECT m.id, m.conversation_id, m.seq, m.author_id, m.html, m.created_at, m.edit_count FROM messages m
        WHERE m.id IN {ids:$1} AND m.deleted_at IS NULL AND ", in_a_period!("m", "$2"));
    /// The conversations that a person is in, those written to last first.
    static OF_PERSON: (UserId, i64) -> ConversationId =
        "SELECT c.id FROM memberships m JOIN conversations c ON c.id = m.conversation_id
        WHERE m.user_id = $1 AND m.to_seq IS NULL ORDER BY c.bumped_at DESC, c.id DESC LIMIT $2";
}

folkmoot_store::row! {
    /// What can be found of a message.
    pub struct WordsRow {
        /// The message.
        pub id: MessageId,
        /// Its conversation.
        pub conversation_id: ConversationId,
        /// Its place.
        pub seq: i64,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its words as safe HTML.
        pub html: String,
        /// When it was written.
        pub created_at: i64,
        /// How often it was edited.
        pub edit_count: i64,
    }
}

/// Those of these messages that are not deleted, with what can be found of them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn words(read: &impl Read, messages: &[MessageId]) -> Result<Vec<WordsRow>> {
    Ok(read.all(WORDS.with((MessageId::list(messages.iter().copied()),))).await?)
}

/// The ids of messages after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn after(read: &impl Read, message: MessageId, limit: i64) -> Result<Vec<MessageId>> {
    Ok(read.all(AFTER.with((message, limit))).await?)
}

/// How many messages there are.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn count(read: &impl Read) -> Result<i64> {
    Ok(read.one(COUNT.with(())).await?)
}

/// Those of these messages that are not deleted and that a person reads.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn found(read: &impl Read, messages: &[MessageId], reader: UserId) -> Result<Vec<WordsRow>> {
    Ok(read.all(FOUND.with((MessageId::list(messages.iter().copied()), reader))).await?)
}

/// The conversations that a person is in, those written to last first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_person(read: &impl Read, person: UserId, limit: i64) -> Result<Vec<ConversationId>> {
    Ok(read.all(OF_PERSON.with((person, limit))).await?)
}
