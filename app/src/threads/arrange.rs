//! Arranging a thread: title, tags, pin, lock, archive, and moving it to another board.

use serde::Deserialize;
use utoipa::ToSchema;

use super::json::ThreadJson;
use super::model::{ThreadId, checked_tags, checked_title};
use super::queries::places::Place;
use super::queries::threads::{self, Arrangement};
use super::queries::{counts, tags as tag_queries};
use super::send::REFUSED;
use super::{access, delete, events, send};
use crate::accounts::{Actor, Permission};
use crate::boards::{self, Board};
use crate::core::events::{Event, Write};
use crate::core::slug::slug;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// What is to be different of a thread; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadChange {
    /// The title, 3 to 300 characters.
    pub title: Option<String>,
    /// At most 5 tags.
    pub tags: Option<Vec<String>>,
    /// Whether it stands before the others. For moderators.
    pub pinned: Option<bool>,
    /// Whether only moderators may write. For moderators.
    pub locked: Option<bool>,
    /// Whether nobody may reply. For moderators.
    pub archived: Option<bool>,
    /// The slug of the board it is to go to. For moderators.
    pub board: Option<String>,
    /// The version that was read: a thread that somebody else arranged since is left alone.
    pub version: Option<i64>,
}

/// The thread was changed, by a reply or by somebody who arranges it, since it was read.
const CHANGED: &str = "changed";
/// Somebody arranged the thread since the version that was said.
const EDITED_MEANWHILE: &str = "edited_meanwhile";
/// How often a change is tried again when replies come in between.
const TRIES: usize = 20;

/// Arranges a thread.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` naming the field, `Conflict("edited_meanwhile")`.
pub async fn arrange(app: &App, actor: &Actor, id: ThreadId, change: &ThreadChange) -> Result<ThreadJson> {
    actor.require(Permission::Write)?;
    let title = change.title.as_deref().map(checked_title).transpose()?;
    let tags = change.tags.as_deref().map(checked_tags).transpose()?;
    for _ in 0..TRIES {
        let place = access::thread(app.db.primary(), actor, id).await?;
        allowed(&place, actor, change)?;
        let target = match &change.board {
            Some(slug) => Some(target(app, actor, slug).await?),
            None => None,
        };
        let new = arrangement(&place, title.as_deref(), change, target.as_ref());
        if tags.is_none() && new == of(&place) {
            return delete::shown(app, actor, id).await;
        }
        let write = write(app, actor, &place, &new, target.as_ref(), tags.as_deref(), change.version)?;
        match app.commit(write).await.map_err(send::missed) {
            Ok(_) => return delete::shown(app, actor, id).await,
            Err(Ok(CHANGED)) => {}
            Err(Ok(EDITED_MEANWHILE)) => return Err(edited_meanwhile(&place)),
            Err(Ok(_)) => {
                let actor = send::again(app, actor).await?;
                return Err(access::thread(app.db.primary(), &actor, id).await?.refusal());
            }
            Err(Err(error)) => return Err(error),
        }
    }
    Err(Error::Unavailable {
        retry_after: 1,
        cause: format!("thread {id} changes faster than it can be arranged"),
    })
}

fn allowed(place: &Place, actor: &Actor, change: &ThreadChange) -> Result<()> {
    let may = place.may(actor);
    let asked = [
        (change.title.is_some() || change.tags.is_some(), may.edit),
        (change.pinned.is_some(), may.pin),
        (change.locked.is_some(), may.lock),
        (change.archived.is_some(), may.archive),
        (change.board.is_some(), may.arrange),
    ];
    if asked.iter().all(|(asked, may)| !asked || *may) {
        return Ok(());
    }
    let why = "Only its author may change a thread's title and tags, and only moderators the rest.";
    Err(Error::Forbidden("not_allowed", why.to_owned()))
}

async fn target(app: &App, actor: &Actor, slug: &str) -> Result<Board> {
    boards::by_slug(app.db.primary(), actor, slug).await.map_err(|error| match error {
        Error::NotFound(_) => Error::invalid("board", "there is no such board, or it is not for you"),
        other => other,
    })
}

fn of(place: &Place) -> Arrangement {
    Arrangement {
        title: place.title.clone(),
        slug: place.slug.clone(),
        pinned: place.pinned,
        locked: place.locked,
        archived: place.archived,
        board: place.board,
    }
}

fn arrangement(
    place: &Place,
    title: Option<&str>,
    change: &ThreadChange,
    target: Option<&Board>,
) -> Arrangement {
    let mut new = of(place);
    if let Some(title) = title.filter(|title| *title != place.title) {
        new.title = title.to_owned();
        new.slug = slug(title);
    }
    new.pinned = change.pinned.unwrap_or(new.pinned);
    new.locked = change.locked.unwrap_or(new.locked);
    new.archived = change.archived.unwrap_or(new.archived);
    new.board = target.map_or(new.board, |board| board.id);
    new
}

fn write(
    app: &App,
    actor: &Actor,
    place: &Place,
    new: &Arrangement,
    target: Option<&Board>,
    tags: Option<&[String]>,
    seen: Option<i64>,
) -> Result<Write> {
    let me = actor.signed_in()?.id;
    let moves = target.filter(|board| board.id != place.board);
    let mut write = delete::on_thread(place, actor, me, app.now());
    if let Some(seen) = seen {
        let unchanged = threads::head_unchanged(place.id, seen, &events::HEAD_CHANGES);
        write.push(unchanged.expect_rows(1).or(EDITED_MEANWHILE));
    }
    if moves.is_some() {
        write.push(threads::still_target(new.board, me).expect_rows(1).or(REFUSED));
        write.push(counts::thread(app.new_id()?, place.id, -1));
    }
    write.push(threads::arrange(place.id, place.version, new).expect_rows(1).or(CHANGED));
    if moves.is_some() {
        write.push(counts::thread(app.new_id()?, place.id, 1));
    }
    if let Some(tags) = tags {
        write.push(tag_queries::delete(place.id));
        if !tags.is_empty() {
            write.push(tag_queries::insert(place.id, tags));
        }
    }
    record(&mut write, place, new, moves);
    Ok(write)
}

fn record(write: &mut Write, place: &Place, new: &Arrangement, moves: Option<&Board>) {
    let version = place.version + 1;
    let Some(target) = moves else {
        let closing = new.locked != place.locked || new.archived != place.archived;
        let kind = if closing { events::THREAD_LOCKED } else { events::THREAD_EDITED };
        return events::record_on_thread(write, kind, place.board, place.id, version);
    };
    events::record_on_thread(write, events::THREAD_MOVED, place.board, place.id, version);
    let entered = Stream::Board(target.id.0);
    write.record(Event::new(entered, events::THREAD_MOVED, place.id.0).version(version));
    if target.rights.read != place.rights.read || target.rights.owner != place.rights.owner {
        write.record(events::rights_changed(place.id, version));
    }
}

fn edited_meanwhile(place: &Place) -> Error {
    let why = format!("This thread was changed meanwhile; its version is {} now.", place.version);
    Error::Conflict(EDITED_MEANWHILE, why)
}
