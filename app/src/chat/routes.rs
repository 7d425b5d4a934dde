//! Conversations and messages over HTTP: what is asked to a use case, what it answers to JSON.

#![expect(unused_qualifications, reason = "utoipa writes the names of query parameters in full")]

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post, put};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::block::BlockList;
use super::edit::{MessageBefore, MessageEdit, MessageSource};
use super::history::{HistoryQuery, MessagesPage};
use super::json::{ConversationJson, MessageJson};
use super::list::{ConversationList, OneConversation};
use super::members::{Adding, ConversationChange, RoleChange};
use super::model::{ConversationId, MessageId};
use super::open::ConversationOpening;
use super::search::{FoundMessages, SearchQuery};
use super::send::{Sending, Taken};
use super::{block, edit, history, list, mark, members, open, react, search, send};
use crate::accounts::Actor;
use crate::core::client_id::checked_client_id;
use crate::core::json::{Json, Path, Query};
use crate::core::paging::{Page, PageQuery};
use crate::core::{App, Result, etag};

/// The routes of this slice.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/conversations", get(conversations).post(open_conversation))
        .route("/api/conversations/search", get(search_all))
        .route("/api/conversations/{id}", get(conversation).patch(change_conversation))
        .route("/api/conversations/{id}/messages", get(messages).post(send_message))
        .route("/api/conversations/{id}/search", get(search_one))
        .route("/api/conversations/{id}/read", post(read))
        .route("/api/conversations/{id}/mute", put(mute).delete(unmute))
        .route("/api/conversations/{id}/accept", post(accept))
        .route("/api/conversations/{id}/members", post(add_members))
        .route("/api/conversations/{id}/members/{nickname}", patch(set_role).delete(remove_member))
        .route("/api/messages/{id}", get(message).patch(edit_message).delete(delete_message))
        .route("/api/messages/{id}/edits", get(message_edits))
        .route("/api/messages/{id}/reactions/{emoji}", put(react_to_message).delete(take_reaction_back))
        .route("/api/me/blocks", get(blocks))
        .route("/api/me/blocks/{nickname}", put(block_person).delete(unblock_person))
}

/// The description of these routes.
pub fn api() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(
        conversations,
        open_conversation,
        conversation,
        change_conversation,
        messages,
        send_message,
        search_one,
        search_all,
        read,
        mute,
        unmute,
        accept,
        add_members,
        set_role,
        remove_member,
        message,
        edit_message,
        delete_message,
        message_edits,
        react_to_message,
        take_reaction_back,
        blocks,
        block_person,
        unblock_person
    ))]
    struct Api;
    Api::openapi()
}

/// A conversation, alone.
#[derive(Serialize, ToSchema)]
struct AConversation {
    conversation: ConversationJson,
}

/// A message, alone.
#[derive(Serialize, ToSchema)]
struct AMessage {
    message: MessageJson,
}

/// How far one has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadTo {
    /// The number of the last message, or of anything after it.
    seq: i64,
}

/// One's conversations, the last written to first.
#[utoipa::path(get, path = "/api/conversations", tag = "chat", params(PageQuery),
    responses((status = 200, body = ConversationList)))]
async fn conversations(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &list::list(&app, &actor, &query).await?)
}

/// Opens a conversation. With one other member and no title it is direct, and the one that exists is answered.
#[utoipa::path(post, path = "/api/conversations", tag = "chat", request_body = ConversationOpening,
    responses((status = 201, body = AConversation), (status = 200, body = AConversation, description = "It exists"),
        (status = 403, description = "`blocked`, `not_accepted_here`")))]
async fn open_conversation(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
    Json(mut opening): Json<ConversationOpening>,
) -> Result<Response> {
    opening.client_id = checked_client_id(opening.client_id.as_deref(), &headers)?;
    let opened = open::open(&app, &actor, opening).await?;
    Ok(taken(opened, |conversation| AConversation { conversation }))
}

/// One conversation.
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "chat", params(("id" = ConversationId, Path)),
    responses((status = 200, body = OneConversation)))]
async fn conversation(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &list::one(&app, &actor, id).await?)
}

/// Gives a group another title. For its owner and admins.
#[utoipa::path(patch, path = "/api/conversations/{id}", tag = "chat", params(("id" = ConversationId, Path)),
    request_body = ConversationChange,
    responses((status = 200, body = AConversation), (status = 409, description = "`edited_meanwhile`")))]
async fn change_conversation(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    Json(change): Json<ConversationChange>,
) -> Result<Json<AConversation>> {
    Ok(Json(AConversation { conversation: members::rename(&app, &actor, id, &change).await? }))
}

/// Messages of a conversation, the newest first.
#[utoipa::path(get, path = "/api/conversations/{id}/messages", tag = "chat",
    params(("id" = ConversationId, Path), HistoryQuery), responses((status = 200, body = MessagesPage)))]
async fn messages(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    Query(query): Query<HistoryQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &history::history(&app, &actor, id, &query).await?)
}

/// Sends a message. Sent again with the same `client_id` (or header `Idempotency-Key`) it answers the same message.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", tag = "chat", params(("id" = ConversationId, Path)),
    request_body = Sending,
    responses((status = 201, body = AMessage), (status = 200, body = AMessage, description = "It was sent before"),
        (status = 403, description = "`blocked`, `not_accepted_here`"),
        (status = 409, description = "It was sent to another conversation before: `sent_elsewhere`")))]
async fn send_message(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    headers: HeaderMap,
    Json(mut sending): Json<Sending>,
) -> Result<Response> {
    sending.client_id = checked_client_id(sending.client_id.as_deref(), &headers)?;
    let sent = send::send(&app, &actor, id, sending).await?;
    Ok(taken(sent, |message| AMessage { message }))
}

/// Messages of a conversation that hold some words, the newest first.
#[utoipa::path(get, path = "/api/conversations/{id}/search", tag = "chat",
    params(("id" = ConversationId, Path), SearchQuery), responses((status = 200, body = Page<MessageJson>)))]
async fn search_one(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Page<MessageJson>>> {
    Ok(Json(search::in_one(&app, &actor, id, query).await?))
}

/// Messages of all of one's conversations that hold some words, the newest first.
#[utoipa::path(get, path = "/api/conversations/search", tag = "chat", params(SearchQuery),
    responses((status = 200, body = FoundMessages)))]
async fn search_all(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<SearchQuery>,
) -> Result<Json<FoundMessages>> {
    Ok(Json(search::in_all(&app, &actor, query).await?))
}

/// Marks a conversation as read up to a number. The mark only grows.
#[utoipa::path(post, path = "/api/conversations/{id}/read", tag = "chat", params(("id" = ConversationId, Path)),
    request_body = ReadTo, responses((status = 204)))]
async fn read(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    Json(to): Json<ReadTo>,
) -> Result<StatusCode> {
    mark::read(&app, &actor, id, to.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mutes a conversation: it counts in its own row only.
#[utoipa::path(put, path = "/api/conversations/{id}/mute", tag = "chat", params(("id" = ConversationId, Path)),
    responses((status = 204)))]
async fn mute(State(app): State<App>, actor: Actor, Path(id): Path<ConversationId>) -> Result<StatusCode> {
    mark::mute(&app, &actor, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a conversation be heard again.
#[utoipa::path(delete, path = "/api/conversations/{id}/mute", tag = "chat", params(("id" = ConversationId, Path)),
    responses((status = 204)))]
async fn unmute(State(app): State<App>, actor: Actor, Path(id): Path<ConversationId>) -> Result<StatusCode> {
    mark::mute(&app, &actor, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts what a stranger began. Answering does so too.
#[utoipa::path(post, path = "/api/conversations/{id}/accept", tag = "chat", params(("id" = ConversationId, Path)),
    responses((status = 204)))]
async fn accept(State(app): State<App>, actor: Actor, Path(id): Path<ConversationId>) -> Result<StatusCode> {
    mark::accept(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds members to a group. For its owner and admins.
#[utoipa::path(post, path = "/api/conversations/{id}/members", tag = "chat", params(("id" = ConversationId, Path)),
    request_body = Adding, responses((status = 200, body = AConversation)))]
async fn add_members(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ConversationId>,
    Json(adding): Json<Adding>,
) -> Result<Json<AConversation>> {
    Ok(Json(AConversation { conversation: members::add(&app, &actor, id, &adding).await? }))
}

/// Gives a member another role; `owner` hands the group over. For its owner.
#[utoipa::path(patch, path = "/api/conversations/{id}/members/{nickname}", tag = "chat",
    params(("id" = ConversationId, Path), ("nickname" = String, Path)), request_body = RoleChange,
    responses((status = 200, body = AConversation), (status = 409, description = "`last_owner`")))]
async fn set_role(
    State(app): State<App>,
    actor: Actor,
    Path((id, nickname)): Path<(ConversationId, String)>,
    Json(change): Json<RoleChange>,
) -> Result<Json<AConversation>> {
    let conversation = members::set_role(&app, &actor, id, &nickname, change.role).await?;
    Ok(Json(AConversation { conversation }))
}

/// Removes a member; oneself is leaving.
#[utoipa::path(delete, path = "/api/conversations/{id}/members/{nickname}", tag = "chat",
    params(("id" = ConversationId, Path), ("nickname" = String, Path)),
    responses((status = 204), (status = 409, description = "`last_owner`")))]
async fn remove_member(
    State(app): State<App>,
    actor: Actor,
    Path((id, nickname)): Path<(ConversationId, String)>,
) -> Result<StatusCode> {
    members::remove(&app, &actor, id, &nickname).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A message with its source, for an editor.
#[utoipa::path(get, path = "/api/messages/{id}", tag = "chat", params(("id" = MessageId, Path)),
    responses((status = 200, body = MessageSource)))]
async fn message(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<MessageId>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, (&actor).into(), &edit::source(&app, &actor, id).await?)
}

/// Edits one's message.
#[utoipa::path(patch, path = "/api/messages/{id}", tag = "chat", params(("id" = MessageId, Path)),
    request_body = MessageEdit,
    responses((status = 200, body = AMessage), (status = 409, description = "`edited_meanwhile`")))]
async fn edit_message(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<MessageId>,
    Json(wanted): Json<MessageEdit>,
) -> Result<Json<AMessage>> {
    Ok(Json(AMessage { message: edit::edit(&app, &actor, id, &wanted).await? }))
}

/// Deletes one's message.
#[utoipa::path(delete, path = "/api/messages/{id}", tag = "chat", params(("id" = MessageId, Path)),
    responses((status = 204)))]
async fn delete_message(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<MessageId>,
) -> Result<StatusCode> {
    edit::delete(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The words that edits of a message replaced, the oldest first.
#[utoipa::path(get, path = "/api/messages/{id}/edits", tag = "chat", params(("id" = MessageId, Path), PageQuery),
    responses((status = 200, body = Page<MessageBefore>)))]
async fn message_edits(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<MessageId>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Page<MessageBefore>>> {
    Ok(Json(edit::edits(&app, &actor, id, &paging).await?))
}

/// Reacts to a message with an emoji.
#[utoipa::path(put, path = "/api/messages/{id}/reactions/{emoji}", tag = "chat",
    params(("id" = MessageId, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 409, description = "`too_many_reactions`")))]
async fn react_to_message(
    State(app): State<App>,
    actor: Actor,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Result<StatusCode> {
    react::react(&app, &actor, id, &emoji, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a reaction back.
#[utoipa::path(delete, path = "/api/messages/{id}/reactions/{emoji}", tag = "chat",
    params(("id" = MessageId, Path), ("emoji" = String, Path)), responses((status = 204)),
    operation_id = "take_message_reaction_back")]
async fn take_reaction_back(
    State(app): State<App>,
    actor: Actor,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> Result<StatusCode> {
    react::react(&app, &actor, id, &emoji, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom one has blocked.
#[utoipa::path(get, path = "/api/me/blocks", tag = "chat", responses((status = 200, body = BlockList)))]
async fn blocks(State(app): State<App>, actor: Actor) -> Result<Json<BlockList>> {
    Ok(Json(block::list(&app, &actor).await?))
}

/// Blocks somebody: no direct messages between the two, and they do not see one come and go.
#[utoipa::path(put, path = "/api/me/blocks/{nickname}", tag = "chat", params(("nickname" = String, Path)),
    responses((status = 204)))]
async fn block_person(
    State(app): State<App>,
    actor: Actor,
    Path(nickname): Path<String>,
) -> Result<StatusCode> {
    block::set(&app, &actor, &nickname, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Blocks somebody no more.
#[utoipa::path(delete, path = "/api/me/blocks/{nickname}", tag = "chat", params(("nickname" = String, Path)),
    responses((status = 204)))]
async fn unblock_person(
    State(app): State<App>,
    actor: Actor,
    Path(nickname): Path<String>,
) -> Result<StatusCode> {
    block::set(&app, &actor, &nickname, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 201 for what is new, 200 for what was there.
fn taken<T, B: Serialize>(taken: Taken<T>, body: impl FnOnce(T) -> B) -> Response {
    match taken {
        Taken::Now(new) => (StatusCode::CREATED, Json(body(new))).into_response(),
        Taken::Before(before) => Json(body(before)).into_response(),
    }
}
