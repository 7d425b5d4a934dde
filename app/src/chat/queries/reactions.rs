//! The SQL of reactions to messages.

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::MessageId;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;

/// The most different emoji on a message.
pub(crate) const MOST: i64 = 20;

sql! {
    /// The reactions to messages, each message's in the order in which they first came.
    static OF_MESSAGES: (Ids, UserId) -> ReactionRow = "SELECT message_id, emoji, COUNT(*) AS count,
            CAST(MAX(CASE WHEN user_id = $2 THEN 1 ELSE 0 END) AS BIGINT) AS mine
        FROM message_reactions WHERE message_id IN {ids:$1}
        GROUP BY message_id, emoji ORDER BY message_id, MIN(created_at), emoji";
    /// Reacts, unless this person has so already or the message has its fill of different emoji.
    static INSERT: (MessageId, UserId, String, i64, i64) =
        "INSERT INTO message_reactions (message_id, user_id, emoji, created_at)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
        WHERE EXISTS (SELECT 1 FROM message_reactions r WHERE r.message_id = $1 AND r.emoji = $3)
            OR (SELECT COUNT(DISTINCT r.emoji) FROM message_reactions r WHERE r.message_id = $1) < $5
        ON CONFLICT (message_id, user_id, emoji) DO NOTHING";
    /// Takes a reaction back.
    static DELETE: (MessageId, UserId, String) =
        "DELETE FROM message_reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3";
    /// Whether this person has reacted so.
    static MINE: (MessageId, UserId, String) -> i64 =
        "SELECT created_at FROM message_reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3";
}

folkmoot_store::row! {
    /// How many reacted so to a message.
    pub struct ReactionRow {
        /// The message.
        pub message_id: MessageId,
        /// The emoji.
        pub emoji: String,
        /// How many.
        pub count: i64,
        /// 1 when the person who asked is among them.
        pub mine: i64,
    }
}

/// The reactions to messages.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_messages(
    read: &impl Read,
    messages: &[MessageId],
    viewer: UserId,
) -> Result<Vec<ReactionRow>> {
    Ok(read.all(OF_MESSAGES.with((MessageId::list(messages.iter().copied()), viewer))).await?)
}

/// Whether this person has reacted so.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_mine(read: &impl Read, id: MessageId, user: UserId, emoji: &str) -> Result<bool> {
    Ok(read.maybe(MINE.with((id, user, emoji))).await?.is_some())
}

/// Reacts; writes nothing when there is nothing to do or no room.
pub(crate) fn insert(id: MessageId, user: UserId, emoji: &str, now: i64) -> Bound<()> {
    INSERT.with((id, user, emoji, now, MOST))
}

/// Takes a reaction back.
pub(crate) fn delete(id: MessageId, user: UserId, emoji: &str) -> Bound<()> {
    DELETE.with((id, user, emoji))
}
