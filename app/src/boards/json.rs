//! Boards as the API gives them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Board, BoardId, thread_url};
use super::policy::Policy;
use super::queries;
use super::rights::Right;
use crate::accounts::Actor;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::time::Time;

/// What stands wherever a board is named.
#[derive(Clone, Debug, Hash, Serialize, ToSchema)]
pub struct BoardRef {
    /// Its id.
    pub id: BoardId,
    /// Its name in addresses.
    pub slug: String,
    /// The address of its page.
    pub url: String,
    /// Its name.
    pub title: String,
    /// Its colour, in degrees.
    pub hue: i64,
}

impl From<&Board> for BoardRef {
    fn from(board: &Board) -> Self {
        Self {
            id: board.id,
            slug: board.slug.clone(),
            url: board.url(),
            title: board.title.clone(),
            hue: board.hue,
        }
    }
}

/// A board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardJson {
    /// Its id.
    pub id: BoardId,
    /// Its name in addresses.
    pub slug: String,
    /// The address of its page.
    pub url: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What kind of place it is.
    pub preset: String,
    /// Its colour, in degrees.
    pub hue: i64,
    /// Its place in the order of boards.
    pub position: i64,
    /// Visible threads.
    pub thread_count: i64,
    /// Visible posts in them.
    pub post_count: i64,
    /// The thread written to last.
    pub last_thread: Option<LastThread>,
    /// Who may read, start and reply.
    pub rights: RightsJson,
    /// What it does beyond that.
    pub policy: Policy,
    /// What the person who asked may do.
    pub may: MayOnBoard,
    /// Rises with each change.
    pub version: i64,
}

/// The thread of a board that was written to last.
#[derive(Clone, Debug, Hash, Serialize, ToSchema)]
pub struct LastThread {
    /// Its id.
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String)]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The address of its page.
    pub url: String,
    /// When it was written to.
    #[schema(value_type = String, format = DateTime)]
    pub bumped_at: Time,
}

/// Whom the rights are given to: `everyone`, `members`, `staff`, `owner` or `group:SLUG`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RightsJson {
    /// Who may read.
    pub read: String,
    /// Who may start threads.
    pub start: String,
    /// Who may reply.
    pub reply: String,
}

/// What the person who asked may do on a board.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MayOnBoard {
    /// Start threads.
    pub start: bool,
    /// Reply.
    pub reply: bool,
    /// Keep order.
    pub moderate: bool,
}

/// The last threads of boards, read in one query.
pub(super) type LastThreads = BTreeMap<BoardId, LastThread>;

/// The last threads of these boards.
///
/// # Errors
/// When the database does not answer.
pub async fn last_threads(read: &impl Read, boards: &[BoardId]) -> Result<LastThreads> {
    let rows = queries::last_threads(read, boards).await?;
    let last = rows.into_iter().map(|row| {
        let url = thread_url(row.id, &row.slug);
        (row.board_id, LastThread { id: row.id, title: row.title, url, bumped_at: Time(row.bumped_at) })
    });
    // Rows come in the order of time, so the last of a board stays.
    Ok(last.collect())
}

/// A board, with the thread written to last, for the person who asked.
pub fn present(board: &Board, actor: &Actor, last: Option<LastThread>) -> BoardJson {
    let [read, start, reply] = &board.groups;
    BoardJson {
        id: board.id,
        slug: board.slug.clone(),
        url: board.url(),
        title: board.title.clone(),
        description: board.description.clone(),
        preset: board.preset.clone(),
        hue: board.hue,
        position: board.position,
        thread_count: board.thread_count,
        post_count: board.post_count,
        last_thread: last,
        rights: RightsJson {
            read: right(board.rights.read, read.as_deref()),
            start: right(board.rights.start, start.as_deref()),
            reply: right(board.rights.reply, reply.as_deref()),
        },
        policy: board.policy,
        may: MayOnBoard {
            start: board.rights.may_start(actor),
            reply: board.rights.may_reply(actor),
            moderate: board.rights.may_moderate(actor),
        },
        version: board.version,
    }
}

fn right(right: Right, slug: Option<&str>) -> String {
    match right {
        Right::Group(_) => format!("group:{}", slug.unwrap_or_default()),
        other => other.word().to_owned(),
    }
}

fn as_text<S: serde::Serializer>(id: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
