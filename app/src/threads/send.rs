//! What opening and replying share: sending once, slow mode, and how a send that missed is refused.

use super::access;
use super::json::PostJson;
use super::model::PostId;
use super::queries::places::{Place, Sent};
use super::queries::{places, posts};
use super::{present, queries::threads};
use crate::accounts::Actor;
use crate::boards::{BoardId, Policy};
pub(super) use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// A send that was refused because this person may not write there, or not any more.
pub(super) const REFUSED: &str = "refused";
/// A send that was accepted before.
pub(super) const REPLAYED: &str = "replayed";
/// A send that came too soon after the one before.
pub(super) const TOO_SOON: &str = "too_soon";

/// What became of a send.
#[derive(Debug)]
pub enum Posted<T> {
    /// It was accepted now.
    Now(T),
    /// It had been accepted before, and this is what it became.
    Before(T),
}

impl<T> Posted<T> {
    /// What the send became.
    pub fn into_inner(self) -> T {
        match self {
            Self::Now(posted) | Self::Before(posted) => posted,
        }
    }
}

/// The post that an earlier send became.
///
/// # Errors
/// `Conflict("sent_elsewhere")` when it was sent to another place than `to`.
pub(super) async fn first(app: &App, actor: &Actor, sent: &Sent, to: Stream) -> Result<(PostJson, Place)> {
    if sent.to != to.to_string() {
        let why = "This was sent to another place before. Give the new one a client_id of its own.";
        return Err(Error::Conflict("sent_elsewhere", why.to_owned()));
    }
    let lost = || Error::internal("a post that was sent is not there");
    let mut row = posts::by_id(&app.db, sent.post).await?.ok_or_else(lost)?;
    let mut place = places::place(&app.db, row.thread_id).await?.ok_or_else(lost)?;
    if access::visible(Some(place.clone()), actor).is_err() {
        // Its author may not look there any more: they get their own words back, and nothing that came later.
        place.slug.clear();
        row.reply_to = None;
        return Ok((present::own_words(&app.db, actor, &place, row).await?, place));
    }
    Ok((present::one_post(&app.db, actor, &place, row).await?, place))
}

/// Waits out the board's slow mode. Who keeps order does not wait.
pub(super) fn slow_down(
    write: &mut Write,
    actor: &Actor,
    board: BoardId,
    policy: &Policy,
    moderates: bool,
    now: i64,
) {
    let Some(me) = actor.id() else { return };
    if policy.slow_mode_seconds > 0 && !moderates {
        let step = posts::slow_down(board, me, now, policy.slow_mode_ms());
        write.push(step.expect_rows(1).or(TOO_SOON));
    }
}

/// How long slow mode still lasts for this person.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn too_soon(app: &App, actor: &Actor, board: BoardId, policy: &Policy) -> Result<Error> {
    let last = match actor.id() {
        Some(me) => posts::last_at(&app.db, board, me).await?.unwrap_or_default(),
        None => 0,
    };
    let left = (last + policy.slow_mode_ms() - app.now()).max(1);
    let retry_after = u64::try_from(left).unwrap_or(1).div_ceil(1000);
    let why = format!("This board is in slow mode: one post every {} seconds.", policy.slow_mode_seconds);
    Ok(Error::TooMany { retry_after, why })
}

/// The same person with the rights that they have now: a batch that was refused may have met a change of them.
///
/// # Errors
/// `SignInNeeded` when their session has ended.
pub(super) async fn again(app: &App, actor: &Actor) -> Result<Actor> {
    let session = actor.signed_in()?.session;
    Actor::of_session(app.db.primary(), session, app.now()).await?.ok_or(Error::SignInNeeded)
}

/// A visible post of this thread, to be answered.
///
/// # Errors
/// `Invalid` naming the field when there is none.
pub(super) async fn answered(app: &App, place: &Place, id: Option<PostId>) -> Result<Option<posts::PostRow>> {
    let Some(id) = id else { return Ok(None) };
    let row = posts::by_id(&app.db, id).await?;
    let row = row.filter(|row| row.thread_id == place.id && row.deleted_at.is_none());
    row.map(Some).ok_or_else(|| Error::invalid("reply_to", "a visible post of this thread"))
}

/// The thread as its row is now.
///
/// # Errors
/// `NotFound` when it is deleted.
pub(super) async fn row(app: &App, id: super::model::ThreadId) -> Result<threads::ThreadRow> {
    threads::by_id(&app.db, id).await?.ok_or(Error::NotFound("thread"))
}
