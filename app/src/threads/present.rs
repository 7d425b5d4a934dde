//! From rows to what the API gives: a fixed number of queries, however many rows.

use std::collections::HashMap;

use super::json::{
    LastPost, LivingPost, PostJson, Reaction, ReplyTo, Spot, ThreadJson, ThreadRef, Tombstone, Unread,
};
use super::model::{PostId, ThreadId, post_url};
use super::queries::places::Place;
use super::queries::posts::PostRow;
use super::queries::threads::ThreadRow;
use super::queries::{marks, reactions, tags, threads as queries};
use crate::accounts::{Actor, Person, UserId, people};
use crate::boards::{BoardRef, thread_url};
use crate::core::read::Read;
use crate::core::time::Time;
use crate::core::{Error, Result};

/// How many of the last posts of a thread are looked at for faces.
const FACES_FROM: i64 = 6;
/// The most faces of a thread.
const FACES: usize = 3;

/// People by their ids.
pub(super) type People = HashMap<UserId, Person>;

/// Threads of a list, in the order of `rows`, for the person who asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn threads(
    read: &impl Read,
    actor: &Actor,
    rows: Vec<ThreadRow>,
) -> Result<Vec<ThreadJson>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
    let mut tags = grouped(tags::of(read, &ids).await?);
    let mut authors = grouped(queries::recent_authors(read, &ids, FACES_FROM).await?);
    let unread = unread(read, actor, &ids).await?;
    let wanted = rows.iter().flat_map(|row| [row.author_id, row.last_author_id]);
    let wanted: Vec<UserId> = wanted.chain(authors.values().flatten().copied()).collect();
    let people = people::by_ids(read, &wanted).await?;
    rows.into_iter()
        .map(|row| {
            let unread = unread.as_ref().map(|all| all.get(&row.id).cloned().unwrap_or(NOTHING_UNREAD));
            let (tags, authors) = (tags.remove(&row.id), authors.remove(&row.id));
            thread(row, tags.unwrap_or_default(), &authors.unwrap_or_default(), &people, unread)
        })
        .collect()
}

const NOTHING_UNREAD: Unread = Unread { count: 0, first: None };

/// What is unread in these threads; `None` for guests.
async fn unread(
    read: &impl Read,
    actor: &Actor,
    ids: &[ThreadId],
) -> Result<Option<HashMap<ThreadId, Unread>>> {
    let Some(me) = actor.id() else { return Ok(None) };
    let rows = marks::unread(read, me, ids).await?;
    let unread = rows.into_iter().map(|row| {
        let first = row.position.zip(row.post_id).map(|(position, post_id)| Spot { position, post_id });
        (row.thread_id, Unread { count: row.count, first })
    });
    Ok(Some(unread.collect()))
}

fn thread(
    row: ThreadRow,
    tags: Vec<String>,
    authors: &[UserId],
    people: &People,
    unread: Option<Unread>,
) -> Result<ThreadJson> {
    let url = thread_url(row.id.0, &row.slug);
    Ok(ThreadJson {
        board: board_ref(&row),
        author: person(people, row.author_id)?,
        excerpt: row.excerpt,
        tags,
        pinned: row.pinned,
        locked: row.locked,
        archived: row.archived,
        created_at: Time(row.created_at),
        bumped_at: Time(row.bumped_at),
        reply_count: row.post_count - 1,
        view_count: row.view_count,
        imported_likes: row.imported_likes,
        faces: faces(row.author_id, authors, people),
        last_post: LastPost {
            id: row.last_post_id,
            url: post_url(&url, row.last_position, row.last_post_id),
            author: person(people, row.last_author_id)?,
            created_at: Time(row.last_at),
        },
        id: row.id,
        url,
        title: row.title,
        version: row.version,
        unread,
    })
}

fn board_ref(row: &ThreadRow) -> BoardRef {
    BoardRef {
        id: row.board_id,
        slug: row.board_slug.clone(),
        url: format!("/b/{}", row.board_slug),
        title: row.board_title.clone(),
        hue: row.board_hue,
    }
}

/// The opener, then those who wrote last.
fn faces(opener: UserId, authors: &[UserId], people: &People) -> Vec<Person> {
    let mut ids = vec![opener];
    for author in authors {
        if ids.len() < FACES && !ids.contains(author) {
            ids.push(*author);
        }
    }
    ids.iter().filter_map(|id| people.get(id).cloned()).collect()
}

/// Posts of one thread, in the order of `rows`, for the person who asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn posts(
    read: &impl Read,
    actor: &Actor,
    place: &Place,
    rows: Vec<PostRow>,
) -> Result<Vec<PostJson>> {
    let people = people_of(read, &rows).await?;
    let mut reactions = reactions_to(read, actor.id(), &rows).await?;
    let url = thread_url(place.id.0, &place.slug);
    rows.into_iter()
        .map(|row| {
            let reactions = reactions.remove(&row.id).unwrap_or_default();
            post(row, reactions, &url, &people, &Viewer { actor, place })
        })
        .collect()
}

/// One post, for the person who asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn one_post(
    read: &impl Read,
    actor: &Actor,
    place: &Place,
    row: PostRow,
) -> Result<PostJson> {
    posts(read, actor, place, vec![row]).await?.pop().ok_or(Error::NotFound("post"))
}

/// For whom and where posts are shown.
pub(super) struct Viewer<'a> {
    /// Who asked.
    pub actor: &'a Actor,
    /// The thread.
    pub place: &'a Place,
}

/// The people whom posts name.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn people_of(read: &impl Read, rows: &[PostRow]) -> Result<People> {
    let wanted: Vec<UserId> =
        rows.iter().flat_map(|row| [Some(row.author_id), row.reply_author]).flatten().collect();
    people::by_ids(read, &wanted).await
}

/// The reactions to posts, by post.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn reactions_to(
    read: &impl Read,
    viewer: Option<UserId>,
    rows: &[PostRow],
) -> Result<HashMap<PostId, Vec<Reaction>>> {
    let ids: Vec<PostId> = rows.iter().map(|row| row.id).collect();
    let found = reactions::of_posts(read, &ids, viewer).await?;
    let found = found
        .into_iter()
        .map(|row| (row.post_id, Reaction { emoji: row.emoji, count: row.count, mine: row.mine == 1 }));
    Ok(grouped(found.collect()))
}

/// A post with what belongs to it.
///
/// # Errors
/// When an author is not among `people`.
pub(super) fn post(
    row: PostRow,
    reactions: Vec<Reaction>,
    thread_url: &str,
    people: &People,
    viewer: &Viewer<'_>,
) -> Result<PostJson> {
    let url = post_url(thread_url, row.position, row.id);
    if let Some(deleted_at) = row.deleted_at {
        return Ok(PostJson::Deleted(tombstone(&row, deleted_at, url, viewer)));
    }
    Ok(PostJson::Living(Box::new(LivingPost {
        author: person(people, row.author_id)?,
        reply_to: reply_to(&row, thread_url, people)?,
        id: row.id,
        url,
        thread_id: row.thread_id,
        position: row.position,
        html: row.html,
        excerpt: row.excerpt,
        created_at: Time(row.created_at),
        edited_at: row.edited_at.map(Time),
        edit_count: row.edit_count,
        reactions,
        imported_likes: row.imported_likes,
        deleted: false,
        version: row.version,
        may: viewer.place.may_on_post(viewer.actor, row.author_id),
    })))
}

fn tombstone(row: &PostRow, deleted_at: i64, url: String, viewer: &Viewer<'_>) -> Tombstone {
    Tombstone {
        id: row.id,
        url,
        thread_id: row.thread_id,
        position: row.position,
        deleted: true,
        deleted_at: Time(deleted_at),
        by_author: row.deleted_by == Some(row.author_id),
        version: row.version,
        may: viewer.place.may_on_tombstone(viewer.actor, row.author_id, row.deleted_by),
    }
}

fn reply_to(row: &PostRow, thread_url: &str, people: &People) -> Result<Option<ReplyTo>> {
    let (Some(id), Some(position), Some(author)) = (row.reply_to, row.reply_position, row.reply_author)
    else {
        return Ok(None);
    };
    Ok(Some(ReplyTo {
        id,
        url: post_url(thread_url, position, id),
        position,
        author: person(people, author)?,
        excerpt: row.reply_excerpt.clone().unwrap_or_default(),
    }))
}

/// One of the people who were read together.
///
/// # Errors
/// When they are not among them: every author has a row.
pub(super) fn person(people: &People, id: UserId) -> Result<Person> {
    people.get(&id).cloned().ok_or_else(|| Error::internal(format_args!("there is no person {id}")))
}

/// A thread as it is named beside a post.
pub(super) fn thread_ref(place: &Place) -> ThreadRef {
    ThreadRef {
        id: place.id,
        title: place.title.clone(),
        url: thread_url(place.id.0, &place.slug),
        board: place.board_ref.clone(),
    }
}

fn grouped<K: Eq + std::hash::Hash, V>(rows: Vec<(K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}
