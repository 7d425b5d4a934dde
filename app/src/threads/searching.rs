//! What searching is told of posts: their words, and how a found one is shown. Who may read them is not asked here.

use std::collections::HashMap;

use folkmoot_markup::plain_text;

use super::model::{PostId, ThreadId, post_url};
use super::present;
use super::queries::{searching as queries, tags};
use crate::accounts::{Person, people};
use crate::boards::{BoardId, BoardRef, thread_url};
use crate::core::Result;
use crate::core::read::Read;
use crate::core::searchable::{Has, Searchable};

/// Those of these posts that are visible, with what can be found of them. Only an opening post has the thread's title;
/// all have its tags.
///
/// # Errors
/// When the database does not answer.
pub async fn searchable(read: &impl Read, posts: &[PostId]) -> Result<Vec<Searchable>> {
    let rows = queries::words(read, posts).await?;
    let threads: Vec<ThreadId> = rows.iter().map(|row| row.thread_id).collect();
    let tags = tags_of(read, &threads).await?;
    let told = rows.into_iter().map(|row| {
        let opening = row.id == row.opening_post_id;
        Searchable {
            subject: row.id.0,
            at: row.created_at,
            author: Some(row.author_id.0),
            board: Some(row.board_id.0),
            thread: Some(row.thread_id.0),
            conversation: None,
            place: row.position,
            opening,
            revision: row.edit_count,
            title: if opening { row.title } else { String::new() },
            tags: tags.get(&row.thread_id).cloned().unwrap_or_default(),
            body: plain_text(&row.html),
            has: Has::in_html(&row.html),
        }
    });
    Ok(told.collect())
}

/// The ids of posts after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn after(read: &impl Read, post: PostId, limit: i64) -> Result<Vec<PostId>> {
    queries::after(read, post, limit).await
}

/// How many posts there are, deleted ones too.
///
/// # Errors
/// When the database does not answer.
pub async fn count(read: &impl Read) -> Result<i64> {
    queries::count(read).await
}

/// The posts of a thread, deleted or not, above a position, each with its own.
///
/// # Errors
/// When the database does not answer.
pub async fn of_thread(
    read: &impl Read,
    thread: ThreadId,
    position: i64,
    limit: i64,
) -> Result<Vec<(PostId, i64)>> {
    queries::of_thread(read, thread, position, limit).await
}

/// A found post, with where it stands.
#[derive(Clone, Debug)]
pub struct FoundInThread {
    /// The post.
    pub id: PostId,
    /// Its address.
    pub url: String,
    /// Its place in the thread.
    pub position: i64,
    /// Whether the thread was opened with it.
    pub opening: bool,
    /// Its words, as a reader sees them.
    pub words: String,
    /// Who wrote it.
    pub author: Person,
    /// When.
    pub at: i64,
    /// Its thread.
    pub thread: ThreadId,
    /// The thread's title.
    pub title: String,
    /// The address of the thread's page.
    pub thread_url: String,
    /// The thread's tags.
    pub tags: Vec<String>,
    /// Visible posts of the thread.
    pub post_count: i64,
    /// The thread's board.
    pub board: BoardRef,
}

/// Those of these posts that are visible, as they are shown.
///
/// # Errors
/// When the database does not answer.
pub async fn found(read: &impl Read, posts: &[PostId]) -> Result<HashMap<PostId, FoundInThread>> {
    let rows = queries::found(read, posts).await?;
    let threads: Vec<ThreadId> = rows.iter().map(|row| row.thread_id).collect();
    let tags = tags_of(read, &threads).await?;
    let authors: Vec<_> = rows.iter().map(|row| row.author_id).collect();
    let people = people::by_ids(read, &authors).await?;
    let shown = rows.into_iter().map(|row| {
        let thread_url = thread_url(row.thread_id.0, &row.slug);
        let found = FoundInThread {
            id: row.id,
            url: post_url(&thread_url, row.position, row.id),
            position: row.position,
            opening: row.id == row.opening_post_id,
            words: plain_text(&row.html),
            author: present::person(&people, row.author_id)?,
            at: row.created_at,
            thread: row.thread_id,
            title: row.title,
            thread_url,
            tags: tags.get(&row.thread_id).cloned().unwrap_or_default(),
            post_count: row.post_count,
            board: BoardRef {
                id: row.board_id,
                url: format!("/b/{}", row.board_slug),
                slug: row.board_slug,
                title: row.board_title,
                hue: row.board_hue,
            },
        };
        Ok((row.id, found))
    });
    shown.collect()
}

/// On how many visible threads of these boards each of these tags is; tags on none are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn tagged(read: &impl Read, tags: Vec<String>, boards: &[BoardId]) -> Result<HashMap<String, i64>> {
    Ok(queries::tagged(read, tags, boards).await?.into_iter().collect())
}

/// The tags of threads; those without any are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn tags_of(read: &impl Read, threads: &[ThreadId]) -> Result<HashMap<ThreadId, Vec<String>>> {
    let mut tags: HashMap<ThreadId, Vec<String>> = HashMap::new();
    if threads.is_empty() {
        return Ok(tags);
    }
    for (thread, tag) in tags::of(read, threads).await? {
        tags.entry(thread).or_default().push(tag);
    }
    Ok(tags)
}
