//! Where a write or a page belongs: a thread with the rights of its board, in one read.

use std::collections::HashMap;

use folkmoot_store::{Ids, sql};

use super::super::model::{PostId, ThreadId};
use super::threads::ThreadRow;
use crate::accounts::{GroupId, UserId};
use crate::boards::{Board, BoardId, BoardRef, Policy, Right, Rights};
use crate::core::read::Read;
use crate::core::{Error, Result};

macro_rules! place {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT t.id, t.board_id, t.author_id, t.title, t.slug, t.opening_post_id, t.next_position, t.pinned,
                t.locked, t.archived, t.deleted_at, t.deleted_by, t.version, b.slug AS board_slug,
                b.title AS board_title, b.hue AS board_hue, b.owner_id,
                b.read_right, b.read_group, b.start_right, b.start_group, b.reply_right, b.reply_group, b.policy, ",
            $columns,
            " FROM threads t JOIN boards b ON b.id = t.board_id ",
            $rest
        )
    };
}

sql! {
    /// A thread and its board's rights.
    static PLACE: (ThreadId) -> PlaceRow = place!(
        "CAST(NULL AS BIGINT) AS sent_post, CAST(NULL AS TEXT) AS sent_to", "WHERE t.id = $1");
    /// Several of them.
    static PLACES: (Ids) -> PlaceRow = place!(
        "CAST(NULL AS BIGINT) AS sent_post, CAST(NULL AS TEXT) AS sent_to", "WHERE t.id IN {ids:$1}");
    /// The same, and what its author sent before under the same name.
    static PLACE_AND_SENT: (ThreadId, UserId, String) -> PlaceRow = place!("p.id AS sent_post, p.sent_to",
        "LEFT JOIN posts p ON p.author_id = $2 AND p.client_id = $3 WHERE t.id = $1");
    /// What an author sent under a name.
    static SENT: (UserId, String) -> (PostId, String) =
        "SELECT id, sent_to FROM posts WHERE author_id = $1 AND client_id = $2";
    /// A post, with what decides who may change it.
    static POST_PLACE: (PostId) -> PostPlace = "SELECT id, thread_id, author_id, position, flavour, body, deleted_at,
        deleted_by, version FROM posts WHERE id = $1";
}

folkmoot_store::row! {
    struct PlaceRow {
        id: ThreadId,
        board_id: BoardId,
        author_id: UserId,
        title: String,
        slug: String,
        opening_post_id: PostId,
        next_position: i64,
        pinned: bool,
        locked: bool,
        archived: bool,
        deleted_at: Option<i64>,
        deleted_by: Option<UserId>,
        version: i64,
        board_slug: String,
        board_title: String,
        board_hue: i64,
        owner_id: Option<UserId>,
        read_right: String,
        read_group: Option<GroupId>,
        start_right: String,
        start_group: Option<GroupId>,
        reply_right: String,
        reply_group: Option<GroupId>,
        policy: String,
        sent_post: Option<PostId>,
        sent_to: Option<String>,
    }
}

folkmoot_store::row! {
    /// A post, with what decides who may change it.
    #[derive(Clone, Debug)]
    pub struct PostPlace {
        /// The post.
        pub id: PostId,
        /// Its thread.
        pub thread_id: ThreadId,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its place in the thread.
        pub position: i64,
        /// How its source is written.
        pub flavour: String,
        /// Its source.
        pub body: String,
        /// When it was deleted.
        pub deleted_at: Option<i64>,
        /// By whom.
        pub deleted_by: Option<UserId>,
        /// Rises with each change.
        pub version: i64,
    }
}

/// A thread with the rights of its board.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The thread.
    pub id: ThreadId,
    /// Its board.
    pub board: BoardId,
    /// Its board, as it is named.
    pub board_ref: BoardRef,
    /// Who may read, start and reply there.
    pub rights: Rights,
    /// What the board does beyond that.
    pub policy: Policy,
    /// Who opened it.
    pub author: UserId,
    /// Its title.
    pub title: String,
    /// The readable part of its address.
    pub slug: String,
    /// The post it was opened with.
    pub opening_post: PostId,
    /// The position that the next post gets.
    pub next_position: i64,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether only moderators may write.
    pub locked: bool,
    /// Whether nobody may reply, and only moderators may change anything.
    pub archived: bool,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
    /// By whom.
    pub deleted_by: Option<UserId>,
    /// Rises with each change.
    pub version: i64,
}

impl Place {
    /// The place of a thread that is not deleted, from its row and its board's.
    pub(crate) fn of(row: &ThreadRow, board: &Board) -> Self {
        Self {
            id: row.id,
            board: board.id,
            board_ref: board.into(),
            rights: board.rights,
            policy: board.policy,
            author: row.author_id,
            title: row.title.clone(),
            slug: row.slug.clone(),
            opening_post: row.opening_post_id,
            next_position: row.next_position,
            pinned: row.pinned,
            locked: row.locked,
            archived: row.archived,
            deleted_at: None,
            deleted_by: None,
            version: row.version,
        }
    }
}

/// What somebody sent before under the same name, and where to.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The post that it became.
    pub post: PostId,
    /// The stream of the board or thread it was first sent to.
    pub to: String,
}

/// A thread with the rights of its board, whoever asks.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn place(read: &impl Read, thread: ThreadId) -> Result<Option<Place>> {
    let row = read.maybe(PLACE.with((thread,))).await?;
    Ok(row.map(split).transpose()?.map(|(place, _)| place))
}

/// Threads with the rights of their boards, whoever asks.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn places(read: &impl Read, threads: &[ThreadId]) -> Result<HashMap<ThreadId, Place>> {
    let rows = read.all(PLACES.with((ThreadId::list(threads.iter().copied()),))).await?;
    rows.into_iter().map(|row| split(row).map(|(place, _)| (place.id, place))).collect()
}

/// The same, and what `author` sent before as `client_id`, in one read.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn place_and_sent(
    read: &impl Read,
    thread: ThreadId,
    author: UserId,
    client_id: Option<&str>,
) -> Result<(Option<Place>, Option<Sent>)> {
    let Some(client_id) = client_id else { return Ok((place(read, thread).await?, None)) };
    match read.maybe(PLACE_AND_SENT.with((thread, author, client_id))).await? {
        Some(row) => split(row).map(|(place, sent)| (Some(place), sent)),
        None => Ok((None, sent(read, author, client_id).await?)),
    }
}

/// What an author sent as `client_id`.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn sent(read: &impl Read, author: UserId, client_id: &str) -> Result<Option<Sent>> {
    let row = read.maybe(SENT.with((author, client_id))).await?;
    Ok(row.map(|(post, to)| Sent { post, to }))
}

/// A post, with what decides who may change it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn post(read: &impl Read, post: PostId) -> Result<Option<PostPlace>> {
    Ok(read.maybe(POST_PLACE.with((post,))).await?)
}

fn split(row: PlaceRow) -> Result<(Place, Option<Sent>)> {
    let right = |word: &str, group| {
        Right::parse(word, group)
            .ok_or_else(|| Error::internal(format_args!("board {}: right {word:?}", row.board_id)))
    };
    let rights = Rights {
        owner: row.owner_id,
        read: right(&row.read_right, row.read_group)?,
        start: right(&row.start_right, row.start_group)?,
        reply: right(&row.reply_right, row.reply_group)?,
    };
    let sent = row.sent_post.zip(row.sent_to).map(|(post, to)| Sent { post, to });
    let place = Place {
        id: row.id,
        board: row.board_id,
        board_ref: BoardRef {
            id: row.board_id,
            url: format!("/b/{}", row.board_slug),
            slug: row.board_slug,
            title: row.board_title,
            hue: row.board_hue,
        },
        rights,
        policy: Policy::load(&row.policy),
        author: row.author_id,
        title: row.title,
        slug: row.slug,
        opening_post: row.opening_post_id,
        next_position: row.next_position,
        pinned: row.pinned,
        locked: row.locked,
        archived: row.archived,
        deleted_at: row.deleted_at,
        deleted_by: row.deleted_by,
        version: row.version,
    };
    Ok((place, sent))
}
