//! The SQL of posts: pages, and writes to one.

use folkmoot_markup::{Flavour, MARKUP_VERSION};
use folkmoot_store::{Bound, Ids, sql};

use super::super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::core::Result;
use crate::core::read::Read;

macro_rules! post {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.thread_id, p.author_id, p.position, p.html, p.excerpt, p.created_at, p.edited_at,
                p.edit_count, p.imported_likes, p.deleted_at, p.deleted_by, p.version, r.id AS reply_to,
                r.position AS reply_position, r.author_id AS reply_author, r.excerpt AS reply_excerpt
            FROM posts p LEFT JOIN posts r ON r.id = p.reply_to AND r.deleted_at IS NULL ",
            $rest
        )
    };
}

sql! {
    /// Posts of a thread above a position, in order.
    static ABOVE: (ThreadId, i64, i64) -> PostRow =
        post!("WHERE p.thread_id = $1 AND p.position > $2 ORDER BY p.position LIMIT $3");
    /// Posts of a thread below a position, backwards.
    static BELOW: (ThreadId, i64, i64) -> PostRow =
        post!("WHERE p.thread_id = $1 AND p.position < $2 ORDER BY p.position DESC LIMIT $3");
    /// Posts of a thread within a range of positions, in order.
    static BETWEEN: (ThreadId, i64, i64) -> PostRow =
        post!("WHERE p.thread_id = $1 AND p.position >= $2 AND p.position <= $3 ORDER BY p.position");
    /// These posts, in no order.
    static BY_IDS: (Ids) -> PostRow = post!("WHERE p.id IN {ids:$1}");
    /// A person's visible posts on these boards, the newest first.
    static BY_PERSON: (UserId, Ids, i64, PostId, i64) -> PostRow = post!(
        "JOIN threads t ON t.id = p.thread_id
        WHERE p.author_id = $1 AND t.board_id IN {ids:$2} AND t.deleted_at IS NULL AND p.deleted_at IS NULL
            AND (p.created_at, p.id) < ($3, $4) ORDER BY p.created_at DESC, p.id DESC LIMIT $5");
    /// Which posts those are, and how they are.
    static KEYS_BY_PERSON: (UserId, Ids, i64, PostId, i64) -> (PostId, ThreadId, i64) =
        "SELECT p.id, p.thread_id, p.version FROM posts p JOIN threads t ON t.id = p.thread_id
        WHERE p.author_id = $1 AND t.board_id IN {ids:$2} AND t.deleted_at IS NULL AND p.deleted_at IS NULL
            AND (p.created_at, p.id) < ($3, $4) ORDER BY p.created_at DESC, p.id DESC LIMIT $5";
    /// Adds a post at the position that was taken for it, unless its author sent it before.
    static INSERT: (PostId, ThreadId, UserId, Option<PostId>, String, String, String, i64, i64, Option<String>, String) =
        "INSERT INTO posts (id, thread_id, author_id, position, reply_to, flavour, body, html, excerpt, markup_version,
            imported_likes, created_at, edit_count, version, client_id, sent_to)
        SELECT CAST($1 AS BIGINT), t.id, CAST($3 AS BIGINT), t.next_position - 1, CAST($4 AS BIGINT), 'markdown',
            CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS BIGINT), 0, CAST($9 AS BIGINT), 0, 1,
            CAST($10 AS TEXT), CAST($11 AS TEXT)
        FROM threads t WHERE t.id = $2 ON CONFLICT (author_id, client_id) DO NOTHING";
    /// Waits out a board's slow mode: writes nothing while the last post is younger than `limit`.
    static SLOW_DOWN: (BoardId, UserId, i64, i64) =
        "INSERT INTO slow_modes (board_id, user_id, last_at) VALUES ($1, $2, $3)
        ON CONFLICT (board_id, user_id) DO UPDATE SET last_at = excluded.last_at WHERE slow_modes.last_at <= $4";
    /// When a person last wrote on a board with slow mode.
    static LAST_AT: (BoardId, UserId) -> i64 = "SELECT last_at FROM slow_modes WHERE board_id = $1 AND user_id = $2";
    /// Keeps the words that an edit replaces, unless somebody edited since version `$2` was read.
    static KEEP_WORDS: (PostId, i64, UserId, i64) =
        "INSERT INTO post_edits (post_id, version, body, flavour, edited_by, edited_at)
        SELECT p.id, p.version, p.body, p.flavour, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM posts p
        WHERE p.id = $1 AND p.deleted_at IS NULL AND p.version >= $2
            AND NOT EXISTS (SELECT 1 FROM post_edits e WHERE e.post_id = p.id AND e.version >= $2)";
    /// Replaces the words.
    static EDIT: (PostId, String, String, String, i64, i64, String) = "UPDATE posts SET flavour = $7, body = $2,
            html = $3, excerpt = $4, markup_version = $5, edited_at = $6, edit_count = edit_count + 1,
            version = version + 1
        WHERE id = $1";
    /// Deletes a post.
    static DELETE: (PostId, UserId, i64) = "UPDATE posts SET deleted_at = $3, deleted_by = $2, version = version + 1
        WHERE id = $1 AND deleted_at IS NULL";
    /// Brings a post back that is still deleted as it was read to be.
    static RESTORE: (PostId, i64) = "UPDATE posts SET deleted_at = NULL, deleted_by = NULL, version = version + 1
        WHERE id = $1 AND deleted_at = $2";
    /// Notes that others may see something new of a post.
    static TOUCH: (PostId) = "UPDATE posts SET version = version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// A guard: the post, while it is this person's own.
    static STILL_AUTHOR: (PostId, UserId) -> PostId = "SELECT id FROM posts WHERE id = $1 AND author_id = $2";
    /// What edits replaced, the oldest first.
    static EDITS: (PostId, i64, i64) -> EditRow = "SELECT version, body, flavour, edited_at, edited_by FROM post_edits
        WHERE post_id = $1 AND version > $2 ORDER BY version LIMIT $3";
    /// Posts that an older renderer wrote.
    static STALE: (i64, i64) -> StaleRow = "SELECT id, flavour, body, version FROM posts
        WHERE markup_version < $1 ORDER BY markup_version LIMIT $2";
    /// The oldest renderer that a post is left of.
    static OLDEST_MARKUP: () -> Option<i64> = "SELECT MIN(markup_version) FROM posts";
    /// Writes a post's HTML again, if its words are still those that were rendered.
    static RENDERED: (PostId, i64, String, String, i64) = "UPDATE posts SET html = $3, excerpt = $4,
            markup_version = $5, version = version + 1
        WHERE id = $1 AND version = $2";
}

folkmoot_store::row! {
    /// A post as its thread shows it.
    #[derive(Clone, Debug)]
    pub struct PostRow {
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
        /// Its first words.
        pub excerpt: String,
        /// When it was written.
        pub created_at: i64,
        /// When it was last edited.
        pub edited_at: Option<i64>,
        /// How often it was edited.
        pub edit_count: i64,
        /// Likes from where it was imported.
        pub imported_likes: i64,
        /// When it was deleted.
        pub deleted_at: Option<i64>,
        /// By whom.
        pub deleted_by: Option<UserId>,
        /// Rises with each change.
        pub version: i64,
        /// The visible post that it answers.
        pub reply_to: Option<PostId>,
        /// That post's position.
        pub reply_position: Option<i64>,
        /// That post's author.
        pub reply_author: Option<UserId>,
        /// That post's first words.
        pub reply_excerpt: Option<String>,
    }
}

folkmoot_store::row! {
    /// Words that an edit replaced.
    pub struct EditRow {
        /// The version that had them.
        pub version: i64,
        /// The words.
        pub body: String,
        /// How they are written.
        pub flavour: String,
        /// When they were replaced.
        pub edited_at: i64,
        /// By whom.
        pub edited_by: UserId,
    }
}

folkmoot_store::row! {
    /// A post that an older renderer wrote.
    pub struct StaleRow {
        /// The post.
        pub id: PostId,
        /// How its source is written.
        pub flavour: String,
        /// Its source.
        pub body: String,
        /// Rises with each change.
        pub version: i64,
    }
}

/// Up to `limit` posts above a position, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn above(
    read: &impl Read,
    thread: ThreadId,
    position: i64,
    limit: i64,
) -> Result<Vec<PostRow>> {
    Ok(read.all(ABOVE.with((thread, position, limit))).await?)
}

/// Up to `limit` posts below a position, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn below(
    read: &impl Read,
    thread: ThreadId,
    position: i64,
    limit: i64,
) -> Result<Vec<PostRow>> {
    let mut rows = read.all(BELOW.with((thread, position, limit))).await?;
    rows.reverse();
    Ok(rows)
}

/// The posts from one position to another, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn between(read: &impl Read, thread: ThreadId, from: i64, to: i64) -> Result<Vec<PostRow>> {
    Ok(read.all(BETWEEN.with((thread, from, to))).await?)
}

/// These posts, in no order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_ids(read: &impl Read, posts: &[PostId]) -> Result<Vec<PostRow>> {
    Ok(read.all(BY_IDS.with((PostId::list(posts.iter().copied()),))).await?)
}

/// One post, deleted or not.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_id(read: &impl Read, post: PostId) -> Result<Option<PostRow>> {
    Ok(by_ids(read, &[post]).await?.pop())
}

/// A person's visible posts on these boards after a time and id, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_person(
    read: &impl Read,
    person: UserId,
    boards: &[BoardId],
    (time, id): (i64, PostId),
    limit: i64,
) -> Result<Vec<PostRow>> {
    let boards = BoardId::list(boards.iter().copied());
    Ok(read.all(BY_PERSON.with((person, boards, time, id, limit))).await?)
}

/// Of the posts that [`by_person`] gives: which they are, in which threads, and in which version.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn keys_by_person(
    read: &impl Read,
    person: UserId,
    boards: &[BoardId],
    (time, id): (i64, PostId),
    limit: i64,
) -> Result<Vec<(PostId, ThreadId, i64)>> {
    let boards = BoardId::list(boards.iter().copied());
    Ok(read.all(KEYS_BY_PERSON.with((person, boards, time, id, limit))).await?)
}

/// A post that is being written.
#[derive(Clone, Debug)]
pub(crate) struct NewPost {
    /// The post.
    pub id: PostId,
    /// Its thread.
    pub thread: ThreadId,
    /// Who writes it.
    pub author: UserId,
    /// The post that it answers.
    pub reply_to: Option<PostId>,
    /// Its source.
    pub body: String,
    /// Its words as safe HTML.
    pub html: String,
    /// Its first words.
    pub excerpt: String,
    /// When.
    pub at: i64,
    /// Its author's name for this send.
    pub client_id: Option<String>,
    /// The stream of the place it is sent to.
    pub sent_to: String,
}

/// Adds a post at the position that was taken for it; writes nothing when its author sent it before.
pub(crate) fn insert(new: &NewPost) -> Bound<()> {
    INSERT.with((
        new.id,
        new.thread,
        new.author,
        new.reply_to,
        new.body.as_str(),
        new.html.as_str(),
        new.excerpt.as_str(),
        MARKUP_VERSION,
        new.at,
        new.client_id.as_deref(),
        new.sent_to.as_str(),
    ))
}

/// Waits out slow mode; writes nothing while the last post is not older than `wait` milliseconds.
pub(crate) fn slow_down(board: BoardId, user: UserId, now: i64, wait: i64) -> Bound<()> {
    SLOW_DOWN.with((board, user, now, now - wait))
}

/// When a person last wrote on a board with slow mode.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn last_at(read: &impl Read, board: BoardId, user: UserId) -> Result<Option<i64>> {
    Ok(read.maybe(LAST_AT.with((board, user))).await?)
}

/// Keeps the words that an edit replaces; writes nothing when somebody edited since version `read` was read.
pub(crate) fn keep_words(post: PostId, read: i64, by: UserId, now: i64) -> Bound<()> {
    KEEP_WORDS.with((post, read, by, now))
}

/// Replaces a post's words.
pub(crate) fn edit(
    post: PostId,
    body: &str,
    flavour: Flavour,
    (html, excerpt): (&str, &str),
    now: i64,
) -> Bound<()> {
    EDIT.with((post, body, html, excerpt, MARKUP_VERSION, now, flavour.as_str()))
}

/// Deletes a post; writes nothing when it is deleted.
pub(crate) fn delete(post: PostId, by: UserId, now: i64) -> Bound<()> {
    DELETE.with((post, by, now))
}

/// Brings a post back; writes nothing unless it was deleted at that moment.
pub(crate) fn restore(post: PostId, deleted_at: i64) -> Bound<()> {
    RESTORE.with((post, deleted_at))
}

/// Notes that others may see something new of a post; writes nothing when it is deleted.
pub(crate) fn touch(post: PostId) -> Bound<()> {
    TOUCH.with((post,))
}

/// A guard: answers a row while the post is this person's own.
pub(crate) fn still_author(post: PostId, user: UserId) -> Bound<PostId> {
    STILL_AUTHOR.with((post, user))
}

/// The words that edits replaced, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn edits(read: &impl Read, post: PostId, after: i64, limit: i64) -> Result<Vec<EditRow>> {
    Ok(read.all(EDITS.with((post, after, limit))).await?)
}

/// Posts whose HTML a renderer older than `version` wrote.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn stale(read: &impl Read, version: i64, limit: i64) -> Result<Vec<StaleRow>> {
    Ok(read.all(STALE.with((version, limit))).await?)
}

/// Whether posts are left that an older renderer wrote: they are being rendered again, which no event tells of.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn are_stale(read: &impl Read) -> Result<bool> {
    Ok(read.maybe(OLDEST_MARKUP.with(())).await?.flatten().is_some_and(|oldest| oldest < MARKUP_VERSION))
}

/// Writes a post's HTML again; writes nothing when its version is another.
pub(crate) fn rendered(post: PostId, version: i64, html: &str, excerpt: &str) -> Bound<()> {
    RENDERED.with((post, version, html, excerpt, MARKUP_VERSION))
}
