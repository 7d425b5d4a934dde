//! What the sockets are told of threads and posts: built once from the rows as they are now, for everyone who may follow
//! the stream. So nothing here depends on who looks: no `unread`, no `mine`, no `may`.
//!
//! `None` stands for `nothing`: an event that cannot be shown (any more).

use serde_json::{Value, json};

use super::events;
use super::json::{LastPost, PostJson};
use super::model::{PostId, ThreadId, post_url};
use super::present;
use super::queries::{marks, places, posts, threads};
use crate::accounts::{Actor, UserId, people};
use crate::boards::thread_url;
use crate::core::events::Appended;
use crate::core::for_all::for_all;
use crate::core::streams::Stream;
use crate::core::time::Time;
use crate::core::{App, Result};

/// The kinds of events that [`frame`] shows.
pub const KINDS: [&str; 13] = [
    events::NEW_THREAD,
    events::THREAD_EDITED,
    events::THREAD_LOCKED,
    events::THREAD_MOVED,
    events::THREAD_DELETED,
    events::THREAD_RESTORED,
    events::NEW_POST,
    events::POST_EDITED,
    events::POST_DELETED,
    events::POST_RESTORED,
    events::REACTION_CHANGED,
    events::UNREAD_CHANGED,
    events::ALL_READ,
];

/// The payload of an event's frame.
///
/// # Errors
/// When the database does not answer.
pub async fn frame(app: &App, event: &Appended) -> Result<Option<Value>> {
    let Some(subject) = event.subject else { return Ok(None) };
    match (event.stream, event.kind.as_str()) {
        (_, events::THREAD_DELETED) => Ok(Some(json!({"id": subject.to_string()}))),
        (Stream::Board(board), kind) => on_board(app, board, ThreadId(subject), kind).await,
        (Stream::Thread(_), events::REACTION_CHANGED) => reactions(app, PostId(subject)).await,
        (
            Stream::Thread(thread),
            events::NEW_POST | events::POST_EDITED | events::POST_DELETED | events::POST_RESTORED,
        ) => post(app, ThreadId(thread), PostId(subject)).await,
        (Stream::Thread(_), _) => on_thread(app, ThreadId(subject), event.version).await,
        (Stream::User(user), events::UNREAD_CHANGED) => mark(app, UserId(user), ThreadId(subject)).await,
        (Stream::User(user), events::ALL_READ) => all_read(app, UserId(user)).await,
        _ => Ok(None),
    }
}

/// The kinds of events after which a thread's board is told `thread_changed`.
pub const CHANGES: [&str; 3] = [events::NEW_POST, events::POST_DELETED, events::POST_RESTORED];

/// The fleeting `thread_changed` that follows from what happened in a thread: its board's stream, and the payload.
///
/// # Errors
/// When the database does not answer.
pub async fn thread_changed(app: &App, stream: Stream) -> Result<Option<(Stream, Value)>> {
    let Stream::Thread(thread) = stream else { return Ok(None) };
    let Some(row) = threads::by_id(&app.db, ThreadId(thread)).await? else { return Ok(None) };
    let people = people::by_ids(&app.db, &[row.last_author_id]).await?;
    let url = thread_url(row.id.0, &row.slug);
    let last_post = LastPost {
        id: row.last_post_id,
        url: post_url(&url, row.last_position, row.last_post_id),
        author: present::person(&people, row.last_author_id)?,
        created_at: Time(row.last_at),
    };
    let payload = json!({
        "id": row.id,
        "reply_count": row.post_count - 1,
        "bumped_at": Time(row.bumped_at),
        "last_post": last_post,
        "version": row.version,
    });
    Ok(Some((Stream::Board(row.board_id.0), payload)))
}

/// A thread as its board is told: one that has left is only named, never where to.
async fn on_board(app: &App, board: i64, id: ThreadId, kind: &str) -> Result<Option<Value>> {
    let now = app.db.snapshot().await?;
    let row = threads::by_id(&now, id).await?;
    match row.filter(|row| row.board_id.0 == board) {
        Some(row) => {
            let thread = present::threads(&now, &Actor::guest(), vec![row]).await?.pop();
            thread.map(|thread| Ok(json!({"thread": for_all(&thread)?}))).transpose()
        }
        None if kind == events::THREAD_MOVED => Ok(Some(json!({"id": id}))),
        None => Ok(None),
    }
}

/// A thread as those who look at it are told. It may have gone on to a board that is not for all of them, so when it is
/// private and not as this event left it any more, it is only named; who still may loads it again. Whether it is private
/// and what it says are read at one instant: else a thread could be public for the one and private for the other.
async fn on_thread(app: &App, id: ThreadId, version: Option<i64>) -> Result<Option<Value>> {
    let now = app.db.snapshot().await?;
    let Some(place) = places::place(&now, id).await?.filter(|place| place.deleted_at.is_none()) else {
        return Ok(None);
    };
    let Some(row) = threads::by_id(&now, id).await? else { return Ok(None) };
    if !place.rights.is_public() && version != Some(row.version) {
        return Ok(Some(json!({"id": id})));
    }
    let thread = present::threads(&now, &Actor::guest(), vec![row]).await?.pop();
    thread.map(|thread| Ok(json!({"thread": for_all(&thread)?}))).transpose()
}

async fn post(app: &App, thread: ThreadId, id: PostId) -> Result<Option<Value>> {
    let Some(post) = shown(app, thread, id).await? else { return Ok(None) };
    Ok(Some(json!({"post": for_all(&post)?})))
}

async fn reactions(app: &App, id: PostId) -> Result<Option<Value>> {
    let now = app.db.snapshot().await?;
    let Some(row) = posts::by_id(&now, id).await?.filter(|row| row.deleted_at.is_none()) else {
        return Ok(None);
    };
    let version = row.version;
    let reactions = present::reactions_to(&now, &[row]).await?.remove(&id).unwrap_or_default();
    Ok(Some(json!({"id": id, "reactions": for_all(&reactions)?, "version": version})))
}

/// A post of this thread, while the thread is there; a deleted post as its tombstone.
async fn shown(app: &App, thread: ThreadId, id: PostId) -> Result<Option<PostJson>> {
    let now = app.db.snapshot().await?;
    let Some(place) = places::place(&now, thread).await?.filter(|place| place.deleted_at.is_none()) else {
        return Ok(None);
    };
    let row = posts::by_id(&now, id).await?.filter(|row| row.thread_id == thread);
    let Some(row) = row else { return Ok(None) };
    Ok(Some(present::one_post(&now, &Actor::guest(), &place, row).await?))
}

async fn mark(app: &App, user: UserId, thread: ThreadId) -> Result<Option<Value>> {
    let mark = marks::mark(&app.db, user, thread).await?;
    Ok(mark.map(|(position, post)| json!({"thread_id": thread, "position": position, "post_id": post})))
}

async fn all_read(app: &App, user: UserId) -> Result<Option<Value>> {
    let at = marks::all_read_at(&app.db, user).await?;
    Ok(at.map(|at| json!({"at": Time(at)})))
}
