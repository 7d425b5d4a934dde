//! Lists of threads and posts: a board's, everyone's, a tag's, a person's.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use folkmoot_store::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::{LivingPost, PostJson, ThreadJson, ThreadRef};
use super::model::{PostId, ThreadId, checked_tag};
use super::outline::{
    self, AcrossOutline, BoardOutline, OfAll, OfBoard, PersonOutline, PostsBy, Tags, TagsOutline, Which,
};
use super::present::{self, Shown};
use super::queries::places;
use super::queries::posts::{self, PostRow};
use super::queries::threads::{After, Ordering, TOP, ThreadRow};
use super::shared::{Recall, Remembered};
use crate::accounts::{Actor, people};
use crate::boards::{self, BoardId, BoardJson, thread_url};
use crate::core::basis::Basis;
use crate::core::instant::Instant;
use crate::core::paging::{Page, PageQuery, searched};
use crate::core::read::{Read, relaxed};
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// What a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// How many items, 1 to 100.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Only threads with this tag, in a board's list.
    pub tag: Option<String>,
    /// The order.
    pub sort: Option<Ordering>,
}

impl ListQuery {
    fn paging(&self) -> PageQuery {
        PageQuery { limit: self.limit, cursor: self.cursor.clone() }
    }
}

/// A board's threads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardThreads {
    /// The threads, pinned ones first.
    pub items: Vec<ThreadJson>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The board.
    pub board: BoardJson,
    /// Where the board's stream stood.
    #[serde(flatten)]
    pub instant: Instant,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// Threads of several boards.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadList {
    /// The threads.
    pub items: Vec<ThreadJson>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// The home feed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Feed {
    /// The threads with their opening posts.
    pub items: Vec<FeedThread>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// Where `site` stood.
    #[serde(flatten)]
    pub instant: Instant,
    /// Where the boards' own streams stood, by name: they tell of new threads. Of the first boards only.
    pub streams: BTreeMap<String, i64>,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// A thread with its opening post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeedThread {
    /// The thread.
    #[serde(flatten)]
    pub thread: ThreadJson,
    /// Its opening post.
    pub post: LivingPost,
}

/// A person's posts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonPosts {
    /// The posts, the newest first.
    pub items: Vec<PersonPost>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// A post with the thread it stands in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonPost {
    /// The post.
    #[serde(flatten)]
    pub post: LivingPost,
    /// Its thread.
    pub thread: ThreadRef,
}

/// Tags.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagList {
    /// The tags, the commonest first.
    pub items: Vec<TagCount>,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// How often a tag is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// On how many threads that one may read.
    pub count: i64,
}

/// A board's threads, pinned ones first.
///
/// # Errors
/// `NotFound` when there is no board that this person may read; `Invalid` naming what cannot be asked.
pub async fn of_board(app: &App, actor: &Actor, slug: &str, query: &ListQuery) -> Result<BoardThreads> {
    let (limit, after) = (query.paging().limit()?, query.paging().after()?.unwrap_or(TOP));
    let tag = query.tag.as_deref().map(checked_tag).transpose()?;
    let asked = &OfBoard { slug: slug.to_owned(), tag, sort: query.sort, after, limit };
    relaxed(app, actor.seen(), |snapshot| async move {
        let outline = BoardOutline::read(app, &snapshot, actor, asked).await?;
        let again = asked.clone();
        let again = move |app: App, snapshot: Snapshot| {
            let asked = again.clone();
            async move { BoardOutline::read(&app, &snapshot, &Actor::guest(), &asked).await }
        };
        let basis = Basis::of(actor.into(), &outline, snapshot.as_of(), again);
        let BoardOutline { board, order, rows, last, heads, .. } = outline;
        let page = paged(rows, limit, order);
        let instant = outline::instant(app, &heads, Stream::Board(board.id.0));
        let recall = Recall::of(app, &heads)?;
        let items = present::threads_recalled(&snapshot, actor, page.items, Some(&recall)).await?;
        Ok(BoardThreads {
            items,
            next: page.next,
            board: boards::present(&board, actor, last),
            instant,
            basis,
        })
    })
    .await
}

/// The home feed: the newest opening posts of all boards that this person may read, or the latest activity.
///
/// # Errors
/// `Invalid` naming what cannot be asked.
pub async fn home(app: &App, actor: &Actor, query: &ListQuery) -> Result<Feed> {
    let (limit, after) = (query.paging().limit()?, query.paging().after()?.unwrap_or(TOP));
    let which = if query.sort == Some(Ordering::Activity) { Which::Active } else { Which::Newest };
    let asked = &OfAll { which, after, limit, own: followed };
    relaxed(app, actor.seen(), |snapshot| async move {
        let outline = AcrossOutline::read(app, &snapshot, actor, asked).await?;
        let basis = outline.basis(actor, snapshot.as_of(), asked);
        let AcrossOutline { boards, rows, heads, order, .. } = outline;
        let page = paged(rows, limit, order);
        let recall = Recall::of(app, &heads)?;
        let mut posts = opening(&snapshot, actor, &page.items, &recall).await?;
        let threads = present::threads_recalled(&snapshot, actor, page.items, Some(&recall)).await?;
        let items = threads.into_iter().filter_map(|thread| {
            let post = posts.remove(&thread.id)?;
            Some(FeedThread { thread, post })
        });
        let items = items.collect();
        let instant = outline::instant(app, &heads, Stream::Site);
        let streams = followed(&boards).into_iter().map(|stream| stream.to_string());
        let streams = streams.map(|name| (heads.get(&name).copied().unwrap_or_default(), name));
        let streams = streams.map(|(head, name)| (name, head)).filter(|(name, _)| *name != instant.stream);
        Ok(Feed { items, next: page.next, streams: streams.collect(), instant, basis })
    })
    .await
}

/// The streams that a window with the home feed follows: `site`, and those of its boards. A socket has room for some more.
fn followed(boards: &[BoardId]) -> Vec<Stream> {
    const MOST: usize = 100;
    let boards = boards.iter().take(MOST).map(|board| Stream::Board(board.0));
    boards.chain([Stream::Site]).collect()
}

/// The threads with a tag on all boards that this person may read.
///
/// # Errors
/// `Invalid` naming what cannot be asked.
pub async fn tagged(app: &App, actor: &Actor, tag: &str, query: &ListQuery) -> Result<ThreadList> {
    let tag = checked_tag(tag).map_err(|_| Error::NotFound("tag"))?;
    across(app, actor, Which::Tagged(tag), query).await
}

/// The threads that a person opened, as far as the one who asks may read them.
///
/// # Errors
/// `NotFound` when nobody is called so; `Invalid` naming what cannot be asked.
pub async fn of_person(app: &App, actor: &Actor, nickname: &str, query: &ListQuery) -> Result<ThreadList> {
    let person = people::by_nickname(&app.db, nickname).await?;
    across(app, actor, Which::By(person.id), query).await
}

async fn across(app: &App, actor: &Actor, which: Which, query: &ListQuery) -> Result<ThreadList> {
    let (limit, after) = (query.paging().limit()?, query.paging().after()?.unwrap_or(TOP));
    let asked = &OfAll { which, after, limit, own: |_| Vec::new() };
    relaxed(app, actor.seen(), |snapshot| async move {
        let outline = AcrossOutline::read(app, &snapshot, actor, asked).await?;
        let basis = outline.basis(actor, snapshot.as_of(), asked);
        let page = paged(outline.rows, limit, outline.order);
        let recall = Recall::of(app, &outline.heads)?;
        let items = present::threads_recalled(&snapshot, actor, page.items, Some(&recall)).await?;
        Ok(ThreadList { items, next: page.next, basis })
    })
    .await
}

/// The posts that a person wrote, as far as the one who asks may read them, the newest first.
///
/// # Errors
/// `NotFound` when nobody is called so; `Invalid` naming what cannot be asked.
pub async fn posts_of_person(
    app: &App,
    actor: &Actor,
    nickname: &str,
    query: &ListQuery,
) -> Result<PersonPosts> {
    let (limit, after) = (query.paging().limit()?, query.paging().after()?);
    let after = after.unwrap_or((i64::MAX, PostId(i64::MAX)));
    let asked = PostsBy { person: people::by_nickname(&app.db, nickname).await?.id, after, limit };
    relaxed(app, actor.seen(), |snapshot| async move {
        let outline = PersonOutline::read(app, &snapshot, actor, &asked).await?;
        let again = move |app: App, snapshot: Snapshot| async move {
            PersonOutline::read(&app, &snapshot, &Actor::guest(), &asked).await
        };
        let basis = Basis::of(actor.into(), &outline, snapshot.as_of(), again);
        let rows = posts::by_person(&snapshot, asked.person, &outline.boards, after, limit + 1).await?;
        let page = Page::of(rows, limit, |row: &PostRow| (row.created_at, row.id), |row| row);
        let items = with_threads(&snapshot, actor, page.items).await?;
        Ok(PersonPosts { items, next: page.next, basis })
    })
    .await
}

/// The commonest tags on all boards that this person may read, of those that begin with `start`.
///
/// # Errors
/// `Invalid` naming what cannot be asked.
pub async fn tags(app: &App, actor: &Actor, start: &str, limit: Option<u32>) -> Result<TagList> {
    let limit = PageQuery { limit, cursor: None }.limit()?;
    let asked = &Tags { start: searched(start)?.to_lowercase(), limit };
    relaxed(app, actor.seen(), |snapshot| async move {
        let outline = TagsOutline::read(&snapshot, actor, asked).await?;
        let again = asked.clone();
        let again = move |_: App, snapshot: Snapshot| {
            let asked = again.clone();
            async move { TagsOutline::read(&snapshot, &Actor::guest(), &asked).await }
        };
        let basis = Basis::of(actor.into(), &outline, snapshot.as_of(), again);
        let items = outline.counts.into_iter().map(|(tag, count)| TagCount { tag, count }).collect();
        Ok(TagList { items, basis })
    })
    .await
}

fn paged(rows: Vec<ThreadRow>, limit: i64, order: Ordering) -> Page<ThreadRow> {
    let cursor = |row: &ThreadRow| -> After {
        let time = if order == Ordering::Newest { row.created_at } else { row.bumped_at };
        (row.pinned, time, row.id)
    };
    Page::of(rows, limit, cursor, |row| row)
}

/// The posts that threads were opened with, as far as they are visible.
async fn opening(
    read: &impl Read,
    actor: &Actor,
    rows: &[ThreadRow],
    recall: &Recall<'_>,
) -> Result<HashMap<ThreadId, LivingPost>> {
    let mut shown: Vec<Arc<Vec<Shown>>> = Vec::with_capacity(rows.len());
    let mut missing = Vec::new();
    for row in rows {
        match recall.posts(&Remembered::Opening(row.opening_post_id), row.id, &row.slug) {
            Some(post) => shown.push(post),
            None => missing.push(row),
        }
    }
    shown.extend(make_openings(read, &missing, recall).await?);
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
    let places = places::places(read, &ids).await?;
    let shown: Vec<&Shown> = shown.iter().flat_map(|posts| posts.iter()).collect();
    let posts = present::for_person(read, actor, shown, |thread| places.get(&thread)).await?;
    let living = posts.into_iter().filter_map(|post| match post {
        PostJson::Living(post) => Some((post.thread_id, *post)),
        PostJson::Deleted(_) => None,
    });
    Ok(living.collect())
}

/// Those that are not remembered, as everybody is shown them.
async fn make_openings(
    read: &impl Read,
    rows: &[&ThreadRow],
    recall: &Recall<'_>,
) -> Result<Vec<Arc<Vec<Shown>>>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<PostId> = rows.iter().map(|row| row.opening_post_id).collect();
    let by_thread: HashMap<ThreadId, &ThreadRow> = rows.iter().map(|row| (row.id, *row)).collect();
    let url_of = |thread: ThreadId| by_thread.get(&thread).map(|row| thread_url(thread.0, &row.slug));
    let shown = present::shown(read, posts::by_ids(read, &ids).await?, url_of).await?;
    // While posts are rendered again nothing tells of it.
    let settled = !posts::are_stale(read).await?;
    let made = shown.into_iter().map(|post| {
        let thread = post.thread();
        let post = Arc::new(vec![post]);
        if let Some(row) = by_thread.get(&thread).filter(|_| settled) {
            recall.keep_posts(Remembered::Opening(row.opening_post_id), thread, &row.slug, &post);
        }
        post
    });
    Ok(made.collect())
}

/// Posts of several threads, each with its thread.
async fn with_threads(read: &impl Read, actor: &Actor, rows: Vec<PostRow>) -> Result<Vec<PersonPost>> {
    let ids: Vec<ThreadId> = rows.iter().map(|row| row.thread_id).collect();
    let places = places::places(read, &ids).await?;
    let url_of = |thread: ThreadId| Some(thread_url(thread.0, &places.get(&thread)?.slug));
    let shown = present::shown(read, rows, url_of).await?;
    let posts = present::for_person(read, actor, shown.iter(), |thread| places.get(&thread)).await?;
    let items = posts.into_iter().filter_map(|post| match post {
        PostJson::Living(post) => {
            let thread = present::thread_ref(places.get(&post.thread_id)?);
            Some(PersonPost { post: *post, thread })
        }
        PostJson::Deleted(_) => None,
    });
    Ok(items.collect())
}
