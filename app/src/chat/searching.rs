//! What searching is told of messages: their words, and how a found one is shown to who reads it.

use std::collections::HashMap;

use folkmoot_markup::plain_text;

use super::model::{ConversationId, MessageId, message_url};
use super::present;
use super::queries::searching as queries;
use super::search::{FoundIn, named};
use crate::accounts::{Person, UserId, people};
use crate::core::Result;
use crate::core::read::Read;
use crate::core::searchable::{Has, Searchable};

/// Those of these messages that are not deleted, with what can be found of them.
///
/// # Errors
/// When the database does not answer.
pub async fn searchable(read: &impl Read, messages: &[MessageId]) -> Result<Vec<Searchable>> {
    let told = queries::words(read, messages).await?.into_iter().map(|row| Searchable {
        subject: row.id.0,
        at: row.created_at,
        author: Some(row.author_id.0),
        conversation: Some(row.conversation_id.0),
        place: row.seq,
        revision: row.edit_count,
        body: plain_text(&row.html),
        has: Has::in_html(&row.html),
        ..Searchable::default()
    });
    Ok(told.collect())
}

/// The ids of messages after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn after(read: &impl Read, message: MessageId, limit: i64) -> Result<Vec<MessageId>> {
    queries::after(read, message, limit).await
}

/// How many messages there are, deleted ones too.
///
/// # Errors
/// When the database does not answer.
pub async fn count(read: &impl Read) -> Result<i64> {
    queries::count(read).await
}

/// The conversations that a person is in, those written to last first.
///
/// # Errors
/// When the database does not answer.
pub async fn conversations_of(read: &impl Read, person: UserId, limit: i64) -> Result<Vec<ConversationId>> {
    queries::of_person(read, person, limit).await
}

/// A found message.
#[derive(Clone, Debug)]
pub struct FoundInConversation {
    /// The message.
    pub id: MessageId,
    /// Its address.
    pub url: String,
    /// Its place.
    pub seq: i64,
    /// Its words, as a reader sees them.
    pub words: String,
    /// Who wrote it.
    pub author: Person,
    /// When.
    pub at: i64,
    /// Its conversation.
    pub conversation: FoundIn,
}

/// Those of these messages that are not deleted and that this person reads.
///
/// # Errors
/// When the database does not answer.
pub async fn found(
    read: &impl Read,
    messages: &[MessageId],
    reader: UserId,
) -> Result<HashMap<MessageId, FoundInConversation>> {
    let rows = queries::found(read, messages, reader).await?;
    let mut ids: Vec<ConversationId> = rows.iter().map(|row| row.conversation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let named: HashMap<ConversationId, FoundIn> =
        named(read, reader, &ids).await?.into_iter().map(|found| (found.id, found)).collect();
    let authors: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
    let people = people::by_ids(read, &authors).await?;
    let shown = rows.into_iter().filter_map(|row| {
        let conversation = named.get(&row.conversation_id)?.clone();
        let found = present::person(&people, row.author_id).map(|author| FoundInConversation {
            id: row.id,
            url: message_url(row.conversation_id, row.seq),
            seq: row.seq,
            words: plain_text(&row.html),
            author,
            at: row.created_at,
            conversation,
        });
        Some(found.map(|found| (row.id, found)))
    });
    shown.collect()
}
