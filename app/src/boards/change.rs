//! Changing a board's words, rights and policy.

use folkmoot_store::CommitError;
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::{RightsChange, group_gone, refused, rights_with};
use super::model::{Board, checked_description, checked_hue, checked_position, checked_title};
use super::policy::PolicyChange;
use super::{events, find, queries};
use crate::accounts::{Actor, Permission};
use crate::core::events::Write;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// What is to be different of a board; what is not said stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BoardChange {
    /// The version that was read: a board that somebody else changed since is left alone.
    pub version: i64,
    /// Its name, at most 80 characters.
    pub title: Option<String>,
    /// What it is for, at most 1,000 characters.
    pub description: Option<String>,
    /// Its colour, 0 to 359 degrees.
    pub hue: Option<i64>,
    /// Its place in the order of boards.
    pub position: Option<i64>,
    /// Who may read, start and reply.
    #[serde(default)]
    pub rights: RightsChange,
    /// What it does beyond that.
    #[serde(default)]
    pub policy: PolicyChange,
}

/// Changes a board.
///
/// # Errors
/// `Invalid` naming the field, `Conflict("edited_meanwhile")` when its version is another, `Forbidden`, `NotFound`.
pub(super) async fn change(app: &App, actor: &Actor, slug: &str, change: BoardChange) -> Result<Board> {
    let me = actor.signed_in()?.id;
    let old = find::by_slug(&app.db, actor, slug).await?;
    actor.require(Permission::ManageBoards)?;
    let mut board = old.clone();
    board.version = change.version;
    board.title = change.title.as_deref().map_or(Ok(board.title), checked_title)?;
    board.description = change.description.as_deref().map_or(Ok(board.description), checked_description)?;
    board.hue = change.hue.map_or(Ok(board.hue), checked_hue)?;
    board.position = change.position.map_or(Ok(board.position), checked_position)?;
    board.rights = rights_with(app, board.rights, &change.rights, me).await?;
    board.policy = board.policy.with(change.policy)?;

    let mut write = Write::new(Some(me.0), app.now());
    write.push(queries::is_admin(me).expect_rows(1).or("refused"));
    write.push(queries::update(&board).expect_rows(1).or("edited_meanwhile"));
    record(&mut write, &old, &board);
    match app.commit(write).await {
        Ok(_) => queries::by_id(&app.db, board.id).await?.ok_or(Error::NotFound("board")),
        Err(CommitError::Missed { code: "edited_meanwhile", .. }) => Err(edited_meanwhile(&old)),
        Err(CommitError::Missed { .. }) => Err(refused(Permission::ManageBoards)),
        Err(error) => Err(group_gone(&board.rights, error)),
    }
}

fn record(write: &mut Write, old: &Board, new: &Board) {
    let version = new.version + 1;
    write.record(events::changed(Stream::Board(new.id.0), new.id, version));
    if old.rights.is_public() || new.rights.is_public() {
        write.record(events::changed(Stream::Site, new.id, version));
    }
    if old.rights != new.rights {
        write.record(events::rights_changed(new.id, version));
    }
}

fn edited_meanwhile(board: &Board) -> Error {
    let why = format!("Somebody changed this board meanwhile; its version is {} now.", board.version);
    Error::Conflict("edited_meanwhile", why)
}
