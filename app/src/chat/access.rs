//! Who may do what in a conversation: one place that decides, for answers, writes and what buttons are shown.
//!
//! The guards in `queries` say the same again inside each batch.

use super::json::MayInConversation;
use super::model::{ConversationId, Kind, MemberRole, MessageId};
use super::queries::members;
use super::queries::messages::{self, SourceRow};
use super::queries::places::{self, Other, Place};
use crate::accounts::{Actor, MessagesFrom, UserId};
use crate::core::read::Read;
use crate::core::{Error, Result};

/// A conversation that this person is in.
///
/// # Errors
/// `SignInNeeded`; `NotFound` for who is not in it, and just so when there is none.
pub(super) async fn place(read: &impl Read, actor: &Actor, id: ConversationId) -> Result<Place> {
    let me = actor.signed_in()?.id;
    places::place(read, id, me).await?.ok_or(Error::NotFound("conversation"))
}

/// A message, deleted or not, that this person reads.
///
/// # Errors
/// `SignInNeeded`; `NotFound` for who does not read it, and just so when there is none.
pub(super) async fn message(read: &impl Read, actor: &Actor, id: MessageId) -> Result<(SourceRow, Place)> {
    let me = actor.signed_in()?.id;
    let row = messages::source(read, id, me).await?.ok_or(Error::NotFound("message"))?;
    let place = places::place(read, row.conversation_id, me).await?.ok_or(Error::NotFound("message"))?;
    Ok((row, place))
}

/// A message, with its words, that this person reads.
///
/// # Errors
/// As [`message`]; `NotFound` also for a deleted one.
pub(super) async fn living(read: &impl Read, actor: &Actor, id: MessageId) -> Result<(SourceRow, Place)> {
    let (row, place) = message(read, actor, id).await?;
    if row.deleted_at.is_some() { Err(Error::NotFound("message")) } else { Ok((row, place)) }
}

/// Those of these conversations whose streams this person may follow: they are in them.
///
/// # Errors
/// When the database does not answer.
pub async fn may_follow(
    read: &impl Read,
    actor: &Actor,
    ids: &[ConversationId],
) -> Result<Vec<ConversationId>> {
    match actor.id() {
        Some(me) if !ids.is_empty() => members::among(read, ids, me).await,
        _ => Ok(Vec::new()),
    }
}

/// The periods in which this person is or was in those of these conversations that they are in now: each from above a
/// number up to another, or on and on. Events outside of them are not for this person.
///
/// # Errors
/// When the database does not answer.
pub async fn periods(
    read: &impl Read,
    actor: &Actor,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, i64, Option<i64>)>> {
    match actor.id() {
        Some(me) if !ids.is_empty() => members::periods(read, ids, me).await,
        _ => Ok(Vec::new()),
    }
}

/// Those of these people whom this person may see come and go.
///
/// # Errors
/// When the database does not answer.
pub async fn in_sight(read: &impl Read, actor: &Actor, people: &[UserId]) -> Result<Vec<UserId>> {
    match actor.id() {
        Some(me) => members::in_sight(read, people, me).await,
        None => Ok(Vec::new()),
    }
}

impl Place {
    /// Whether the person may write here; if not, why.
    ///
    /// # Errors
    /// `Forbidden` with the codes `blocked` and `not_accepted_here`.
    pub(crate) fn writable(&self) -> Result<()> {
        match (self.kind, &self.other) {
            (Kind::Group, _) => Ok(()),
            (Kind::Direct, Some(other)) => other.writable(),
            (Kind::Direct, None) => Err(Error::NotFound("conversation")),
        }
    }

    /// What the person may do here.
    pub(crate) fn may(&self) -> MayInConversation {
        may(self.kind, self.role, self.writable().is_ok())
    }
}

impl Other {
    /// Whether one may write to them; if not, why.
    pub(super) fn writable(&self) -> Result<()> {
        if self.i_blocked || self.blocks_me {
            return Err(blocked());
        }
        if !self.accepted && self.takes_from() != MessagesFrom::Everyone {
            return Err(not_accepted_here());
        }
        Ok(())
    }
}

/// What a member of this role may do.
pub(super) fn may(kind: Kind, role: MemberRole, write: bool) -> MayInConversation {
    let manages = kind == Kind::Group && role != MemberRole::Member;
    MayInConversation {
        write,
        add: manages,
        rename: manages,
        remove: manages,
        leave: kind == Kind::Group,
        hand_over: kind == Kind::Group && role == MemberRole::Owner,
    }
}

/// One of the two has blocked the other.
pub(super) fn blocked() -> Error {
    Error::Forbidden("blocked", String::from("One of you has blocked the other."))
}

/// They take no messages from this person.
pub(super) fn not_accepted_here() -> Error {
    Error::Forbidden("not_accepted_here", String::from("They take messages only from people they know."))
}

/// The person may see it, but not do that.
pub(super) fn not_allowed(why: &str) -> Error {
    Error::Forbidden("not_allowed", why.to_owned())
}
