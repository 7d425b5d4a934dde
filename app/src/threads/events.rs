//! What happens to threads and posts, as events. Kinds never change their meaning.

use super::model::{PostId, ThreadId};
use crate::accounts::UserId;
use crate::boards::BoardId;
use crate::core::events::{Event, Write};
use crate::core::streams::Stream;

/// A thread was opened: on its board.
pub const NEW_THREAD: &str = "new_thread";
/// Title, tags or pin of a thread changed: on its board and itself.
pub const THREAD_EDITED: &str = "thread_edited";
/// A thread was locked, unlocked, archived or taken out of the archive: on its board and itself.
pub const THREAD_LOCKED: &str = "thread_locked";
/// A thread went to another board: on both boards and itself; never saying where to.
pub const THREAD_MOVED: &str = "thread_moved";
/// A thread came from elsewhere with all its posts: on its board.
pub const THREAD_IMPORTED: &str = "thread_imported";
/// A thread was deleted: on its board and itself.
pub const THREAD_DELETED: &str = "thread_deleted";
/// A thread was brought back: on its board and itself.
pub const THREAD_RESTORED: &str = "thread_restored";
/// Other people may read a thread than before: on `rights`, for every node.
pub const THREAD_RIGHTS_CHANGED: &str = "thread_rights_changed";
/// A post was added: on its thread.
pub const NEW_POST: &str = "new_post";
/// A post's words changed: on its thread.
pub const POST_EDITED: &str = "post_edited";
/// A post was deleted: on its thread.
pub const POST_DELETED: &str = "post_deleted";
/// A post was brought back: on its thread.
pub const POST_RESTORED: &str = "post_restored";
/// Reactions to a post changed: on its thread.
pub const REACTION_CHANGED: &str = "reaction_changed";
/// A read mark grew: on its owner's own stream.
pub const UNREAD_CHANGED: &str = "unread_changed";
/// Everything was read: on the reader's own stream.
pub const ALL_READ: &str = "all_read";

/// The changes of a thread's head, which an editor of the head must have seen.
pub const HEAD_CHANGES: [&str; 3] = [THREAD_EDITED, THREAD_LOCKED, THREAD_MOVED];

/// Something happened to a post. What can be found follows from it, unless only reactions changed.
pub fn post(kind: &'static str, thread: ThreadId, post: PostId, version: i64) -> Event {
    let event = Event::new(Stream::Thread(thread.0), kind, post.0).version(version);
    if kind == REACTION_CHANGED { event } else { event.outbox() }
}

/// A thread was opened.
pub fn opened(board: BoardId, thread: ThreadId) -> Event {
    Event::new(Stream::Board(board.0), NEW_THREAD, thread.0).version(1).outbox()
}

/// Something happened to a thread: told to those who look at it and to those who look at its board.
pub fn record_on_thread(
    write: &mut Write,
    kind: &'static str,
    board: BoardId,
    thread: ThreadId,
    version: i64,
) {
    let event = |stream| Event::new(stream, kind, thread.0).version(version);
    write.record(event(Stream::Board(board.0)));
    write.record(event(Stream::Thread(thread.0)).outbox());
}

/// A thread came from elsewhere.
pub fn imported(board: BoardId, thread: ThreadId) -> Event {
    Event::new(Stream::Board(board.0), THREAD_IMPORTED, thread.0).version(1).outbox()
}

/// Other people may read the thread than before.
pub fn rights_changed(thread: ThreadId, version: i64) -> Event {
    Event::new(Stream::Rights, THREAD_RIGHTS_CHANGED, thread.0).version(version)
}

/// A person's mark in a thread grew.
pub fn marked(user: UserId, thread: ThreadId) -> Event {
    Event::new(Stream::User(user.0), UNREAD_CHANGED, thread.0)
}

/// A person has read everything.
pub fn all_read(user: UserId) -> Event {
    Event::new(Stream::User(user.0), ALL_READ, user.0)
}
