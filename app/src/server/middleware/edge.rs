//! The outermost layer: gives a request its id, its time, its line in the log, and every answer its headers.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use tracing::Instrument;

use super::address;
use super::problems::{self, Asked};
use crate::core::error::Error;
use crate::core::request::RequestFacts;
use crate::ops::metrics::{InFlight, Measures};
use crate::server::{Peer, Server};

/// The header that carries a request's id, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a status line shows when the client did not wait; known from nginx.
const CLIENT_LEFT: u16 = 499;
/// The route of what leads nowhere, so that no stranger can make up labels.
const UNMATCHED: &str = "unmatched";

/// Runs a request with all that every request has.
pub async fn edge(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
    let facts = facts(&server, &request, peer);
    let asked = Asked::of(&request);
    let span = tracing::info_span!("request", request_id = facts.id(), user_id = tracing::field::Empty);
    let route = request.extensions().get().cloned();
    let line = AccessLine::begin(&server, &request, route, facts.clone(), span.clone());
    request.extensions_mut().insert(facts.clone());

    let limit = Duration::from_secs(server.app.config.limits.request_seconds);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = tokio::time::timeout(limit, answer).instrument(span.clone()).await;
    let response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => panicked(&*panic),
        Err(_) => too_slow(limit),
    };
    let response = span.in_scope(|| problems::written(&server, &asked, facts.id(), response));
    line.answered(response)
}

/// A request that is answered without going through the layers.
pub(in crate::server) struct Arrived(AccessLine);

impl Arrived {
    /// Begins its time and its line in the log.
    pub(in crate::server) fn of<B>(
        server: &Server,
        request: &http::Request<B>,
        peer: IpAddr,
        route: MatchedPath,
    ) -> Self {
        let facts = facts(server, request, peer);
        Self(AccessLine::begin(server, request, Some(route), facts, tracing::Span::none()))
    }

    /// What is known of it.
    pub(in crate::server) fn facts(&self) -> &RequestFacts {
        &self.0.facts
    }

    /// It goes through the layers after all, which begin anew.
    pub(in crate::server) fn goes_on(mut self) {
        self.0.ended = true;
    }

    /// The answer, which carries the headers of every answer already, with what is this one's own. `measures` are those
    /// of such answers.
    pub(in crate::server) fn answered(
        mut self,
        mut response: Response,
        measures: &OnceLock<Measures>,
    ) -> Response {
        self.0.name(&mut response);
        let status = response.status();
        if self.0.method == Method::GET && status == StatusCode::OK {
            let made = || self.0.server.metrics.measures(&Method::GET, self.0.route_name(), status.as_u16());
            self.0.write(status.as_u16(), Some(measures.get_or_init(made).clone()));
        } else {
            self.0.write(status.as_u16(), None);
        }
        response
    }
}

fn facts<B>(server: &Server, request: &http::Request<B>, peer: IpAddr) -> RequestFacts {
    let trusted = &server.app.config.server.trusted_proxies;
    let id = given_id(request.headers()).unwrap_or_else(|| server.request_ids.next());
    let client = address::client_address(peer, request.headers(), trusted);
    RequestFacts::new(id, client, address::is_secure(peer, request.headers(), trusted))
}

/// An id that came with the request, if it is fit for a log: 8 to 64 letters, digits, `-`, `_` or `.`.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits =
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    fits.then(|| id.to_owned())
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let why =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::internal(format_args!("a handler panicked: {}", why.unwrap_or("(no message)"))).into_response()
}

fn too_slow(limit: Duration) -> Response {
    let cause = format!("no answer within {} s", limit.as_secs());
    Error::Unavailable { retry_after: limit.as_secs(), cause }.into_response()
}

/// The one line that a request leaves in the log, and its place in the metrics; also when the client does not wait.
struct AccessLine {
    server: Server,
    facts: RequestFacts,
    span: tracing::Span,
    method: Method,
    route: Option<MatchedPath>,
    uri: Uri,
    began: Instant,
    ended: bool,
    _in_flight: InFlight,
}

impl AccessLine {
    fn begin<B>(
        server: &Server,
        request: &http::Request<B>,
        route: Option<MatchedPath>,
        facts: RequestFacts,
        span: tracing::Span,
    ) -> Self {
        Self {
            server: server.clone(),
            facts,
            span,
            method: request.method().clone(),
            route,
            uri: request.uri().clone(),
            began: Instant::now(),
            ended: false,
            _in_flight: server.metrics.begin(),
        }
    }

    /// The answer with what every answer carries, once its line is written.
    fn answered(mut self, mut response: Response) -> Response {
        self.server.headers.apply(response.headers_mut());
        self.name(&mut response);
        self.write(response.status().as_u16(), None);
        response
    }

    /// Puts the request's id on its answer.
    fn name(&self, response: &mut Response) {
        if let Ok(id) = HeaderValue::from_str(self.facts.id()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }

    fn route_name(&self) -> &str {
        self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str)
    }

    fn write(&mut self, status: u16, measures: Option<Measures>) {
        self.ended = true;
        let took = self.began.elapsed();
        let route = self.route_name();
        match measures {
            Some(measures) => measures.answered(took),
            None => self.server.metrics.measures(&self.method, route, status).answered(took),
        }
        let ip = address::logged_as(self.facts.address());
        let _in_request = self.span.enter();
        tracing::info!(
            method = self.method.as_str(),
            path = loggable(self.uri.path()),
            route,
            status,
            duration_ms = milliseconds(took),
            ip = %ip,
            request_id = self.span.is_none().then(|| self.facts.id()),
            "request"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        if !self.ended {
            self.write(CLIENT_LEFT, None);
        }
    }
}

/// Milliseconds with three digits after the point.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// The path as it may be logged: what follows `link` or `links` is a one-time secret.
fn loggable(path: &str) -> String {
    let mut hidden = false;
    let shown: Vec<_> = path
        .split('/')
        .map(|part| {
            let secret = hidden && !part.is_empty();
            hidden = matches!(part, "link" | "links");
            if secret { "{token}" } else { part }
        })
        .collect();
    shown.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_links_are_not_logged() {
        assert_eq!(loggable("/link/s3cret"), "/link/{token}");
        assert_eq!(loggable("/api/auth/links/s3cret"), "/api/auth/links/{token}");
        assert_eq!(loggable("/api/auth/links/s3cret/"), "/api/auth/links/{token}/");
        assert_eq!(loggable("/api/admin/people/7/link"), "/api/admin/people/7/link");
        assert_eq!(loggable("/b/links-and-news"), "/b/links-and-news");
    }

    #[test]
    fn an_id_is_taken_over_when_it_is_fit_for_a_log() {
        let given = |id: &str| given_id(&HeaderMap::from_iter([(REQUEST_ID, id.parse().unwrap())]));
        assert_eq!(given("0af7651916cd43dd"), Some("0af7651916cd43dd".to_owned()));
        for bad in ["short", "with space", "a\"b\"cdefgh", &"x".repeat(65)] {
            assert_eq!(given(bad), None, "{bad}");
        }
    }
}
