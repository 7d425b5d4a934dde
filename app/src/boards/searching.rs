//! What searching is told of boards: their words.

use folkmoot_store::sql;

use super::model::BoardId;
use super::queries;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::searchable::Searchable;

sql! {
    /// The ids of boards of the community, in order.
    static AFTER: (BoardId, i64) -> BoardId =
        "SELECT id FROM boards WHERE id > $1 AND preset <> 'wall' ORDER BY id LIMIT $2";
    /// How many boards of the community there are.
    static COUNT: () -> i64 = "SELECT COUNT(*) FROM boards WHERE preset <> 'wall'";
}

/// Those of these boards that are there, with what can be found of them. Boards have no time: they stand by themselves.
///
/// # Errors
/// When the database does not answer.
pub async fn searchable(read: &impl Read, boards: &[BoardId]) -> Result<Vec<Searchable>> {
    let boards = queries::by_ids(read, boards).await?.into_iter().filter(|board| board.preset != "wall");
    let told = boards.map(|board| Searchable {
        subject: board.id.0,
        board: Some(board.id.0),
        title: board.title,
        body: board.description,
        ..Searchable::default()
    });
    Ok(told.collect())
}

/// The ids of boards after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn after(read: &impl Read, board: BoardId, limit: i64) -> Result<Vec<BoardId>> {
    Ok(read.all(AFTER.with((board, limit))).await?)
}

/// How many boards there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(read: &impl Read) -> Result<i64> {
    Ok(read.one(COUNT.with(())).await?)
}
