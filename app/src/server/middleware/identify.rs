//! Who asks, found out once before anything else needs it: limits count by person, and the log names them.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header;

use crate::accounts::Actor;
use crate::server::Server;

/// Reads the session or token of a request that carries one. What is wrong with it is for the route to say, since
/// not every route asks who it is.
pub async fn identify(State(server): State<Server>, request: Request, next: Next) -> Response {
    let carries =
        [header::COOKIE, header::AUTHORIZATION].iter().any(|name| request.headers().contains_key(name));
    if !carries || request.uri().path().starts_with("/assets/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    if let Err(error) = Actor::from_request_parts(&mut parts, &server.app).await {
        tracing::debug!(%error, "it is not known who asks");
    }
    next.run(Request::from_parts(parts, body)).await
}
