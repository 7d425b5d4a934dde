//! Conversations and messages as the API gives them.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ConversationId, Kind, MemberRole, MessageId};
use crate::accounts::Person;
use crate::core::time::Time;

/// A conversation, for one of its members.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationJson {
    /// Its id.
    pub id: ConversationId,
    /// The address of its page.
    pub url: String,
    /// What sort it is.
    pub kind: Kind,
    /// Its title, if it is a group that has one.
    pub title: Option<String>,
    /// The other one, if it is direct.
    pub with: Option<Person>,
    /// The first 50 members: who runs it, then as they came.
    pub members: Vec<MemberJson>,
    /// How many members there are.
    pub member_count: i64,
    /// The newest message that one may read.
    pub last_message: Option<MessageJson>,
    /// What is unread.
    pub unread: UnreadMessages,
    /// How far one has read.
    pub mark: i64,
    /// Whether it counts in its own row only.
    pub muted: bool,
    /// Whether a stranger began it, and one has not accepted.
    pub request: bool,
    /// Whether one has blocked the other.
    pub blocked: bool,
    /// What one may do.
    pub may: MayInConversation,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last written to.
    #[schema(value_type = String, format = DateTime)]
    pub bumped_at: Time,
    /// Rises with each change of its head.
    pub version: i64,
    /// Its stream.
    pub stream: String,
    /// Where its stream stood.
    pub seq: i64,
}

/// A member of a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberJson {
    /// Who.
    pub person: Person,
    /// What they are there.
    pub role: MemberRole,
    /// How far they have read, where that is shown.
    pub read_seq: Option<i64>,
}

/// What is unread in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnreadMessages {
    /// How many messages; 100 stands for "99+".
    pub count: i64,
    /// The number of the first of them.
    pub first_seq: Option<i64>,
    /// When that was written.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_at: Option<Time>,
}

/// What one may do in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MayInConversation {
    /// Write.
    pub write: bool,
    /// Add members.
    pub add: bool,
    /// Change its title.
    pub rename: bool,
    /// Remove members.
    pub remove: bool,
    /// Leave.
    pub leave: bool,
    /// Give roles, and hand it over.
    pub hand_over: bool,
}

/// A message, visible or deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum MessageJson {
    /// With its words.
    Living(Box<LivingMessage>),
    /// Without them.
    Deleted(MessageTombstone),
}

/// A visible message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LivingMessage {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The number of its event in the conversation's stream: its place.
    pub seq: i64,
    /// Its address.
    pub url: String,
    /// Who wrote it.
    pub author: Person,
    /// Its words as safe HTML.
    pub html: String,
    /// Its first words.
    pub excerpt: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last edited.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Time>,
    /// How often it was edited.
    pub edit_count: i64,
    /// The message that it answers, while that is there and for everyone who sees this.
    pub reply_to: Option<AnsweredMessage>,
    /// How people reacted, in the order in which the reactions first came.
    pub reactions: Vec<MessageReaction>,
    /// Always false.
    pub deleted: bool,
    /// Rises with each change.
    pub version: i64,
    /// Its author's name for this send; to its author only.
    pub client_id: Option<String>,
    /// What the person who asked may do.
    pub may: MayOnMessage,
}

/// The message that another answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnsweredMessage {
    /// Its id.
    pub id: MessageId,
    /// Its place.
    pub seq: i64,
    /// Who wrote it.
    pub author: Person,
    /// Its first words.
    pub excerpt: String,
}

/// How many reacted so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageReaction {
    /// The emoji.
    pub emoji: String,
    /// How many.
    pub count: i64,
    /// Whether the person who asked is among them.
    pub mine: bool,
}

/// What the person who asked may do with a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MayOnMessage {
    /// Change its words.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
}

/// What is left of a deleted message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageTombstone {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place.
    pub seq: i64,
    /// Who wrote it.
    pub author: Person,
    /// Always true.
    pub deleted: bool,
    /// When it was deleted.
    #[schema(value_type = String, format = DateTime)]
    pub deleted_at: Time,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// Rises with each change.
    pub version: i64,
}
