//! Making a board.

use folkmoot_store::{CommitError, Constraint};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{
    Board, BoardId, checked_description, checked_hue, checked_position, checked_preset, checked_slug,
    checked_title,
};
use super::policy::{Policy, PolicyChange};
use super::rights::{Right, Rights};
use super::{events, queries};
use crate::accounts::{Actor, Permission, UserId};
use crate::core::events::Write;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// What is said of a new board.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBoard {
    /// Its name in addresses: small letters, digits and dashes, at most 40.
    pub slug: String,
    /// Its name, at most 80 characters.
    pub title: String,
    /// What it is for, at most 1,000 characters.
    #[serde(default)]
    pub description: String,
    /// What kind of place it is: `forum`.
    #[serde(default = "forum")]
    pub preset: String,
    /// Who may read, start and reply; everyone reads and members write when nothing is said.
    #[serde(default)]
    pub rights: RightsChange,
    /// What it does beyond that.
    #[serde(default)]
    pub policy: PolicyChange,
    /// Its colour, 0 to 359 degrees; made from the slug when nothing is said.
    pub hue: Option<i64>,
    /// Its place in the order of boards; after the others when nothing is said.
    pub position: Option<i64>,
}

/// Whom rights are given to: `everyone`, `members`, `staff`, `owner` or `group:SLUG`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RightsChange {
    /// Who may read.
    pub read: Option<String>,
    /// Who may start threads.
    pub start: Option<String>,
    /// Who may reply.
    pub reply: Option<String>,
}

fn forum() -> String {
    String::from("forum")
}

/// The rights of a board of which nothing else was said.
const USUAL: Rights =
    Rights { owner: None, read: Right::Everyone, start: Right::Members, reply: Right::Members };

/// Makes a board.
///
/// # Errors
/// `Invalid` naming the field, `Conflict("taken")` when there is such a board (also one that the maker may not read:
/// slugs are one name space), `Forbidden` for who may not.
pub async fn create(app: &App, actor: &Actor, new: NewBoard) -> Result<Board> {
    let me = actor.signed_in()?.id;
    actor.require(Permission::CreateBoards)?;
    let board = checked(app, me, new).await?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(queries::is_staff(me).expect_rows(1).or("refused"));
    write.push(queries::insert(&board, app.now()).expect_rows(1).or("taken"));
    write.record(events::changed(Stream::Board(board.id.0), board.id, 1));
    if board.rights.is_public() {
        write.record(events::changed(Stream::Site, board.id, 1));
    }
    match app.commit(write).await {
        Ok(_) => Ok(queries::by_id(&app.db, board.id).await?.ok_or(Error::NotFound("board"))?),
        Err(CommitError::Missed { code: "taken", .. }) => {
            Err(Error::Conflict("taken", format!("There is a board named {} already.", board.slug)))
        }
        Err(CommitError::Missed { .. }) => Err(refused(Permission::CreateBoards)),
        Err(error) => Err(group_gone(&board.rights, error)),
    }
}

/// What it means that a constraint refused a board: a group that its rights name has ended meanwhile.
pub(super) fn group_gone(rights: &Rights, error: CommitError) -> Error {
    let CommitError::Constraint { kind: Constraint::ForeignKey, .. } = error else { return error.into() };
    let named =
        [("rights.read", rights.read), ("rights.start", rights.start), ("rights.reply", rights.reply)];
    let fields = named.into_iter().filter(|(_, right)| right.group().is_some());
    Error::Invalid(
        fields.map(|(field, _)| (field.into(), "there is no such group any more".into())).collect(),
    )
}

/// For who lost the right while asking.
pub(super) fn refused(permission: Permission) -> Error {
    Error::Forbidden("not_allowed", permission.refusal().to_owned())
}

async fn checked(app: &App, me: UserId, new: NewBoard) -> Result<Board> {
    let slug = checked_slug(&new.slug)?;
    let position = match new.position {
        Some(position) => checked_position(position)?,
        None => queries::all(&app.db).await?.last().map_or(0, |last| last.position + 1),
    };
    Ok(Board {
        id: BoardId(app.new_id()?),
        title: checked_title(&new.title)?,
        description: checked_description(&new.description)?,
        preset: checked_preset(&new.preset)?,
        hue: new.hue.map_or_else(|| Ok(hue_of(&slug)), checked_hue)?,
        slug,
        position,
        rights: rights_with(app, USUAL, &new.rights, me).await?,
        groups: [const { None }; 3],
        policy: Policy::default().with(new.policy)?,
        thread_count: 0,
        post_count: 0,
        version: 1,
    })
}

/// Rights with a change. A board with a right for its owner and without one belongs to who says so.
///
/// # Errors
/// `Invalid` naming the right that is no right of ours or names no group.
pub(super) async fn rights_with(app: &App, old: Rights, change: &RightsChange, me: UserId) -> Result<Rights> {
    let mut rights = old;
    for (field, word, right) in [
        ("rights.read", &change.read, &mut rights.read),
        ("rights.start", &change.start, &mut rights.start),
        ("rights.reply", &change.reply, &mut rights.reply),
    ] {
        if let Some(word) = word {
            *right = read_right(app, field, word).await?;
        }
    }
    if [rights.read, rights.start, rights.reply].contains(&Right::Owner) {
        rights.owner = rights.owner.or(Some(me));
    }
    Ok(rights)
}

async fn read_right(app: &App, field: &'static str, word: &str) -> Result<Right> {
    if let Some(slug) = word.strip_prefix("group:") {
        // The one character that no database takes.
        let group = if slug.contains('\0') { None } else { queries::group(&app.db, slug).await? };
        return group.map(Right::Group).ok_or_else(|| Error::invalid(field, "there is no such group"));
    }
    let why = "everyone, members, staff, owner or group:SLUG";
    Right::parse(word, None).ok_or_else(|| Error::invalid(field, why))
}

/// A colour that is always the same for a slug, in steps that eyes tell apart.
fn hue_of(slug: &str) -> i64 {
    slug.bytes().fold(7_i64, |hue, byte| (hue * 31 + i64::from(byte)) % 24) * 15
}

#[cfg(test)]
mod tests {
    use folkmoot_store::{CommitError, Constraint};

    use super::{Right, USUAL, group_gone};
    use crate::accounts::GroupId;
    use crate::boards::rights::Rights;
    use crate::core::Error;

    #[test]
    fn a_group_that_ended_meanwhile_is_named_by_the_rights_that_were_to_be_its() {
        let rights = Rights { start: Right::Group(GroupId(7)), ..USUAL };
        let refused = |kind| CommitError::Constraint { kind, detail: String::new() };
        let Error::Invalid(fields) = group_gone(&rights, refused(Constraint::ForeignKey)) else {
            panic!("not a mistake of ours")
        };
        assert_eq!(fields.into_keys().collect::<Vec<_>>(), ["rights.start"]);
        assert!(matches!(group_gone(&rights, refused(Constraint::Check)), Error::Internal(_)));
    }
}
