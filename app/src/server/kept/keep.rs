//! The layer around the routes: gives what is kept and holds, asks of what is old whether it holds, and keeps what is made.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::compress::{self, Coding};
use super::entry::{Entry, unchanged};
use super::store::{Made, Making, Store};
use crate::accounts::sessions::carries_session;
use crate::core::basis::Basis;
use crate::core::error::Error;
use crate::core::etag;
use crate::server::Server;
use crate::server::assets::Accepts;
use crate::threads::{self, ThreadId};

/// The routes whose answers to guests say what they rest on.
const ROUTES: [&str; 16] = [
    "/",
    "/boards",
    "/b/{slug}",
    "/threads/{id}",
    "/threads/{id}/{slug}",
    "/tags/{tag}",
    "/api/boards",
    "/api/boards/{slug}",
    "/api/boards/{slug}/threads",
    "/api/posts",
    "/api/tags",
    "/api/tags/{tag}/threads",
    "/api/threads/{id}",
    "/api/threads/{id}/posts",
    "/api/users/{nickname}/threads",
    "/api/users/{nickname}/posts",
];

/// Headers that make an answer depend on what the client has.
const CONDITIONS: [header::HeaderName; 2] = [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];

/// The address of a request that reads.
pub(super) fn address<B>(request: &http::Request<B>) -> Option<&str> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let uri = request.uri();
    reads.then(|| uri.path_and_query().map_or(uri.path(), http::uri::PathAndQuery::as_str))
}

/// A guest's request for something that is kept.
struct Asked {
    server: Server,
    address: Box<str>,
    route: MatchedPath,
    headers: HeaderMap,
}

/// Gives a guest what is kept, or lets it be made and keeps it.
pub(in crate::server) async fn keep(State(server): State<Server>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.filter(|route| server.kept.is_on() && ROUTES.contains(&route.as_str())).cloned();
    let (Some(route), Some(address), true) = (route, address(&request), !carries_session(request.headers()))
    else {
        return next.run(request).await;
    };
    let (address, headers) = (address.into(), request.headers().clone());
    let asked = Asked { server, address, route, headers };
    let kept = Arc::clone(&asked.server.kept);
    let making = kept.making(&asked.address);
    let response = asked.answer(&kept, &making, request, next).await;
    kept.leave(&asked.address, making);
    response
}

impl Asked {
    /// Waits until whoever makes the same is done.
    async fn answer(&self, kept: &Arc<Store>, making: &Making, request: Request, next: Next) -> Response {
        let came = kept.now();
        let mut made = making.lock().await;
        if let Some(entry) = self.still_held(kept).await {
            return self.give(kept, &entry);
        }
        if let Some(made) = made.as_ref().filter(|made| kept.is_good_for(made, came)) {
            return self.give(kept, &made.entry);
        }
        let from = kept.now();
        kept.counters.misses.inc();
        let response = next.run(whole(request)).await;
        match self.entry(response).await {
            Ok(entry) => {
                let entry = Arc::new(entry);
                kept.put(&entry, from);
                let response = entry.answer(&self.headers);
                *made = Some(Made { entry, from });
                response
            }
            Err(response) => self.as_asked(response),
        }
    }

    /// What is kept, if it holds. What is too old to be taken to hold is asked.
    async fn still_held(&self, kept: &Arc<Store>) -> Option<Arc<Entry>> {
        let entry = kept.get(&self.address)?;
        if entry.is_fresh() {
            return Some(entry);
        }
        kept.counters.checks.inc();
        match entry.basis.holds(&self.server.app).await {
            Ok(Some(as_of)) => {
                entry.holds_as_of(as_of);
                // Something may have ended it while it was asked.
                Some(entry).filter(|entry| entry.is_fresh())
            }
            Ok(None) | Err(Error::NotFound(_)) => {
                kept.drop_entry(&entry);
                None
            }
            // Whoever makes the answer meets the same, and says so.
            Err(error) => {
                tracing::debug!(%error, "it could not be read whether a kept answer holds");
                None
            }
        }
    }

    fn give(&self, kept: &Arc<Store>, entry: &Arc<Entry>) -> Response {
        kept.counters.hits.inc();
        entry.note_wanted();
        if let Some(thread) = entry.basis.opened()
            && let Err(error) = threads::seen(&self.server.app, ThreadId(thread))
        {
            tracing::warn!(%error, "a view could not be counted");
        }
        compress::begin(kept, entry, Coding::for_client(Accepts::of(&self.headers)));
        entry.answer(&self.headers)
    }

    /// The answer as an entry; given back if it is none that can be kept.
    async fn entry(&self, mut response: Response) -> Result<Entry, Response> {
        let basis = response.extensions_mut().remove::<Basis>();
        let Some(basis) = basis.filter(|_| response.status() == StatusCode::OK) else { return Err(response) };
        let (head, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(plain) => {
                let (route, of_all) = (self.route.clone(), &self.server.headers);
                Entry::new(&self.address, route, basis, head.headers, plain, of_all)
                    .map_err(IntoResponse::into_response)
            }
            Err(error) => Err(Error::internal(error).into_response()),
        }
    }

    /// What was made whole, as the client asked for it.
    fn as_asked(&self, mut response: Response) -> Response {
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        if response.status() == StatusCode::OK && tag.is_some_and(|tag| etag::names(&self.headers, tag)) {
            unchanged(&mut response);
        }
        response
    }
}

/// A request for the whole answer, whatever the client has.
fn whole(mut request: Request) -> Request {
    *request.method_mut() = Method::GET;
    for name in CONDITIONS {
        request.headers_mut().remove(name);
    }
    request
}
