//! The database as the product sees it: reads at once, batches to commit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    batch::{Batch, Committed},
    dialect::Engine,
    error::{CommitError, Error},
    postgres::{self, Postgres},
    row::FromRow,
    seen::Seen,
    sql::Bound,
    sqlite::{self, Sqlite},
    stats::Stats,
    times::Times,
};

/// What happens right after a commit, whether or not anyone still waits for it.
pub(crate) type After = Box<dyn FnOnce(&Committed) + Send>;

/// How a database is opened. The defaults suit a server on a small machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// SQLite: be the one server of this file; a second refuses to open. Others may still open it
    /// without this flag, to import or administer.
    pub exclusive: bool,
    /// SQLite: how many threads read.
    pub readers: usize,
    /// PostgreSQL: how many connections at most, at least 3. A third is kept for reads.
    pub connections: usize,
    /// How many batches, and how many reads, may wait; one more is `Unavailable` at once.
    pub queue: usize,
    /// How long a read may take, waiting included.
    pub read_timeout: Duration,
    /// PostgreSQL: how long a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// PostgreSQL: how long a statement of a batch may take.
    pub statement_timeout: Duration,
    /// PostgreSQL: how long a COMMIT may go unanswered before it is in doubt. With a synchronous standby it waits for that.
    pub commit_timeout: Duration,
    /// PostgreSQL: how far a replica may be behind and still be read from, by who has seen nothing newer.
    pub replica_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            exclusive: false,
            readers: 6,
            connections: 16,
            queue: 1024,
            read_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(10),
            commit_timeout: Duration::from_secs(15),
            replica_limit: Duration::from_secs(2),
        }
    }
}

/// A database, cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// The embedded engine.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Postgres),
}

impl Db {
    /// Opens `sqlite:PATH` (created when absent), or `postgres://…`.
    ///
    /// # Errors
    /// `Invalid` for a URL that is neither, or a path with a `?`, `Unavailable` when it cannot be opened or, with
    /// `exclusive`, when another server has it.
    pub async fn open(url: &str, options: Options) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                // Each connection would have a memory of its own.
                return Err(Error::Invalid("a SQLite database needs the path of a file".to_owned()));
            }
            if path.contains('?') {
                // It would become part of the file's name, rather than a setting.
                return Err(Error::Invalid(
                    "a SQLite address is a path, without settings after a ?".to_owned(),
                ));
            }
            Ok(Self::Sqlite(Sqlite::open(path.into(), options).await?))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(Postgres::open(url, options).await?))
        } else {
            Err(Error::Invalid("a database URL starts with sqlite: or postgres://".to_owned()))
        }
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// `Missing` when it is not; `Invalid` when there are more.
    pub async fn one<R: FromRow>(&self, bound: Bound<R>) -> Result<R, Error> {
        self.maybe(bound).await?.ok_or(Error::Missing)
    }

    /// The one row that may be there.
    ///
    /// # Errors
    /// `Invalid` when there are more.
    pub async fn maybe<R: FromRow>(&self, bound: Bound<R>) -> Result<Option<R>, Error> {
        let read = async {
            match self {
                Self::Sqlite(db) => db.fetch(bound, 2).await,
                Self::Postgres(db) => db.fetch(bound).await,
            }
        };
        at_most_one(self.times().read(read).await?)
    }

    /// All rows.
    ///
    /// # Errors
    /// When the database does not answer in time or at all.
    pub async fn all<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
        let read = async {
            match self {
                Self::Sqlite(db) => db.fetch(bound, usize::MAX).await,
                Self::Postgres(db) => db.fetch(bound).await,
            }
        };
        self.times().read(read).await
    }

    /// Several reads of one instant, for at most 5 s ([`SNAPSHOT_LIMIT`]).
    ///
    /// # Errors
    /// When no reader is free in time.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let as_of = Instant::now();
        let session = match self {
            Self::Sqlite(db) => Session::Sqlite(db.snapshot().await?),
            Self::Postgres(db) => Session::Postgres(Box::new(db.snapshot().await?)),
        };
        Ok(Snapshot { session, replica: false, as_of, times: Arc::clone(self.times()) })
    }

    /// PostgreSQL: lets [`Db::replica`] read from a server that follows this one. It need not be there yet.
    ///
    /// # Errors
    /// `Invalid` for a URL that cannot be used, a second replica, and on SQLite.
    pub fn follow(&self, url: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Err(Error::Invalid("SQLite has no replicas".to_owned())),
            Self::Postgres(db) => db.follow(url),
        }
    }

    /// An instant of the replica for somebody who has `seen` so much; `None` when there is no replica, or it is too far
    /// behind: read from the primary then. What it lacks or fails at the primary may know.
    pub async fn replica(&self, seen: Seen) -> Option<Snapshot> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(db) => {
                let (session, as_of) = db.replica(seen).await?;
                let session = Session::Postgres(Box::new(session));
                Some(Snapshot { session, replica: true, as_of, times: Arc::clone(self.times()) })
            }
        }
    }

    /// As [`Db::all`], with what must be [`Seen`] from there on: everything that was acknowledged before this was asked.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn all_seen<R: FromRow>(&self, bound: Bound<R>) -> Result<(Vec<R>, Seen), Error> {
        let read = async {
            match self {
                Self::Sqlite(db) => Ok((db.fetch(bound, usize::MAX).await?, Seen::Everything)),
                Self::Postgres(db) => db.fetch_seen(bound).await,
            }
        };
        self.times().read(read).await
    }

    /// Whether it may be behind: never.
    #[must_use]
    pub fn is_replica(&self) -> bool {
        false
    }

    /// The database that writes go to, for guards, replays and filling gaps. All reads go there that do not say
    /// [`Db::replica`].
    #[must_use]
    pub fn primary(&self) -> &Self {
        self
    }

    /// Commits the batch; the answer comes when it is on disk. Once called for the first time the batch
    /// runs to its end, even when the returned future is dropped.
    ///
    /// # Errors
    /// See [`CommitError`]: nothing is stored, except perhaps after `Unknown`.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.submit(batch, None).await
    }

    /// As `commit`, and runs `after` once the commit is on disk and before the answer, in commit order
    /// for the batches of one lock name, whether or not the caller still waits. `after` must be short:
    /// on SQLite it runs on the writer thread.
    ///
    /// # Errors
    /// As `commit`; `after` does not run then.
    pub async fn commit_then(
        &self,
        batch: Batch,
        after: impl FnOnce(&Committed) + Send + 'static,
    ) -> Result<Committed, CommitError> {
        self.submit(batch, Some(Box::new(after))).await
    }

    async fn submit(&self, batch: Batch, after: Option<After>) -> Result<Committed, CommitError> {
        let commit = async {
            match self {
                Self::Sqlite(db) => db.submit(batch, after).await,
                Self::Postgres(db) => db.submit(batch, after).await,
            }
        };
        self.times().commit(commit).await
    }

    /// Begins the rare read-then-write, for at most 1 s ([`TX_LIMIT`]). On SQLite it holds the writer.
    ///
    /// # Errors
    /// `Unavailable` when it cannot begin now.
    pub async fn begin(&self) -> Result<Tx, CommitError> {
        Ok(match self {
            Self::Sqlite(db) => Tx::new(Session::Sqlite(db.begin()?)),
            Self::Postgres(db) => Tx::new(Session::Postgres(Box::new(db.begin().await?))),
        })
    }

    /// Finishes what waits, refuses what comes, and on SQLite copies the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close().await,
        }
    }

    fn times(&self) -> &Arc<Times> {
        match self {
            Self::Sqlite(db) => db.times(),
            Self::Postgres(db) => db.times(),
        }
    }

    /// Figures for metrics.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match self {
            Self::Sqlite(db) => db.stats(),
            Self::Postgres(db) => db.stats(),
        }
    }

    /// Rises whenever another process has written to the same SQLite file. On PostgreSQL it never does:
    /// there the bus and the sweep tell.
    #[must_use]
    pub fn written_elsewhere(&self) -> tokio::sync::watch::Receiver<u64> {
        match self {
            Self::Sqlite(db) => db.written_elsewhere(),
            Self::Postgres(db) => db.written_elsewhere(),
        }
    }
}

fn at_most_one<R>(mut rows: Vec<R>) -> Result<Option<R>, Error> {
    if rows.len() > 1 {
        return Err(Error::Invalid("more than one row where one was asked for".to_owned()));
    }
    Ok(rows.pop())
}

/// How long a snapshot may last, so that it neither keeps the write-ahead log nor old rows alive.
pub const SNAPSHOT_LIMIT: Duration = Duration::from_secs(5);

/// How long a [`Tx`] may last, because on SQLite everyone who writes waits for it.
pub const TX_LIMIT: Duration = Duration::from_secs(1);

/// A transaction of either engine.
enum Session {
    Sqlite(sqlite::Session),
    Postgres(Box<postgres::Session>),
}

impl Session {
    async fn fetch<R: FromRow>(&self, bound: Bound<R>, limit: usize) -> Result<Vec<R>, Error> {
        match self {
            Self::Sqlite(session) => session.fetch(bound, limit).await,
            Self::Postgres(session) => session.fetch(bound).await,
        }
    }
}

/// Several reads of one instant. Dropping it ends it.
pub struct Snapshot {
    session: Session,
    replica: bool,
    as_of: Instant,
    times: Arc<Times>,
}

impl Snapshot {
    /// Whether it may be behind the primary.
    #[must_use]
    pub fn is_replica(&self) -> bool {
        self.replica
    }

    /// Whatever was acknowledged before this can be read here.
    #[must_use]
    pub fn as_of(&self) -> Instant {
        self.as_of
    }

    /// As [`Db::one`], at the instant of the snapshot.
    ///
    /// # Errors
    /// As [`Db::one`]; `TimedOut` after [`SNAPSHOT_LIMIT`].
    pub async fn one<R: FromRow>(&self, bound: Bound<R>) -> Result<R, Error> {
        self.maybe(bound).await?.ok_or(Error::Missing)
    }

    /// As [`Db::maybe`], at the instant of the snapshot.
    ///
    /// # Errors
    /// As [`Db::maybe`]; `TimedOut` after [`SNAPSHOT_LIMIT`].
    pub async fn maybe<R: FromRow>(&self, bound: Bound<R>) -> Result<Option<R>, Error> {
        at_most_one(self.times.read(self.session.fetch(bound, 2)).await?)
    }

    /// As [`Db::all`], at the instant of the snapshot.
    ///
    /// # Errors
    /// As [`Db::all`]; `TimedOut` after [`SNAPSHOT_LIMIT`].
    pub async fn all<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
        self.times.read(self.session.fetch(bound, usize::MAX)).await
    }
}

/// The rare read-then-write. Dropping it rolls it back.
pub struct Tx {
    session: Session,
    /// Statements begun and not known to have succeeded: with one of them it cannot be committed.
    unfinished: AtomicUsize,
}

impl Tx {
    fn new(session: Session) -> Self {
        Self { session, unfinished: AtomicUsize::new(0) }
    }

    /// As [`Db::one`], seeing what this transaction wrote.
    ///
    /// # Errors
    /// As [`Db::one`]; `TimedOut` after [`TX_LIMIT`].
    pub async fn one<R: FromRow>(&self, bound: Bound<R>) -> Result<R, Error> {
        self.maybe(bound).await?.ok_or(Error::Missing)
    }

    /// As [`Db::maybe`], seeing what this transaction wrote.
    ///
    /// # Errors
    /// As [`Db::maybe`]; `TimedOut` after [`TX_LIMIT`].
    pub async fn maybe<R: FromRow>(&self, bound: Bound<R>) -> Result<Option<R>, Error> {
        at_most_one(self.all(bound).await?)
    }

    /// As [`Db::all`], seeing what this transaction wrote. Also runs writes with RETURNING.
    ///
    /// # Errors
    /// As [`Db::all`]; `TimedOut` after [`TX_LIMIT`].
    pub async fn all<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        let rows = self.session.fetch(bound, usize::MAX).await?;
        self.unfinished.fetch_sub(1, Ordering::Relaxed);
        Ok(rows)
    }

    /// Runs a write and gives how many rows it wrote.
    ///
    /// # Errors
    /// As a batch.
    pub async fn execute<R: FromRow>(&self, bound: Bound<R>) -> Result<u64, CommitError> {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        let affected = match &self.session {
            Session::Sqlite(session) => session.execute(bound.statement).await?,
            Session::Postgres(session) => session.execute(bound.statement).await?,
        };
        self.unfinished.fetch_sub(1, Ordering::Relaxed);
        Ok(affected)
    }

    /// Commits; the answer comes when it is on disk.
    ///
    /// # Errors
    /// As a batch; `Invalid` when a statement failed or was not awaited to its end.
    pub async fn commit(self) -> Result<(), CommitError> {
        if self.unfinished.into_inner() > 0 {
            return Err(CommitError::Invalid(
                "a transaction with a failed statement is rolled back".to_owned(),
            ));
        }
        match self.session {
            Session::Sqlite(session) => session.commit().await,
            Session::Postgres(session) => session.commit().await,
        }
    }
}
