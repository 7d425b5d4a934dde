//! Who may come in: preflights are answered, other sites' pages kept out, and floods slowed down.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::origin::{Asked, Origins};
use super::rate_limit::Verdict;
use crate::core::error::Error;
use crate::core::request::RequestFacts;
use crate::server::Server;

pub(in crate::server) const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
pub(in crate::server) const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
pub(in crate::server) const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Lets a request through, or says why not.
pub async fn guard(
    State(server): State<Server>,
    facts: RequestFacts,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        headers: request.headers(),
        secure: facts.is_secure(),
        host: host(&request),
    };
    let preflight = Origins::is_preflight(&asked);
    if !preflight && !server.origins.may_act(&asked) {
        let why = "The browser says that this comes from another site's page.".to_owned();
        return Error::Forbidden("wrong_origin", why).into_response();
    }
    let verdict = if is_exempt(asked.path) {
        None
    } else {
        server.limits.count(&facts, asked.method, asked.path, server.app.clock.now()).await
    };
    let mut response = match verdict {
        Some(refused) if !refused.allowed => too_many(&server, refused),
        _ if preflight => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    if let Some(verdict) = verdict {
        say(verdict, response.headers_mut());
    }
    if preflight || server.origins.shares() {
        let shared = server.origins.share(origin.as_ref(), preflight, response.headers_mut());
        if preflight && !shared {
            let why = "This site is not in ALLOWED_ORIGINS.".to_owned();
            return Error::Forbidden("wrong_origin", why).into_response();
        }
    }
    response
}

/// A request to read something that costs no more than the answer itself, and was counted.
pub(in crate::server) struct Admitted(Option<Verdict>);

/// Counts a request that reads as the layers do; `None` when it is refused, which is for the layers to say.
pub(in crate::server) async fn admit<B>(
    server: &Server,
    facts: &RequestFacts,
    request: &http::Request<B>,
) -> Option<Admitted> {
    let now = server.app.clock.now();
    if !server.limits.count_flood(facts.household(), now).allowed {
        return None;
    }
    let verdict = server.limits.count(facts, request.method(), request.uri().path(), now).await;
    verdict.is_none_or(|verdict| verdict.allowed).then_some(Admitted(verdict))
}

impl Admitted {
    /// Adds what the layers would have said.
    pub(in crate::server) fn say<B>(
        self,
        server: &Server,
        request: &http::Request<B>,
        answer: &mut HeaderMap,
    ) {
        if let Some(verdict) = self.0 {
            say(verdict, answer);
        }
        if server.origins.shares() {
            server.origins.share(request.headers().get(header::ORIGIN), false, answer);
        }
    }
}

fn host(request: &Request) -> Option<&str> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str))
}

/// Probes, and what a page loads dozens of, are not counted.
fn is_exempt(path: &str) -> bool {
    const ALONE: [&str; 8] = [
        "/health",
        "/api/health",
        "/_health",
        "/ready",
        "/sw.js",
        "/favicon.ico",
        "/robots.txt",
        "/manifest.webmanifest",
    ];
    path.starts_with("/assets/") || ALONE.contains(&path)
}

pub(super) fn too_many(server: &Server, verdict: Verdict) -> Response {
    server.metrics.limited();
    let (limit, window) = (verdict.limit, server.app.config.limits.rate_limit_window);
    let why = format!("At most {limit} such requests are answered within {window} s; wait a little.");
    Error::TooMany { retry_after: verdict.reset, why }.into_response()
}

fn say(verdict: Verdict, headers: &mut HeaderMap) {
    headers.insert(LIMIT, HeaderValue::from(verdict.limit));
    headers.insert(REMAINING, HeaderValue::from(verdict.remaining));
    headers.insert(RESET, HeaderValue::from(verdict.reset));
}
