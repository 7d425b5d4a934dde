//! The SQL of counts: what a commit changes of them, and what they should be.
//!
//! A board's counts are over its visible threads and posts; a person's are over boards that everyone may read, since
//! others see them. `count_changes` holds what was committed and is not added to boards and people yet.

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::core::Result;
use crate::core::read::Read;

/// 1 where everyone may read, else 0.
macro_rules! public {
    () => {
        "CASE WHEN b.read_right = 'everyone' THEN 1 ELSE 0 END"
    };
}

/// What others like about the post `p`; reacting to oneself does not count.
macro_rules! likes {
    () => {
        "(p.imported_likes + (SELECT COUNT(*) FROM reactions r WHERE r.post_id = p.id AND r.user_id <> p.author_id))"
    };
}

macro_rules! insert {
    ($select:expr) => {
        concat!(
            "INSERT INTO count_changes (change, user_id, board_id, board_threads, board_posts, user_threads, user_posts,
                user_likes) ",
            $select
        )
    };
}

/// What a board's counts should be.
macro_rules! board_truth {
    (threads) => {
        "(SELECT COUNT(*) FROM threads t WHERE t.board_id = boards.id AND t.deleted_at IS NULL)"
    };
    (posts) => {
        "(SELECT COUNT(*) FROM threads t JOIN posts p ON p.thread_id = t.id
            WHERE t.board_id = boards.id AND t.deleted_at IS NULL AND p.deleted_at IS NULL)"
    };
}

/// What a person's counts should be.
macro_rules! user_truth {
    (threads) => {
        "(SELECT COUNT(*) FROM threads t JOIN boards b ON b.id = t.board_id
            WHERE t.author_id = users.id AND t.deleted_at IS NULL AND b.read_right = 'everyone')"
    };
    (posts) => {
        "(SELECT COUNT(*) FROM posts p JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
            WHERE p.author_id = users.id AND p.deleted_at IS NULL AND t.deleted_at IS NULL
                AND b.read_right = 'everyone')"
    };
    (likes) => {
        concat!(
            "(SELECT CAST(COALESCE(SUM(",
            likes!(),
            "), 0) AS BIGINT) FROM posts p JOIN threads t ON t.id = p.thread_id
                JOIN boards b ON b.id = t.board_id WHERE p.author_id = users.id AND p.deleted_at IS NULL
                AND t.deleted_at IS NULL AND b.read_right = 'everyone')"
        )
    };
}

/// What waits to be added.
macro_rules! pending {
    ($column:literal, $of:literal) => {
        concat!(
            "(SELECT CAST(COALESCE(SUM(c.",
            $column,
            "), 0) AS BIGINT) FROM count_changes c WHERE c.",
            $of,
            ")"
        )
    };
}

sql! {
    /// A reply counts. The hot path: it reads the thread and its board alone.
    static REPLIED: (i64, UserId, ThreadId) = insert!(concat!(
        "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), t.board_id, 0, 1, 0, ", public!(), ", 0
        FROM threads t JOIN boards b ON b.id = t.board_id WHERE t.id = $3"));
    /// A post counts (1) or no longer (-1).
    static POST: (i64, PostId, i64) = insert!(concat!(
        "SELECT CAST($1 AS BIGINT), p.author_id, t.board_id, 0, CAST($3 AS BIGINT), 0, CAST($3 AS BIGINT) * ", public!(), ",
            CAST($3 AS BIGINT) * ", public!(), " * ", likes!(), "
        FROM posts p JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id WHERE p.id = $2"));
    /// A thread with its posts counts (1) or no longer (-1), for each of its authors.
    static THREAD: (i64, ThreadId, i64) = insert!(concat!(
        "SELECT CAST($1 AS BIGINT), p.author_id, t.board_id, CAST($3 AS BIGINT) * MAX(CASE WHEN p.author_id = t.author_id THEN 1 ELSE 0 END),
            CAST($3 AS BIGINT) * COUNT(*), CAST($3 AS BIGINT) * MAX(CASE WHEN p.author_id = t.author_id THEN 1 ELSE 0 END) * MAX(", public!(), "),
            CAST($3 AS BIGINT) * COUNT(*) * MAX(", public!(), "), CAST(CAST($3 AS BIGINT) * SUM(", likes!(), ") * MAX(", public!(), ") AS BIGINT)
        FROM posts p JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
        WHERE t.id = $2 AND p.deleted_at IS NULL GROUP BY p.author_id, t.board_id, t.author_id"));
    /// A reaction counts (1) or no longer (-1).
    static LIKE: (i64, PostId, UserId, i64) = insert!(concat!(
        "SELECT CAST($1 AS BIGINT), p.author_id, t.board_id, 0, 0, 0, 0, CAST($4 AS BIGINT) * ", public!(), "
        FROM posts p JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
        WHERE p.id = $2 AND p.author_id <> $3"));
    /// The oldest changes, whole ones.
    static PENDING: (i64) -> ChangeRow = "SELECT change, user_id, board_id, board_threads, board_posts, user_threads,
            user_posts, user_likes
        FROM count_changes WHERE change IN (SELECT DISTINCT change FROM count_changes ORDER BY change LIMIT $1)";
    /// Takes changes that are being added.
    static TAKE: (Ids) = "DELETE FROM count_changes WHERE change IN {ids:$1}";
    /// Adds to a board's counts.
    static ADD_TO_BOARD: (BoardId, i64, i64) =
        "UPDATE boards SET thread_count = thread_count + $2, post_count = post_count + $3 WHERE id = $1";
    /// Adds to a person's counts.
    static ADD_TO_USER: (UserId, i64, i64, i64) = "UPDATE users SET thread_count = thread_count + $2,
        post_count = post_count + $3, like_count = like_count + $4 WHERE id = $1";
    /// Boards whose counts are not what they should be.
    static WRONG_BOARDS: () -> (BoardId, i64, i64, i64, i64) = concat!(
        "SELECT w.* FROM (SELECT boards.id, boards.thread_count + ", pending!("board_threads", "board_id = boards.id"), " AS threads, ",
            board_truth!(threads), " AS true_threads, boards.post_count + ", pending!("board_posts", "board_id = boards.id"), " AS posts, ",
            board_truth!(posts), " AS true_posts FROM boards) w
        WHERE w.threads <> w.true_threads OR w.posts <> w.true_posts");
    /// People whose counts are not what they should be.
    static WRONG_USERS: () -> (UserId, i64, i64, i64, i64, i64, i64) = concat!(
        "SELECT w.* FROM (SELECT users.id, users.thread_count + ", pending!("user_threads", "user_id = users.id"), " AS threads, ",
            user_truth!(threads), " AS true_threads, users.post_count + ", pending!("user_posts", "user_id = users.id"), " AS posts, ",
            user_truth!(posts), " AS true_posts, users.like_count + ", pending!("user_likes", "user_id = users.id"), " AS likes, ",
            user_truth!(likes), " AS true_likes FROM users) w
        WHERE w.threads <> w.true_threads OR w.posts <> w.true_posts OR w.likes <> w.true_likes");
    /// Threads whose counts, or whose last post, are not what they should be.
    static WRONG_THREADS: () -> (ThreadId, i64, i64) =
        "SELECT w.id, w.post_count, w.true_posts FROM (SELECT t.id, t.post_count, COUNT(p.id) AS true_posts, MAX(t.last_post_id) AS last,
                MAX(t.next_position) AS next, MAX(p.position) AS top,
                (SELECT l.id FROM posts l WHERE l.thread_id = t.id AND l.deleted_at IS NULL
                    ORDER BY l.position DESC LIMIT 1) AS true_last
            FROM threads t LEFT JOIN posts p ON p.thread_id = t.id AND p.deleted_at IS NULL
            GROUP BY t.id, t.post_count) w
        WHERE w.post_count <> w.true_posts OR w.last <> w.true_last OR w.next <= w.top";
    /// Locks boards, so that the next statement sees what others have committed.
    static HOLD_BOARDS: (Ids) = "UPDATE boards SET version = version WHERE id IN {ids:$1}";
    /// Sets boards' counts to what they should be.
    static RECOUNT_BOARDS: (Ids) = concat!(
        "UPDATE boards SET thread_count = ", board_truth!(threads), " - ", pending!("board_threads", "board_id = boards.id"), ",
            post_count = ", board_truth!(posts), " - ", pending!("board_posts", "board_id = boards.id"), "
        WHERE id IN {ids:$1}");
    /// Locks people, so that the next statement sees what others have committed.
    static HOLD_USERS: (Ids) = "UPDATE users SET version = version WHERE id IN {ids:$1}";
    /// Sets people's counts to what they should be.
    static RECOUNT_USERS: (Ids) = concat!(
        "UPDATE users SET thread_count = ", user_truth!(threads), " - ", pending!("user_threads", "user_id = users.id"), ",
            post_count = ", user_truth!(posts), " - ", pending!("user_posts", "user_id = users.id"), ",
            like_count = ", user_truth!(likes), " - ", pending!("user_likes", "user_id = users.id"), "
        WHERE id IN {ids:$1}");
    /// Who wrote on a board, in the order of their ids.
    static AUTHORS: (BoardId, UserId, i64) -> UserId = "SELECT DISTINCT p.author_id FROM threads t
            JOIN posts p ON p.thread_id = t.id
        WHERE t.board_id = $1 AND p.author_id > $2 ORDER BY p.author_id LIMIT $3";
}

folkmoot_store::row! {
    /// What a commit changed of the counts of one person and one board.
    #[derive(Clone, Debug)]
    pub struct ChangeRow {
        /// The change; one has a row for each person it concerns.
        pub change: i64,
        /// Whose counts.
        pub user_id: UserId,
        /// Which board's counts.
        pub board_id: BoardId,
        /// More threads on the board.
        pub board_threads: i64,
        /// More posts on the board.
        pub board_posts: i64,
        /// More threads of the person.
        pub user_threads: i64,
        /// More posts of the person.
        pub user_posts: i64,
        /// More likes of the person's posts.
        pub user_likes: i64,
    }
}

/// A reply counts.
pub(crate) fn replied(change: i64, author: UserId, thread: ThreadId) -> Bound<()> {
    REPLIED.with((change, author, thread))
}

/// A post counts (`sign` 1) or no longer (-1).
pub(crate) fn post(change: i64, post: PostId, sign: i64) -> Bound<()> {
    POST.with((change, post, sign))
}

/// A thread with its posts counts (`sign` 1) or no longer (-1).
pub(crate) fn thread(change: i64, thread: ThreadId, sign: i64) -> Bound<()> {
    THREAD.with((change, thread, sign))
}

/// A reaction counts (`sign` 1) or no longer (-1).
pub(crate) fn like(change: i64, post: PostId, by: UserId, sign: i64) -> Bound<()> {
    LIKE.with((change, post, by, sign))
}

/// The oldest `limit` changes that were not added yet.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn pending(read: &impl Read, limit: i64) -> Result<Vec<ChangeRow>> {
    Ok(read.all(PENDING.with((limit,))).await?)
}

/// Takes changes that are being added.
pub(crate) fn take(changes: Vec<i64>) -> Bound<()> {
    TAKE.with((Ids(changes),))
}

/// Adds to a board's counts.
pub(crate) fn add_to_board(board: BoardId, threads: i64, posts: i64) -> Bound<()> {
    ADD_TO_BOARD.with((board, threads, posts))
}

/// Adds to a person's counts.
pub(crate) fn add_to_user(user: UserId, threads: i64, posts: i64, likes: i64) -> Bound<()> {
    ADD_TO_USER.with((user, threads, posts, likes))
}

/// Boards whose counts are wrong: threads and what they should be, posts and what they should be.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn wrong_boards(read: &impl Read) -> Result<Vec<(BoardId, i64, i64, i64, i64)>> {
    Ok(read.all(WRONG_BOARDS.with(())).await?)
}

/// People whose counts are wrong: threads, posts and likes, each with what it should be.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn wrong_users(read: &impl Read) -> Result<Vec<(UserId, i64, i64, i64, i64, i64, i64)>> {
    Ok(read.all(WRONG_USERS.with(())).await?)
}

/// Threads whose count or last post is wrong: posts and what they should be.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn wrong_threads(read: &impl Read) -> Result<Vec<(ThreadId, i64, i64)>> {
    Ok(read.all(WRONG_THREADS.with(())).await?)
}

/// Sets boards' counts right: two statements, in this order.
pub(crate) fn recount_boards(boards: &[BoardId]) -> [Bound<()>; 2] {
    let ids = || BoardId::list(boards.iter().copied());
    [HOLD_BOARDS.with((ids(),)), RECOUNT_BOARDS.with((ids(),))]
}

/// Sets people's counts right: two statements, in this order.
pub(crate) fn recount_users(users: &[UserId]) -> [Bound<()>; 2] {
    let ids = || UserId::list(users.iter().copied());
    [HOLD_USERS.with((ids(),)), RECOUNT_USERS.with((ids(),))]
}

/// Up to `limit` people who wrote on a board, with ids above `after`.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn authors(
    read: &impl Read,
    board: BoardId,
    after: UserId,
    limit: i64,
) -> Result<Vec<UserId>> {
    Ok(read.all(AUTHORS.with((board, after, limit))).await?)
}
