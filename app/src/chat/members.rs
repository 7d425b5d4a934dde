//! Who is in a group: adding, removing, leaving, roles, handing over. And its title.

use serde::Deserialize;
use utoipa::ToSchema;

use super::json::ConversationJson;
use super::model::{ConversationId, Kind, MAX_MEMBERS, MemberRole, checked_title};
use super::queries::members::TowardsRow;
use super::queries::places::Place;
use super::queries::{conversations, members};
use super::send::REFUSED;
use super::{access, events, list, open};
use crate::accounts::{Actor, Permission, UserId, people};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// It is so already.
const NOTHING_TO_DO: &str = "nothing_to_do";
/// There is no room, or it is so already.
const NOT_ADDED: &str = "not_added";
/// The group is at another version.
const EDITED: &str = "edited_meanwhile";
/// Somebody else would be left without an owner.
const LAST_OWNER: &str = "last_owner";

/// Whom to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Adding {
    /// Their nicknames, at most 50.
    pub nicknames: Vec<String>,
    /// What they read of what was said before.
    #[serde(default)]
    pub history: HistoryFor,
}

/// What somebody who comes reads of what was said before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HistoryFor {
    /// Nothing.
    #[default]
    Now,
    /// Everything.
    All,
}

/// What is to be otherwise in a group.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationChange {
    /// The title; an empty one is none.
    pub title: String,
    /// The version that was read: a title that somebody else changed since is left alone.
    pub version: Option<i64>,
}

/// What a member is to be.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleChange {
    /// The role; `owner` hands the group over.
    pub role: MemberRole,
}

/// Adds people to a group, one commit each; who is in it already stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` naming the field.
pub(super) async fn add(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    adding: &Adding,
) -> Result<ConversationJson> {
    let me = actor.require(Permission::Write)?.id;
    let place = group(app, actor, id).await?;
    if !place.may().add {
        return Err(access::not_allowed("Only its owner and admins add members."));
    }
    let others = open::named(app, me, "nicknames", &adding.nicknames).await?;
    let present = members::present(app.db.primary(), id, &others).await?;
    let new: Vec<UserId> = others.into_iter().filter(|other| !present.contains(other)).collect();
    for towards in open::willing(app, me, &new).await? {
        add_one(app, actor, &place, &towards, adding.history).await?;
    }
    list::one_of(app, me, id).await
}

async fn add_one(
    app: &App,
    actor: &Actor,
    place: &Place,
    towards: &TowardsRow,
    history: HistoryFor,
) -> Result<()> {
    let (me, who, at) = (actor.signed_in()?.id, towards.id, app.now());
    let mut write = Write::new(Some(me.0), at);
    write.push(members::still_manages(place.id, me).expect_rows(1).or(REFUSED));
    open::guard(&mut write, me, std::slice::from_ref(towards));
    if history == HistoryFor::All {
        write.push(members::forget_periods(place.id, who));
    }
    let join = members::join(place.id, who, towards.knows, history == HistoryFor::All, at);
    write.push(join.expect_rows(1).or(NOT_ADDED));
    write.record(events::member(events::MEMBER_JOINED, place.id, who));
    write.record(events::own(events::CONVERSATION_JOINED, who, place.id));
    let Err(error) = app.commit(write).await else { return Ok(()) };
    if missed(error)? == NOT_ADDED {
        // Somebody else may have added them meanwhile.
        return match members::open(app.db.primary(), place.id, who).await? {
            Some(_) => Ok(()),
            None => Err(Error::invalid("nicknames", format!("a group has at most {MAX_MEMBERS} members"))),
        };
    }
    group(app, actor, place.id).await?;
    Err(open::refusal(app, me, &[who]).await?)
}

/// Removes somebody from a group; oneself is leaving.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict("last_owner")`.
pub(super) async fn remove(app: &App, actor: &Actor, id: ConversationId, nickname: &str) -> Result<()> {
    let me = actor.signed_in()?.id;
    let place = group(app, actor, id).await?;
    let who = member(app, id, nickname).await?;
    let mut write = Write::new(Some(me.0), app.now());
    if who != me {
        if !place.may().remove {
            return Err(access::not_allowed("Only its owner and admins remove members."));
        }
        write.push(members::still_over(id, me, who).expect_rows(1).or(REFUSED));
    }
    write.push(members::leave(id, who).expect_rows(1).or(LAST_OWNER));
    write.record(events::member(events::MEMBER_LEFT, id, who));
    write.record(events::own(events::CONVERSATION_LEFT, who, id));
    let Err(error) = app.commit(write).await else { return Ok(()) };
    let missed = missed(error)?;
    if members::open(app.db.primary(), id, who).await?.is_none() {
        return Ok(());
    }
    Err(match missed {
        LAST_OWNER => last_owner(),
        _ => access::not_allowed("Only the owner removes admins, and nobody removes the owner."),
    })
}

/// Gives a member another role; `owner` hands the group over.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict("last_owner")`.
pub(super) async fn set_role(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    nickname: &str,
    role: MemberRole,
) -> Result<ConversationJson> {
    let me = actor.require(Permission::Write)?.id;
    let place = group(app, actor, id).await?;
    let who = member(app, id, nickname).await?;
    if !place.may().hand_over {
        return Err(access::not_allowed("Only its owner gives roles."));
    }
    if who == me {
        return if role == MemberRole::Owner { list::one_of(app, me, id).await } else { Err(last_owner()) };
    }
    let mut write = Write::new(Some(me.0), app.now());
    write.push(members::still_owns(id, me).expect_rows(1).or(REFUSED));
    write.push(members::set_role(id, who, role).expect_rows(1).or(NOTHING_TO_DO));
    let mut changed = vec![(who, role)];
    if role == MemberRole::Owner {
        write.push(members::set_role(id, me, MemberRole::Admin).expect_rows(1).or(REFUSED));
        changed.push((me, MemberRole::Admin));
    }
    write.record(events::roles(id, &changed));
    match app.commit(write).await.map_err(missed) {
        Ok(_) => list::one_of(app, me, id).await,
        Err(Ok(NOTHING_TO_DO)) => {
            member(app, id, nickname).await?;
            list::one_of(app, me, id).await
        }
        Err(Ok(_)) => {
            group(app, actor, id).await?;
            Err(access::not_allowed("Only its owner gives roles."))
        }
        Err(Err(error)) => Err(error),
    }
}

/// Gives a group another title.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` naming the field, `Conflict("edited_meanwhile")`.
pub(super) async fn rename(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    change: &ConversationChange,
) -> Result<ConversationJson> {
    let me = actor.require(Permission::Write)?.id;
    let place = group(app, actor, id).await?;
    if !place.may().rename {
        return Err(access::not_allowed("Only its owner and admins change the title."));
    }
    let title = checked_title(&change.title)?;
    let version = change.version.unwrap_or(place.version);
    let mut write = Write::new(Some(me.0), app.now());
    write.push(members::still_manages(id, me).expect_rows(1).or(REFUSED));
    write.push(conversations::rename(id, title.as_deref(), version).expect_rows(1).or(EDITED));
    write.record(events::conversation(events::CONVERSATION_CHANGED, id, version + 1));
    match app.commit(write).await.map_err(missed) {
        Ok(_) => list::one_of(app, me, id).await,
        Err(Ok(EDITED)) => {
            Err(Error::Conflict(EDITED, String::from("Somebody else changed this meanwhile. Look again.")))
        }
        Err(Ok(_)) => {
            group(app, actor, id).await?;
            Err(access::not_allowed("Only its owner and admins change the title."))
        }
        Err(Err(error)) => Err(error),
    }
}

/// A group that this person is in, as it is now.
async fn group(app: &App, actor: &Actor, id: ConversationId) -> Result<Place> {
    let place = access::place(app.db.primary(), actor, id).await?;
    if place.kind == Kind::Group {
        return Ok(place);
    }
    Err(access::not_allowed("A direct conversation stays between its two."))
}

/// A member by their nickname.
async fn member(app: &App, id: ConversationId, nickname: &str) -> Result<UserId> {
    let not_found = || Error::NotFound("member");
    let who = people::by_nickname(&app.db, nickname).await.map_err(|_| not_found())?.id;
    members::open(app.db.primary(), id, who).await?.map(|_| who).ok_or_else(not_found)
}

fn last_owner() -> Error {
    Error::Conflict(LAST_OWNER, String::from("Hand the group over to somebody else first."))
}
