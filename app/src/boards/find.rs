//! Finding boards, for those who may read them.

use super::model::{Board, BoardId};
use super::queries;
use crate::accounts::Actor;
use crate::core::read::Read;
use crate::core::{Error, Result};

/// The boards that this person may read, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn readable_by(read: &impl Read, actor: &Actor) -> Result<Vec<Board>> {
    let boards = queries::all(read).await?;
    Ok(boards.into_iter().filter(|board| board.rights.may_read(actor)).collect())
}

/// The ids of the boards that this person may read.
///
/// # Errors
/// When the database does not answer.
pub async fn all_readable(read: &impl Read, actor: &Actor) -> Result<Vec<BoardId>> {
    Ok(readable_by(read, actor).await?.into_iter().map(|board| board.id).collect())
}

/// A board by its name in addresses.
///
/// # Errors
/// `NotFound` when there is none, and just so when this person may not read it.
pub async fn by_slug(read: &impl Read, actor: &Actor, slug: &str) -> Result<Board> {
    readable(queries::by_slug(read, slug).await?, actor)
}

/// A board by its id.
///
/// # Errors
/// `NotFound` when there is none, and just so when this person may not read it.
pub async fn by_id(read: &impl Read, actor: &Actor, id: BoardId) -> Result<Board> {
    readable(queries::by_id(read, id).await?, actor)
}

/// Those of these boards whose streams this person may follow.
///
/// # Errors
/// When the database does not answer.
pub async fn may_follow(read: &impl Read, actor: &Actor, ids: &[BoardId]) -> Result<Vec<BoardId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let boards = queries::by_ids(read, ids).await?;
    Ok(boards.into_iter().filter(|board| board.rights.may_read(actor)).map(|board| board.id).collect())
}

fn readable(board: Option<Board>, actor: &Actor) -> Result<Board> {
    board.filter(|board| board.rights.may_read(actor)).ok_or(Error::NotFound("board"))
}
