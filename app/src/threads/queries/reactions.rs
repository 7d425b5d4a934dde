//! The SQL of reactions.

use std::collections::HashSet;

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::PostId;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;

/// The most different emoji on a post.
pub(crate) const MOST: i64 = 20;

sql! {
    /// The reactions to posts, each post's in the order in which they first came.
    static OF_POSTS: (Ids) -> ReactionRow = "SELECT post_id, emoji, COUNT(*) AS count FROM reactions
        WHERE post_id IN {ids:$1} GROUP BY post_id, emoji ORDER BY post_id, MIN(created_at), emoji";
    /// A person's own reactions to posts.
    static MINE_OF_POSTS: (Ids, UserId) -> (PostId, String) =
        "SELECT post_id, emoji FROM reactions WHERE post_id IN {ids:$1} AND user_id = $2";
    /// Who reacted to a post, in the order in which they did.
    static PEOPLE: (PostId, i64) -> (String, UserId) =
        "SELECT emoji, user_id FROM reactions WHERE post_id = $1 ORDER BY created_at, user_id, emoji LIMIT $2";
    /// Reacts, unless this person has so already or the post has its fill of different emoji.
    static INSERT: (PostId, UserId, String, i64, i64) = "INSERT INTO reactions (post_id, user_id, emoji, created_at)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
        WHERE EXISTS (SELECT 1 FROM reactions r WHERE r.post_id = $1 AND r.emoji = $3)
            OR (SELECT COUNT(DISTINCT r.emoji) FROM reactions r WHERE r.post_id = $1) < $5
        ON CONFLICT (post_id, user_id, emoji) DO NOTHING";
    /// Takes a reaction back.
    static DELETE: (PostId, UserId, String) =
        "DELETE FROM reactions WHERE post_id = $1 AND user_id = $2 AND emoji = $3";
    /// Whether this person has reacted so.
    static MINE: (PostId, UserId, String) -> i64 =
        "SELECT created_at FROM reactions WHERE post_id = $1 AND user_id = $2 AND emoji = $3";
}

folkmoot_store::row! {
    /// How many reacted so to a post.
    pub struct ReactionRow {
        /// The post.
        pub post_id: PostId,
        /// The emoji.
        pub emoji: String,
        /// How many.
        pub count: i64,
    }
}

/// The reactions to posts.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_posts(read: &impl Read, posts: &[PostId]) -> Result<Vec<ReactionRow>> {
    Ok(read.all(OF_POSTS.with((PostId::list(posts.iter().copied()),))).await?)
}

/// A person's own reactions to posts.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn mine(
    read: &impl Read,
    posts: &[PostId],
    user: UserId,
) -> Result<HashSet<(PostId, String)>> {
    let mine = read.all(MINE_OF_POSTS.with((PostId::list(posts.iter().copied()), user))).await?;
    Ok(mine.into_iter().collect())
}

/// Who reacted to a post, the first of them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn people(read: &impl Read, post: PostId, limit: i64) -> Result<Vec<(String, UserId)>> {
    Ok(read.all(PEOPLE.with((post, limit))).await?)
}

/// Whether this person has reacted so.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_mine(read: &impl Read, post: PostId, user: UserId, emoji: &str) -> Result<bool> {
    Ok(read.maybe(MINE.with((post, user, emoji))).await?.is_some())
}

/// Reacts; writes nothing when there is nothing to do or no room.
pub(crate) fn insert(post: PostId, user: UserId, emoji: &str, now: i64) -> Bound<()> {
    INSERT.with((post, user, emoji, now, MOST))
}

/// Takes a reaction back.
pub(crate) fn delete(post: PostId, user: UserId, emoji: &str) -> Bound<()> {
    DELETE.with((post, user, emoji))
}
