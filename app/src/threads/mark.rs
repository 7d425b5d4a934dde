//! Read marks: how far a person has read a thread. They only grow, and only their owner hears of it.

use super::model::{PostId, ThreadId};
use super::queries::{marks, places, threads};
use super::{access, events, send};
use crate::accounts::Actor;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// The mark is there or further on already, which takes the stream's head back too.
const NOTHING_TO_DO: &str = "nothing_to_do";

/// Marks a thread as read up to a post.
///
/// # Errors
/// `NotFound` for a thread or post that this person may not read; `Invalid` for a post of another thread.
pub async fn read(app: &App, actor: &Actor, thread: ThreadId, post: PostId) -> Result<()> {
    let me = actor.signed_in()?.id;
    access::thread(&app.db, actor, thread).await?;
    let post = places::post(&app.db, post).await?.filter(|post| post.thread_id == thread);
    let post = post.ok_or_else(|| Error::invalid("post_id", "a post of this thread"))?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(threads::still_readable(thread, me).expect_rows(1).or(send::REFUSED));
    write.push(marks::set(me, thread, post.position, post.id, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::marked(me, thread));
    done(app, write).await
}

/// Marks everything as read.
///
/// # Errors
/// `SignInNeeded` for guests.
pub(super) async fn read_all(app: &App, actor: &Actor) -> Result<()> {
    let me = actor.signed_in()?.id;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(marks::set_all_read(me, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::all_read(me));
    done(app, write).await
}

async fn done(app: &App, write: Write) -> Result<()> {
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) | Err(Ok(_)) => Ok(()),
        Err(Err(error)) => Err(error),
    }
}
