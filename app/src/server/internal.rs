//! The internal listener: what operators' programs read and nobody else should reach.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};

use super::{Server, health};
use crate::accounts;
use crate::core::error::{Error, Result};
use crate::ops::metrics::CONTENT_TYPE;

/// `/metrics`, and the probes for those who reach only this listener.
pub(super) fn router(server: &Server) -> Router {
    Router::new().route("/metrics", get(metrics)).merge(health::routes()).with_state(server.clone())
}

async fn metrics(State(server): State<Server>) -> Result<Response> {
    match accounts::sessions::active(&server.app).await {
        Ok(count) => server.metrics.sessions_active(count),
        // The other figures are wanted most when the database is down.
        Err(error) => tracing::debug!(%error, "the living sessions could not be counted"),
    }
    let text = server.metrics.text().map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE))], text).into_response())
}
