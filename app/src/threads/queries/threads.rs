//! The SQL of threads: lists, and writes to one.

use folkmoot_store::{Bound, Ids, Texts, sql};

use super::super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::boards::{BoardId, rights_sql};
use crate::core::Result;
use crate::core::read::Read;
use crate::core::streams::Stream;

/// What a list shows of a thread. The unary plus keeps SQLite from walking another index than that of the order.
macro_rules! thread {
    ($($rest:expr),+) => {
        concat!(
            "SELECT t.id, t.board_id, b.slug AS board_slug, b.title AS board_title, b.hue AS board_hue, t.author_id,
                t.title, t.slug, op.excerpt, t.opening_post_id, t.last_post_id, lp.position AS last_position,
                t.last_author_id, lp.created_at AS last_at, t.bumped_at, t.post_count, t.next_position, t.view_count,
                t.imported_likes, t.pinned, t.locked, t.archived, t.created_at, t.version
            FROM threads t JOIN boards b ON b.id = t.board_id JOIN posts op ON op.id = t.opening_post_id
                JOIN posts lp ON lp.id = t.last_post_id ",
            $($rest),+
        )
    };
}

sql! {
    /// These threads without deleted ones.
    static BY_IDS: (Ids) -> ThreadRow = thread!("WHERE t.id IN {ids:$1} AND t.deleted_at IS NULL");
    /// A board's threads by activity, pinned ones first.
    static BOARD_BY_ACTIVITY: (BoardId, bool, i64, ThreadId, i64) -> ThreadRow = thread!(
        "WHERE t.board_id = $1 AND t.deleted_at IS NULL AND (t.pinned, t.bumped_at, t.id) < ($2, $3, $4)
        ORDER BY t.pinned DESC, t.bumped_at DESC, t.id DESC LIMIT $5");
    /// A board's threads, the newest first, pinned ones before.
    static BOARD_BY_NEWEST: (BoardId, bool, i64, ThreadId, i64) -> ThreadRow = thread!(
        "WHERE t.board_id = $1 AND t.deleted_at IS NULL AND (t.pinned, t.created_at, t.id) < ($2, $3, $4)
        ORDER BY t.pinned DESC, t.created_at DESC, t.id DESC LIMIT $5");
    /// A board's threads with a tag, by activity.
    static BOARD_TAG_BY_ACTIVITY: (BoardId, bool, i64, ThreadId, i64, String) -> ThreadRow = thread!(
        "WHERE t.id IN (SELECT g.thread_id FROM thread_tags g WHERE g.tag = $6) AND +t.board_id = $1
            AND t.deleted_at IS NULL AND (t.pinned, t.bumped_at, t.id) < ($2, $3, $4)
        ORDER BY t.pinned DESC, t.bumped_at DESC, t.id DESC LIMIT $5");
    /// A board's threads with a tag, the newest first.
    static BOARD_TAG_BY_NEWEST: (BoardId, bool, i64, ThreadId, i64, String) -> ThreadRow = thread!(
        "WHERE t.id IN (SELECT g.thread_id FROM thread_tags g WHERE g.tag = $6) AND +t.board_id = $1
            AND t.deleted_at IS NULL AND (t.pinned, t.created_at, t.id) < ($2, $3, $4)
        ORDER BY t.pinned DESC, t.created_at DESC, t.id DESC LIMIT $5");
    /// The newest threads of these boards.
    static NEWEST: (Ids, i64, ThreadId, i64) -> ThreadRow = thread!(
        "WHERE +t.board_id IN {ids:$1} AND t.deleted_at IS NULL AND (t.created_at, t.id) < ($2, $3)
        ORDER BY t.created_at DESC, t.id DESC LIMIT $4");
    /// The threads of these boards that were written to last.
    static ACTIVE: (Ids, i64, ThreadId, i64) -> ThreadRow = thread!(
        "WHERE +t.board_id IN {ids:$1} AND t.deleted_at IS NULL AND (t.bumped_at, t.id) < ($2, $3)
        ORDER BY t.bumped_at DESC, t.id DESC LIMIT $4");
    /// The threads of these boards with a tag, by activity.
    static TAGGED: (Ids, i64, ThreadId, i64, String) -> ThreadRow = thread!(
        "WHERE t.id IN (SELECT g.thread_id FROM thread_tags g WHERE g.tag = $5) AND +t.board_id IN {ids:$1}
            AND t.deleted_at IS NULL AND (t.bumped_at, t.id) < ($2, $3)
        ORDER BY t.bumped_at DESC, t.id DESC LIMIT $4");
    /// A person's threads on these boards, the newest first.
    static BY_PERSON: (Ids, i64, ThreadId, i64, UserId) -> ThreadRow = thread!(
        "WHERE t.author_id = $5 AND +t.board_id IN {ids:$1} AND t.deleted_at IS NULL
            AND (t.created_at, t.id) < ($2, $3)
        ORDER BY t.created_at DESC, t.id DESC LIMIT $4");
    /// Who wrote the last posts of threads, the last first.
    static RECENT_AUTHORS: (Ids, i64) -> (ThreadId, UserId) = "SELECT t.id, p.author_id
        FROM threads t JOIN posts p ON p.thread_id = t.id AND p.position >= t.next_position - $2
        WHERE t.id IN {ids:$1} AND p.deleted_at IS NULL ORDER BY t.id, p.position DESC";
    /// Opens a thread on a board where this person may start one.
    static INSERT: (ThreadId, BoardId, UserId, String, String, PostId, i64) = concat!(
        "INSERT INTO threads (id, board_id, author_id, title, slug, opening_post_id, last_post_id, last_author_id,
            last_post_at, bumped_at, post_count, next_position, view_count, imported_likes, pinned, locked, archived,
            created_at, version)
        SELECT CAST($1 AS BIGINT), b.id, u.id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
            CAST($6 AS BIGINT), u.id, CAST($7 AS BIGINT), CAST($7 AS BIGINT), 1, 2, 0, 0, FALSE, FALSE, FALSE,
            CAST($7 AS BIGINT), 1
        FROM boards b JOIN users u ON u.id = $3 WHERE b.id = $2 AND ", rights_sql!("start"));
    /// Makes room for a reply in a thread where this person may reply, and says at which position.
    static TAKE_POSITION: (ThreadId, PostId, UserId, i64) -> i64 = concat!(
        "UPDATE threads SET next_position = next_position + 1, post_count = post_count + 1, last_post_id = $2,
            last_author_id = $3, last_post_at = CASE WHEN last_post_at < $4 THEN $4 ELSE last_post_at END,
            bumped_at = CASE WHEN bumped_at < $4 THEN $4 ELSE bumped_at END, version = version + 1
        WHERE id = $1 AND deleted_at IS NULL AND archived = FALSE AND EXISTS (
            SELECT 1 FROM boards b JOIN users u ON u.id = $3 WHERE b.id = threads.board_id
                AND (threads.locked = FALSE OR u.role IN ('moderator', 'admin')) AND ", rights_sql!("reply"), ")
        RETURNING next_position - 1");
    /// A guard: a visible thread that this person, in good standing, may read.
    static STILL_READABLE: (ThreadId, UserId) -> ThreadId = concat!(
        "SELECT t.id FROM threads t JOIN boards b ON b.id = t.board_id JOIN users u ON u.id = $2
        WHERE t.id = $1 AND t.deleted_at IS NULL AND ", rights_sql!());
    /// A guard: a visible thread in which this person, in good standing, may still write: a locked or
    /// archived one takes changes from moderators alone.
    static STILL_OPEN: (ThreadId, UserId) -> ThreadId = concat!(
        "SELECT t.id FROM threads t JOIN boards b ON b.id = t.board_id JOIN users u ON u.id = $2
        WHERE t.id = $1 AND t.deleted_at IS NULL
            AND ((t.locked = FALSE AND t.archived = FALSE) OR u.role IN ('moderator', 'admin')) AND ", rights_sql!());
    /// A guard: a thread, deleted or not, in which this moderator may still keep order.
    static STILL_MODERATED: (ThreadId, UserId) -> ThreadId = concat!(
        "SELECT t.id FROM threads t JOIN boards b ON b.id = t.board_id JOIN users u ON u.id = $2
        WHERE t.id = $1 AND u.role IN ('moderator', 'admin') AND ", rights_sql!());
    /// A guard: a thread of this person's own, deleted or not, on a board they may still read.
    static STILL_OWN: (ThreadId, UserId) -> ThreadId = concat!(
        "SELECT t.id FROM threads t JOIN boards b ON b.id = t.board_id JOIN users u ON u.id = $2
        WHERE t.id = $1 AND t.author_id = u.id AND t.locked = FALSE AND t.archived = FALSE AND ", rights_sql!());
    /// A guard: a board that this moderator may read.
    static STILL_TARGET: (BoardId, UserId) -> BoardId = concat!(
        "SELECT b.id FROM boards b JOIN users u ON u.id = $2
        WHERE b.id = $1 AND u.role IN ('moderator', 'admin') AND ", rights_sql!());
    /// Changes a thread that is still as it was read.
    static ARRANGE: (ThreadId, i64, String, String, bool, bool, bool, BoardId) = "UPDATE threads SET title = $3,
            slug = $4, pinned = $5, locked = $6, archived = $7, board_id = $8, version = version + 1
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// A guard: nobody changed the thread's head above a version.
    static HEAD_UNCHANGED: (ThreadId, String, i64, Texts) -> ThreadId = "SELECT t.id FROM threads t WHERE t.id = $1
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.stream = $2 AND e.version > $3 AND e.kind IN {texts:$4})";
    /// Deletes a thread.
    static DELETE: (ThreadId, BoardId, UserId, i64) =
        "UPDATE threads SET deleted_at = $4, deleted_by = $3, version = version + 1
        WHERE id = $1 AND board_id = $2 AND deleted_at IS NULL";
    /// Brings a thread back that is still deleted as it was read to be.
    static RESTORE: (ThreadId, BoardId, i64) =
        "UPDATE threads SET deleted_at = NULL, deleted_by = NULL, version = version + 1
        WHERE id = $1 AND board_id = $2 AND deleted_at = $3";
    /// Counts a thread's visible posts again and finds the last of them.
    static RECOUNT: (ThreadId) = "UPDATE threads SET
            post_count = (SELECT COUNT(*) FROM posts p WHERE p.thread_id = threads.id AND p.deleted_at IS NULL),
            (last_post_id, last_author_id) = (SELECT p.id, p.author_id FROM posts p
                WHERE p.thread_id = threads.id AND p.deleted_at IS NULL ORDER BY p.position DESC LIMIT 1),
            (last_post_at, bumped_at) = (SELECT MAX(p.created_at), MAX(p.created_at) FROM posts p
                WHERE p.thread_id = threads.id AND p.deleted_at IS NULL),
            version = version + 1
        WHERE id = $1";
    /// Adds views.
    static ADD_VIEWS: (ThreadId, i64) = "UPDATE threads SET view_count = view_count + $2 WHERE id = $1";
}

folkmoot_store::row! {
    /// What a list shows of a thread.
    #[derive(Clone, Debug, Hash)]
    pub struct ThreadRow {
        /// The thread.
        pub id: ThreadId,
        /// Its board.
        pub board_id: BoardId,
        /// The board's name in addresses.
        pub board_slug: String,
        /// The board's name.
        pub board_title: String,
        /// The board's colour, in degrees.
        pub board_hue: i64,
        /// Who opened it.
        pub author_id: UserId,
        /// Its title.
        pub title: String,
        /// The readable part of its address.
        pub slug: String,
        /// The first words of its opening post.
        pub excerpt: String,
        /// Its opening post.
        pub opening_post_id: PostId,
        /// Its last visible post.
        pub last_post_id: PostId,
        /// That post's position.
        pub last_position: i64,
        /// That post's author.
        pub last_author_id: UserId,
        /// When it was written.
        pub last_at: i64,
        /// When the thread was last written to.
        pub bumped_at: i64,
        /// Visible posts with the opening one.
        pub post_count: i64,
        /// The position of the next post.
        pub next_position: i64,
        /// How often it was opened.
        pub view_count: i64,
        /// Likes from where it was imported.
        pub imported_likes: i64,
        /// Whether it stands before the others.
        pub pinned: bool,
        /// Whether only moderators may write.
        pub locked: bool,
        /// Whether nobody may reply, and only moderators may change anything.
        pub archived: bool,
        /// When it was opened.
        pub created_at: i64,
        /// Rises with each change.
        pub version: i64,
    }
}

/// After which row a list goes on: whether it is pinned (in a board's list), its time and its id.
pub(crate) type After = (bool, i64, ThreadId);

/// Before every row.
pub(crate) const TOP: After = (true, i64::MAX, ThreadId(i64::MAX));

/// These threads without deleted ones, in no order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_ids(read: &impl Read, threads: &[ThreadId]) -> Result<Vec<ThreadRow>> {
    Ok(read.all(BY_IDS.with((ThreadId::list(threads.iter().copied()),))).await?)
}

/// A thread that is not deleted.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_id(read: &impl Read, thread: ThreadId) -> Result<Option<ThreadRow>> {
    Ok(by_ids(read, &[thread]).await?.pop())
}

/// The order of a list.
pub(crate) use crate::boards::Ordering;

/// A board's threads, pinned ones first, with a tag if one is named.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_board(
    read: &impl Read,
    board: BoardId,
    order: Ordering,
    tag: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<ThreadRow>> {
    let (pinned, time, id) = after;
    let bound = match (order, tag) {
        (Ordering::Activity, None) => BOARD_BY_ACTIVITY.with((board, pinned, time, id, limit)),
        (Ordering::Newest, None) => BOARD_BY_NEWEST.with((board, pinned, time, id, limit)),
        (Ordering::Activity, Some(tag)) => BOARD_TAG_BY_ACTIVITY.with((board, pinned, time, id, limit, tag)),
        (Ordering::Newest, Some(tag)) => BOARD_TAG_BY_NEWEST.with((board, pinned, time, id, limit, tag)),
    };
    Ok(read.all(bound).await?)
}

/// Which threads of all readable boards a list shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Across<'a> {
    /// All, the newest first.
    Newest,
    /// All, those written to last first.
    Active,
    /// Those with a tag, by activity.
    Tagged(&'a str),
    /// Those that a person opened, the newest first.
    By(UserId),
}

/// Threads of several boards.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn across(
    read: &impl Read,
    boards: &[BoardId],
    which: Across<'_>,
    after: After,
    limit: i64,
) -> Result<Vec<ThreadRow>> {
    let boards = BoardId::list(boards.iter().copied());
    let (_, time, id) = after;
    let bound = match which {
        Across::Newest => NEWEST.with((boards, time, id, limit)),
        Across::Active => ACTIVE.with((boards, time, id, limit)),
        Across::Tagged(tag) => TAGGED.with((boards, time, id, limit, tag)),
        Across::By(person) => BY_PERSON.with((boards, time, id, limit, person)),
    };
    Ok(read.all(bound).await?)
}

/// Who wrote the last `posts` posts of threads, the last first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn recent_authors(
    read: &impl Read,
    threads: &[ThreadId],
    posts: i64,
) -> Result<Vec<(ThreadId, UserId)>> {
    Ok(read.all(RECENT_AUTHORS.with((ThreadId::list(threads.iter().copied()), posts))).await?)
}

/// A new thread.
#[derive(Clone, Debug)]
pub(crate) struct NewThread {
    /// The thread.
    pub id: ThreadId,
    /// Its board.
    pub board: BoardId,
    /// Who opens it.
    pub author: UserId,
    /// Its title.
    pub title: String,
    /// The readable part of its address.
    pub slug: String,
    /// Its opening post.
    pub opening_post: PostId,
}

/// Opens a thread; writes nothing when its author may not start one there.
pub(crate) fn insert(new: &NewThread, now: i64) -> Bound<()> {
    INSERT.with((new.id, new.board, new.author, new.title.as_str(), new.slug.as_str(), new.opening_post, now))
}

/// Makes room for a reply and answers its position; writes nothing when its author may not reply there.
pub(crate) fn take_position(thread: ThreadId, post: PostId, author: UserId, now: i64) -> Bound<i64> {
    TAKE_POSITION.with((thread, post, author, now))
}

/// A guard: answers a row while the thread is visible and this person may read it.
pub(crate) fn still_readable(thread: ThreadId, user: UserId) -> Bound<ThreadId> {
    STILL_READABLE.with((thread, user))
}

/// A guard: answers a row while the thread is visible and neither locked nor archived for this person, who may read it.
pub(crate) fn still_open(thread: ThreadId, user: UserId) -> Bound<ThreadId> {
    STILL_OPEN.with((thread, user))
}

/// A guard: answers a row while this person may keep order in the thread.
pub(crate) fn still_moderated(thread: ThreadId, user: UserId) -> Bound<ThreadId> {
    STILL_MODERATED.with((thread, user))
}

/// A guard: answers a row while the thread is this person's own, neither locked nor archived, on a board they may read.
pub(crate) fn still_own(thread: ThreadId, user: UserId) -> Bound<ThreadId> {
    STILL_OWN.with((thread, user))
}

/// A guard: answers a row while this moderator may read the board that a thread is to go to.
pub(crate) fn still_target(board: BoardId, user: UserId) -> Bound<BoardId> {
    STILL_TARGET.with((board, user))
}

/// What a thread is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrangement {
    /// Its title.
    pub title: String,
    /// The readable part of its address.
    pub slug: String,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether only moderators may write.
    pub locked: bool,
    /// Whether nobody may reply, and only moderators may change anything.
    pub archived: bool,
    /// Its board.
    pub board: BoardId,
}

/// Changes a thread; writes nothing when its version is another.
pub(crate) fn arrange(thread: ThreadId, version: i64, new: &Arrangement) -> Bound<()> {
    let Arrangement { title, slug, pinned, locked, archived, board } = new;
    ARRANGE.with((thread, version, title.as_str(), slug.as_str(), *pinned, *locked, *archived, *board))
}

/// A guard: answers a row while no event of `kinds` changed the thread above `version`.
pub(crate) fn head_unchanged(thread: ThreadId, version: i64, kinds: &[&str]) -> Bound<ThreadId> {
    let stream = Stream::Thread(thread.0).to_string();
    let kinds = Texts(kinds.iter().map(ToString::to_string).collect());
    HEAD_UNCHANGED.with((thread, stream, version, kinds))
}

/// Deletes a thread; writes nothing when it is deleted or on another board.
pub(crate) fn delete(thread: ThreadId, board: BoardId, by: UserId, now: i64) -> Bound<()> {
    DELETE.with((thread, board, by, now))
}

/// Brings a thread back; writes nothing unless it was deleted at that moment and is on that board.
pub(crate) fn restore(thread: ThreadId, board: BoardId, deleted_at: i64) -> Bound<()> {
    RESTORE.with((thread, board, deleted_at))
}

/// Counts a thread's visible posts again and finds the last of them.
pub(crate) fn recount(thread: ThreadId) -> Bound<()> {
    RECOUNT.with((thread,))
}

/// Adds views.
pub(crate) fn add_views(thread: ThreadId, views: i64) -> Bound<()> {
    ADD_VIEWS.with((thread, views))
}
