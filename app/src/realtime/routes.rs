//! `GET /ws`: from a request to a socket.

use axum::Router;
use axum::extract::{Extension, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;

use super::hub::TooManyConnections;
use super::node::Node;
use super::peer::Identity;
use super::protocol::MAX_FRAME_BYTES;
use super::socket::{self, Place};
use crate::accounts::Actor;
use crate::core::request::RequestFacts;
use crate::core::{App, Error, Result};

/// Bytes of each of a socket's two buffers. With the library's own sizes an idle socket would hold 134 KB.
const BUFFER: usize = 2 * 1024;
/// The most bytes of one frame to a client, and what waits to be written before it: a page of the longest posts fits.
const MAX_WRITE_BUFFER: usize = 8 * 1024 * 1024;

/// The socket's route.
pub fn routes(node: Node) -> Router<App> {
    Router::new().route("/ws", get(connect)).layer(Extension(node))
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
