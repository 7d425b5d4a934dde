//! From rows to what the API gives: a fixed number of queries, however many rows.
//!
//! First what everybody is shown alike, which may be remembered ([`super::shared`]), then what is the viewer's own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::json::{
    LastPost, LivingPost, MayOnPost, MayOnTombstone, PostJson, Reaction, ReplyTo, Spot, ThreadJson,
    ThreadRef, Tombstone, Unread,
};
use super::model::{PostId, ThreadId, post_url};
use super::queries::places::Place;
use super::queries::posts::PostRow;
use super::queries::threads::ThreadRow;
use super::queries::{marks, reactions, tags, threads as queries};
use super::shared::Recall;
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

/// What a list shows of a thread besides its row: tags and people.
#[derive(Clone, Debug)]
pub(super) struct Company {
    tags: Vec<String>,
    author: Person,
    last_author: Person,
    faces: Vec<Person>,
}

/// Threads of a list, in the order of `rows`, for the person who asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn threads(
    read: &impl Read,
    actor: &Actor,
    rows: Vec<ThreadRow>,
) -> Result<Vec<ThreadJson>> {
    threads_recalled(read, actor, rows, None).await
}

/// As [`threads`], with what is remembered of them.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn threads_recalled(
    read: &impl Read,
    actor: &Actor,
    rows: Vec<ThreadRow>,
    recall: Option<&Recall<'_>>,
) -> Result<Vec<ThreadJson>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let companies = companies(read, &rows, recall).await?;
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
    let unread = unread(read, actor, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let unread = unread.as_ref().map(|all| all.get(&row.id).cloned().unwrap_or(NOTHING_UNREAD));
            let company =
                companies.get(&row.id).ok_or_else(|| Error::internal("a thread without company"))?;
            Ok(thread(row, company, unread))
        })
        .collect()
}

async fn companies(
    read: &impl Read,
    rows: &[ThreadRow],
    recall: Option<&Recall<'_>>,
) -> Result<HashMap<ThreadId, Arc<Company>>> {
    let remembered = |row: &ThreadRow| {
        let company = recall?.company(row.id, &row.slug)?;
        // A recount sets a row right and tells nobody.
        let fits = (company.author.id, company.last_author.id) == (row.author_id, row.last_author_id);
        fits.then_some((row.id, company))
    };
    let mut companies: HashMap<ThreadId, Arc<Company>> = rows.iter().filter_map(remembered).collect();
    let rows: Vec<&ThreadRow> = rows.iter().filter(|row| !companies.contains_key(&row.id)).collect();
    if rows.is_empty() {
        return Ok(companies);
    }
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
    let mut tags = grouped(tags::of(read, &ids).await?);
    let mut authors = grouped(queries::recent_authors(read, &ids, FACES_FROM).await?);
    let wanted = rows.iter().flat_map(|row| [row.author_id, row.last_author_id]);
    let wanted: Vec<UserId> = wanted.chain(authors.values().flatten().copied()).collect();
    let people = people::by_ids(read, &wanted).await?;
    for row in rows {
        let authors = authors.remove(&row.id).unwrap_or_default();
        let company = Arc::new(Company {
            tags: tags.remove(&row.id).unwrap_or_default(),
            author: person(&people, row.author_id)?,
            last_author: person(&people, row.last_author_id)?,
            faces: faces(row.author_id, &authors, &people),
        });
        if let Some(recall) = recall {
            recall.keep_company(row.id, &row.slug, &company);
        }
        companies.insert(row.id, company);
    }
    Ok(companies)
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

fn thread(row: ThreadRow, company: &Company, unread: Option<Unread>) -> ThreadJson {
    let url = thread_url(row.id.0, &row.slug);
    ThreadJson {
        board: board_ref(&row),
        author: company.author.clone(),
        excerpt: row.excerpt,
        tags: company.tags.clone(),
        pinned: row.pinned,
        locked: row.locked,
        archived: row.archived,
        created_at: Time(row.created_at),
        bumped_at: Time(row.bumped_at),
        reply_count: row.post_count - 1,
        view_count: row.view_count,
        imported_likes: row.imported_likes,
        faces: company.faces.clone(),
        last_post: LastPost {
            id: row.last_post_id,
            url: post_url(&url, row.last_position, row.last_post_id),
            author: company.last_author.clone(),
            created_at: Time(row.last_at),
        },
        id: row.id,
        url,
        title: row.title,
        version: row.version,
        unread,
    }
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

/// A post as a guest is shown it, with what decides what others may do.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    json: PostJson,
    author: UserId,
    deleted_by: Option<UserId>,
}

/// One's own reactions.
type Mine = HashSet<(PostId, String)>;

impl Shown {
    /// The bytes of its words.
    pub(super) fn bytes_of_words(&self) -> usize {
        match &self.json {
            PostJson::Living(post) => post.html.len() + post.excerpt.len(),
            PostJson::Deleted(_) => 0,
        }
    }

    /// Its thread.
    pub(super) fn thread(&self) -> ThreadId {
        match &self.json {
            PostJson::Living(post) => post.thread_id,
            PostJson::Deleted(tombstone) => tombstone.thread_id,
        }
    }

    /// Its place in its thread.
    pub(super) fn position(&self) -> i64 {
        match &self.json {
            PostJson::Living(post) => post.position,
            PostJson::Deleted(tombstone) => tombstone.position,
        }
    }

    fn has_reactions(&self) -> bool {
        matches!(&self.json, PostJson::Living(post) if !post.reactions.is_empty())
    }

    fn to(&self, actor: &Actor, place: &Place, mine: &Mine) -> PostJson {
        let mut json = self.json.clone();
        match &mut json {
            PostJson::Living(post) => {
                post.may = place.may_on_post(actor, self.author);
                for reaction in &mut post.reactions {
                    reaction.mine = mine.contains(&(post.id, reaction.emoji.clone()));
                }
            }
            PostJson::Deleted(tombstone) => {
                tombstone.may = place.may_on_tombstone(actor, self.author, self.deleted_by);
            }
        }
        json
    }
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
    let url = thread_url(place.id.0, &place.slug);
    let shown = shown(read, rows, |_| Some(url.clone())).await?;
    for_person(read, actor, &shown, |_| Some(place)).await
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

/// What is left of a post for who may not look at its place any more: without reactions.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn own_words(
    read: &impl Read,
    actor: &Actor,
    place: &Place,
    row: PostRow,
) -> Result<PostJson> {
    let people = people_of(read, std::slice::from_ref(&row)).await?;
    let url = thread_url(place.id.0, &place.slug);
    Ok(post(row, Vec::new(), &url, &people)?.to(actor, place, &Mine::new()))
}

/// Posts as everybody is shown them, in the order of `rows`; those are left out of whose threads there is no address.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn shown(
    read: &impl Read,
    rows: Vec<PostRow>,
    url_of: impl Fn(ThreadId) -> Option<String>,
) -> Result<Vec<Shown>> {
    let people = people_of(read, &rows).await?;
    let mut reactions = reactions_to(read, &rows).await?;
    let placed = rows.into_iter().filter_map(|row| Some((url_of(row.thread_id)?, row)));
    placed
        .map(|(url, row)| {
            let reactions = reactions.remove(&row.id).unwrap_or_default();
            post(row, reactions, &url, &people)
        })
        .collect()
}

/// Posts as this person is shown them; those are left out of whose threads there is no place.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn for_person<'a>(
    read: &impl Read,
    actor: &Actor,
    shown: impl IntoIterator<Item = &'a Shown> + Clone,
    place_of: impl Fn(ThreadId) -> Option<&'a Place>,
) -> Result<Vec<PostJson>> {
    let reacted_to: Vec<PostId> = match actor.id() {
        Some(_) => {
            shown.clone().into_iter().filter(|post| post.has_reactions()).map(|post| post.json.id()).collect()
        }
        None => Vec::new(),
    };
    let mine = match actor.id() {
        Some(me) if !reacted_to.is_empty() => reactions::mine(read, &reacted_to, me).await?,
        _ => Mine::new(),
    };
    let of_each = shown.into_iter().filter_map(|post| Some(post.to(actor, place_of(post.thread())?, &mine)));
    Ok(of_each.collect())
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

/// The reactions to posts, by post; nobody's own.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn reactions_to(
    read: &impl Read,
    rows: &[PostRow],
) -> Result<HashMap<PostId, Vec<Reaction>>> {
    let ids: Vec<PostId> = rows.iter().map(|row| row.id).collect();
    let found = reactions::of_posts(read, &ids).await?;
    let found = found
        .into_iter()
        .map(|row| (row.post_id, Reaction { emoji: row.emoji, count: row.count, mine: false }));
    Ok(grouped(found.collect()))
}

/// A post with what belongs to it.
fn post(row: PostRow, reactions: Vec<Reaction>, thread_url: &str, people: &People) -> Result<Shown> {
    let url = post_url(thread_url, row.position, row.id);
    let (author, deleted_by) = (row.author_id, row.deleted_by);
    let json = match row.deleted_at {
        Some(deleted_at) => PostJson::Deleted(tombstone(&row, deleted_at, url)),
        None => PostJson::Living(Box::new(living(row, reactions, url, thread_url, people)?)),
    };
    Ok(Shown { json, author, deleted_by })
}

fn living(
    row: PostRow,
    reactions: Vec<Reaction>,
    url: String,
    thread_url: &str,
    people: &People,
) -> Result<LivingPost> {
    Ok(LivingPost {
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
        may: MayOnPost::default(),
    })
}

fn tombstone(row: &PostRow, deleted_at: i64, url: String) -> Tombstone {
    Tombstone {
        id: row.id,
        url,
        thread_id: row.thread_id,
        position: row.position,
        deleted: true,
        deleted_at: Time(deleted_at),
        by_author: row.deleted_by == Some(row.author_id),
        version: row.version,
        may: MayOnTombstone::default(),
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
