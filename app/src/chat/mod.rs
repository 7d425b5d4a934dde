//! Private conversations, direct and group, and their messages.
//!
//! Invariants:
//! - Membership is periods: one reads what lies in any of one's periods while one of them is open, and every query of
//!   messages joins them. For everyone else a conversation is not there (404): by page, API, count, socket or error.
//! - A message's `seq` is the number of its own event in the conversation's stream, so numbers, marks, resuming and
//!   membership speak of one order.
//! - A message is accepted once for each name that its author gave it (`client_id`), and a retry is answered before any
//!   refusal.
//! - Every batch decides again, at its commit, whether its author may still do what it does.
//! - Unread counts come from marks and are never stored.
//! - A group has one owner as long as it has members.
//!
//! Whose following of a stream begins or ends with an event, `realtime` is told by [`frames`]; `server/wiring.rs` joins
//! the two.

mod access;
mod block;
mod count;
mod edit;
pub mod events;
pub mod frames;
mod history;
pub mod imported;
pub mod jobs;
mod json;
mod list;
mod mark;
mod members;
mod model;
mod open;
mod present;
mod queries;
mod react;
mod routes;
mod search;
pub mod searching;
mod send;
mod words;

pub use access::{in_sight, may_follow, periods};
pub use count::register;
pub use history::{HistoryQuery, MessagesPage};
pub use json::{
    AnsweredMessage, ConversationJson, LivingMessage, MayInConversation, MayOnMessage, MemberJson,
    MessageJson, MessageReaction, MessageTombstone, UnreadMessages,
};
pub use list::{ConversationList, OneConversation, UnreadInAll, heads, list, one};
pub use mark::read as mark_read;
pub use model::{ConversationId, Kind, MemberRole, MessageId};
pub use open::{ConversationOpening, open};
pub use routes::{api, routes};
pub use search::{Find, Finder, FoundIn, FoundMessages, Looked, SearchQuery};
pub use send::{Sending, Taken, send};
