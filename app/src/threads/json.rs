//! Threads and posts as the API gives them.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{PostId, ThreadId};
use crate::accounts::Person;
use crate::boards::BoardRef;
use crate::core::time::Time;

/// A thread in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadJson {
    /// Its id.
    pub id: ThreadId,
    /// The address of its page.
    pub url: String,
    /// Its board.
    pub board: BoardRef,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub author: Person,
    /// The first words of its opening post.
    pub excerpt: String,
    /// Its tags, in the order of the alphabet.
    pub tags: Vec<String>,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether only moderators may write.
    pub locked: bool,
    /// Whether nobody may reply, and only moderators may change anything.
    pub archived: bool,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last written to.
    #[schema(value_type = String, format = DateTime)]
    pub bumped_at: Time,
    /// Visible posts without the opening one.
    pub reply_count: i64,
    /// How often it was opened.
    pub view_count: i64,
    /// Likes from where it was imported.
    pub imported_likes: i64,
    /// Who takes part: the opener, then those who wrote last; at most three.
    pub faces: Vec<Person>,
    /// Its last visible post.
    pub last_post: LastPost,
    /// Rises with each change.
    pub version: i64,
    /// What is unread; `null` for guests.
    pub unread: Option<Unread>,
}

/// The last visible post of a thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastPost {
    /// Its id.
    pub id: PostId,
    /// Its address.
    pub url: String,
    /// Who wrote it.
    pub author: Person,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// What is unread in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unread {
    /// How many posts; 100 stands for "99+".
    pub count: i64,
    /// The first of them.
    pub first: Option<Spot>,
}

/// A post by its place in its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spot {
    /// Its position.
    pub position: i64,
    /// Its id.
    pub post_id: PostId,
}

/// A post, visible or deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PostJson {
    /// With its words.
    Living(Box<LivingPost>),
    /// Without words or author.
    Deleted(Tombstone),
}

impl PostJson {
    /// Its id.
    pub fn id(&self) -> PostId {
        match self {
            Self::Living(post) => post.id,
            Self::Deleted(tombstone) => tombstone.id,
        }
    }
}

/// A visible post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LivingPost {
    /// Its id.
    pub id: PostId,
    /// Its address on its thread's page.
    pub url: String,
    /// Its thread.
    pub thread_id: ThreadId,
    /// Its place in the thread, from 1.
    pub position: i64,
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
    /// The post that it answers, while that is visible.
    pub reply_to: Option<ReplyTo>,
    /// How people reacted, in the order in which the reactions first came.
    pub reactions: Vec<Reaction>,
    /// Likes from where it was imported.
    pub imported_likes: i64,
    /// Always false.
    pub deleted: bool,
    /// Rises with each change.
    pub version: i64,
    /// What the person who asked may do.
    pub may: MayOnPost,
}

/// The post that another answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyTo {
    /// Its id.
    pub id: PostId,
    /// Its address.
    pub url: String,
    /// Its position.
    pub position: i64,
    /// Who wrote it.
    pub author: Person,
    /// Its first words.
    pub excerpt: String,
}

/// How many reacted so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many.
    pub count: i64,
    /// Whether the person who asked is among them.
    pub mine: bool,
}

/// What the person who asked may do with a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MayOnPost {
    /// Change its words.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
    /// React to it.
    pub react: bool,
}

/// What is left of a deleted post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tombstone {
    /// Its id.
    pub id: PostId,
    /// Its address.
    pub url: String,
    /// Its thread.
    pub thread_id: ThreadId,
    /// Its place in the thread.
    pub position: i64,
    /// Always true.
    pub deleted: bool,
    /// When it was deleted.
    #[schema(value_type = String, format = DateTime)]
    pub deleted_at: Time,
    /// Whether its author did it.
    pub by_author: bool,
    /// Rises with each change.
    pub version: i64,
    /// What the person who asked may do.
    pub may: MayOnTombstone,
}

/// What the person who asked may do with a deleted post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MayOnTombstone {
    /// Bring it back.
    pub restore: bool,
}

/// What the person who asked may do in a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MayInThread {
    /// Reply.
    pub reply: bool,
    /// Change title and tags.
    pub edit: bool,
    /// Lock and unlock it.
    pub lock: bool,
    /// Archive it, and open it again.
    pub archive: bool,
    /// Pin and unpin it.
    pub pin: bool,
    /// Move it to another board.
    #[serde(rename = "move")]
    pub arrange: bool,
    /// Delete it.
    pub delete: bool,
}

/// What stands wherever a thread is named.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadRef {
    /// Its id.
    pub id: ThreadId,
    /// Its title.
    pub title: String,
    /// The address of its page.
    pub url: String,
    /// Its board.
    pub board: BoardRef,
}
