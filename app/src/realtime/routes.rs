//! `GET /ws`, also `/socket.io`: from a request to a socket.

use axum::Router;
use axum::extract::{Extension, Request, State, WebSocketUpgrade};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::hub::TooManyConnections;
use super::line::Full;
use super::node::Node;
use super::peer::Identity;
use super::protocol::MAX_FRAME_BYTES;
use super::socket::{self, Place};
use crate::accounts::Actor;
use crate::core::request::{RequestFacts, SOCKET_PATHS, is_socket};
use crate::core::{App, Error, Result};

/// Bytes of each of a socket's two buffers. With the library's own sizes an idle socket would hold 134 KB.
const BUFFER: usize = 2 * 1024;
/// The most bytes of one frame to a client, and what waits to be written before it: a page of the longest posts fits.
const MAX_WRITE_BUFFER: usize = 8 * 1024 * 1024;

/// Over how many seconds those are spread who found the line too long.
const SPREAD_SECONDS: u64 = 10;

/// The socket's routes.
pub fn routes(node: Node) -> Router<App> {
    let routes =
        SOCKET_PATHS.into_iter().fold(Router::new(), |routes, path| routes.route(path, get(connect)));
    routes.layer(Extension(node))
}

/// Has those who want a socket wait for their turn, before anybody looks up who they are; everything else passes by.
pub async fn door(State(node): State<Node>, request: Request, next: Next) -> Response {
    if !is_socket(request.uri().path()) {
        return next.run(request).await;
    }
    match node.line.enter().await {
        // Dropped with the answer, when the socket itself begins.
        Ok(_turn) => next.run(request).await,
        Err(Full) => Error::Busy { retry_after: come_again(&node) }.into_response(),
    }
}

/// Seconds until somebody for whom there was no room should come again: not everyone at the same moment.
fn come_again(node: &Node) -> u64 {
    // Without randomness all of them come again at the same time, which the line bears too.
    let random = node.app.random.bytes::<1>().map_or(0, |[byte]| u64::from(byte));
    1 + random % SPREAD_SECONDS
}

async fn connect(
    Extension(node): Extension<Node>,
    facts: RequestFacts,
    actor: Actor,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    if !node.is_open() {
        return Err(Error::Unavailable { retry_after: 1, cause: String::from("this node is going down") });
    }
    let identity = actor
        .user()
        .map_or_else(Identity::default, |me| Identity { user: Some(me.id.0), session: Some(me.session.0) });
    let place = Place::take(&node, identity, facts.household()).map_err(|TooManyConnections| {
        Error::TooMany { retry_after: 10, why: String::from("Too many sockets are open from your address.") }
    })?;
    let upgrade = upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES);
    Ok(upgrade.on_upgrade(move |wire| socket::serve(place, wire)))
}
