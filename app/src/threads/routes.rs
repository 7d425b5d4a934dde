//! Threads and posts over HTTP: what is asked to a use case, what it answers to JSON.

#![expect(unused_qualifications, reason = "utoipa writes the names of query parameters in full")]

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::arrange::{ThreadChange, arrange};
use super::edit::{Edit, EditJson, SourcePage};
use super::json::{PostJson, ThreadJson};
use super::list::{BoardThreads, Feed, ListQuery, PersonPosts, TagList, ThreadList};
use super::model::{PostId, ThreadId};
use super::open::{Opened, Opening};
use super::page::{PostsAnswer, PostsQuery, ThreadPage};
use super::react::ReactionList;
use super::reply::Reply;
use super::send::Posted;
use super::{delete, edit, list, mark, open, page, react, render, reply};
use crate::accounts::Actor;
use crate::core::basis::resting_on;
use crate::core::client_id::checked_client_id;
use crate::core::json::{Json, Path, Query};
use crate::core::paging::{Page, PageQuery};
use crate::core::{App, Result, etag};

/// The routes of this slice.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/boards/{slug}/threads", get(board_threads).post(open_thread))
        .route("/api/posts", get(feed))
        .route("/api/tags", get(tags))
        .route("/api/tags/{tag}/threads", get(tag_threads))
        .route("/api/users/{nickname}/threads", get(person_threads))
        .route("/api/users/{nickname}/posts", get(person_posts))
        .route("/api/threads/{id}", get(thread).patch(change_thread).delete(delete_thread))
        .route("/api/threads/{id}/restore", post(restore_thread))
        .route("/api/threads/{id}/posts", get(thread_posts).post(reply_in_thread))
        .route("/api/threads/{id}/read", post(read_thread))
        .route("/api/read-all", post(read_all))
        .route("/api/posts/{id}", get(post_source).patch(edit_post).delete(delete_post))
        .route("/api/posts/{id}/restore", post(restore_post))
        .route("/api/posts/{id}/edits", get(post_edits))
        .route("/api/posts/{id}/reactions", get(post_reactions))
        .route("/api/posts/{id}/reactions/{emoji}", put(react_to_post).delete(take_reaction_back))
        .route("/api/preview", post(preview))
}

/// The description of these routes.
pub fn api() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(
        board_threads,
        open_thread,
        feed,
        tags,
        tag_threads,
        person_threads,
        person_posts,
        thread,
        change_thread,
        delete_thread,
        restore_thread,
        thread_posts,
        reply_in_thread,
        read_thread,
        read_all,
        post_source,
        edit_post,
        delete_post,
        restore_post,
        post_edits,
        post_reactions,
        react_to_post,
        take_reaction_back,
        preview
    ))]
    struct Api;
    Api::openapi()
}

/// A thread, alone.
#[derive(Serialize, ToSchema)]
struct OneThread {
    thread: ThreadJson,
}

/// A post, alone.
#[derive(Serialize, ToSchema)]
struct OnePost {
    post: PostJson,
}

/// A post of a thread.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadUpTo {
    /// The last post that was read.
    post_id: PostId,
}

/// Words that are being written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    /// The words.
    body: String,
    /// How they are written: `markdown`, which is what is meant when nothing is said, or `html`.
    flavour: Option<String>,
}

/// Words as they will look.
#[derive(Serialize, ToSchema)]
struct Preview {
    /// As safe HTML.
    html: String,
}

/// Which tags are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TagQuery {
    /// How they begin.
    #[serde(default)]
    q: String,
    /// How many, 1 to 100.
    limit: Option<u32>,
}

/// A board's threads, pinned ones first.
#[utoipa::path(get, path = "/api/boards/{slug}/threads", tag = "threads", params(("slug" = String, Path), ListQuery),
    responses((status = 200, body = BoardThreads)))]
async fn board_threads(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::of_board(&app, &actor, &slug, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// Opens a thread. Sent again with the same `client_id` (or header `Idempotency-Key`) it answers the same thread.
#[utoipa::path(post, path = "/api/boards/{slug}/threads", tag = "threads", params(("slug" = String, Path)),
    request_body = Opening,
    responses((status = 201, body = Opened), (status = 200, body = Opened, description = "It was sent before"),
        (status = 409, description = "It was sent to another place before: `sent_elsewhere`")))]
async fn open_thread(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Json(mut opening): Json<Opening>,
) -> Result<Response> {
    opening.client_id = checked_client_id(opening.client_id.as_deref(), &headers)?;
    Ok(posted(open(&app, &actor, &slug, opening).await?))
}

/// The newest opening posts, or the latest activity, of all boards that you may read.
#[utoipa::path(get, path = "/api/posts", tag = "posts", params(ListQuery), responses((status = 200, body = Feed)))]
async fn feed(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::home(&app, &actor, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// The commonest tags.
#[utoipa::path(get, path = "/api/tags", tag = "threads", params(TagQuery), responses((status = 200, body = TagList)))]
async fn tags(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<TagQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::tags(&app, &actor, &query.q, query.limit).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// The threads with a tag, by activity.
#[utoipa::path(get, path = "/api/tags/{tag}/threads", tag = "threads", params(("tag" = String, Path), ListQuery),
    responses((status = 200, body = ThreadList)))]
async fn tag_threads(
    State(app): State<App>,
    actor: Actor,
    Path(tag): Path<String>,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::tagged(&app, &actor, &tag, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// The threads that a person opened.
#[utoipa::path(get, path = "/api/users/{nickname}/threads", tag = "people",
    params(("nickname" = String, Path), ListQuery), responses((status = 200, body = ThreadList)))]
async fn person_threads(
    State(app): State<App>,
    actor: Actor,
    Path(nickname): Path<String>,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::of_person(&app, &actor, &nickname, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// The posts that a person wrote.
#[utoipa::path(get, path = "/api/users/{nickname}/posts", tag = "people",
    params(("nickname" = String, Path), ListQuery), responses((status = 200, body = PersonPosts)))]
async fn person_posts(
    State(app): State<App>,
    actor: Actor,
    Path(nickname): Path<String>,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = list::posts_of_person(&app, &actor, &nickname, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// A thread with a page of its posts. It counts as a view.
#[utoipa::path(get, path = "/api/threads/{id}", tag = "threads", params(("id" = ThreadId, Path), PostsQuery),
    responses((status = 200, body = ThreadPage)))]
async fn thread(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
    Query(query): Query<PostsQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut page = page::thread_page(&app, &actor, id, &query).await?;
    let basis = page.basis.take();
    // To be looked at is no change.
    Ok(resting_on(basis, etag::answer_but_for(&headers, (&actor).into(), "view_count", &page)?))
}

/// Arranges a thread: its author title and tags, moderators also pin, lock and board.
#[utoipa::path(patch, path = "/api/threads/{id}", tag = "threads", params(("id" = ThreadId, Path)),
    request_body = ThreadChange,
    responses((status = 200, body = OneThread), (status = 409, description = "`edited_meanwhile`")))]
async fn change_thread(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
    Json(change): Json<ThreadChange>,
) -> Result<Json<OneThread>> {
    Ok(Json(OneThread { thread: arrange(&app, &actor, id, &change).await? }))
}

/// Deletes a thread.
#[utoipa::path(delete, path = "/api/threads/{id}", tag = "threads", params(("id" = ThreadId, Path)),
    responses((status = 204)))]
async fn delete_thread(State(app): State<App>, actor: Actor, Path(id): Path<ThreadId>) -> Result<StatusCode> {
    delete::delete_thread(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted thread back.
#[utoipa::path(post, path = "/api/threads/{id}/restore", tag = "threads", params(("id" = ThreadId, Path)),
    responses((status = 200, body = OneThread)))]
async fn restore_thread(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
) -> Result<Json<OneThread>> {
    Ok(Json(OneThread { thread: delete::restore_thread(&app, &actor, id).await? }))
}

/// Posts of a thread: a page by its number or by a post on it, or those beside a cursor.
#[utoipa::path(get, path = "/api/threads/{id}/posts", tag = "posts", params(("id" = ThreadId, Path), PostsQuery),
    responses((status = 200, body = PostsAnswer)))]
async fn thread_posts(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
    Query(query): Query<PostsQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = page::thread_posts(&app, &actor, id, &query).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// Replies. Sent again with the same `client_id` (or header `Idempotency-Key`) it answers the same post.
#[utoipa::path(post, path = "/api/threads/{id}/posts", tag = "posts", params(("id" = ThreadId, Path)),
    request_body = Reply,
    responses((status = 201, body = OnePost), (status = 200, body = OnePost, description = "It was sent before"),
        (status = 409, description = "It was sent to another place before: `sent_elsewhere`")))]
async fn reply_in_thread(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
    headers: HeaderMap,
    Json(mut new): Json<Reply>,
) -> Result<Response> {
    new.client_id = checked_client_id(new.client_id.as_deref(), &headers)?;
    Ok(posted(match reply(&app, &actor, id, new).await? {
        Posted::Now(post) => Posted::Now(OnePost { post }),
        Posted::Before(post) => Posted::Before(OnePost { post }),
    }))
}

/// Marks a thread as read up to a post. The mark only grows.
#[utoipa::path(post, path = "/api/threads/{id}/read", tag = "threads", params(("id" = ThreadId, Path)),
    request_body = ReadUpTo, responses((status = 204)))]
async fn read_thread(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ThreadId>,
    Json(read): Json<ReadUpTo>,
) -> Result<StatusCode> {
    mark::read(&app, &actor, id, read.post_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks everything as read.
#[utoipa::path(post, path = "/api/read-all", tag = "threads", responses((status = 204)))]
async fn read_all(State(app): State<App>, actor: Actor) -> Result<StatusCode> {
    mark::read_all(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A post with its source, for an editor.
#[utoipa::path(get, path = "/api/posts/{id}", tag = "posts", params(("id" = PostId, Path)),
    responses((status = 200, body = SourcePage)))]
async fn post_source(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PostId>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &edit::source(&app, &actor, id).await?)
}

/// Edits a post.
#[utoipa::path(patch, path = "/api/posts/{id}", tag = "posts", params(("id" = PostId, Path)), request_body = Edit,
    responses((status = 200, body = OnePost), (status = 409, description = "`edited_meanwhile`")))]
async fn edit_post(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PostId>,
    Json(wanted): Json<Edit>,
) -> Result<Json<OnePost>> {
    Ok(Json(OnePost { post: edit::edit(&app, &actor, id, &wanted).await? }))
}

/// Deletes a post; the opening one with its thread.
#[utoipa::path(delete, path = "/api/posts/{id}", tag = "posts", params(("id" = PostId, Path)),
    responses((status = 204)))]
async fn delete_post(State(app): State<App>, actor: Actor, Path(id): Path<PostId>) -> Result<StatusCode> {
    delete::delete_post(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a deleted post back.
#[utoipa::path(post, path = "/api/posts/{id}/restore", tag = "posts", params(("id" = PostId, Path)),
    responses((status = 200, body = OnePost)))]
async fn restore_post(State(app): State<App>, actor: Actor, Path(id): Path<PostId>) -> Result<Json<OnePost>> {
    Ok(Json(OnePost { post: delete::restore_post(&app, &actor, id).await? }))
}

/// The words that edits of a post replaced. For its author and moderators.
#[utoipa::path(get, path = "/api/posts/{id}/edits", tag = "posts", params(("id" = PostId, Path), PageQuery),
    responses((status = 200, body = Page<EditJson>)))]
async fn post_edits(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PostId>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Page<EditJson>>> {
    Ok(Json(edit::history(&app, &actor, id, &paging).await?))
}

/// Who reacted how to a post.
#[utoipa::path(get, path = "/api/posts/{id}/reactions", tag = "posts", params(("id" = PostId, Path)),
    responses((status = 200, body = ReactionList)))]
async fn post_reactions(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PostId>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &react::people(&app, &actor, id).await?)
}

/// Reacts to a post with an emoji.
#[utoipa::path(put, path = "/api/posts/{id}/reactions/{emoji}", tag = "posts",
    params(("id" = PostId, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 409, description = "`too_many_reactions`")))]
async fn react_to_post(
    State(app): State<App>,
    actor: Actor,
    Path((id, emoji)): Path<(PostId, String)>,
) -> Result<StatusCode> {
    react::react(&app, &actor, id, &emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a reaction back.
#[utoipa::path(delete, path = "/api/posts/{id}/reactions/{emoji}", tag = "posts",
    params(("id" = PostId, Path), ("emoji" = String, Path)), responses((status = 204)))]
async fn take_reaction_back(
    State(app): State<App>,
    actor: Actor,
    Path((id, emoji)): Path<(PostId, String)>,
) -> Result<StatusCode> {
    react::take_back(&app, &actor, id, &emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a text will look like.
#[utoipa::path(post, path = "/api/preview", tag = "posts", request_body = Draft,
    responses((status = 200, body = Preview)))]
async fn preview(State(app): State<App>, actor: Actor, Json(draft): Json<Draft>) -> Result<Json<Preview>> {
    actor.signed_in()?;
    Ok(Json(Preview { html: render::preview(&app, &draft.body, draft.flavour.as_deref()).await? }))
}

/// 201 for what was accepted now, 200 for what was accepted before.
fn posted<T: Serialize>(posted: Posted<T>) -> Response {
    let status = if matches!(posted, Posted::Now(_)) { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(posted.into_inner())).into_response()
}
