//! Gives refusals their words: JSON for programs, the page for people.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::core::error::Problem;
use crate::server::Server;
use crate::server::page::Page;

/// What decides how a refusal is worded.
pub struct Asked {
    /// Somebody looks at it: a page, not the API, and a client that shows HTML.
    by_person: bool,
}

impl Asked {
    /// Looks at a request before its handler takes it.
    pub fn of(request: &Request) -> Self {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let page = !is_api(request.uri().path());
        Self { by_person: looks && page && accepts_html(request.headers()) }
    }
}

/// Whether a path belongs to programs.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The answer with its problem written out, and its cause in the log. Answers without a problem pass as they are,
/// but for bare refusals of libraries (405, 413, …), which are given one.
pub fn written(server: &Server, asked: &Asked, request_id: &str, mut response: Response) -> Response {
    let problem = response.extensions_mut().remove::<Problem>().or_else(|| bare(&response));
    let Some(mut problem) = problem else { return response };
    request_id.clone_into(&mut problem.request_id);
    log(&problem);
    let mut answer = if asked.by_person {
        let detail = format!("{} (request {request_id})", problem.detail);
        let page = Page::refusal(response.status(), &problem.title, &detail);
        server.respond(&page)
    } else {
        let body = axum::Json(&problem).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        (response.status(), [(header::CONTENT_TYPE, kind)], body).into_response()
    };
    // What the refusal itself said (Retry-After, Allow, Set-Cookie …) stays.
    for (name, value) in response.headers() {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    if !answer.headers().contains_key(header::CACHE_CONTROL) {
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}

/// A problem for a refusal that has no words of ours.
fn bare(response: &Response) -> Option<Problem> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("text/plain");
    if !kind.starts_with("text/plain") {
        return None;
    }
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This address does not answer that method."),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "That is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("wrong_type", "The body is not of the type that is read here.")
        }
        StatusCode::UPGRADE_REQUIRED => ("upgrade_needed", "This address speaks WebSocket."),
        status if status.is_server_error() => {
            ("internal", "A mistake of ours. It is in the log under this request's id.")
        }
        _ => ("malformed", "The request cannot be read."),
    };
    Some(Problem::new(status, code, detail))
}

/// Our own mistakes are errors, with all their causes; what is only unavailable is a warning. The rest is the client's, or
/// a crowd at the door, which metrics count.
fn log(problem: &Problem) {
    let cause = problem.cause.as_ref().map(|cause| format!("{cause:#}")).unwrap_or_default();
    match problem.status {
        503 if problem.cause.is_some() => tracing::warn!(code = problem.code, cause, "unavailable"),
        500..503 | 504.. => tracing::error!(code = problem.code, cause, "a request failed"),
        _ => tracing::debug!(code = problem.code, "refused"),
    }
}
