//! Starting and stopping, in order.
//!
//! Start: settings, logs, database, schema, services, listening. Stop: not ready any more, sockets are told to go
//! elsewhere, no new connections, requests finish, services end, the database is closed. Whoever cannot wait that long
//! says so with a second signal, or is stopped when the time is over.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::crowd::Crowd;
use super::listen::Front;
use super::nodes::Nodes;
use super::{Server, internal, listen, router, wiring};
use crate::config::MetricsAddress;
use crate::core::App;
use crate::core::events::Appended;

/// How long the database may take at the very end to write what it has accepted.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything came to its end in time.
    Clean,
    /// Something was cut off.
    Forced,
}

/// What tells everyone that the server is about to stop; cheap to clone.
#[derive(Clone)]
pub struct Lifecycle {
    draining: watch::Sender<bool>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            draining: watch::Sender::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }
}

impl Lifecycle {
    /// Whether the server is about to stop.
    pub fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Becomes true once: sockets tell their clients to connect elsewhere, and close.
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// Runs a task that ends by itself once `draining` is true; the stop waits for it.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Runs a task that never ends by itself; it is dropped, wherever it waits, after the last request.
    pub fn spawn_until_stopped(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move { stopping.run_until_cancelled_owned(task).await.unwrap_or_default() });
    }
}

/// A server that listens.
pub struct Running {
    /// The server.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the internal listener is.
    pub internal: Option<SocketAddr>,
    listeners: Vec<JoinHandle<()>>,
    closed: CancellationToken,
}

/// Starts services and listeners over an open, migrated database.
///
/// # Errors
/// When a port is taken, or a part cannot be made.
pub async fn start(
    app: App,
    events: tokio::sync::mpsc::UnboundedReceiver<Vec<Appended>>,
    nodes: Nodes,
) -> anyhow::Result<Running> {
    let settings = app.config.server.clone();
    let most = app.config.limits.max_connections;
    let crowd = || Crowd::new(most, &settings.trusted_proxies);
    let (listener, address) =
        bind(SocketAddr::new(settings.host, settings.port), "SERVER_HOST and SERVER_PORT").await?;
    let server = Server::new(app, Lifecycle::default(), nodes)?;
    let node = wiring::start(&server, events).await?;
    let closed = CancellationToken::new();
    let mut listeners = Vec::new();
    let mut internal = None;
    if let MetricsAddress::At(wanted) = settings.metrics_addr {
        let (listener, address) = bind(wanted, "METRICS_ADDR").await?;
        internal = Some(address);
        listeners.push(tokio::spawn(listen::serve(
            listener,
            Front::plain(internal::router(&server)),
            crowd(),
            closed.clone(),
        )));
    }
    listeners.push(tokio::spawn(listen::serve(
        listener,
        Front::keeping(router::router(&server, &node), &server),
        crowd(),
        closed.clone(),
    )));
    Ok(Running { server, address, internal, listeners, closed })
}

async fn bind(address: SocketAddr, settings: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} ({settings})"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

impl Running {
    /// Stops in order. When `force` comes, or the time of the settings is over, what is left is cut off.
    pub async fn stop(self, force: impl Future<Output = ()>) -> Ended {
        let settings = &self.server.app.config.server;
        let limit = Duration::from_secs(settings.shutdown_seconds);
        let drain = Duration::from_secs(settings.drain_seconds);
        self.server.lifecycle.draining.send_replace(true);
        tracing::info!(limit_s = limit.as_secs(), "stopping: no longer ready");
        let orderly = async {
            tokio::time::sleep(drain).await;
            self.closed.cancel();
            for listener in self.listeners {
                let _ = listener.await;
            }
            self.server.lifecycle.stopping.cancel();
            self.server.lifecycle.tasks.close();
            self.server.lifecycle.tasks.wait().await;
            wiring::finish(&self.server.app).await;
        };
        let ended = tokio::select! {
            () = orderly => Ended::Clean,
            () = tokio::time::sleep(limit) => {
                tracing::warn!(limit_s = limit.as_secs(), "what was not done in time is cut off");
                Ended::Forced
            }
            () = force => {
                tracing::warn!("told again to stop: what was not done is cut off");
                Ended::Forced
            }
        };
        self.server.lifecycle.stopping.cancel();
        let closed = tokio::time::timeout(CLOSE_LIMIT, self.server.app.db.close()).await;
        let ended = if closed.is_ok() {
            ended
        } else {
            tracing::warn!(
                limit_s = CLOSE_LIMIT.as_secs(),
                "the database did not take its last writes in time"
            );
            Ended::Forced
        };
        tracing::info!(clean = ended == Ended::Clean, "stopped");
        ended
    }
}
