//! Keeps floods away from the database: what finds out who asks, and what the general limit does not count, is itself
//! limited by address, far above what a household or a school needs.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::guard::too_many;
use crate::core::request::RequestFacts;
use crate::server::Server;

/// Lets a request through unless its address floods. Nothing is said of the limit before it is reached.
pub async fn flood(
    State(server): State<Server>,
    facts: RequestFacts,
    request: Request,
    next: Next,
) -> Response {
    if !costs_nothing(&server, request.uri().path()) {
        let verdict = server.limits.count_flood(facts.household(), server.app.clock.now());
        if !verdict.allowed {
            return too_many(&server, verdict);
        }
    }
    next.run(request).await
}

/// Files of this release are in memory, and a page asks for dozens of them; being alive needs no database either.
pub(super) fn costs_nothing(server: &Server, path: &str) -> bool {
    let of_release = path.strip_prefix("/assets/").and_then(|rest| rest.split_once('/'));
    of_release.is_some_and(|(name, _)| name == server.assets.release.name)
        || ["/health", "/api/health", "/_health"].contains(&path)
}
