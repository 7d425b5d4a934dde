//! Sending: the commonest write of all. One read, one batch, one event; nothing is read again for the answer.

use serde::Deserialize;
use utoipa::ToSchema;

use super::json::{AnsweredMessage, LivingMessage, MayOnMessage, MessageJson};
use super::model::{ConversationId, MessageId, checked_body, message_url};
use super::queries::members;
use super::queries::messages::{self, MessageRow, NewMessage};
use super::queries::places::{self, Place, Sent};
use super::words::words;
use super::{access, count, events, present};
use crate::accounts::{Actor, Me, Permission, UserId, people};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::time::Time;
use crate::core::written::no_attachments;
use crate::core::{App, Error, Result};

/// A write that was refused because this person may not do it, or not any more.
pub(super) const REFUSED: &str = "refused";
/// A send that was accepted before.
const REPLAYED: &str = "replayed";

/// What is said of a message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// The words, in Markdown, at most 15,000 characters.
    pub body: String,
    /// The sender's name for this send (a UUID): sent again, it answers the same message.
    pub client_id: Option<String>,
    /// The message that is answered.
    pub reply_to: Option<MessageId>,
    /// Files that come with it: none yet.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// What became of a send.
#[derive(Debug)]
pub enum Taken<T> {
    /// It was accepted now.
    Now(T),
    /// It had been accepted before, and this is what it became.
    Before(T),
}

impl<T> Taken<T> {
    /// What the send became.
    pub fn into_inner(self) -> T {
        match self {
            Self::Now(sent) | Self::Before(sent) => sent,
        }
    }
}

/// Sends a message. `sending.client_id` is checked by the caller, who also reads the header.
///
/// # Errors
/// `NotFound`, `Forbidden` (`blocked`, `not_accepted_here`), `Invalid` naming the field, `Conflict("sent_elsewhere")`.
/// What was accepted before is answered again before any of these.
pub async fn send(
    app: &App,
    actor: &Actor,
    to: ConversationId,
    sending: Sending,
) -> Result<Taken<MessageJson>> {
    let me = actor.require(Permission::Write)?;
    let client_id = sending.client_id.as_deref();
    let (place, sent) = places::place_and_sent(app.db.primary(), to, me.id, client_id).await?;
    if let Some(sent) = sent {
        return Ok(Taken::Before(first(app, me.id, sent, to).await?));
    }
    let place = place.ok_or(Error::NotFound("conversation"))?;
    place.writable()?;
    let body = checked_body(&sending.body)?;
    no_attachments(&sending.attachments)?;
    let answered = answered(app, me.id, to, sending.reply_to).await?;
    let new = NewMessage {
        id: MessageId(app.new_id()?),
        conversation: to,
        author: me.id,
        reply_to: sending.reply_to,
        words: words(app, body).await?,
        at: app.now(),
        client_id: sending.client_id,
    };
    let write = written(&place, &new);
    match app.commit(write).await {
        Ok(done) => {
            count::sent(app)?;
            let event = done.appended().iter().find(|event| event.kind == events::NEW_MESSAGE);
            let seq = event.ok_or_else(|| Error::internal("a message without its event"))?.seq;
            Ok(Taken::Now(sent_now(me, new, seq, answered)))
        }
        Err(error) => {
            missed(error)?;
            refused(app, actor, &new).await
        }
    }
}

/// The batch: the guard, the message, its event, and what a reply says of a request.
fn written(place: &Place, new: &NewMessage) -> Write {
    let mut write = Write::new(Some(new.author.0), new.at);
    write.push(places::bump(place.id, new.author, new.at).expect_rows(1).or(REFUSED));
    if let Some(other) = place.other.as_ref().filter(|other| !other.accepted) {
        write.push(places::still_chosen(other.id, &other.settings).expect_rows(1).or(REFUSED));
    }
    write.push(messages::insert(new).expect_rows(1).or(REPLAYED));
    write.record(events::message(events::NEW_MESSAGE, place.id, new.id, 1));
    if !place.accepted {
        // Who answers, accepts.
        write.push(members::accept(place.id, new.author));
        write.record(events::own(events::UNREAD_CHANGED, new.author, place.id));
        if let Some(other) = &place.other {
            write.record(events::sight_changed(other.id));
        }
    }
    write
}

/// What to answer when the batch was refused: the same send may have been accepted while this one waited.
async fn refused(app: &App, actor: &Actor, new: &NewMessage) -> Result<Taken<MessageJson>> {
    let client_id = new.client_id.as_deref();
    let primary = app.db.primary();
    let (place, sent) = places::place_and_sent(primary, new.conversation, new.author, client_id).await?;
    if let Some(sent) = sent {
        return Ok(Taken::Before(first(app, new.author, sent, new.conversation).await?));
    }
    place.ok_or(Error::NotFound("conversation"))?.writable()?;
    actor.require(Permission::Write)?;
    Err(access::not_allowed("You may not write here any more."))
}

/// The message that an earlier send became.
async fn first(app: &App, me: UserId, sent: Sent, to: ConversationId) -> Result<MessageJson> {
    if sent.to != to {
        let why = "This was sent to another conversation before. Give the new one a client_id of its own.";
        return Err(Error::Conflict("sent_elsewhere", why.to_owned()));
    }
    let lost = || Error::internal("a message that was sent is not there");
    let primary = app.db.primary();
    let row = messages::by_id(primary, sent.message, me).await?.ok_or_else(lost)?;
    if places::place(primary, to, me).await?.is_some() {
        return present::one_message(primary, me, row).await;
    }
    // Its author reads there no more: they get their own words back, and nothing that came later.
    let row = MessageRow { reply_to: None, ..row };
    Ok(match present::one_message(primary, me, row).await? {
        MessageJson::Living(living) => {
            MessageJson::Living(Box::new(LivingMessage { reactions: Vec::new(), ..*living }))
        }
        tombstone @ MessageJson::Deleted(_) => tombstone,
    })
}

/// A visible message of this conversation, to be answered.
async fn answered(
    app: &App,
    me: UserId,
    to: ConversationId,
    id: Option<MessageId>,
) -> Result<Option<AnsweredMessage>> {
    let Some(id) = id else { return Ok(None) };
    let row = messages::by_id(&app.db, id, me).await?;
    let row = row.filter(|row| row.conversation_id == to && row.deleted_at.is_none());
    let row = row.ok_or_else(|| Error::invalid("reply_to", "a message that you see in this conversation"))?;
    let people = people::by_ids(&app.db, &[row.author_id]).await?;
    let author = present::person(&people, row.author_id)?;
    Ok(Some(AnsweredMessage { id, seq: row.seq, author, excerpt: row.excerpt }))
}

/// The message as its author is answered: from what was written, with nothing read again.
fn sent_now(me: &Me, new: NewMessage, seq: i64, answered: Option<AnsweredMessage>) -> MessageJson {
    MessageJson::Living(Box::new(LivingMessage {
        id: new.id,
        conversation_id: new.conversation,
        seq,
        url: message_url(new.conversation, seq),
        author: me.person(),
        html: new.words.html,
        excerpt: new.words.excerpt,
        created_at: Time(new.at),
        edited_at: None,
        edit_count: 0,
        reply_to: answered,
        reactions: Vec::new(),
        deleted: false,
        version: 1,
        client_id: new.client_id,
        may: MayOnMessage { edit: true, delete: true },
    }))
}
