//! What probes ask: is the process alive, may it be given requests.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use folkmoot_store::{Standing, sql};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::{COMMIT, Server, VERSION};
use crate::core::time::Time;

/// How long the database may take to answer a probe.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);
const NOT_KEPT: (header::HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

sql! {
    /// Whether the database answers.
    static PING: () -> i64 = "SELECT CAST(1 AS BIGINT) AS one";
}

/// The probes and their other names.
pub fn routes() -> Router<Server> {
    let mut routes = Router::new().route("/ready", get(ready));
    for path in ["/health", "/api/health", "/_health"] {
        routes = routes.route(path, get(health));
    }
    routes
}

/// Alive, whatever else is down: restarting would not help a database.
async fn health(State(server): State<Server>) -> Response {
    let body = json!({
        "status": "ok",
        "timestamp": Time(server.app.now()),
        "uptime_seconds": server.started.elapsed().as_secs(),
        "version": VERSION,
        "commit": COMMIT,
    });
    ([NOT_KEPT], Json(body)).into_response()
}

/// Ready: the database answers in time, ids can be made, and the server is not about to stop. Without Redis and without
/// the replica it is slower, not unready.
async fn ready(State(server): State<Server>) -> Response {
    let draining = server.lifecycle.is_draining();
    let database = database_answers(&server).await;
    let (status, word) = match (draining, database, server.app.ids.is_leased()) {
        (true, ..) => (StatusCode::SERVICE_UNAVAILABLE, "draining"),
        (false, false, _) => (StatusCode::SERVICE_UNAVAILABLE, "database unhealthy"),
        (false, true, false) => (StatusCode::SERVICE_UNAVAILABLE, "node number lost"),
        (false, true, true) => (StatusCode::OK, "ready"),
    };
    let body = json!({
        "status": word,
        "database": if database { "healthy" } else { "unhealthy" },
        "replica": replica_word(&server),
        "redis": server.nodes.redis_word(),
        "draining": draining,
        "timestamp": Time(server.app.now()),
    });
    (status, [NOT_KEPT], Json(body)).into_response()
}

/// How the database's replica is, in a word. Without it the primary does all the work.
fn replica_word(server: &Server) -> &'static str {
    match server.app.db.stats().replica.map(|replica| replica.standing) {
        None => "off",
        Some(Standing::Prompt) => "healthy",
        Some(Standing::Behind) => "behind",
        Some(Standing::Away) => "unhealthy",
    }
}

async fn database_answers(server: &Server) -> bool {
    match tokio::time::timeout(DATABASE_LIMIT, server.app.db.one(PING.with(()))).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => {
            tracing::warn!(cause = %error, "the database did not answer a probe");
            false
        }
        Err(_) => {
            tracing::warn!(limit_ms = 2000, "the database did not answer a probe in time");
            false
        }
    }
}
