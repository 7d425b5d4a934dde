//! `GET /api/site`: what everybody may know of this community and of the server it lives on.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{Server, VERSION};
use crate::accounts::site::{self, Site};
use crate::core::Result;
use crate::core::etag::{self, Audience};

#[derive(OpenApi)]
#[openapi(paths(answer))]
pub(super) struct Api;

pub(super) fn routes() -> Router<Server> {
    Router::new().route("/api/site", get(answer))
}

/// The community and the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteAnswer {
    /// The community.
    #[serde(flatten)]
    pub site: Site,
    /// The server's version.
    pub version: &'static str,
    /// The name of the client's files: another one means that the client should be loaded again.
    pub release: String,
    /// The name of this history: another one means that what was loaded may be no more.
    pub epoch: String,
    /// The share of page loads that are asked how long they took, in percent.
    pub telemetry_percent: u32,
}

/// What everybody may know of the community.
///
/// # Errors
/// When the database cannot be read.
pub async fn site(server: &Server) -> Result<SiteAnswer> {
    let site = site::site(&server.app).await?;
    let (release, epoch) = (server.assets.release.name.clone(), server.app.epoch().to_string());
    let telemetry_percent = server.app.config.telemetry.percent;
    Ok(SiteAnswer { site, version: VERSION, release, epoch, telemetry_percent })
}

/// The community and the server
#[utoipa::path(get, path = "/api/site", tag = "site", responses(
    (status = 200, description = "Its name, its rules, and what runs here", body = SiteAnswer),
))]
async fn answer(State(server): State<Server>, headers: HeaderMap) -> Result<Response> {
    etag::answer(&headers, Audience::Guests, &site(&server).await?)
}
