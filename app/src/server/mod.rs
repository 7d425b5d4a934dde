//! The server: which address leads where, what happens around every request, and how it starts and stops.
//!
//! [`router`] says which URL leads where, [`wiring`] what runs beside the requests, [`middleware`] what every request
//! passes through, [`lifecycle`] the order of starting and stopping.

mod api_page;
pub mod assets;
mod crowd;
pub mod database;
mod files;
pub mod health;
mod internal;
pub mod kept;
pub mod lifecycle;
mod listen;
pub mod middleware;
pub mod nodes;
mod old_addresses;
pub mod openapi;
pub mod overload;
pub mod page;
mod pages;
mod patient;
pub mod releases;
pub mod router;
pub mod searching;
pub mod site;
pub mod telemetry;
pub mod wiring;

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRef;
use axum::response::Response;

use crate::accounts::site::known_name;
use crate::core::App;
use crate::ops::browsers::Browsers;
use crate::ops::metrics::Metrics;
use assets::{Assets, Release};
use lifecycle::Lifecycle;
use middleware::headers::SecurityHeaders;
use middleware::limits::Limits;
use middleware::origin::Origins;
use middleware::request_ids::RequestIds;
use nodes::Nodes;
use overload::Overload;
use page::{Page, Template};

/// What the server's own routes and layers share; cheap to clone. It is the state of every route, and slices take
/// their [`App`] from it.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

/// What a [`Server`] holds.
pub struct Parts {
    /// The product.
    pub app: App,
    /// The client's files.
    pub assets: Assets,
    /// The client's page.
    pub template: Template,
    /// What is measured.
    pub metrics: Metrics,
    /// What browsers told of themselves.
    pub browsers: Browsers,
    /// Which requests are turned away.
    pub overload: Arc<Overload>,
    /// Starting and stopping.
    pub lifecycle: Lifecycle,
    /// The way to the other nodes.
    pub nodes: Nodes,
    /// Guests' answers as bytes.
    pub kept: Arc<kept::Store>,
    /// When it started.
    pub started: Instant,
    request_ids: RequestIds,
    limits: Arc<Limits>,
    origins: Origins,
    headers: SecurityHeaders,
}

/// The other end of the connection that a request came by.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<Server> for App {
    fn from_ref(server: &Server) -> Self {
        server.app.clone()
    }
}

impl Server {
    /// Puts the server's parts together.
    ///
    /// # Errors
    /// When the client's page lacks a marker, or a base URL cannot stand in a header.
    pub fn new(app: App, lifecycle: Lifecycle, nodes: Nodes) -> anyhow::Result<Self> {
        let settings = &app.config.server;
        let mut release = Release::packed();
        let template = Template::new(&release, &settings.base_url().to_string())?;
        release.add_frame(template.fill(&Page::shell(""), &app.config.community.name));
        let assets = Assets::new(release, settings.client_dir.clone());
        let metrics = Metrics::new(VERSION, COMMIT, &assets.release.name);
        let browsers = metrics.register(|registry| Browsers::new(registry, app.config.telemetry.percent));
        let overload = Overload::new(&metrics);
        let limits = app.keep_part(Limits::new(&app.config.limits, nodes.redis()))?;
        let request_ids = RequestIds::new(&app.random)?;
        let (origins, headers) = (Origins::new(settings), SecurityHeaders::new(settings)?);
        let kept = Arc::new(kept::Store::new(app.config.limits.kept_megabytes.saturating_mul(1 << 20)));
        let started = Instant::now();
        let parts = Parts {
            assets,
            template,
            metrics,
            browsers,
            overload,
            lifecycle,
            nodes,
            kept,
            started,
            request_ids,
            limits,
            origins,
            headers,
            app,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// A page that needs nothing of the database, under the community's name as it was last read.
    pub fn respond(&self, page: &Page) -> Response {
        self.template.respond(page, &known_name(&self.app))
    }
}

/// The version of this binary.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, where the build said so.
pub const COMMIT: &str = match option_env!("FOLKMOOT_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};
