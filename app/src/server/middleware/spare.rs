//! Spares a server that is behind: a part of the requests is turned away before anything is done for them, so that the
//! others are answered in time.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::flood::costs_nothing;
use crate::core::error::Error;
use crate::server::Server;

/// When whoever is turned away may ask again, in seconds. By then everybody is let in, if the rush is over.
const RETRY_AFTER: u64 = 2;

/// Lets a request through unless the server is behind and this is one of those to be turned away. Whoever asks whether the
/// server lives and works is always answered.
pub async fn spare(State(server): State<Server>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path != "/ready" && !costs_nothing(&server, path) && server.overload.turns_away() {
        return Error::Busy { retry_after: RETRY_AFTER }.into_response();
    }
    next.run(request).await
}
