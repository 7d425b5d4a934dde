//! Who may do what in a thread: one place that decides, for pages, writes and what buttons are shown.
//!
//! The guards in `queries` say the same again inside each batch.

use super::json::{MayInThread, MayOnPost, MayOnTombstone};
use super::model::{PostId, ThreadId};
use super::queries::places::{self, Place, PostPlace};
use crate::accounts::{Actor, Permission, UserId};
use crate::core::read::Read;
use crate::core::{Error, Result};

/// A visible thread that this person may read.
///
/// # Errors
/// `NotFound` when there is none, and just so when this person may not read it.
pub(super) async fn thread(read: &impl Read, actor: &Actor, id: ThreadId) -> Result<Place> {
    visible(places::place(read, id).await?, actor)
}

/// A post, visible or not, of a visible thread that this person may read.
///
/// # Errors
/// `NotFound` when there is none, and just so when this person may not read it.
pub(super) async fn post(read: &impl Read, actor: &Actor, id: PostId) -> Result<(PostPlace, Place)> {
    let post = places::post(read, id).await?.ok_or(Error::NotFound("post"))?;
    let place = places::place(read, post.thread_id).await?;
    let place = visible(place, actor).map_err(|_| Error::NotFound("post"))?;
    Ok((post, place))
}

/// A visible post of a visible thread that this person may read.
///
/// # Errors
/// `NotFound` when there is none, and just so when this person may not read it.
pub(super) async fn visible_post(read: &impl Read, actor: &Actor, id: PostId) -> Result<(PostPlace, Place)> {
    let (post, place) = post(read, actor, id).await?;
    if post.deleted_at.is_some() { Err(Error::NotFound("post")) } else { Ok((post, place)) }
}

/// The thread, if it is visible and this person may read it.
///
/// # Errors
/// `NotFound` otherwise.
pub(super) fn visible(place: Option<Place>, actor: &Actor) -> Result<Place> {
    place
        .filter(|place| place.deleted_at.is_none() && place.rights.may_read(actor))
        .ok_or(Error::NotFound("thread"))
}

/// Those of these threads whose streams this person may follow.
///
/// # Errors
/// When the database does not answer.
pub async fn may_follow(read: &impl Read, actor: &Actor, ids: &[ThreadId]) -> Result<Vec<ThreadId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places = places::places(read, ids).await?.into_values();
    Ok(places.filter_map(|place| visible(Some(place), actor).ok()).map(|place| place.id).collect())
}

impl Place {
    /// Whether this person keeps order here.
    pub(super) fn may_moderate(&self, actor: &Actor) -> bool {
        self.rights.may_moderate(actor)
    }

    /// Whether the thread takes writes from this person at all.
    fn is_open_to(&self, actor: &Actor) -> bool {
        !(self.locked || self.archived) || self.may_moderate(actor)
    }

    /// Whether this person may reply: in an archived thread nobody may.
    pub(super) fn may_reply(&self, actor: &Actor) -> bool {
        self.rights.may_reply(actor) && !self.archived && self.is_open_to(actor)
    }

    /// Whether this person may change title and tags, or delete the thread.
    pub(super) fn may_edit(&self, actor: &Actor) -> bool {
        self.is_open_to(actor) && self.is_for(actor, self.author)
    }

    /// Whether this person may change what `author` wrote here: the author, and whoever keeps order.
    fn is_for(&self, actor: &Actor, author: UserId) -> bool {
        let own = actor.may(Permission::Write) && actor.id() == Some(author);
        own || self.may_moderate(actor)
    }

    /// What this person may do in the thread.
    pub(super) fn may(&self, actor: &Actor) -> MayInThread {
        let arrange = self.may_moderate(actor) && actor.may(Permission::ArrangeThreads);
        MayInThread {
            reply: self.may_reply(actor),
            edit: self.may_edit(actor),
            lock: arrange,
            archive: arrange,
            pin: arrange,
            arrange,
            delete: self.may_edit(actor),
        }
    }

    /// What this person may do with a visible post of the thread.
    pub(super) fn may_on_post(&self, actor: &Actor, author: UserId) -> MayOnPost {
        let change = self.is_open_to(actor) && self.is_for(actor, author);
        let react = actor.may(Permission::Write) && self.is_open_to(actor);
        MayOnPost { edit: change, delete: change, react }
    }

    /// What this person may do with a deleted post of the thread: an author takes back what they did themselves.
    pub(super) fn may_on_tombstone(
        &self,
        actor: &Actor,
        author: UserId,
        deleted_by: Option<UserId>,
    ) -> MayOnTombstone {
        let own = deleted_by == Some(author) && self.is_for(actor, author);
        MayOnTombstone { restore: self.is_open_to(actor) && (own || self.may_moderate(actor)) }
    }

    /// Why this person may not write here.
    pub(super) fn refusal(&self) -> Error {
        if self.archived {
            Error::Forbidden("archived", String::from("This thread is archived."))
        } else if self.locked {
            Error::Forbidden("locked", String::from("This thread is locked."))
        } else {
            Error::Forbidden("not_allowed", String::from("You may not write here."))
        }
    }
}
