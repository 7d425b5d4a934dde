//! What was found, as the API gives it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::accounts::Person;
use crate::boards::BoardRef;
use crate::chat::{ConversationId, Kind as ConversationKind, MessageId};
use crate::core::time::Time;
use crate::core::words::words;
use crate::threads::{PostId, ThreadId};

words! {
    /// The order of what was found.
    pub enum Sort {
        /// The best first; posts of one thread stand together.
        Relevance = "relevance",
        /// The newest first.
        Date = "date",
    }
}

/// What is searched for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, "phrases", -without, and filters (`author:`, `board:`, `tag:`, `in:`, `before:`, `after:`, `has:`, `is:`);
    /// 1 to 256 characters. The last word is taken for a beginning, unless a space follows it.
    pub q: String,
    /// Which kinds, with commas between: `posts`, `messages`, `people`, `boards`, `tags`. Left out: all.
    #[serde(rename = "in")]
    pub within: Option<String>,
    /// The order.
    #[param(inline)]
    pub sort: Option<Sort>,
    /// How many, 1 to 50; 20 when it is left out.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many of each kind, 1 to 10, instead of `limit` and without pages.
    pub each: Option<u32>,
    /// Only posts of this thread.
    pub thread: Option<ThreadId>,
    /// Only messages of this conversation.
    pub conversation: Option<ConversationId>,
}

/// What was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The items of this page, in order.
    pub items: Vec<FoundItem>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// How many there are of the kinds that were asked for.
    pub total: Total,
    /// How many there are of each kind, whichever kinds were asked for.
    pub counts: KindCounts,
    /// What was understood of the query.
    pub understood: Understood,
    /// Queries that would find less, those first that find most.
    pub narrow: Vec<Narrowing>,
    /// The thread that was searched, when it was one.
    pub thread: Option<SearchedThread>,
    /// How far indexing has come, while not everything can be found.
    pub indexing: Option<Indexing>,
}

/// A number, or that there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Total {
    /// How many.
    pub count: i64,
    /// Whether there may be more.
    pub at_least: bool,
}

/// How many there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindCounts {
    /// Posts.
    pub posts: i64,
    /// Messages of one's own conversations.
    pub messages: i64,
    /// People.
    pub people: i64,
    /// Boards.
    pub boards: i64,
    /// Tags.
    pub tags: i64,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FoundItem {
    /// A post.
    Post(Box<FoundPost>),
    /// A message.
    Message(Box<FoundMessage>),
    /// A person.
    Person(FoundPerson),
    /// A board.
    Board(FoundBoard),
    /// A tag.
    Tag(FoundTag),
}

/// A post, in its thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundPost {
    /// The post.
    pub id: PostId,
    /// Its address.
    pub url: String,
    /// Its place in the thread.
    pub position: i64,
    /// Whether the thread was opened with it.
    pub opening: bool,
    /// Its thread.
    pub thread: FoundThread,
    /// Who wrote it.
    pub author: Person,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// What it says about the place that was found.
    pub excerpt: Vec<Piece>,
    /// How many more posts of the thread were found.
    pub more_in_thread: i64,
}

/// A thread in which a post was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundThread {
    /// Its id.
    pub id: ThreadId,
    /// Its title.
    pub title: Vec<Piece>,
    /// The address of its page.
    pub url: String,
    /// Its board.
    pub board: BoardRef,
    /// Its tags.
    pub tags: Vec<String>,
    /// Visible posts with the opening one.
    pub post_count: i64,
}

/// The thread that was searched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchedThread {
    /// Its id.
    pub id: ThreadId,
    /// Its title.
    pub title: String,
    /// The address of its page.
    pub url: String,
}

/// A message, in its conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    pub id: MessageId,
    /// Its address.
    pub url: String,
    /// Its place in the conversation.
    pub seq: i64,
    /// Its conversation.
    pub conversation: FoundConversation,
    /// Who wrote it.
    pub author: Person,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// What it says about the place that was found.
    pub excerpt: Vec<Piece>,
}

/// A conversation in which a message was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundConversation {
    /// Its id.
    pub id: ConversationId,
    /// The address of its page.
    pub url: String,
    /// What sort it is.
    #[serde(rename = "kind")]
    pub sort: ConversationKind,
    /// Its title, if it is a group that has one.
    pub title: Option<String>,
    /// Where there is no title: the other one, or the first members.
    pub people: Vec<Person>,
}

/// A person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundPerson {
    /// The address of their page.
    pub url: String,
    /// Who.
    pub person: Person,
    /// Their nickname.
    pub nickname: Vec<Piece>,
    /// What they say of themselves about the place that was found.
    pub excerpt: Vec<Piece>,
}

/// A board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundBoard {
    /// The address of its page.
    pub url: String,
    /// The board.
    pub board: BoardRef,
    /// Its title.
    pub title: Vec<Piece>,
    /// What it says of itself about the place that was found.
    pub excerpt: Vec<Piece>,
}

/// A tag.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundTag {
    /// The address of its page.
    pub url: String,
    /// The tag.
    pub tag: String,
    /// The tag, with what was found in it.
    pub title: Vec<Piece>,
    /// On how many threads that one may read.
    pub thread_count: i64,
}

/// What was understood of a query.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Understood {
    /// The words and phrases.
    pub words: Vec<String>,
    /// The filters.
    pub filters: Vec<UnderstoodFilter>,
    /// Whether what was found does not have all the words, since nothing has, or little.
    pub relaxed: bool,
    /// What could not be understood.
    pub problems: Vec<QueryProblem>,
}

/// A filter that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnderstoodFilter {
    /// Its name, as `author`.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The query without it.
    pub without: String,
}

/// Something that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryProblem {
    /// The filter, or `q`.
    pub field: String,
    /// Why.
    pub why: String,
}

/// A query that would find less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Narrowing {
    /// The whole query.
    pub q: String,
    /// In words.
    pub label: String,
    /// How many of the found it would find.
    pub count: i64,
}

/// How far indexing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Indexing {
    /// How many have been looked at.
    pub done: i64,
    /// Of how many.
    pub total: i64,
}
