//! `POST /api/telemetry`: what a browser tells of itself. docs/telemetry.md has the whole of it.

use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use super::Server;
use crate::core::error::{Error, Result};

/// The most bytes of a report: several times what the client sends.
const MOST_BYTES: usize = 4096;
/// The most changes and the most errors of one report.
const MOST: usize = 10;
/// No page takes longer, in milliseconds: a computer slept meanwhile.
const LONGEST: u32 = 600_000;

#[derive(OpenApi)]
#[openapi(paths(take))]
pub(super) struct Api;

pub(super) fn routes() -> Router<Server> {
    Router::new().route("/api/telemetry", post(take))
}

/// What a browser tells of one page load. It says nothing of who reads what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The name of the client's files.
    release: String,
    /// Whether the reader came from elsewhere.
    #[serde(default)]
    visit: bool,
    /// How long the page took, once it is known.
    load: Option<Load>,
    /// Changes to another page that took long enough to be noticed; at most 10.
    #[serde(default)]
    changes: Vec<Change>,
    /// What broke; at most 10.
    #[serde(default)]
    errors: Vec<Broken>,
}

/// How long a page took to load, in milliseconds, at most 600,000.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// The page's name among the client's routes.
    route: String,
    /// Until there were words to read.
    paint_ms: Option<u32>,
    /// Until all was there.
    ms: u32,
}

/// How long it took to go to another page, in milliseconds, at most 600,000.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The page's name among the client's routes.
    route: String,
    /// Until it was shown.
    ms: u32,
}

/// An error of the client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// Its class, such as `TypeError`.
    class: String,
    /// The page's name among the client's routes.
    route: String,
}

/// A browser tells of itself
///
/// Not read when the browser asks not to be tracked (`DNT`, `Sec-GPC`) or the server wants no reports.
#[utoipa::path(post, path = "/api/telemetry", tag = "site", request_body = Report, responses(
    (status = 204, description = "Counted, or not wanted"),
    (status = 413, description = "More than 4096 bytes"),
    (status = 422, description = "Too many changes or errors, or a time that cannot be"),
))]
async fn take(State(server): State<Server>, headers: HeaderMap, body: Body) -> Result<StatusCode> {
    if server.app.config.telemetry.percent == 0 || asks_for_privacy(&headers) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let bytes = body::to_bytes(body, MOST_BYTES).await.map_err(|_| Error::TooLarge { limit: MOST_BYTES })?;
    let report: Report = serde_json::from_slice(&bytes)
        .map_err(|error| Error::BadRequest("malformed", format!("The body is no report: {error}.")))?;
    report.check()?;
    report.count(&server);
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the browser says that its reader does not want to be tracked.
fn asks_for_privacy(headers: &HeaderMap) -> bool {
    ["dnt", "sec-gpc"].iter().any(|name| headers.get(*name).is_some_and(|value| value == "1"))
}

impl Report {
    fn check(&self) -> Result<()> {
        for (field, count) in [("changes", self.changes.len()), ("errors", self.errors.len())] {
            if count > MOST {
                return Err(Error::invalid(field, format!("At most {MOST} are taken.")));
            }
        }
        let load = self.load.iter().flat_map(|load| [Some(load.ms), load.paint_ms]).flatten();
        if load.chain(self.changes.iter().map(|change| change.ms)).any(|ms| ms > LONGEST) {
            return Err(Error::invalid("ms", format!("At most {LONGEST} milliseconds.")));
        }
        Ok(())
    }

    fn count(&self, server: &Server) {
        let milliseconds = |ms: u32| Duration::from_millis(u64::from(ms));
        let browsers = &server.browsers;
        browsers.reported(self.visit);
        if let Some(load) = &self.load {
            browsers.loaded(&load.route, milliseconds(load.ms), load.paint_ms.map(milliseconds));
        }
        for change in &self.changes {
            browsers.changed(&change.route, milliseconds(change.ms));
        }
        let current = self.release == server.assets.release.name;
        for error in &self.errors {
            browsers.broke(&error.class, &error.route, current, server.app.now());
        }
    }
}
