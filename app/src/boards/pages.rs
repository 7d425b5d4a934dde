//! What the API and the server's pages show of boards.

use folkmoot_store::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

use super::find;
use super::json::{BoardJson, BoardRef, LastThreads, last_threads, present};
use super::model::{Board, BoardId};
use crate::accounts::Actor;
use crate::core::basis::{Basis, Ends, Outline};
use crate::core::instant::Instant;
use crate::core::read::relaxed;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// All boards that one may read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardList {
    /// The boards in their order.
    pub items: Vec<BoardJson>,
    /// Where `site` stood.
    #[serde(flatten)]
    pub instant: Instant,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
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
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// What decides an answer about boards.
#[derive(Hash)]
struct BoardsOutline {
    boards: Vec<Board>,
    last: LastThreads,
    instant: (String, i64),
    site: i64,
}

impl BoardsOutline {
    async fn read(
        app: &App,
        snapshot: &Snapshot,
        actor: &Actor,
        slug: Option<&str>,
    ) -> Result<(Self, Instant)> {
        let boards = match slug {
            Some(slug) => vec![find::by_slug(snapshot, actor, slug).await?],
            None => find::readable_by(snapshot, actor).await?,
        };
        let ids: Vec<BoardId> = boards.iter().map(|board| board.id).collect();
        let last = last_threads(snapshot, &ids).await?;
        let site = Instant::of(app, snapshot, Stream::Site).await?;
        let seq = site.seq;
        let instant = match (slug, ids.first()) {
            (Some(_), Some(board)) => Instant::of(app, snapshot, Stream::Board(board.0)).await?,
            _ => site,
        };
        let outline = Self { boards, last, instant: (instant.stream.clone(), instant.seq), site: seq };
        Ok((outline, instant))
    }

    fn shown(mut self, actor: &Actor) -> Vec<BoardJson> {
        self.boards.iter().map(|board| present(board, actor, self.last.remove(&board.id))).collect()
    }

    /// What an answer to this person rests on.
    fn basis(&self, actor: &Actor, as_of: std::time::Instant, slug: Option<&str>) -> Option<Basis> {
        let slug = slug.map(str::to_owned);
        let again = move |app: App, snapshot: Snapshot| {
            let slug = slug.clone();
            async move { Ok(Self::read(&app, &snapshot, &Actor::guest(), slug.as_deref()).await?.0) }
        };
        Basis::of(actor.into(), self, as_of, again)
    }
}

impl Outline for BoardsOutline {
    fn ends(&self) -> Vec<Ends> {
        let streams = self.boards.iter().map(|board| Stream::Board(board.id.0));
        streams.flat_map(|stream| [Ends::Event(stream), Ends::Stir(stream)]).collect()
    }
}

/// The boards that this person may read.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, actor: &Actor) -> Result<BoardList> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let (outline, instant) = BoardsOutline::read(app, &snapshot, actor, None).await?;
        let basis = outline.basis(actor, snapshot.as_of(), None);
        Ok(BoardList { items: outline.shown(actor), instant, basis })
    })
    .await
}

/// One board.
///
/// # Errors
/// `NotFound` when there is none that this person may read.
pub async fn board(app: &App, actor: &Actor, slug: &str) -> Result<BoardPage> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let (outline, instant) = BoardsOutline::read(app, &snapshot, actor, Some(slug)).await?;
        let basis = outline.basis(actor, snapshot.as_of(), Some(slug));
        let board = outline.shown(actor).pop().ok_or(Error::NotFound("board"))?;
        Ok(BoardPage { board, instant, basis })
    })
    .await
}

/// The boards that everybody may read, as they are named on every page.
#[derive(Hash)]
struct NamedBoards(Vec<BoardRef>);

impl NamedBoards {
    async fn read(snapshot: &Snapshot, actor: &Actor) -> Result<Self> {
        let boards = find::readable_by(snapshot, actor).await?;
        Ok(Self(boards.iter().map(BoardRef::from).collect()))
    }
}

impl Outline for NamedBoards {
    fn ends(&self) -> Vec<Ends> {
        // Boards that everybody may read are told of by `site`.
        Vec::new()
    }
}

/// The boards that this person may read, as they are named, and what a guest's page rests on that names them.
///
/// # Errors
/// When the database does not answer.
pub async fn named(app: &App, actor: &Actor) -> Result<(Vec<BoardRef>, Option<Basis>)> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let boards = NamedBoards::read(&snapshot, actor).await?;
        let again =
            |_: App, snapshot: Snapshot| async move { NamedBoards::read(&snapshot, &Actor::guest()).await };
        let basis = Basis::of(actor.into(), &boards, snapshot.as_of(), again);
        Ok((boards.0, basis))
    })
    .await
}

/// A board that was just made or changed.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn alone(app: &App, actor: &Actor, board: &Board) -> Result<OneBoard> {
    let last = last_threads(&app.db, &[board.id]).await?.remove(&board.id);
    Ok(OneBoard { board: present(board, actor, last) })
}
