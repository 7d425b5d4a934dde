//! The engine that grows: a pool of connections, batches that wait in memory by lock name.

mod commit;
mod convert;
mod group;
mod pipeline;
mod pool;
mod queue;
mod replica;
mod servers;
mod session;

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join;
use tokio::{
    sync::{oneshot, watch},
    time::{sleep, timeout},
};

pub(crate) use self::convert::{column, whole};
pub(crate) use self::session::Session;
use self::{
    convert::Trouble,
    pool::{Lease, Pool},
    queue::{Queue, Slot, Waiting},
    replica::Replica,
    session::BEGIN_SNAPSHOT,
};
use crate::{
    batch::{Batch, Committed},
    caution::Caution,
    check::Prepared,
    db::{After, Options, SNAPSHOT_LIMIT, TX_LIMIT},
    dialect::Engine,
    error::{CommitError, Error},
    row::FromRow,
    seen::Seen,
    sql::{Bound, SqlInfo, Statement},
    stats::Stats,
    times::Times,
};

/// How often `close` looks whether all has been committed.
const LOOK: Duration = Duration::from_millis(10);

/// A PostgreSQL database.
#[derive(Clone)]
pub struct Postgres(Arc<Parts>);

struct Parts {
    pool: Arc<Pool>,
    queue: Arc<Queue>,
    options: Options,
    figures: Arc<Figures>,
    elsewhere: watch::Sender<u64>,
    replica: OnceLock<Arc<Replica>>,
    times: Arc<Times>,
}

#[derive(Default)]
struct Figures {
    committed: AtomicU64,
    groups: AtomicU64,
    caution: Caution,
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: Options) -> Result<Self, Error> {
        let pool = Arc::new(Pool::primary(url, &options)?);
        // Learn now, and not at the first request, that the server cannot be reached.
        drop(pool.get(options.read_timeout).await?);
        let connections = options.connections.max(3);
        let figures = Arc::new(Figures::default());
        let (for_groups, counted) = (Arc::clone(&pool), Arc::clone(&figures));
        let run = move |group: Vec<Waiting>, slot: Slot| {
            let (pool, figures) = (Arc::clone(&for_groups), Arc::clone(&counted));
            for_groups.runtime().spawn(async move {
                let committed = commit::commit(&pool, &figures.caution, group).await;
                figures.committed.fetch_add(committed, Ordering::Relaxed);
                figures.groups.fetch_add(1, Ordering::Relaxed);
                drop(slot);
            });
        };
        let queue = Queue::new(connections - connections.div_ceil(3), options.queue, Box::new(run));
        let elsewhere = watch::Sender::new(0);
        Ok(Self(Arc::new(Parts {
            pool,
            queue,
            options,
            figures,
            elsewhere,
            replica: OnceLock::new(),
            times: Arc::default(),
        })))
    }

    /// Lets reads go to a replica too, once it is found to be near enough.
    pub(crate) fn follow(&self, url: &str) -> Result<(), Error> {
        let replica = Arc::new(Replica::new(url, &self.0.options)?);
        let looking = Replica::look_after(Arc::downgrade(&replica), Arc::clone(&self.0.pool));
        if self.0.replica.set(replica).is_err() {
            return Err(Error::Invalid("there is a replica already".to_owned()));
        }
        self.0.pool.runtime().spawn(looking);
        Ok(())
    }

    /// An instant of the replica, if there is one that is near enough for who has seen so much.
    pub(crate) async fn replica(&self, seen: Seen) -> Option<(Session, Instant)> {
        self.0.replica.get()?.snapshot(seen).await
    }

    pub(crate) async fn fetch<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
        Ok(self.patiently(&bound.statement, false).await?.0)
    }

    /// The rows, and where the log stood when they were read.
    pub(crate) async fn fetch_seen<R: FromRow>(&self, bound: Bound<R>) -> Result<(Vec<R>, Seen), Error> {
        self.patiently(&bound.statement, self.0.replica.get().is_some()).await
    }

    /// Reads in time, and once more when the connection was a dead one or its statements old.
    async fn patiently<R: FromRow>(
        &self,
        statement: &Statement,
        seen: bool,
    ) -> Result<(Vec<R>, Seen), Error> {
        let read = async {
            match self.read_once(statement, seen).await {
                Err(trouble) if trouble.ends_transaction() => {
                    if matches!(trouble, Trouble::Stale(_)) {
                        self.0.pool.forget_statements();
                    }
                    self.read_once(statement, seen).await
                }
                other => other,
            }
        };
        Ok(timeout(self.0.options.read_timeout, read).await.unwrap_or(Err(Trouble::TimedOut))?)
    }

    async fn read_once<R: FromRow>(
        &self,
        statement: &Statement,
        seen: bool,
    ) -> Result<(Vec<R>, Seen), Trouble> {
        let mut lease = self.lease().await?;
        lease.set_busy(true);
        lease.count_read();
        let prepared = lease.prepare(statement).await?;
        let fetched = pipeline::fetch(lease.client()?, &prepared, &statement.values);
        let (rows, seen) = if seen {
            let (rows, head) = join(fetched, replica::head(&lease)).await;
            (rows?, Seen::UpTo(head?))
        } else {
            (fetched.await?, Seen::Everything)
        };
        lease.set_busy(false);
        Ok((rows, seen))
    }

    async fn lease(&self) -> Result<Lease, Trouble> {
        self.0.pool.get(self.0.options.read_timeout).await.map_err(|error| Trouble::Own(error.into()))
    }

    pub(crate) async fn snapshot(&self) -> Result<Session, Error> {
        match Session::begin(self.lease().await?, BEGIN_SNAPSHOT, SNAPSHOT_LIMIT, None).await {
            Err(Trouble::Lost(_)) => {
                Ok(Session::begin(self.lease().await?, BEGIN_SNAPSHOT, SNAPSHOT_LIMIT, None).await?)
            }
            other => Ok(other?),
        }
    }

    pub(crate) async fn begin(&self) -> Result<Session, CommitError> {
        let slot = self.0.queue.slot().map_err(CommitError::Unavailable)?;
        let slot = slot.await.map_err(|_| CommitError::Unavailable("shutting down".to_owned()))?;
        Ok(Session::begin(self.lease().await?, "BEGIN", TX_LIMIT, Some(slot)).await?)
    }

    pub(crate) async fn submit(&self, batch: Batch, after: Option<After>) -> Result<Committed, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.0.queue.submit(Waiting { batch, after, answer }).map_err(CommitError::Unavailable)?;
        answered.await.map_err(|_| CommitError::Unknown)?
    }

    /// A connection for migrations.
    pub(crate) async fn connection(&self) -> Result<Lease, Error> {
        self.0.pool.get(self.0.options.read_timeout).await
    }

    /// After a migration.
    pub(crate) fn forget_statements(&self) {
        self.0.pool.forget_statements();
    }

    /// What PostgreSQL says about a statement.
    pub(crate) async fn inspect(&self, info: &'static SqlInfo) -> Result<Prepared, Error> {
        let lease = self.connection().await?;
        let prepared = lease.client()?.prepare(info.text(Engine::Postgres)?).await.map_err(Trouble::from)?;
        Ok(Prepared {
            params: prepared.params().iter().map(|ty| Some(ty.name().to_owned())).collect(),
            columns: prepared
                .columns()
                .iter()
                .map(|column| (column.name().to_owned(), Some(column.type_().name().to_owned())))
                .collect(),
        })
    }

    pub(crate) async fn close(&self) {
        self.0.queue.close();
        while !self.0.queue.is_idle() {
            sleep(LOOK).await;
        }
        if let Some(replica) = self.0.replica.get() {
            replica.close();
        }
        self.0.pool.close();
    }

    pub(crate) fn stats(&self) -> Stats {
        let Parts { pool, queue, figures, times, .. } = &*self.0;
        Stats {
            waiting_batches: queue.waiting(),
            waiting_reads: pool.waiting(),
            connections: pool.open(),
            in_use: pool.in_use(),
            committed: figures.committed.load(Ordering::Relaxed),
            groups: figures.groups.load(Ordering::Relaxed),
            reads: pool.reads(),
            read_times: times.reads(),
            commit_times: times.commits(),
            wal_bytes: 0,
            replica: self.0.replica.get().map(|replica| replica.stats()),
        }
    }

    pub(crate) fn times(&self) -> &Arc<Times> {
        &self.0.times
    }

    pub(crate) fn written_elsewhere(&self) -> watch::Receiver<u64> {
        self.0.elsewhere.subscribe()
    }
}
