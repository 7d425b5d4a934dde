//! The SQL of what searching reads of posts.

use folkmoot_store::{Ids, Texts, sql};

use super::super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// Visible posts of visible threads, with what can be found of them.
    static WORDS: (Ids) -> WordsRow =
        "SELECT p.id, p.thread_id, p.author_id, p.position, p.html, p.created_at, p.edit_count, t.board_id, t.title,
            t.opening_post_id
        FROM posts p JOIN threads t ON t.id = p.thread_id
        WHERE p.id IN {ids:$1} AND p.deleted_at IS NULL AND t.deleted_at IS NULL ORDER BY p.id";
    /// The ids of posts, in order.
    static AFTER: (PostId, i64) -> PostId = "SELECT id FROM posts WHERE id > $1 ORDER BY id LIMIT $2";
    /// How many posts there are.
    static COUNT: () -> i64 = "SELECT COUNT(*) FROM posts";
    /// The posts of a thread, deleted or not, above a position.
    static OF_THREAD: (ThreadId, i64, i64) -> (PostId, i64) =
        "SELECT id, position FROM posts WHERE thread_id = $1 AND position > $2 ORDER BY position LIMIT $3";
    /// Posts as a list of found ones shows them.
    static FOUND: (Ids) -> FoundRow =
        "SELECT p.id, p.thread_id, p.author_id, p.position, p.html, p.created_at, t.title, t.slug, t.post_count,
            t.opening_post_id, b.id AS board_id, b.slug AS board_slug, b.title AS board_title, b.hue AS board_hue
        FROM posts p JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
        WHERE p.id IN {ids:$1} AND p.deleted_at IS NULL AND t.deleted_at IS NULL";
    /// On how many visible threads of these boards each of these tags is.
    static TAGGED: (Texts, Ids) -> (String, i64) =
        "SELECT g.tag, COUNT(*) AS count FROM thread_tags g JOIN threads t ON t.id = g.thread_id
        WHERE g.tag IN {texts:$1} AND t.deleted_at IS NULL AND t.board_id IN {ids:$2} GROUP BY g.tag ORDER BY g.tag";
}

folkmoot_store::row! {
    /// What can be found of a post.
    pub struct WordsRow {
        /// The post.
        pub id: PostId,
        /// Its thread.
        pub thread_id: ThreadId,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its place in the thread.
        pub position: i64,
        /// Its words as safe HTML.
        pub html: String,
        /// When it was written.
        pub created_at: i64,
        /// How often it was edited.
        pub edit_count: i64,
        /// Its thread's board.
        pub board_id: BoardId,
        /// Its thread's title.
        pub title: String,
        /// The post that the thread was opened with.
        pub opening_post_id: PostId,
    }
}

folkmoot_store::row! {
    /// A found post with its thread and board.
    pub struct FoundRow {
        /// The post.
        pub id: PostId,
        /// Its thread.
        pub thread_id: ThreadId,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its place in the thread.
        pub position: i64,
        /// Its words as safe HTML.
        pub html: String,
        /// When it was written.
        pub created_at: i64,
        /// Its thread's title.
        pub title: String,
        /// The readable part of the thread's address.
        pub slug: String,
        /// Visible posts of the thread.
        pub post_count: i64,
        /// The post that the thread was opened with.
        pub opening_post_id: PostId,
        /// The thread's board.
        pub board_id: BoardId,
        /// The board's name in addresses.
        pub board_slug: String,
        /// The board's name.
        pub board_title: String,
        /// The board's colour, in degrees.
        pub board_hue: i64,
    }
}

/// Those of these posts that are visible, with what can be found of them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn words(read: &impl Read, posts: &[PostId]) -> Result<Vec<WordsRow>> {
    Ok(read.all(WORDS.with((PostId::list(posts.iter().copied()),))).await?)
}

/// The ids of posts after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn after(read: &impl Read, post: PostId, limit: i64) -> Result<Vec<PostId>> {
    Ok(read.all(AFTER.with((post, limit))).await?)
}

/// How many posts there are.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn count(read: &impl Read) -> Result<i64> {
    Ok(read.one(COUNT.with(())).await?)
}

/// The posts of a thread, deleted or not, above a position, each with its own.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_thread(
    read: &impl Read,
    thread: ThreadId,
    position: i64,
    limit: i64,
) -> Result<Vec<(PostId, i64)>> {
    Ok(read.all(OF_THREAD.with((thread, position, limit))).await?)
}

/// Those of these posts that are visible, as a list of found ones shows them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn found(read: &impl Read, posts: &[PostId]) -> Result<Vec<FoundRow>> {
    Ok(read.all(FOUND.with((PostId::list(posts.iter().copied()),))).await?)
}

/// On how many visible threads of these boards each of these tags is; tags on none are left out.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tagged(
    read: &impl Read,
    tags: Vec<String>,
    boards: &[BoardId],
) -> Result<Vec<(String, i64)>> {
    Ok(read.all(TAGGED.with((Texts(tags), BoardId::list(boards.iter().copied())))).await?)
}
