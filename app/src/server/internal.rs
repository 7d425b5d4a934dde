//! The internal listener: what operators' programs read and nobody else should reach.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};

use super::{Server, health};
use crate::core::error::{Error, Result};
use crate::ops::metrics::CONTENT_TYPE;

/// `/metrics`, and the probes for those who reach only this listener.
pub(super) fn router(server: &Server) -> Router {
    Router::new().route("/metrics", get(metrics)).merge(health::routes()).with_state(server.clone())
}

async fn metrics(State(server): State<Server>) -> Result<Response> {
    let text = server.metrics.text().map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE))], text).into_response())
}
