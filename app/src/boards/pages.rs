//! What the API and the server's pages show of boards.

use serde::Serialize;
use utoipa::ToSchema;

use super::find;
use super::json::{BoardJson, last_threads, present};
use super::model::{Board, BoardId};
use crate::accounts::Actor;
use crate::core::instant::Instant;
use crate::core::read::relaxed;
use crate::core::streams::Stream;
use crate::core::{App, Result};

/// All boards that one may read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardList {
    /// The boards in their order.
    pub items: Vec<BoardJson>,
    /// Where `site` stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// One board, alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OneBoard {
    /// The board.
    pub board: BoardJson,
}

/// One board with its place in its stream.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardPage {
    /// The board.
    pub board: BoardJson,
    /// Where its stream stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// The boards that this person may read.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, actor: &Actor) -> Result<BoardList> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let boards = find::readable_by(&snapshot, actor).await?;
        let ids: Vec<BoardId> = boards.iter().map(|board| board.id).collect();
        let last = last_threads(&snapshot, &ids).await?;
        let instant = Instant::of(app, &snapshot, Stream::Site).await?;
        Ok(BoardList { items: boards.iter().map(|board| present(board, actor, &last)).collect(), instant })
    })
    .await
}

/// One board.
///
/// # Errors
/// `NotFound` when there is none that this person may read.
pub async fn board(app: &App, actor: &Actor, slug: &str) -> Result<BoardPage> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let board = find::by_slug(&snapshot, actor, slug).await?;
        let last = last_threads(&snapshot, &[board.id]).await?;
        let instant = Instant::of(app, &snapshot, Stream::Board(board.id.0)).await?;
        Ok(BoardPage { board: present(&board, actor, &last), instant })
    })
    .await
}

/// A board that was just made or changed.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn alone(app: &App, actor: &Actor, board: &Board) -> Result<OneBoard> {
    let last = last_threads(&app.db, &[board.id]).await?;
    Ok(OneBoard { board: present(board, actor, &last) })
}
