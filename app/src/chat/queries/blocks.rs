//! The SQL of blocks.

use folkmoot_store::{Bound, sql};

use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// Whom a person has blocked, the newest first.
    static OF: (UserId) -> UserId =
        "SELECT blocked_id FROM blocks WHERE user_id = $1 ORDER BY created_at DESC, blocked_id DESC";
    /// Blocks a person.
    static INSERT: (UserId, UserId, i64) = "INSERT INTO blocks (user_id, blocked_id, created_at)
        VALUES ($1, $2, $3) ON CONFLICT (user_id, blocked_id) DO NOTHING";
    /// Takes a block back.
    static DELETE: (UserId, UserId) = "DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2";
}

/// Whom a person has blocked, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of(read: &impl Read, user: UserId) -> Result<Vec<UserId>> {
    Ok(read.all(OF.with((user,))).await?)
}

/// Blocks a person; writes nothing when they are blocked.
pub(crate) fn insert(user: UserId, blocked: UserId, now: i64) -> Bound<()> {
    INSERT.with((user, blocked, now))
}

/// Takes a block back; writes nothing when there is none.
pub(crate) fn delete(user: UserId, blocked: UserId) -> Bound<()> {
    DELETE.with((user, blocked))
}
