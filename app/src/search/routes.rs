//! Searching over HTTP.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use utoipa::OpenApi;

use super::find::find;
use super::json::{SearchAnswer, SearchQuery};
use crate::accounts::Actor;
use crate::core::json::{Json, Query};
use crate::core::{App, Result};

/// The routes of this slice.
pub fn routes() -> Router<App> {
    Router::new().route("/api/search", get(search))
}

/// The description of these routes.
pub fn api() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(search))]
    struct Api;
    Api::openapi()
}

/// Posts, messages, people, boards and tags by their words: what you may read of them, as of now.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchAnswer), (status = 400, description = "Names what cannot be asked")))]
async fn search(State(app): State<App>, actor: Actor, Query(query): Query<SearchQuery>) -> Result<Response> {
    let answer = find(&app, &actor, &query).await?;
    let kept = HeaderValue::from_static("private, no-store");
    Ok(([(header::CACHE_CONTROL, kept)], Json(answer)).into_response())
}
