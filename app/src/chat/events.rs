//! What happens in conversations, as events. Kinds never change their meaning.

use serde_json::json;

use super::model::{ConversationId, MemberRole, MessageId};
use crate::accounts::UserId;
use crate::core::events::Event;
use crate::core::streams::Stream;

/// A conversation was opened: the first event of its stream.
pub const CONVERSATION_OPENED: &str = "conversation_opened";
/// A conversation has another title: on its stream.
pub const CONVERSATION_CHANGED: &str = "conversation_changed";
/// A message was sent: on its conversation, whose number of this event is the message's own.
pub const NEW_MESSAGE: &str = "new_message";
/// A message's words changed: on its conversation.
pub const MESSAGE_EDITED: &str = "message_edited";
/// A message was deleted: on its conversation.
pub const MESSAGE_DELETED: &str = "message_deleted";
/// Reactions to a message changed: on its conversation.
pub const REACTION_CHANGED: &str = "reaction_changed";
/// Somebody came: on the conversation.
pub const MEMBER_JOINED: &str = "member_joined";
/// Somebody left or was removed: on the conversation. Nothing from there on is for them.
pub const MEMBER_LEFT: &str = "member_left";
/// Members have other roles: on the conversation.
pub const MEMBER_CHANGED: &str = "member_changed";
/// One is in a conversation: on one's own stream.
pub const CONVERSATION_JOINED: &str = "conversation_joined";
/// One is in a conversation no more: on one's own stream.
pub const CONVERSATION_LEFT: &str = "conversation_left";
/// One's mark, mute or acceptance changed: on one's own stream.
pub const UNREAD_CHANGED: &str = "unread_changed";
/// One has blocked somebody, or does no more: on one's own stream.
pub const BLOCKS_CHANGED: &str = "blocks_changed";
/// Somebody may see other people than before: on `rights`, for every node.
pub const SIGHT_CHANGED: &str = "sight_changed";

/// The fact by which [`UNREAD_CHANGED`] of a conversation differs from that of a thread.
pub const OF_CONVERSATION: &str = "conversation";

/// The fact that names a member.
pub(super) const PERSON: &str = "person";

/// Something happened to a conversation as a whole.
pub(super) fn conversation(kind: &'static str, id: ConversationId, version: i64) -> Event {
    Event::new(Stream::Conversation(id.0), kind, id.0).version(version)
}

/// Something happened to a message. What can be found follows from it, unless only reactions changed.
pub(super) fn message(kind: &'static str, to: ConversationId, id: MessageId, version: i64) -> Event {
    let event = Event::new(Stream::Conversation(to.0), kind, id.0).version(version);
    if kind == REACTION_CHANGED { event } else { event.outbox() }
}

/// Somebody came or went.
pub(super) fn member(kind: &'static str, id: ConversationId, who: UserId) -> Event {
    Event::new(Stream::Conversation(id.0), kind, id.0).facts(json!({PERSON: who}))
}

/// Members have these roles now.
pub(super) fn roles(id: ConversationId, roles: &[(UserId, MemberRole)]) -> Event {
    let members: Vec<_> = roles.iter().map(|(who, role)| json!({"person_id": who, "role": role})).collect();
    Event::new(Stream::Conversation(id.0), MEMBER_CHANGED, id.0).facts(json!({"members": members}))
}

/// Something happened between a person and a conversation: on their own stream.
pub(super) fn own(kind: &'static str, who: UserId, id: ConversationId) -> Event {
    Event::new(Stream::User(who.0), kind, id.0).facts(json!({OF_CONVERSATION: true}))
}

/// Somebody blocks others than before.
pub(super) fn blocks_changed(who: UserId) -> Event {
    Event::new(Stream::User(who.0), BLOCKS_CHANGED, who.0)
}

/// Somebody may see other people than before.
pub(super) fn sight_changed(who: UserId) -> Event {
    Event::new(Stream::Rights, SIGHT_CHANGED, who.0)
}
