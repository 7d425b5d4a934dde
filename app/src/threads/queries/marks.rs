//! The SQL of read marks and of what is unread above them.

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;

/// Unread posts are counted up to this many: shown as "99+".
pub(crate) const MOST: i64 = 100;

/// Visible posts of others above my mark and later than my all-read date.
macro_rules! unread {
    () => {
        "FROM posts p WHERE p.thread_id = t.id AND p.position > COALESCE(m.position, 0) AND p.deleted_at IS NULL
            AND p.author_id <> u.id AND p.created_at > u.all_read_at ORDER BY p.position LIMIT "
    };
}

sql! {
    /// A person's mark in a thread.
    static MARK: (UserId, ThreadId) -> (i64, PostId) =
        "SELECT position, post_id FROM thread_marks WHERE user_id = $1 AND thread_id = $2";
    /// What is unread in threads. A thread without anything later than the all-read date is not looked into.
    static UNREAD: (UserId, Ids, i64) -> UnreadRow = concat!(
        "SELECT t.id AS thread_id,
            (SELECT COUNT(*) FROM (SELECT 1 AS one ", unread!(), "$3) AS few) AS count,
            (SELECT p.position ", unread!(), "1) AS position, (SELECT p.id ", unread!(), "1) AS post_id
        FROM users u JOIN threads t ON t.id IN {ids:$2}
            LEFT JOIN thread_marks m ON m.user_id = u.id AND m.thread_id = t.id
        WHERE u.id = $1 AND t.last_post_at > u.all_read_at");
    /// Sets a mark; it only grows.
    static SET: (UserId, ThreadId, i64, PostId, i64) =
        "INSERT INTO thread_marks (user_id, thread_id, position, post_id, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, thread_id) DO UPDATE SET position = excluded.position, post_id = excluded.post_id,
            updated_at = excluded.updated_at
        WHERE excluded.position > thread_marks.position";
    /// Sets the date up to which everything is read; it only grows.
    static ALL_READ: (UserId, i64) = "UPDATE users SET all_read_at = $2 WHERE id = $1 AND all_read_at < $2";
    /// The date up to which everything is read.
    static ALL_READ_AT: (UserId) -> i64 = "SELECT all_read_at FROM users WHERE id = $1";
}

folkmoot_store::row! {
    /// What is unread in a thread.
    pub struct UnreadRow {
        /// The thread.
        pub thread_id: ThreadId,
        /// How many posts, at most [`MOST`].
        pub count: i64,
        /// The position of the first.
        pub position: Option<i64>,
        /// The first.
        pub post_id: Option<PostId>,
    }
}

/// A person's mark in a thread: position and post.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn mark(read: &impl Read, user: UserId, thread: ThreadId) -> Result<Option<(i64, PostId)>> {
    Ok(read.maybe(MARK.with((user, thread))).await?)
}

/// What is unread in threads; those without anything new may be left out.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn unread(read: &impl Read, user: UserId, threads: &[ThreadId]) -> Result<Vec<UnreadRow>> {
    Ok(read.all(UNREAD.with((user, ThreadId::list(threads.iter().copied()), MOST))).await?)
}

/// The date up to which a person has read everything.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn all_read_at(read: &impl Read, user: UserId) -> Result<Option<i64>> {
    Ok(read.maybe(ALL_READ_AT.with((user,))).await?)
}

/// Sets a mark; writes nothing when it would not grow.
pub(crate) fn set(user: UserId, thread: ThreadId, position: i64, post: PostId, now: i64) -> Bound<()> {
    SET.with((user, thread, position, post, now))
}

/// Sets the all-read date; writes nothing when it would not grow.
pub(crate) fn set_all_read(user: UserId, now: i64) -> Bound<()> {
    ALL_READ.with((user, now))
}
