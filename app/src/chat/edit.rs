//! Editing and deleting one's messages, with what they said before. A deleted one leaves a tombstone without words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::MessageJson;
use super::model::{MessageId, checked_body};
use super::queries::{messages, places};
use super::send::REFUSED;
use super::words::words;
use super::{access, events, present};
use crate::accounts::{Actor, Permission, UserId};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::paging::{Page, PageQuery};
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// It is so already.
const NOTHING_TO_DO: &str = "nothing_to_do";
/// Somebody edited since.
const EDITED: &str = "edited_meanwhile";

/// What a message is to say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageEdit {
    /// The words, in Markdown.
    pub body: String,
    /// The version that was read: words that another window changed since are left alone.
    pub version: Option<i64>,
}

/// A message with its source, for an editor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct MessageSource {
    /// The message.
    pub message: MessageJson,
    /// Its source.
    pub body: String,
}

/// Words that an edit replaced.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct MessageBefore {
    /// The version that had them.
    pub version: i64,
    /// The words.
    pub body: String,
    /// When they were replaced.
    #[schema(value_type = String, format = DateTime)]
    pub edited_at: Time,
}

/// A message with its source.
///
/// # Errors
/// `NotFound` when there is none that this person reads.
pub(super) async fn source(app: &App, actor: &Actor, id: MessageId) -> Result<MessageSource> {
    let snapshot = app.db.snapshot().await?;
    let (source, _) = access::living(&snapshot, actor, id).await?;
    let me = actor.signed_in()?.id;
    let row = messages::by_id(&snapshot, id, me).await?.ok_or(Error::NotFound("message"))?;
    Ok(MessageSource { message: present::one_message(&snapshot, me, row).await?, body: source.body })
}

/// Edits one's message.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` naming the field, `Conflict("edited_meanwhile")` with the version that is now.
pub(super) async fn edit(app: &App, actor: &Actor, id: MessageId, edit: &MessageEdit) -> Result<MessageJson> {
    let me = actor.require(Permission::Write)?.id;
    let (message, place) = access::living(app.db.primary(), actor, id).await?;
    if message.author_id != me {
        return Err(access::not_allowed("Only its author edits a message."));
    }
    let body = checked_body(&edit.body)?;
    if body == message.body {
        return shown(app, me, id).await;
    }
    let (words, now) = (words(app, body).await?, app.now());
    let mut write = Write::new(Some(me.0), now);
    write.push(places::still_in(place.id, me).expect_rows(1).or(REFUSED));
    let keep = messages::keep_words(id, edit.version.unwrap_or(message.version), me, now);
    write.push(keep.expect_rows(1).or(EDITED));
    write.push(messages::edit(id, &words, now));
    write.record(events::message(events::MESSAGE_EDITED, place.id, id, message.version + 1));
    match app.commit(write).await.map_err(missed) {
        Ok(_) => shown(app, me, id).await,
        Err(Ok(EDITED)) => {
            let (message, _) = access::living(app.db.primary(), actor, id).await?;
            let why = format!("This message was edited meanwhile; its version is {} now.", message.version);
            Err(Error::Conflict(EDITED, why))
        }
        Err(Ok(_)) => Err(refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// Deletes one's message; one that is deleted already stays so.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub(super) async fn delete(app: &App, actor: &Actor, id: MessageId) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let (message, place) = access::message(app.db.primary(), actor, id).await?;
    if message.author_id != me {
        return Err(access::not_allowed("Only its author deletes a message."));
    }
    let mut write = Write::new(Some(me.0), app.now());
    write.push(places::still_in(place.id, me).expect_rows(1).or(REFUSED));
    write.push(messages::delete(id, me, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.push(messages::delete_edits(id));
    write.record(events::message(events::MESSAGE_DELETED, place.id, id, message.version + 1));
    match app.commit(write).await.map_err(missed) {
        Ok(_) | Err(Ok(NOTHING_TO_DO)) => Ok(()),
        Err(Ok(_)) => Err(refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// Why a change of a message was refused that had looked possible.
///
/// # Errors
/// `NotFound` when that is why.
pub(super) async fn refusal(app: &App, actor: &Actor, id: MessageId) -> Result<Error> {
    access::living(app.db.primary(), actor, id).await?;
    Ok(access::not_allowed("You may not do this any more."))
}

async fn shown(app: &App, me: UserId, id: MessageId) -> Result<MessageJson> {
    let primary = app.db.primary();
    let row = messages::by_id(primary, id, me).await?.ok_or(Error::NotFound("message"))?;
    present::one_message(primary, me, row).await
}

/// The words that edits of a message replaced, the oldest first, for everyone who reads it.
///
/// # Errors
/// `NotFound`; `Invalid` for the limit or the cursor.
pub(super) async fn edits(
    app: &App,
    actor: &Actor,
    id: MessageId,
    paging: &PageQuery,
) -> Result<Page<MessageBefore>> {
    access::living(&app.db, actor, id).await?;
    let limit = paging.limit()?;
    let rows = messages::edits(&app.db, id, paging.after()?.unwrap_or(0), limit + 1).await?;
    let before = |row: messages::EditRow| MessageBefore {
        version: row.version,
        body: row.body,
        edited_at: Time(row.edited_at),
    };
    Ok(Page::of(rows, limit, |row| row.version, before))
}
