//! A thread's page: the thread, its board, twenty posts, and where one was.
//!
//! Pages are cut by position and positions are never given twice, so pages and endless lists agree, whoever asks and
//! whatever is deleted.

use std::sync::Arc;

use folkmoot_store::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::{MayInThread, PostJson, Spot, ThreadJson};
use super::model::{PAGE, PostId, ThreadId, page_of};
use super::outline::{self, PostsOutline, ThreadOutline};
use super::present::Shown;
use super::queries::places::Place;
use super::queries::posts::{self, PostRow};
use super::queries::{marks, places};
use super::shared::{Recall, Remembered};
use super::{access, present, views};
use crate::accounts::Actor;
use crate::boards::{self, BoardJson, thread_url};
use crate::core::basis::Basis;
use crate::core::instant::Instant;
use crate::core::paging::{self, PageQuery};
use crate::core::read::{Read, relaxed};
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// Which posts of a thread are asked for: a page by its number or by a post on it, or those beside a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PostsQuery {
    /// How many posts, 1 to 100, with a cursor.
    pub limit: Option<u32>,
    /// `next` or `previous` of another answer.
    pub cursor: Option<String>,
    /// The number of a page, from 1.
    pub page: Option<i64>,
    /// A post whose page is wanted.
    #[param(value_type = Option<String>)]
    pub post: Option<PostId>,
}

/// The most bytes of HTML beside a cursor, unless one post alone has more: the answer ends there and its cursor goes on.
const MAX_BYTES: usize = 1024 * 1024;

/// A page of posts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostsPage {
    /// The posts in order.
    pub items: Vec<PostJson>,
    /// The cursor of the posts that follow.
    pub next: Option<String>,
    /// The cursor of the posts before.
    pub previous: Option<String>,
    /// The highest position of the thread.
    pub total: i64,
    /// The number of the page on which the first item stands.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
}

/// A page of posts with its place in the thread's stream.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostsAnswer {
    /// The page.
    #[serde(flatten)]
    pub posts: PostsPage,
    /// Where the thread's stream stood.
    #[serde(flatten)]
    pub instant: Instant,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// A thread's page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadPage {
    /// The thread.
    pub thread: ThreadJson,
    /// Its board.
    pub board: BoardJson,
    /// A page of its posts.
    pub posts: PostsPage,
    /// How far the person who asked has read; `null` for guests and where they never were.
    pub mark: Option<Spot>,
    /// What the person who asked may do.
    pub may: MayInThread,
    /// Where the thread's stream stood.
    #[serde(flatten)]
    pub instant: Instant,
    /// What a guest's answer rests on.
    #[serde(skip)]
    pub basis: Option<Basis>,
}

/// The posts on one side of a position, in a cursor.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Beside {
    /// Above it.
    #[serde(rename = "a")]
    Above(i64),
    /// Below it.
    #[serde(rename = "b")]
    Below(i64),
}

/// A thread's page, which counts as a view.
///
/// # Errors
/// `NotFound` when there is none that this person may read, or no such page or post.
pub async fn thread_page(app: &App, actor: &Actor, id: ThreadId, query: &PostsQuery) -> Result<ThreadPage> {
    let page = relaxed(app, actor.seen(), |snapshot| read_page(app, snapshot, actor, id, query)).await?;
    views::seen(app, id)?;
    Ok(page)
}

async fn read_page(
    app: &App,
    snapshot: Snapshot,
    actor: &Actor,
    id: ThreadId,
    query: &PostsQuery,
) -> Result<ThreadPage> {
    let outline = ThreadOutline::read(app, &snapshot, actor, id).await?;
    let again = move |app: App, snapshot: Snapshot| async move {
        ThreadOutline::read(&app, &snapshot, &Actor::guest(), id).await
    };
    let basis = Basis::of(actor.into(), &outline, snapshot.as_of(), again);
    let ThreadOutline { row, board, last, heads, .. } = outline;
    let place = Place::of(&row, &board);
    let recall = Recall::of(app, &heads)?;
    let posts = page(&snapshot, actor, &place, query, &recall).await?;
    let thread = present::threads_recalled(&snapshot, actor, vec![row], Some(&recall)).await?.pop();
    let thread = thread.ok_or(Error::NotFound("thread"))?;
    let mark = mark(&snapshot, actor, id).await?;
    let instant = outline::instant(app, &heads, Stream::Thread(id.0));
    let board = boards::present(&board, actor, last);
    let basis = basis.map(|basis| basis.opens(id.0));
    Ok(ThreadPage { thread, board, posts, mark, may: place.may(actor), instant, basis })
}

/// Posts of a thread.
///
/// # Errors
/// `NotFound` when there is no thread that this person may read, or no such page or post.
pub async fn thread_posts(app: &App, actor: &Actor, id: ThreadId, query: &PostsQuery) -> Result<PostsAnswer> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let place = access::thread(&snapshot, actor, id).await?;
        let outline = PostsOutline::read(app, &snapshot, actor, &place).await?;
        let again = move |app: App, snapshot: Snapshot| async move {
            let place = access::thread(&snapshot, &Actor::guest(), id).await?;
            PostsOutline::read(&app, &snapshot, &Actor::guest(), &place).await
        };
        let basis = Basis::of(actor.into(), &outline, snapshot.as_of(), again);
        let recall = Recall::of(app, &outline.heads)?;
        let posts = page(&snapshot, actor, &place, query, &recall).await?;
        let instant = outline::instant(app, &outline.heads, Stream::Thread(id.0));
        Ok(PostsAnswer { posts, instant, basis })
    })
    .await
}

async fn mark(read: &impl Read, actor: &Actor, thread: ThreadId) -> Result<Option<Spot>> {
    let Some(me) = actor.id() else { return Ok(None) };
    let mark = marks::mark(read, me, thread).await?;
    Ok(mark.map(|(position, post_id)| Spot { position, post_id }))
}

async fn page(
    read: &impl Read,
    actor: &Actor,
    place: &Place,
    query: &PostsQuery,
    recall: &Recall<'_>,
) -> Result<PostsPage> {
    let total = place.next_position - 1;
    let shown = shown(read, place, query, recall).await?;
    let first = shown.first().map_or(1, Shown::position);
    let last = shown.last().map_or(total, Shown::position);
    Ok(PostsPage {
        next: (last < total).then(|| paging::encode(&Beside::Above(last))),
        previous: (first > 1).then(|| paging::encode(&Beside::Below(first))),
        total,
        page: page_of(first),
        pages: page_of(total),
        items: present::for_person(read, actor, shown.iter(), |_| Some(place)).await?,
    })
}

/// The posts as everybody is shown them.
async fn shown(
    read: &impl Read,
    place: &Place,
    query: &PostsQuery,
    recall: &Recall<'_>,
) -> Result<Arc<Vec<Shown>>> {
    let which = Remembered::Asked(place.id, query.clone());
    if let Some(shown) = recall.posts(&which, place.id, &place.slug) {
        return Ok(shown);
    }
    let rows = rows(read, place, query, place.next_position - 1).await?;
    let url = thread_url(place.id.0, &place.slug);
    let shown = Arc::new(present::shown(read, rows, |_| Some(url.clone())).await?);
    // While posts are rendered again nothing tells of it.
    if !posts::are_stale(read).await? {
        recall.keep_posts(which, place.id, &place.slug, &shown);
    }
    Ok(shown)
}

async fn rows(read: &impl Read, place: &Place, query: &PostsQuery, total: i64) -> Result<Vec<PostRow>> {
    let paging = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = paging.limit()?;
    match (paging.after()?, query.page, query.post) {
        (Some(Beside::Above(position)), None, None) => {
            let mut rows = posts::above(read, place.id, position, limit).await?;
            rows.truncate(within(rows.iter()));
            Ok(rows)
        }
        (Some(Beside::Below(position)), None, None) => {
            let mut rows = posts::below(read, place.id, position, limit).await?;
            let kept = within(rows.iter().rev());
            Ok(rows.split_off(rows.len() - kept))
        }
        (None, Some(page), None) => numbered(read, place.id, page, total).await,
        (None, None, Some(post)) => {
            let post = places::post(read, post).await?.filter(|post| post.thread_id == place.id);
            let position = post.ok_or(Error::NotFound("post"))?.position;
            numbered(read, place.id, page_of(position), total).await
        }
        (None, None, None) if query.limit.is_some() => {
            let mut rows = posts::above(read, place.id, 0, limit).await?;
            rows.truncate(within(rows.iter()));
            Ok(rows)
        }
        (None, None, None) => numbered(read, place.id, 1, total).await,
        _ => Err(Error::invalid("cursor", "one of cursor, page and post")),
    }
}

/// How many of these posts, at least one, fit into an answer.
fn within<'a>(rows: impl Iterator<Item = &'a PostRow>) -> usize {
    let mut bytes = 0;
    let kept = rows.enumerate().take_while(|(index, row)| {
        bytes += row.html.len();
        *index == 0 || bytes <= MAX_BYTES
    });
    kept.count()
}

async fn numbered(read: &impl Read, thread: ThreadId, page: i64, total: i64) -> Result<Vec<PostRow>> {
    if !(1..=page_of(total)).contains(&page) {
        return Err(Error::NotFound("page"));
    }
    posts::between(read, thread, (page - 1) * PAGE + 1, page * PAGE).await
}

/// The address of a post on its thread's page, for whoever may read it.
///
/// # Errors
/// `NotFound` otherwise.
pub async fn place_of(app: &App, actor: &Actor, id: PostId) -> Result<String> {
    let (post, place) = access::post(&app.db, actor, id).await?;
    let url = thread_url(place.id.0, &place.slug);
    Ok(super::model::post_url(&url, post.position, post.id))
}
