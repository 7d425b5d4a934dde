//! What searching is told of the slices.

use folkmoot_store::Snapshot;

use crate::accounts::{self, UserId};
use crate::boards::{self, BoardId};
use crate::chat::{self, MessageId};
use crate::core::searchable::{Boxed, Searchable};
use crate::search::{Source, Sources};
use crate::threads::{self, PostId};

/// A slice's rows of one kind, whose ids are of this type.
macro_rules! source {
    ($($slice:ident)::+, $id:ident) => {{
        fn after(read: &Snapshot, id: i64, limit: i64) -> Boxed<'_, Vec<i64>> {
            Box::pin(async move {
                let ids = $($slice)::+::after(read, $id(id), limit).await?;
                Ok(ids.into_iter().map(|id| id.0).collect())
            })
        }
        fn load(read: &Snapshot, ids: Vec<i64>) -> Boxed<'_, Vec<Searchable>> {
            Box::pin(async move {
                let ids: Vec<_> = ids.into_iter().map($id).collect();
                $($slice)::+::searchable(read, &ids).await
            })
        }
        Source { after, load, count: |read| Box::pin($($slice)::+::count(read)) }
    }};
}

/// Everything that can be found, and how it is shown.
pub fn sources() -> Sources {
    Sources {
        posts: source!(threads::searching, PostId),
        messages: source!(chat::searching, MessageId),
        people: source!(accounts::searching, UserId),
        boards: source!(boards::searching, BoardId),
        of_thread: |read, thread, position, limit| {
            Box::pin(threads::searching::of_thread(read, thread, position, limit))
        },
        show_posts: |read, posts| Box::pin(async move { threads::searching::found(read, &posts).await }),
        show_messages: |read, messages, reader| {
            Box::pin(async move { chat::searching::found(read, &messages, reader).await })
        },
        conversations: |read, person, limit| Box::pin(chat::searching::conversations_of(read, person, limit)),
        tags_of: |read, threads| Box::pin(async move { threads::searching::tags_of(read, &threads).await }),
        tagged: |read, tags, boards| {
            Box::pin(async move { threads::searching::tagged(read, tags, &boards).await })
        },
    }
}
