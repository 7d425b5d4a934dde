//! The SQL of read marks.

use folkmoot_store::{Bound, sql};

use super::super::model::ConversationId;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::streams::Stream;

sql! {
    /// Sets a mark of somebody who is in the conversation, at most to the head of its stream; it only grows.
    pub(crate) static SET: (UserId, ConversationId, i64, i64, String) =
        "INSERT INTO conversation_marks (user_id, conversation_id, seq, updated_at)
        SELECT m.user_id, m.conversation_id, CASE WHEN s.head < $3 THEN s.head ELSE $3 END, CAST($4 AS BIGINT)
        FROM memberships m JOIN streams s ON s.id = $5
        WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.to_seq IS NULL AND m.joined_seq < $3
            AND m.joined_seq < s.head
        ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = excluded.seq, updated_at = excluded.updated_at
        WHERE excluded.seq > conversation_marks.seq";
    /// A person's mark, where others may see it: in a small conversation that they are in and have accepted.
    static SHOWN: (UserId, ConversationId, i64) -> (i64, String) =
        "SELECT k.seq, u.settings FROM conversation_marks k JOIN users u ON u.id = k.user_id
            JOIN memberships m ON m.user_id = k.user_id AND m.conversation_id = k.conversation_id
        WHERE k.user_id = $1 AND k.conversation_id = $2 AND m.to_seq IS NULL AND m.accepted
            AND (SELECT COUNT(*) FROM memberships o WHERE o.conversation_id = $2 AND o.to_seq IS NULL) <= $3
            AND NOT EXISTS (SELECT 1 FROM conversations c JOIN memberships o ON o.conversation_id = c.id
                JOIN blocks b ON b.user_id = $1 AND b.blocked_id = o.user_id
                WHERE c.id = $2 AND c.kind = 'direct' AND o.to_seq IS NULL)";
}

/// Sets a mark; writes nothing when it would not grow.
pub(crate) fn set(user: UserId, id: ConversationId, seq: i64, now: i64) -> Bound<()> {
    SET.with((user, id, seq, now, Stream::Conversation(id.0).to_string()))
}

/// A person's mark with their settings, in a conversation of at most `most` members where others may see it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn shown(
    read: &impl Read,
    user: UserId,
    id: ConversationId,
    most: i64,
) -> Result<Option<(i64, String)>> {
    Ok(read.maybe(SHOWN.with((user, id, most))).await?)
}
