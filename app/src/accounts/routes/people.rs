//! `/api/users`: who is here.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use utoipa::OpenApi;

use super::PeopleQuery;
use crate::accounts::Actor;
use crate::accounts::directory::{self, ProfileAnswer};
use crate::accounts::people::Profile;
use crate::core::etag::{self, Audience};
use crate::core::json::{Path, Query};
use crate::core::paging::Page;
use crate::core::{App, Result};

#[derive(OpenApi)]
#[openapi(paths(people, person))]
pub(super) struct Api;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/users", get(people)).route("/api/users/{nickname}", get(person))
}

/// The directory
#[utoipa::path(get, path = "/api/users", tag = "people", params(
    ("q" = Option<String>, Query, description = "Letters of the nickname"),
    ("limit" = Option<u32>, Query, description = "1 to 100"),
    ("cursor" = Option<String>, Query, description = "`next` of the page before"),
), responses((status = 200, description = "People in the order of nicknames", body = Page<Profile>)))]
async fn people(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<PeopleQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let (words, page) = query.page();
    etag::answer(&headers, Audience::Guests, &directory::people(&app, &actor, &words, &page).await?)
}

/// A person's page
#[utoipa::path(get, path = "/api/users/{nickname}", tag = "people", params(("nickname" = String, Path)), responses(
    (status = 200, description = "Their page", body = ProfileAnswer),
    (status = 404, description = "Nobody is called so"),
))]
async fn person(
    State(app): State<App>,
    actor: Actor,
    Path(nickname): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::answer(&headers, Audience::Guests, &directory::person(&app, &actor, &nickname).await?)
}
