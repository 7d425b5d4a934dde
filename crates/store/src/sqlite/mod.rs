//! The embedded engine: one thread that writes, some that read, one that copies the log.

mod at_hand;
mod checkpoint;
mod connection;
mod gate;
mod lock;
mod readers;
mod session;
mod writer;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use tokio::{sync::watch, task::coop::consume_budget};

pub(crate) use self::connection::column;
pub(crate) use self::session::Session;
use self::{
    checkpoint::Checkpointer,
    connection::{fetch, open_writer, read_error},
    lock::{Neighbour, claim},
    readers::Readers,
    writer::Writer,
};
use crate::{
    batch::{Batch, Committed},
    check::Prepared,
    db::{After, Options, SNAPSHOT_LIMIT},
    dialect::Engine,
    error::{CommitError, Error},
    row::FromRow,
    sql::{Bound, SqlInfo},
    stats::Stats,
    times::Times,
};

/// A SQLite file.
#[derive(Clone)]
pub struct Sqlite(Arc<Parts>);

struct Parts {
    path: PathBuf,
    options: Options,
    writer: Writer,
    readers: Arc<Readers>,
    checkpointer: Arc<Checkpointer>,
    reads: Arc<AtomicU64>,
    times: Arc<Times>,
    /// Held as long as this is the one server of the file.
    claim: Mutex<Option<File>>,
}

impl Sqlite {
    pub(crate) async fn open(path: PathBuf, options: Options) -> Result<Self, Error> {
        let opened = tokio::task::spawn_blocking(move || Parts::open(path, options)).await;
        Ok(Self(Arc::new(opened.map_err(|error| Error::Unavailable(error.to_string()))??)))
    }

    pub(crate) async fn fetch<R: FromRow>(&self, bound: Bound<R>, limit: usize) -> Result<Vec<R>, Error> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        // Whoever reads again and again without ever waiting gives way now and then.
        consume_budget().await;
        if let Some(rows) = self.0.readers.at_hand.fetch(&bound.statement, limit) {
            return Ok(rows);
        }
        let work = move |conn: &_| fetch(conn, &bound.statement, limit);
        self.0.readers.read(self.0.options.read_timeout, work).await
    }

    pub(crate) async fn snapshot(&self) -> Result<Session, Error> {
        let (session, todo) = Session::new(Arc::clone(&self.0.reads));
        let lease = self.0.readers.lease(Instant::now() + self.0.options.read_timeout).await?;
        let until = Instant::now() + SNAPSHOT_LIMIT;
        lease.run(move |reader| {
            reader.read(until, |conn| session::serve(conn, "BEGIN", &todo, until));
        });
        Ok(session)
    }

    pub(crate) fn begin(&self) -> Result<Session, CommitError> {
        self.0.writer.begin(Arc::clone(&self.0.reads))
    }

    pub(crate) async fn submit(&self, batch: Batch, after: Option<After>) -> Result<Committed, CommitError> {
        self.0.writer.submit(batch, after).await
    }

    pub(crate) async fn close(&self) {
        self.0.writer.close().await;
        self.0.readers.close().await;
        self.0.checkpointer.close().await;
        self.0.claim.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(crate) fn stats(&self) -> Stats {
        let Parts { writer, readers, checkpointer, reads, times, .. } = &*self.0;
        Stats {
            waiting_batches: writer.waiting(),
            waiting_reads: readers.waiting(),
            connections: readers.count() + 2,
            in_use: readers.in_use(),
            committed: writer.committed(),
            groups: writer.groups(),
            reads: reads.load(Ordering::Relaxed),
            read_times: times.reads(),
            commit_times: times.commits(),
            wal_bytes: checkpointer.bytes(),
            replica: None,
        }
    }

    pub(crate) fn times(&self) -> &Arc<Times> {
        &self.0.times
    }

    pub(crate) fn written_elsewhere(&self) -> watch::Receiver<u64> {
        self.0.writer.written_elsewhere()
    }

    /// A connection besides those that serve, for migrations.
    pub(crate) async fn connection(&self) -> Result<rusqlite::Connection, Error> {
        let path = self.0.path.clone();
        let opened = tokio::task::spawn_blocking(move || open_writer(&path)).await;
        opened.map_err(|error| Error::Unavailable(error.to_string()))?.map_err(read_error)
    }

    /// What SQLite says about a statement.
    pub(crate) async fn inspect(&self, info: &'static SqlInfo) -> Result<Prepared, Error> {
        let text = info.text(Engine::Sqlite)?;
        let work = move |conn: &rusqlite::Connection| {
            let prepared = conn.prepare(text).map_err(read_error)?;
            Ok(Prepared {
                params: vec![None; prepared.parameter_count()],
                columns: prepared.column_names().map(|name| (name.to_owned(), None)).collect(),
            })
        };
        self.0.readers.read(self.0.options.read_timeout, work).await
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}

impl Parts {
    fn open(path: PathBuf, options: Options) -> Result<Self, Error> {
        let unavailable = |error: std::io::Error| Error::Unavailable(format!("{}: {error}", path.display()));
        let (claim, neighbour) = if options.exclusive {
            (Some(claim(&path).map_err(unavailable)?), Neighbour::none())
        } else {
            (None, Neighbour::of(&path).map_err(unavailable)?)
        };
        let conn = open_writer(&path).map_err(read_error)?;
        let readers = Readers::start(&path, options.readers, options.queue)?;
        let checkpointer = Checkpointer::start(&path, Arc::clone(&readers.gate)).map_err(read_error)?;
        let writer = Writer::start(
            conn,
            Arc::clone(&checkpointer),
            neighbour,
            Arc::clone(&readers.gate),
            options.queue,
        );
        Ok(Self {
            writer: writer.map_err(read_error)?,
            readers,
            checkpointer,
            reads: Arc::default(),
            times: Arc::default(),
            claim: Mutex::new(claim),
            path,
            options,
        })
    }
}
