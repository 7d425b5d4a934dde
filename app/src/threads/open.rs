//! Opening a thread: the thread, its opening post and its tags in one batch, one event on its board.

use folkmoot_markup::{Flavour, Rendered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{LastPost, PostJson, ThreadJson};
use super::model::{PostId, ThreadId, checked_body, checked_tags, checked_title};
use super::queries::places::{self, Place, Sent};
use super::queries::posts::{self, NewPost};
use super::queries::threads::{self, NewThread};
use super::queries::{counts, tags};
use super::send::{self, Posted, REFUSED, REPLAYED, TOO_SOON};
use super::{access, events, present};
use crate::accounts::mentions::rendered;
use crate::accounts::{Actor, Permission, Person};
use crate::boards::{self, Board, BoardId, BoardRef, thread_url};
use crate::core::events::Write;
use crate::core::slug::slug;
use crate::core::streams::Stream;
use crate::core::written::no_attachments;
use crate::core::{App, Error, Result};

/// What is said of a new thread.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The title, 3 to 300 characters.
    pub title: String,
    /// The words of the opening post, in Markdown, at most 100,000 characters.
    pub body: String,
    /// At most 5 tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Files that come with the opening post: none, where the board takes no files.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// The sender's name for this send (a UUID): sent again, it answers the same thread.
    pub client_id: Option<String>,
}

/// A thread that was opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opened {
    /// The thread.
    pub thread: ThreadJson,
    /// Its opening post.
    pub post: PostJson,
}

/// Opens a thread. `opening.client_id` is checked by the caller, who also reads the header.
///
/// # Errors
/// `NotFound`, `Forbidden`, `TooMany` in slow mode, `Invalid` naming the field, `Conflict("sent_elsewhere")`. What was
/// accepted before is answered again before any of these.
pub async fn open(app: &App, actor: &Actor, slug: &str, opening: Opening) -> Result<Posted<Opened>> {
    let me = actor.require(Permission::Write)?.id;
    let sent = match &opening.client_id {
        Some(client_id) => places::sent(app.db.primary(), me, client_id).await?,
        None => None,
    };
    if let Some(sent) = sent {
        return Ok(Posted::Before(first(app, actor, slug, &opening, &sent).await?));
    }
    let board = boards::by_slug(&app.db, actor, slug).await?;
    if !board.rights.may_start(actor) {
        return Err(not_allowed());
    }
    let (thread, post, tags) = new(app, actor, &board, &opening).await?;
    let mut write = Write::new(Some(me.0), post.at);
    write.push(threads::insert(&thread, post.at).expect_rows(1).or(REFUSED));
    write.push(posts::insert(&post).expect_rows(1).or(REPLAYED));
    if !tags.is_empty() {
        write.push(tags::insert(thread.id, &tags));
    }
    send::slow_down(&mut write, actor, board.id, &board.policy, board.rights.may_moderate(actor), post.at);
    write.push(counts::thread(app.new_id()?, thread.id, 1));
    write.record(events::opened(board.id, thread.id));
    match app.commit(write).await {
        Ok(_) => Ok(Posted::Now(opened(app, actor, thread.id).await?)),
        Err(error) => {
            let code = send::missed(error)?;
            if let Some(client_id) = &opening.client_id
                && let Some(sent) = places::sent(app.db.primary(), me, client_id).await?
            {
                // The same send was accepted while this one waited.
                return Ok(Posted::Before(first(app, actor, slug, &opening, &sent).await?));
            }
            Err(refusal(app, actor, &board, code).await?)
        }
    }
}

/// Why the batch was refused.
async fn refusal(app: &App, actor: &Actor, board: &Board, code: &'static str) -> Result<Error> {
    if code == TOO_SOON {
        return send::too_soon(app, actor, board.id, &board.policy).await;
    }
    let actor = send::again(app, actor).await?;
    boards::by_id(app.db.primary(), &actor, board.id).await?;
    Ok(not_allowed())
}

fn not_allowed() -> Error {
    Error::Forbidden("not_allowed", String::from("You may not start threads on this board."))
}

/// The rows of a new thread.
async fn new(
    app: &App,
    actor: &Actor,
    board: &Board,
    opening: &Opening,
) -> Result<(NewThread, NewPost, Vec<String>)> {
    let author = actor.signed_in()?.id;
    let title = checked_title(&opening.title)?;
    let body = checked_body(&opening.body)?;
    no_attachments(&opening.attachments)?;
    let tags = checked_tags(&opening.tags)?;
    let Rendered { html, excerpt, .. } = rendered(app, &body, Flavour::Markdown).await?;
    let (id, thread) = (PostId(app.new_id()?), ThreadId(app.new_id()?));
    let post = NewPost {
        id,
        thread,
        author,
        reply_to: None,
        body,
        html,
        excerpt,
        at: app.now(),
        client_id: opening.client_id.clone(),
        sent_to: Stream::Board(board.id.0).to_string(),
    };
    let slug = slug(&title);
    Ok((NewThread { id: thread, board: board.id, author, title, slug, opening_post: id }, post, tags))
}

/// The thread that an earlier send became, wherever it is now.
async fn first(app: &App, actor: &Actor, slug: &str, opening: &Opening, sent: &Sent) -> Result<Opened> {
    // Whether it was sent here is told by the board's id alone, readable or not.
    let board = boards::queries::by_slug(app.db.primary(), slug).await?;
    let board = board.ok_or(Error::NotFound("board"))?;
    let (post, place) = send::first(app, actor, sent, Stream::Board(board.id.0)).await?;
    if access::visible(Some(place.clone()), actor).is_ok() {
        return Ok(Opened { post, ..opened(app, actor, place.id).await? });
    }
    let me = actor.signed_in()?.person();
    Ok(Opened { thread: as_sent(&place, board.id, slug, opening, me, &post), post })
}

/// A thread whose opener may not look there any more: what they sent themselves, and nothing that came later.
fn as_sent(
    place: &Place,
    board: BoardId,
    slug: &str,
    opening: &Opening,
    author: Person,
    post: &PostJson,
) -> ThreadJson {
    let (id, url, created_at, excerpt) = match post {
        PostJson::Living(post) => (post.id, post.url.clone(), post.created_at, post.excerpt.clone()),
        PostJson::Deleted(post) => (post.id, post.url.clone(), post.deleted_at, String::new()),
    };
    ThreadJson {
        id: place.id,
        url: thread_url(place.id.0, ""),
        board: BoardRef {
            id: board,
            slug: slug.to_owned(),
            url: format!("/b/{slug}"),
            title: slug.to_owned(),
            hue: 0,
        },
        title: opening.title.clone(),
        excerpt,
        tags: opening.tags.clone(),
        pinned: false,
        locked: false,
        archived: false,
        created_at,
        bumped_at: created_at,
        reply_count: 0,
        view_count: 0,
        imported_likes: 0,
        faces: vec![author.clone()],
        last_post: LastPost { id, url, author: author.clone(), created_at },
        author,
        version: 1,
        unread: None,
    }
}

async fn opened(app: &App, actor: &Actor, thread: ThreadId) -> Result<Opened> {
    let row = send::row(app, thread).await?;
    let place = access::thread(app.db.primary(), actor, thread).await?;
    let post = posts::by_id(&app.db, row.opening_post_id).await?.ok_or(Error::NotFound("post"))?;
    let post = present::one_post(&app.db, actor, &place, post).await?;
    let thread = present::threads(&app.db, actor, vec![row]).await?.pop().ok_or(Error::NotFound("thread"))?;
    Ok(Opened { thread, post })
}
