//! The short way: a kept answer that holds is given before the router and its layers, with all that they would have done.

use std::net::IpAddr;

use axum::response::Response;
use http::Request;

use super::compress::Coding;
use super::keep::address;
use crate::accounts::sessions::carries_session;
use crate::server::Server;
use crate::server::assets::Accepts;
use crate::server::middleware::{edge, guard};
use crate::threads::{self, ThreadId};

/// The answer to a guest's request that needs nothing made or asked; `None` when it must go the long way.
pub(in crate::server) async fn hit<B>(
    server: &Server,
    request: &Request<B>,
    peer: IpAddr,
) -> Option<Response> {
    let kept = &server.kept;
    let address = address(request)?;
    let entry = kept.get(address).filter(|entry| entry.is_fresh())?;
    let headers = request.headers();
    if carries_session(headers) {
        return None;
    }
    let coding = Coding::for_client(Accepts::of(headers));
    let mut response = entry.full_answer(headers, coding, &server.headers)?;
    let arrived = edge::Arrived::of(server, request, peer, entry.route.clone());
    let Some(verdict) = guard::admit(server, arrived.facts(), request).await else {
        arrived.goes_on();
        return None;
    };
    if let Some(thread) = entry.basis.opened() {
        threads::seen(&server.app, ThreadId(thread)).ok()?;
    }
    kept.counters.hits.inc();
    entry.note_wanted();
    verdict.say(server, request, response.headers_mut());
    Some(arrived.answered(response, &entry.measures))
}
