//! Boards over HTTP.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use utoipa::OpenApi;

use super::change::{BoardChange, change};
use super::create::{NewBoard, create};
use super::json::BoardRef;
use super::pages::{self, BoardList, BoardPage, OneBoard};
use crate::accounts::Actor;
use crate::core::basis::resting_on;
use crate::core::json::{Json, Path};
use crate::core::{App, Result, etag};

/// The routes of this slice.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/boards", get(list).post(make))
        .route("/api/boards/{slug}", get(show).patch(alter))
}

/// The description of these routes.
pub fn api() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(list, make, show, alter), components(schemas(BoardRef)))]
    struct Api;
    Api::openapi()
}

/// The boards that you may read, in their order.
#[utoipa::path(get, path = "/api/boards", tag = "boards", responses((status = 200, body = BoardList)))]
async fn list(State(app): State<App>, actor: Actor, headers: HeaderMap) -> Result<Response> {
    let mut found = pages::list(&app, &actor).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// Makes a board. For staff.
#[utoipa::path(post, path = "/api/boards", tag = "boards", request_body = NewBoard,
    responses((status = 201, body = OneBoard), (status = 409, description = "There is such a board already: `taken`")))]
async fn make(State(app): State<App>, actor: Actor, Json(new): Json<NewBoard>) -> Result<Response> {
    let board = create(&app, &actor, new).await?;
    let board = pages::alone(&app, &actor, &board).await?;
    Ok((StatusCode::CREATED, Json(board)).into_response())
}

/// One board.
#[utoipa::path(get, path = "/api/boards/{slug}", tag = "boards", params(("slug" = String, Path)),
    responses((status = 200, body = BoardPage)))]
async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut found = pages::board(&app, &actor, &slug).await?;
    let basis = found.basis.take();
    Ok(resting_on(basis, etag::answer(&headers, (&actor).into(), &found)?))
}

/// Changes a board. For administrators.
#[utoipa::path(patch, path = "/api/boards/{slug}", tag = "boards", params(("slug" = String, Path)),
    request_body = BoardChange,
    responses((status = 200, body = OneBoard), (status = 409, description = "`edited_meanwhile`")))]
async fn alter(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    Json(wanted): Json<BoardChange>,
) -> Result<Json<OneBoard>> {
    let board = change(&app, &actor, &slug, wanted).await?;
    Ok(Json(pages::alone(&app, &actor, &board).await?))
}
