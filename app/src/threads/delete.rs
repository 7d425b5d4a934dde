//! Deleting and restoring posts and threads. A deleted post leaves a tombstone at its position; deleting the opening
//! post deletes the thread.

use super::json::{PostJson, ThreadJson};
use super::model::{PostId, ThreadId};
use super::queries::places::Place;
use super::queries::{counts, places, posts, threads};
use super::send::REFUSED;
use super::{access, edit, events, present, send};
use crate::accounts::{Actor, Permission, UserId};
use crate::core::events::Write;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// It is so already.
const NOTHING_TO_DO: &str = "nothing_to_do";

/// Deletes a post; one that is deleted already stays so.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub(super) async fn delete_post(app: &App, actor: &Actor, id: PostId) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let (post, place) = access::post(&app.db, actor, id).await?;
    if id == place.opening_post {
        return delete_thread(app, actor, place.id).await;
    }
    if !place.may_on_post(actor, post.author_id).delete {
        return Err(place.refusal());
    }
    let mut write = on_post(&place, actor, me, id, app.now());
    write.push(posts::delete(id, me, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.push(threads::recount(place.id));
    write.push(counts::post(app.new_id()?, id, -1));
    write.record(events::post(events::POST_DELETED, place.id, id, post.version + 1));
    write.stir(Stream::Board(place.board.0));
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) | Err(Ok(NOTHING_TO_DO)) => Ok(()),
        Err(Ok(_)) => Err(edit::refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// Brings a post back: an author what they deleted themselves, who keeps order everything.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub(super) async fn restore_post(app: &App, actor: &Actor, id: PostId) -> Result<PostJson> {
    let me = actor.require(Permission::Write)?.id;
    let post = places::post(&app.db, id).await?.ok_or(Error::NotFound("post"))?;
    let place = places::place(&app.db, post.thread_id).await?.ok_or(Error::NotFound("post"))?;
    if id == place.opening_post && place.deleted_at.is_some() {
        restore_thread(app, actor, place.id).await.map_err(as_post)?;
        return edit::shown(app, actor, id).await;
    }
    let place = access::visible(Some(place), actor).map_err(as_post)?;
    let Some(deleted_at) = post.deleted_at else { return edit::shown(app, actor, id).await };
    if !place.may_on_tombstone(actor, post.author_id, post.deleted_by).restore {
        return Err(place.refusal());
    }
    let mut write = on_post(&place, actor, me, id, app.now());
    write.push(posts::restore(id, deleted_at).expect_rows(1).or(NOTHING_TO_DO));
    write.push(threads::recount(place.id));
    write.push(counts::post(app.new_id()?, id, 1));
    write.record(events::post(events::POST_RESTORED, place.id, id, post.version + 1));
    write.stir(Stream::Board(place.board.0));
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) | Err(Ok(NOTHING_TO_DO)) => edit::shown(app, actor, id).await,
        Err(Ok(_)) => Err(edit::refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// A write to a post by its author, or by who keeps order, whichever this person was when it was read.
fn on_post(place: &Place, actor: &Actor, me: UserId, post: PostId, now: i64) -> Write {
    let mut write = Write::new(Some(me.0), now);
    write.push(threads::still_open(place.id, me).expect_rows(1).or(REFUSED));
    if place.may_moderate(actor) {
        write.push(threads::still_moderated(place.id, me).expect_rows(1).or(REFUSED));
    } else {
        write.push(posts::still_author(post, me).expect_rows(1).or(REFUSED));
    }
    write
}

/// Deletes a thread with everything in it.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub(super) async fn delete_thread(app: &App, actor: &Actor, id: ThreadId) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let place = access::thread(&app.db, actor, id).await?;
    if !place.may_edit(actor) {
        return Err(place.refusal());
    }
    let mut write = on_thread(&place, actor, me, app.now());
    write.push(threads::delete(id, place.board, me, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.push(counts::thread(app.new_id()?, id, -1));
    events::record_on_thread(&mut write, events::THREAD_DELETED, place.board, id, place.version + 1);
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) => Ok(()),
        Err(Ok(_)) => {
            // Deleted or moved by somebody else, or not this person's to delete any more.
            let actor = send::again(app, actor).await?;
            let now = access::thread(app.db.primary(), &actor, id).await?;
            Err(if now.board == place.board { now.refusal() } else { moved_meanwhile() })
        }
        Err(Err(error)) => Err(error),
    }
}

/// Brings a thread back: its author when they deleted it themselves, who keeps order always.
///
/// # Errors
/// `NotFound`, also for a deleted thread that this person may not bring back.
pub(super) async fn restore_thread(app: &App, actor: &Actor, id: ThreadId) -> Result<ThreadJson> {
    let me = actor.require(Permission::Write)?.id;
    let place = places::place(&app.db, id).await?.filter(|place| place.rights.may_read(actor));
    let place = place.ok_or(Error::NotFound("thread"))?;
    let Some(deleted_at) = place.deleted_at else { return shown(app, actor, id).await };
    if !place.may_on_tombstone(actor, place.author, place.deleted_by).restore {
        return Err(Error::NotFound("thread"));
    }
    let mut write = on_thread(&place, actor, me, app.now());
    write.push(threads::restore(id, place.board, deleted_at).expect_rows(1).or(NOTHING_TO_DO));
    write.push(counts::thread(app.new_id()?, id, 1));
    events::record_on_thread(&mut write, events::THREAD_RESTORED, place.board, id, place.version + 1);
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) | Err(Ok(NOTHING_TO_DO)) => shown(app, actor, id).await,
        Err(Ok(_)) => Err(Error::NotFound("thread")),
        Err(Err(error)) => Err(error),
    }
}

/// A write to a whole thread by its author, or by who keeps order, whichever this person was when it was read.
pub(super) fn on_thread(place: &Place, actor: &Actor, me: UserId, now: i64) -> Write {
    let mut write = Write::new(Some(me.0), now);
    if place.may_moderate(actor) {
        write.push(threads::still_moderated(place.id, me).expect_rows(1).or(REFUSED));
    } else {
        write.push(threads::still_own(place.id, me).expect_rows(1).or(REFUSED));
    }
    write
}

/// For who changed a thread that went to another board while they did.
pub(super) fn moved_meanwhile() -> Error {
    Error::Conflict("edited_meanwhile", String::from("This thread was moved meanwhile. Look again."))
}

/// A thread as it is now, for the person who changed it.
///
/// # Errors
/// `NotFound` when this person may not read it any more.
pub(super) async fn shown(app: &App, actor: &Actor, id: ThreadId) -> Result<ThreadJson> {
    access::thread(&app.db, actor, id).await?;
    let row = send::row(app, id).await?;
    present::threads(&app.db, actor, vec![row]).await?.pop().ok_or(Error::NotFound("thread"))
}

/// Who asked for a post is told of a post.
fn as_post(error: Error) -> Error {
    match error {
        Error::NotFound(_) => Error::NotFound("post"),
        other => other,
    }
}
