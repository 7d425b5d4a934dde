//! What the sockets are told of conversations: built once from the rows as they are now, for everyone who may follow
//! the stream. So nothing here depends on who looks: no `mine`, no `may`, no `client_id`.
//!
//! `None` stands for `nothing`: an event that cannot be shown (any more).

use serde_json::{Value, json};

use super::model::{ConversationId, MessageId, RECEIPTS_UP_TO};
use super::queries::{conversations, marks, members, messages};
use super::{access, events, present};
use crate::accounts::{Actor, Settings, UserId, people};
use crate::core::events::Appended;
use crate::core::for_all::for_all;
use crate::core::read::Read;
use crate::core::streams::Stream;
use crate::core::{App, Result};

/// The kinds of events that [`frame`] shows, but for those that threads have too.
pub const KINDS: [&str; 11] = [
    events::CONVERSATION_OPENED,
    events::CONVERSATION_CHANGED,
    events::NEW_MESSAGE,
    events::MESSAGE_EDITED,
    events::MESSAGE_DELETED,
    events::MEMBER_JOINED,
    events::MEMBER_LEFT,
    events::MEMBER_CHANGED,
    events::CONVERSATION_JOINED,
    events::CONVERSATION_LEFT,
    events::BLOCKS_CHANGED,
];

/// The kinds that threads have too: [`is_ours`] tells which are of a conversation.
pub const SHARED: [&str; 2] = [events::REACTION_CHANGED, events::UNREAD_CHANGED];

/// Whether an event of a kind that threads have too is of a conversation.
pub fn is_ours(event: &Appended) -> bool {
    matches!(event.stream, Stream::Conversation(_)) || event.facts.get(events::OF_CONVERSATION).is_some()
}

/// The payload of an event's frame.
///
/// # Errors
/// When the database does not answer.
pub async fn frame(app: &App, event: &Appended) -> Result<Option<Value>> {
    let Some(subject) = event.subject else { return Ok(None) };
    match (event.stream, event.kind.as_str()) {
        (Stream::Conversation(_), events::REACTION_CHANGED) => reactions(app, MessageId(subject)).await,
        (Stream::Conversation(_), events::NEW_MESSAGE | events::MESSAGE_EDITED | events::MESSAGE_DELETED) => {
            message(app, MessageId(subject)).await
        }
        (Stream::Conversation(_), events::MEMBER_JOINED) => joined(app, event, ConversationId(subject)).await,
        (Stream::Conversation(_), events::MEMBER_LEFT) => {
            let (by, who) = (by(event), event.facts.get(events::PERSON));
            Ok(Some(json!({"conversation_id": subject.to_string(), "person_id": who, "by": by})))
        }
        (Stream::Conversation(_), events::MEMBER_CHANGED) => {
            let members = event.facts.get("members");
            Ok(Some(json!({"conversation_id": subject.to_string(), "members": members})))
        }
        (Stream::Conversation(_), _) => head(app, ConversationId(subject)).await,
        (Stream::User(user), events::CONVERSATION_JOINED) => {
            own_joined(app, UserId(user), ConversationId(subject)).await
        }
        (Stream::User(_), events::CONVERSATION_LEFT) => {
            Ok(Some(json!({"conversation_id": subject.to_string()})))
        }
        (Stream::User(user), events::UNREAD_CHANGED) => {
            unread(app, UserId(user), ConversationId(subject)).await
        }
        (Stream::User(_), events::BLOCKS_CHANGED) => Ok(Some(json!({}))),
        _ => Ok(None),
    }
}

/// Whose following of the conversation's stream ends with an event.
pub fn removed(event: &Appended) -> Option<i64> {
    event.facts.get(events::PERSON)?.as_str()?.parse().ok()
}

/// The stream that a person follows by itself from an event on their own stream on, and the number it begins after.
pub fn begins(event: &Appended, shown: &Value) -> Option<(Stream, i64)> {
    Some((Stream::Conversation(event.subject?), shown.get("seq")?.as_i64()?))
}

fn by(event: &Appended) -> Option<String> {
    event.actor.map(|actor| actor.to_string())
}

async fn message(app: &App, id: MessageId) -> Result<Option<Value>> {
    let Some(row) = messages::for_all(&app.db, id).await? else { return Ok(None) };
    let message = present::one_message(&app.db, NOBODY, row).await?;
    Ok(Some(json!({"message": for_all(&message)?})))
}

async fn reactions(app: &App, id: MessageId) -> Result<Option<Value>> {
    let row = messages::for_all(&app.db, id).await?.filter(|row| row.deleted_at.is_none());
    let Some(row) = row else { return Ok(None) };
    let reactions = present::reactions_to(&app.db, NOBODY, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(json!({"message_id": id, "reactions": for_all(&reactions)?, "version": row.version})))
}

async fn joined(app: &App, event: &Appended, id: ConversationId) -> Result<Option<Value>> {
    let Some(who) = removed(event).map(UserId) else { return Ok(None) };
    let Some(person) = people::by_ids(&app.db, &[who]).await?.remove(&who) else { return Ok(None) };
    let Some(open) = members::open(&app.db, id, who).await? else { return Ok(None) };
    Ok(Some(json!({"conversation_id": id, "person": person, "role": open.role, "by": by(event)})))
}

async fn head(app: &App, id: ConversationId) -> Result<Option<Value>> {
    let Some(row) = conversations::head(&app.db, id).await? else { return Ok(None) };
    Ok(Some(json!({"conversation": {"id": row.id, "title": row.title, "version": row.version}})))
}

async fn own_joined(app: &App, user: UserId, id: ConversationId) -> Result<Option<Value>> {
    let open = members::open(&app.db, id, user).await?;
    Ok(open.map(|open| json!({"conversation_id": id, "seq": open.joined_seq})))
}

async fn unread(app: &App, user: UserId, id: ConversationId) -> Result<Option<Value>> {
    let Some(row) = conversations::by_id(&app.db, user, id).await? else { return Ok(None) };
    Ok(Some(json!({
        "conversation_id": id,
        "seq": row.mark,
        "unread": row.unread_messages(),
        "muted": row.muted,
        "request": !row.accepted,
    })))
}

/// The fleeting `message_read` that follows from somebody's mark: their conversation's stream, and the payload.
///
/// # Errors
/// When the database does not answer.
pub async fn message_read(app: &App, own: Stream, subject: Option<i64>) -> Result<Option<(Stream, Value)>> {
    let (Stream::User(user), Some(subject)) = (own, subject) else { return Ok(None) };
    let (user, id) = (UserId(user), ConversationId(subject));
    let Some((seq, settings)) = marks::shown(&app.db, user, id, RECEIPTS_UP_TO).await? else {
        return Ok(None);
    };
    if !Settings::load(&settings).receipts {
        return Ok(None);
    }
    let payload = json!({"conversation_id": id, "person_id": user, "seq": seq});
    Ok(Some((Stream::Conversation(id.0), payload)))
}

/// Where it is shown that somebody writes, and the payload: nowhere for who does not want it, may not write there, or
/// has not accepted what a stranger began.
///
/// # Errors
/// `NotFound` for who is not in the conversation.
pub async fn typing(read: &impl Read, actor: &Actor, id: ConversationId) -> Result<Option<(Stream, Value)>> {
    let me = actor.signed_in()?.id;
    let place = access::place(read, actor, id).await?;
    if !place.accepted || !place.settings.typing || place.writable().is_err() {
        return Ok(None);
    }
    Ok(Some((Stream::Conversation(id.0), json!({"conversation_id": id, "person_id": me}))))
}

/// Whoever gets a frame is not known when it is made.
const NOBODY: UserId = UserId(0);
