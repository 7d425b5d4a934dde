//! Addresses that a community had before it moved in: `/t/slug/ID`, `/t/slug/ID/NUMBER` and `/t/ID` lead on for ever,
//! for whoever may read what they lead to.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use folkmoot_store::sql;
use http::{HeaderValue, StatusCode, header};

use super::Server;
use super::page::Page;
use crate::accounts::Actor;
use crate::core::error::{Error, Result};
use crate::core::json::Path;
use crate::threads;

sql! {
    /// The opening post of an imported topic.
    static OPENING: (String) -> i64 = "SELECT opening_post_id FROM threads WHERE source = $1";
    /// An imported post.
    static POST: (String) -> i64 = "SELECT id FROM posts WHERE source = $1";
}

/// The old addresses.
pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/t/{topic}", get(bare))
        .route("/t/{slug}/{topic}", get(topic))
        .route("/t/{slug}/{topic}/{number}", get(post))
}

async fn bare(State(server): State<Server>, actor: Actor, Path(topic): Path<String>) -> Response {
    answer(&server, find(&server, &actor, &topic, None).await)
}

async fn topic(
    State(server): State<Server>,
    actor: Actor,
    Path((slug, topic)): Path<(String, String)>,
) -> Response {
    // `/t/ID/NUMBER` is an address of old, too.
    let found = match slug.parse::<u32>() {
        Ok(_) => find(&server, &actor, &slug, Some(&topic)).await,
        Err(_) => find(&server, &actor, &topic, None).await,
    };
    answer(&server, found)
}

async fn post(
    State(server): State<Server>,
    actor: Actor,
    Path((_, topic, number)): Path<(String, String, String)>,
) -> Response {
    answer(&server, find(&server, &actor, &topic, Some(&number)).await)
}

/// Where the post is now. A number that no post has leads to the topic's beginning.
async fn find(server: &Server, actor: &Actor, topic: &str, number: Option<&str>) -> Result<String> {
    let (Ok(topic), db) = (topic.parse::<u32>(), &server.app.db) else { return Err(Error::NotFound("page")) };
    let mut found = None;
    if let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) {
        found = db.maybe(POST.with((format!("discourse:{topic}/{number}"),))).await?;
    }
    if found.is_none() {
        found = db.maybe(OPENING.with((format!("discourse:{topic}"),))).await?;
    }
    threads::place_of(&server.app, actor, threads::PostId(found.ok_or(Error::NotFound("page"))?)).await
}

fn answer(server: &Server, found: Result<String>) -> Response {
    let place = match found {
        Ok(place) => HeaderValue::try_from(place),
        Err(Error::NotFound(_)) => {
            return server.respond(&Page::not_found());
        }
        Err(error) => return error.into_response(),
    };
    match place {
        Ok(place) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, place)]).into_response(),
        Err(error) => Error::internal(error).into_response(),
    }
}
