//! How far one has read, and what else is between a person and a conversation: muting it, accepting it.

use super::model::ConversationId;
use super::queries::{marks, members, places};
use super::send::REFUSED;
use super::{access, events};
use crate::accounts::{Actor, Permission};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::{App, Result};

/// It is so already, which takes the stream's head back too.
const NOTHING_TO_DO: &str = "nothing_to_do";

/// Marks a conversation as read up to a number, at most to its head. The mark only grows.
///
/// # Errors
/// `NotFound` for who is not in it.
pub async fn read(app: &App, actor: &Actor, id: ConversationId, seq: i64) -> Result<()> {
    let me = actor.signed_in()?.id;
    access::place(&app.db, actor, id).await?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(marks::set(me, id, seq, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::own(events::UNREAD_CHANGED, me, id));
    done(app, write).await
}

/// Mutes a conversation, or lets it be heard again.
///
/// # Errors
/// `NotFound` for who is not in it.
pub(super) async fn mute(app: &App, actor: &Actor, id: ConversationId, muted: bool) -> Result<()> {
    let me = actor.signed_in()?.id;
    access::place(&app.db, actor, id).await?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(members::mute(id, me, muted).expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::own(events::UNREAD_CHANGED, me, id));
    done(app, write).await
}

/// Accepts a request.
///
/// # Errors
/// `NotFound` for who is not in it.
pub(super) async fn accept(app: &App, actor: &Actor, id: ConversationId) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let place = access::place(&app.db, actor, id).await?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(places::still_in(id, me).expect_rows(1).or(REFUSED));
    write.push(members::accept(id, me).expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::own(events::UNREAD_CHANGED, me, id));
    if let Some(other) = place.other {
        write.record(events::sight_changed(other.id));
    }
    done(app, write).await?;
    access::place(app.db.primary(), actor, id).await.map(drop)
}

async fn done(app: &App, write: Write) -> Result<()> {
    match app.commit(write).await.map_err(missed) {
        Ok(_) | Err(Ok(_)) => Ok(()),
        Err(Err(error)) => Err(error),
    }
}
