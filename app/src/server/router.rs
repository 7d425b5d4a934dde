//! Which URL leads where.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::Method;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use super::kept::keep;
use super::middleware::edge::edge;
use super::middleware::flood::flood;
use super::middleware::guard::guard;
use super::middleware::identify::identify;
use super::middleware::spare::spare;
use super::page::Page;
use super::{Server, api_page, files, health, old_addresses, openapi, pages, site, telemetry};
use crate::core::App;
use crate::core::error::Error;
use crate::core::json::MAX_JSON_BYTES;
use crate::realtime::{self, Node};
use crate::{accounts, boards, chat, search, threads};

/// Answers below this many bytes fit a packet as they are.
pub(super) const WORTH_COMPRESSING: u64 = 1024;
/// For answers made on the spot, in Zstandard where the browser takes it: a seventh more bytes than Brotli at 4 gives, and a
/// third to a half less CPU for a member's page in all.
const QUICKLY: CompressionLevel = CompressionLevel::Precise(1);

/// Everything that the public listener answers, with all layers around it.
pub fn router(server: &Server, node: &Node) -> Router {
    let compress = SizeAbove::new(WORTH_COMPRESSING).and(NotForContentType::const_new("image/"));
    Router::new()
        .nest("/api", api())
        .merge(slices().with_state(server.app.clone()))
        .merge(site::routes())
        .merge(telemetry::routes())
        .merge(realtime::routes(node.clone()).with_state(server.app.clone()))
        .merge(health::routes())
        .merge(files::routes())
        .merge(old_addresses::routes())
        .merge(pages::routes())
        .fallback(nowhere)
        .layer(from_fn_with_state(server.clone(), keep))
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES))
        .layer(from_fn_with_state(server.clone(), guard))
        .layer(from_fn_with_state(server.clone(), identify))
        .layer(from_fn_with_state(node.clone(), realtime::door))
        .layer(from_fn_with_state(server.clone(), flood))
        .layer(CompressionLayer::new().quality(QUICKLY).compress_when(compress))
        .layer(from_fn_with_state(server.clone(), spare))
        .layer(from_fn_with_state(server.clone(), edge))
        .with_state(server.clone())
}

/// What the slices answer.
fn slices() -> Router<App> {
    Router::new()
        .merge(accounts::routes())
        .merge(boards::routes())
        .merge(threads::routes())
        .merge(chat::routes())
        .merge(search::routes())
}

/// What programs call.
fn api() -> Router<Server> {
    Router::new()
        .route("/openapi.json", get(openapi::answer))
        .route("/docs", get(api_page::answer))
        .fallback(no_such_call)
}

async fn no_such_call() -> Error {
    Error::NotFound("call")
}

/// People get the page, with words; programs a problem.
async fn nowhere(State(server): State<Server>, request: Request) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return server.respond(&Page::not_found());
    }
    Error::NotFound("page").into_response()
}
