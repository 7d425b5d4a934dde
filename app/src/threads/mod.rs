//! Threads and their posts, which are written together.
//!
//! Invariants:
//! - Positions in a thread are dense from 1 and never given twice; a deleted post keeps its own as a tombstone.
//! - A post is accepted once for each name that its author gave it (`client_id`), and a retry is answered before any
//!   refusal.
//! - Every batch decides again, at its commit, whether its author may still do what it does.
//! - What one may not read is not there: for pages, writes, lists, counts, tags, redirects and errors alike
//!   ([`access`] decides, with the one function of [`crate::boards::Rights`]).
//! - Counts of boards and people are derived ([`counts`]); unread counts come from marks and are never stored.

mod access;
mod arrange;
pub mod counts;
mod delete;
mod edit;
pub mod events;
pub mod frames;
pub mod jobs;
mod json;
mod list;
mod mark;
mod model;
mod open;
mod outline;
mod page;
mod present;
mod queries;
mod react;
mod render;
mod reply;
mod routes;
pub mod searching;
mod send;
mod shared;
mod views;

pub use access::may_follow;
pub use arrange::{ThreadChange, arrange};
pub use json::{
    LastPost, LivingPost, MayInThread, MayOnPost, MayOnTombstone, PostJson, Reaction, ReplyTo, Spot,
    ThreadJson, ThreadRef, Tombstone, Unread,
};
pub use list::{
    BoardThreads, Feed, FeedThread, ListQuery, PersonPost, PersonPosts, TagCount, TagList, ThreadList, home,
    of_board, of_person, posts_of_person, tagged, tags,
};
pub use mark::read as mark_read;
pub use model::{PAGE, PostId, ThreadId, post_url};
pub use open::{Opened, Opening, open};
pub use page::{PostsAnswer, PostsPage, PostsQuery, ThreadPage, place_of, thread_page, thread_posts};
pub use react::react;
pub use render::render_old;
pub use reply::{Reply, reply};
pub use routes::{api, routes};
pub use send::Posted;
pub use views::seen;
