//! Reader threads: each with its connection and prepared statements, each serving one task at a time.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    at_hand::AtHand,
    connection::{Deadline, open_reader, read_error},
    gate::Gate,
};
use crate::error::Error;

type Work = Box<dyn FnOnce(&Reader) + Send>;

/// What a task finds on its thread.
pub(super) struct Reader {
    pub(super) conn: Connection,
    pub(super) deadline: Deadline,
    gate: Arc<Gate>,
}

impl Reader {
    pub(super) fn open(path: &Path, gate: &Arc<Gate>) -> Result<Self, Error> {
        let mut conn = open_reader(path).map_err(read_error)?;
        let deadline = Deadline::on(&mut conn).map_err(read_error)?;
        Ok(Self { conn, deadline, gate: Arc::clone(gate) })
    }

    /// Runs `work` between two moments at which the checkpointer may want the readers to hold.
    pub(super) fn read<T>(&self, until: Instant, work: impl FnOnce(&Connection) -> T) -> T {
        let _inside = self.gate.enter();
        self.deadline.set(Some(until));
        let result = work(&self.conn);
        self.deadline.set(None);
        result
    }
}

/// The threads that have nothing to do, and how many they are.
pub(super) struct Readers {
    idle: Mutex<Vec<mpsc::Sender<Work>>>,
    free: Arc<Semaphore>,
    count: usize,
    waiting: AtomicUsize,
    queue: usize,
    pub(super) gate: Arc<Gate>,
    pub(super) at_hand: AtHand,
}

impl Readers {
    pub(super) fn start(path: &Path, count: usize, queue: usize) -> Result<Arc<Self>, Error> {
        let gate = Arc::new(Gate::default());
        let mut idle = Vec::with_capacity(count);
        for number in 0..count.max(1) {
            let reader = Reader::open(path, &gate)?;
            let (work, tasks) = mpsc::channel();
            thread::Builder::new()
                .name(format!("store-read-{number}"))
                .spawn(move || serve(&reader, &tasks))
                .map_err(|error| Error::Unavailable(error.to_string()))?;
            idle.push(work);
        }
        Ok(Arc::new(Self {
            free: Arc::new(Semaphore::new(idle.len())),
            count: idle.len(),
            idle: Mutex::new(idle),
            waiting: AtomicUsize::new(0),
            queue,
            at_hand: AtHand::open(path, &gate)?,
            gate,
        }))
    }

    /// A thread of one's own until the lease is dropped, waited for at most until `until`.
    pub(super) async fn lease(self: &Arc<Self>, until: Instant) -> Result<Lease, Error> {
        let permit = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait(until).await?,
        };
        let thread = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let thread = thread.ok_or_else(|| Error::Unavailable("no reader is left".to_owned()))?;
        Ok(Lease { thread, readers: Arc::clone(self), _permit: permit })
    }

    async fn wait(&self, until: Instant) -> Result<OwnedSemaphorePermit, Error> {
        let place = Place::take(&self.waiting);
        if place.number >= self.queue {
            return Err(Error::Unavailable("too many reads wait".to_owned()));
        }
        let permit = tokio::time::timeout_at(until.into(), Arc::clone(&self.free).acquire_owned()).await;
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Error::Unavailable("shutting down".to_owned())),
            Err(_) => Err(Error::Unavailable("all readers are busy".to_owned())),
        }
    }

    /// Runs `work` on a reader thread: one crossing there, one back.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        limit: Duration,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let until = Instant::now() + limit;
        let (answer, answered) = oneshot::channel();
        self.lease(until).await?.run(move |reader| {
            // A caller that has gone away needs no rows.
            if !answer.is_closed() {
                answer.send(reader.read(until, work)).ok();
            }
        });
        answered.await.map_err(|_| Error::Unavailable("the read was broken off".to_owned()))?
    }

    /// Lets what runs end and refuses the rest.
    pub(super) async fn close(&self) {
        self.at_hand.close();
        let all = u32::try_from(self.count).unwrap_or(u32::MAX);
        if let Ok(permits) = self.free.acquire_many(all).await {
            self.free.close();
            permits.forget();
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn in_use(&self) -> usize {
        self.count - self.free.available_permits().min(self.count)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

fn serve(reader: &Reader, tasks: &mpsc::Receiver<Work>) {
    while let Ok(task) = tasks.recv() {
        if catch_unwind(AssertUnwindSafe(|| task(reader))).is_err() {
            tracing::error!("a read panicked");
            reader.deadline.set(None);
            if !reader.conn.is_autocommit() && reader.conn.execute_batch("ROLLBACK").is_err() {
                return;
            }
        }
    }
}

/// A reader thread, given back when dropped.
pub(super) struct Lease {
    thread: mpsc::Sender<Work>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// Runs `work` there and gives the thread back after it.
    pub(super) fn run(self, work: impl FnOnce(&Reader) + Send + 'static) {
        let thread = self.thread.clone();
        let task: Work = Box::new(move |reader| {
            let lease = self;
            work(reader);
            drop(lease);
        });
        // It fails only when the thread is gone; the caller then hears that the answer never comes.
        thread.send(task).ok();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.thread.clone());
    }
}

/// A place in a queue, left when dropped.
struct Place<'a> {
    count: &'a AtomicUsize,
    number: usize,
}

impl<'a> Place<'a> {
    fn take(count: &'a AtomicUsize) -> Self {
        Self { count, number: count.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}
