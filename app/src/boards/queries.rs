//! The SQL of boards.

use folkmoot_store::{Bound, Ids, sql};

use super::model::{Board, BoardId, BoardRow};
use crate::accounts::{GroupId, UserId};
use crate::core::Result;
use crate::core::read::Read;

macro_rules! board {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.slug, b.title, b.description, b.preset, b.hue, b.position, b.owner_id,
                b.read_right, b.read_group, rg.slug AS read_slug, b.start_right, b.start_group, sg.slug AS start_slug,
                b.reply_right, b.reply_group, pg.slug AS reply_slug, b.policy, b.thread_count, b.post_count, b.version
            FROM boards b LEFT JOIN groups rg ON rg.id = b.read_group LEFT JOIN groups sg ON sg.id = b.start_group
                LEFT JOIN groups pg ON pg.id = b.reply_group ",
            $rest
        )
    };
}

sql! {
    /// All boards, in their order. Walls are people's pages, not boards of the community.
    static BOARDS: () -> BoardRow = board!("WHERE b.preset <> 'wall' ORDER BY b.position, b.id");
    /// One board by its name in addresses.
    static BOARD_BY_SLUG: (String) -> BoardRow = board!("WHERE b.slug = $1");
    /// One board.
    static BOARD: (BoardId) -> BoardRow = board!("WHERE b.id = $1");
    /// Several boards.
    static BOARDS_BY_ID: (Ids) -> BoardRow = board!("WHERE b.id IN {ids:$1}");
    /// The group of that name.
    static GROUP_BY_SLUG: (String) -> GroupId = "SELECT id FROM groups WHERE slug = $1";
    /// For each board the thread written to last, among the pinned ones and among the others.
    static LAST_THREADS: (Ids) -> LastThreadRow = "SELECT t.board_id, t.id, t.title, t.slug, t.bumped_at
        FROM threads t WHERE t.id IN (
            SELECT (SELECT x.id FROM threads x WHERE x.board_id = b.id AND x.pinned = FALSE AND x.deleted_at IS NULL
                ORDER BY x.bumped_at DESC, x.id DESC LIMIT 1) FROM boards b WHERE b.id IN {ids:$1}
            UNION ALL
            SELECT (SELECT x.id FROM threads x WHERE x.board_id = b.id AND x.pinned = TRUE AND x.deleted_at IS NULL
                ORDER BY x.bumped_at DESC, x.id DESC LIMIT 1) FROM boards b WHERE b.id IN {ids:$1})
        ORDER BY t.board_id, t.bumped_at, t.id";
    /// Makes a board, unless the slug is taken.
    static INSERT: (BoardId, String, String, String, String, i64, i64, Option<UserId>, String, Option<GroupId>, String,
        Option<GroupId>, String, Option<GroupId>, String, i64) =
        "INSERT INTO boards (id, slug, title, description, preset, hue, position, owner_id, read_right, read_group,
            start_right, start_group, reply_right, reply_group, policy, thread_count, post_count, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, $16, 1)
        ON CONFLICT (slug) DO NOTHING";
    /// Changes a board that is still as it was read.
    static UPDATE: (BoardId, i64, String, String, i64, i64, Option<UserId>, String, Option<GroupId>, String,
        Option<GroupId>, String, Option<GroupId>, String) =
        "UPDATE boards SET title = $3, description = $4, hue = $5, position = $6, owner_id = $7, read_right = $8,
            read_group = $9, start_right = $10, start_group = $11, reply_right = $12, reply_group = $13, policy = $14,
            version = version + 1
        WHERE id = $1 AND version = $2";
    /// The person, if they are in good standing and an administrator.
    static IS_ADMIN: (UserId) -> UserId = "SELECT id FROM users WHERE id = $1 AND standing = 'good' AND role = 'admin'";
    /// The person, if they are in good standing and staff.
    static IS_STAFF: (UserId) -> UserId =
        "SELECT id FROM users WHERE id = $1 AND standing = 'good' AND role IN ('moderator', 'admin')";
}

folkmoot_store::row! {
    /// The thread of a board that was written to last.
    pub struct LastThreadRow {
        /// The board.
        pub board_id: BoardId,
        /// The thread.
        pub id: i64,
        /// Its title.
        pub title: String,
        /// The readable part of its address.
        pub slug: String,
        /// When it was written to.
        pub bumped_at: i64,
    }
}

/// All boards but walls, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn all(read: &impl Read) -> Result<Vec<Board>> {
    read.all(BOARDS.with(())).await?.into_iter().map(Board::try_from).collect()
}

/// One board by its name in addresses.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slug(read: &impl Read, slug: &str) -> Result<Option<Board>> {
    read.maybe(BOARD_BY_SLUG.with((slug,))).await?.map(Board::try_from).transpose()
}

/// One board.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(read: &impl Read, id: BoardId) -> Result<Option<Board>> {
    read.maybe(BOARD.with((id,))).await?.map(Board::try_from).transpose()
}

/// Those of these boards that are there.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(read: &impl Read, ids: &[BoardId]) -> Result<Vec<Board>> {
    let rows = read.all(BOARDS_BY_ID.with((BoardId::list(ids.iter().copied()),))).await?;
    rows.into_iter().map(Board::try_from).collect()
}

/// The group of that name.
///
/// # Errors
/// When the database does not answer.
pub async fn group(read: &impl Read, slug: &str) -> Result<Option<GroupId>> {
    Ok(read.maybe(GROUP_BY_SLUG.with((slug,))).await?)
}

/// The threads written to last, at most two a board, the last of each board at its end.
///
/// # Errors
/// When the database does not answer.
pub async fn last_threads(read: &impl Read, boards: &[BoardId]) -> Result<Vec<LastThreadRow>> {
    Ok(read.all(LAST_THREADS.with((BoardId::list(boards.iter().copied()),))).await?)
}

/// Makes a board; writes nothing when the slug is taken.
pub fn insert(board: &Board, now: i64) -> Bound<()> {
    let rights = &board.rights;
    INSERT.with((
        board.id,
        board.slug.as_str(),
        board.title.as_str(),
        board.description.as_str(),
        board.preset.as_str(),
        board.hue,
        board.position,
        rights.owner,
        rights.read.word(),
        rights.read.group(),
        rights.start.word(),
        rights.start.group(),
        rights.reply.word(),
        rights.reply.group(),
        board.policy.store(),
        now,
    ))
}

/// Changes a board; writes nothing when its version is another.
pub fn update(board: &Board) -> Bound<()> {
    let rights = &board.rights;
    UPDATE.with((
        board.id,
        board.version,
        board.title.as_str(),
        board.description.as_str(),
        board.hue,
        board.position,
        rights.owner,
        rights.read.word(),
        rights.read.group(),
        rights.start.word(),
        rights.start.group(),
        rights.reply.word(),
        rights.reply.group(),
        board.policy.store(),
    ))
}

/// A guard: answers a row while the person is an administrator in good standing.
pub fn is_admin(user: UserId) -> Bound<UserId> {
    IS_ADMIN.with((user,))
}

/// A guard: answers a row while the person is staff in good standing.
pub fn is_staff(user: UserId) -> Bound<UserId> {
    IS_STAFF.with((user,))
}
