//! What the slices tell this one, so that it need not know them: what can be found of their rows, and how what was found
//! is shown. `server/searching.rs` fills it in.

use std::collections::HashMap;

use folkmoot_store::Snapshot;

use super::model::Kind;
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::chat::searching::FoundInConversation;
use crate::chat::{ConversationId, MessageId};
use crate::core::parts::Part;
use crate::core::searchable::{Boxed, Searchable};
use crate::core::{App, Error, Result};
use crate::threads::searching::FoundInThread;
use crate::threads::{PostId, ThreadId};

/// The ids of a kind's rows after one of them, in order, and so many.
pub type After = for<'a> fn(&'a Snapshot, i64, i64) -> Boxed<'a, Vec<i64>>;
/// How many rows of a kind there are.
pub type Count = for<'a> fn(&'a Snapshot) -> Boxed<'a, i64>;
/// What can be found of these rows, as far as they are there and not deleted.
pub type Load = for<'a> fn(&'a Snapshot, Vec<i64>) -> Boxed<'a, Vec<Searchable>>;

/// Where entries of a kind come from.
#[derive(Clone, Copy)]
pub struct Source {
    /// The ids of all rows, in order.
    pub after: After,
    /// How many rows there are.
    pub count: Count,
    /// What can be found of some.
    pub load: Load,
}

/// The posts of a thread above a position, deleted or not, each with its own, in order, and so many.
pub type OfThread = for<'a> fn(&'a Snapshot, ThreadId, i64, i64) -> Boxed<'a, Vec<(PostId, i64)>>;
/// How posts are shown, as far as they are visible.
pub type ShowPosts = for<'a> fn(&'a Snapshot, Vec<PostId>) -> Boxed<'a, HashMap<PostId, FoundInThread>>;
/// How messages are shown to a person, as far as that person reads them.
pub type ShowMessages =
    for<'a> fn(&'a Snapshot, Vec<MessageId>, UserId) -> Boxed<'a, HashMap<MessageId, FoundInConversation>>;
/// The conversations that a person is in, those written to last first, and so many.
pub type Conversations = for<'a> fn(&'a Snapshot, UserId, i64) -> Boxed<'a, Vec<ConversationId>>;
/// The tags of threads.
pub type TagsOf = for<'a> fn(&'a Snapshot, Vec<ThreadId>) -> Boxed<'a, HashMap<ThreadId, Vec<String>>>;
/// On how many visible threads of these boards each of these tags is; tags on none are left out.
pub type Tagged = for<'a> fn(&'a Snapshot, Vec<String>, Vec<BoardId>) -> Boxed<'a, HashMap<String, i64>>;

/// Everything that searching is told.
#[derive(Clone, Copy)]
pub struct Sources {
    /// Posts.
    pub posts: Source,
    /// Messages.
    pub messages: Source,
    /// People.
    pub people: Source,
    /// Boards.
    pub boards: Source,
    /// The posts of a thread.
    pub of_thread: OfThread,
    /// How posts are shown.
    pub show_posts: ShowPosts,
    /// How messages are shown.
    pub show_messages: ShowMessages,
    /// A person's conversations.
    pub conversations: Conversations,
    /// The tags of threads.
    pub tags_of: TagsOf,
    /// How often tags are used.
    pub tagged: Tagged,
}

impl Sources {
    /// Where entries of this kind come from; tags come with the posts that have them.
    pub(super) fn of(&self, kind: Kind) -> Option<&Source> {
        match kind {
            Kind::Post => Some(&self.posts),
            Kind::Message => Some(&self.messages),
            Kind::Person => Some(&self.people),
            Kind::Board => Some(&self.boards),
            Kind::Tag => None,
        }
    }
}

impl Part for Sources {
    fn make(_app: &App) -> Result<Self> {
        Err(Error::internal("searching was not told of any slice"))
    }
}
