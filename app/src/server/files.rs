//! Routes of the client's files: those of this release, those of others, and the few with addresses of their own.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, header};

use super::assets::{self, WORKER, is_public};
use super::{Server, releases};
use crate::core::error::{Error, Result};
use crate::core::json::Path;

/// What tells a crawler what not to ask for.
const ROBOTS: &str =
    "User-agent: *\nDisallow: /api/\nDisallow: /admin\nDisallow: /link/\nDisallow: /settings\n";

/// `/assets/…` and the files that browsers look for at the root.
pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/assets/{release}/manifest.json", get(manifest))
        .route("/assets/{release}/{*path}", get(file))
        .route("/sw.js", get(worker))
        .route("/favicon.ico", get(icon))
        .route("/robots.txt", get(robots))
}

async fn file(
    State(server): State<Server>,
    Path((release, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    if !is_public(&path) {
        return Err(Error::NotFound("file"));
    }
    if release == server.assets.release.name {
        return server.assets.answer(&path, &headers).await.ok_or(Error::NotFound("file"));
    }
    let asset = releases::file(&server.app.db, &release, &path).await?.ok_or(Error::NotFound("file"))?;
    Ok(assets::respond_for_ever(&path, &asset, &headers))
}

/// The paths of a release, for the service worker to keep.
async fn manifest(State(server): State<Server>, Path(release): Path<String>) -> Result<Response> {
    if release == server.assets.release.name {
        return Ok(Json(server.assets.release.manifest()).into_response());
    }
    let mut paths = releases::paths(&server.app.db, &release).await?;
    if paths.is_empty() {
        return Err(Error::NotFound("release"));
    }
    paths.retain(|path| is_public(path));
    Ok(Json(paths).into_response())
}

async fn worker(State(server): State<Server>, headers: HeaderMap) -> Result<Response> {
    let asset = server.assets.file(WORKER).await.ok_or(Error::NotFound("file"))?;
    Ok(assets::respond_for_now(WORKER, &asset, &headers))
}

/// Browsers ask for it unless the page names another; it is the same.
async fn icon(State(server): State<Server>, headers: HeaderMap) -> Result<Response> {
    const ICON: &str = "icons/folkmoot.svg";
    let asset = server.assets.file(ICON).await.ok_or(Error::NotFound("file"))?;
    Ok(assets::respond_for_now(ICON, &asset, &headers))
}

async fn robots() -> impl IntoResponse {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], ROBOTS)
}
