//! Connections to PostgreSQL: their settings, and giving none back that is still inside a transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool as Connections, PoolError, RecyclingMethod,
    Runtime, Timeouts,
};
use tokio::runtime::Handle;
use tokio_postgres::{Config, Statement as Prepared, config::TargetSessionAttrs};

use super::{
    convert::{Trouble, whole},
    servers::Servers,
};
use crate::{
    db::{Options, SNAPSHOT_LIMIT},
    dialect::Engine,
    error::Error,
    sql::Statement,
};

/// How long to wait for a new connection.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a connection that was left in the middle of something has to come back to order.
const TIDY: Duration = Duration::from_secs(2);

/// How long a peer may be silent although it owes us an acknowledgement.
const SILENCE: Duration = Duration::from_secs(15);

pub(super) struct Pool {
    connections: Connections,
    servers: Servers,
    runtime: Handle,
    waiting: AtomicUsize,
    queue: usize,
    patience: Duration,
    reads: Arc<AtomicU64>,
    commit_timeout: Duration,
}

impl Pool {
    /// Of the server that takes writes, wherever it is among those that the URL names. Does not connect yet.
    pub(super) fn primary(url: &str, options: &Options) -> Result<Self, Error> {
        Self::to(url, options, TargetSessionAttrs::ReadWrite)
    }

    /// Of a server that follows another one. Does not connect yet.
    pub(super) fn replica(url: &str, options: &Options) -> Result<Self, Error> {
        Self::to(url, options, TargetSessionAttrs::ReadOnly)
    }

    fn to(url: &str, options: &Options, which: TargetSessionAttrs) -> Result<Self, Error> {
        let servers = Servers::of(url, |config| {
            config.target_session_attrs(which).connect_timeout(CONNECT);
            config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
            if config.get_application_name().is_none() {
                config.application_name("folkmoot");
            }
        })?;
        let settings = settings(options);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let (connect, valid) = (servers.clone(), servers.clone());
        let connections = Connections::builder(Manager::from_connect(Config::new(), connect, recycling))
            .max_size(options.connections.max(3))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(move |client, _| {
                let settings = settings.clone();
                Box::pin(async move { client.batch_execute(&settings).await.map_err(HookError::Backend) })
            }))
            .pre_recycle(Hook::sync_fn(move |_, metrics| {
                if valid.is_valid(metrics.created) { Ok(()) } else { Err(HookError::message("distrusted")) }
            }))
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self {
            connections,
            servers,
            runtime: Handle::current(),
            waiting: AtomicUsize::new(0),
            queue: options.queue,
            patience: options.read_timeout,
            reads: Arc::default(),
            commit_timeout: options.commit_timeout,
        })
    }

    /// A connection, waited for at most `limit`.
    pub(super) async fn get(&self, limit: Duration) -> Result<Lease, Error> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.queue {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Unavailable("too many reads wait".to_owned()));
        }
        let timeouts = Timeouts { wait: Some(limit), create: Some(CONNECT), recycle: Some(CONNECT) };
        let got = self.connections.timeout_get(&timeouts).await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let object = got.map_err(|error| {
            Error::Unavailable(match &error {
                PoolError::Backend(cause) => whole(cause),
                _ => error.to_string(),
            })
        })?;
        Ok(Lease {
            object: Some(object),
            busy: false,
            runtime: self.runtime.clone(),
            servers: self.servers.clone(),
            commit_timeout: self.commit_timeout,
            reads: Arc::clone(&self.reads),
        })
    }

    /// Forgets prepared statements, whose plans may be from before a migration.
    pub(super) fn forget_statements(&self) {
        self.connections.manager().statement_caches.clear();
    }

    /// The server does not do its work: all connections are given up, and another server is asked first.
    pub(super) fn look_elsewhere(&self) {
        self.servers.look_elsewhere();
    }

    /// How long to ask for something that must be known.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    pub(super) fn open(&self) -> usize {
        self.connections.status().size
    }

    pub(super) fn in_use(&self) -> usize {
        let status = self.connections.status();
        status.size.saturating_sub(status.available)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.connections.is_closed()
    }

    pub(super) fn close(&self) {
        self.connections.close();
    }
}

/// What every connection is set to. A server that acknowledges before the disk does is made to wait.
fn settings(options: &Options) -> String {
    format!(
        "SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {};
         SET default_transaction_isolation = 'read committed'; SET TimeZone = 'UTC';
         SET plan_cache_mode = force_generic_plan;
         SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') = 'off'",
        options.lock_timeout.as_millis(),
        options.statement_timeout.as_millis(),
        (SNAPSHOT_LIMIT * 2).as_millis(),
    )
}

/// A connection, given back when dropped. When that happens in the middle of a statement or a
/// transaction it is first brought back to order, or else closed.
pub(crate) struct Lease {
    object: Option<Object>,
    busy: bool,
    runtime: Handle,
    reads: Arc<AtomicU64>,
    servers: Servers,
    commit_timeout: Duration,
}

impl Lease {
    /// From here on it may not simply be given back.
    pub(crate) fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    /// Notes that a statement is answered with rows.
    pub(super) fn count_read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    /// The connection.
    pub(crate) fn client(&self) -> Result<&Object, Trouble> {
        self.object.as_ref().ok_or_else(|| Trouble::Lost("the connection is gone".to_owned()))
    }

    /// How long a COMMIT may go unanswered before it is in doubt.
    pub(crate) fn commit_timeout(&self) -> Duration {
        self.commit_timeout
    }

    /// The connection is lost, or leads to a server that takes no writes any more. So are and do those as old as it.
    pub(super) fn distrust(&self) {
        if let Some(object) = &self.object {
            self.servers.distrust(Object::metrics(object).created);
        }
    }

    pub(super) async fn prepare(&self, statement: &Statement) -> Result<Prepared, Trouble> {
        let text = statement.info.text(Engine::Postgres).map_err(|error| Trouble::Own(error.into()))?;
        Ok(self.client()?.prepare_cached(text).await?)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take()
            && self.busy
        {
            let servers = self.servers.clone();
            self.runtime.spawn(async move {
                let tidied = tokio::time::timeout(TIDY, object.batch_execute("ROLLBACK")).await;
                if !matches!(tidied, Ok(Ok(()))) {
                    servers.distrust(Object::metrics(&object).created);
                    drop(Object::take(object));
                }
            });
        }
    }
}
