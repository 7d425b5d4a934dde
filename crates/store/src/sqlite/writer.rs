//! The one thread that writes: all waiting batches go into one commit, and each is answered after it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::{
    checkpoint::Checkpointer,
    connection::{Deadline, Harm, run, write_error},
    gate::Gate,
    lock::Neighbour,
    session::{self, Session, Task},
};
use crate::{
    batch::{Batch, Committed},
    caution::Caution,
    db::{After, TX_LIMIT},
    error::CommitError,
};

/// At most so many batches in one commit, so that the first of them is not kept waiting for long.
const GROUP: usize = 512;

/// And nothing more joins a commit that has been gathering for so long.
const GATHERING: Duration = Duration::from_millis(20);

/// How often the writer looks whether another process has written.
const LOOK_AROUND: Duration = Duration::from_millis(500);

enum Job {
    Batch(Waiting),
    Session(Receiver<Task>),
    Close(oneshot::Sender<()>),
}

struct Waiting {
    batch: Batch,
    after: Option<After>,
    answer: oneshot::Sender<Outcome>,
}

impl Waiting {
    fn answer(self, result: Outcome) {
        if let (Ok(committed), Some(after)) = (&result, self.after)
            && catch_unwind(AssertUnwindSafe(|| after(committed))).is_err()
        {
            tracing::error!("what follows a commit panicked");
        }
        self.answer.send(result).ok();
    }
}

/// The way to the writer thread.
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    figures: Arc<Figures>,
    closing: AtomicBool,
    elsewhere: watch::Receiver<u64>,
}

#[derive(Default)]
struct Figures {
    waiting: AtomicUsize,
    committed: AtomicU64,
    groups: AtomicU64,
}

impl Writer {
    pub(super) fn start(
        mut conn: Connection,
        checkpointer: Arc<Checkpointer>,
        neighbour: Neighbour,
        gate: Arc<Gate>,
        queue: usize,
    ) -> Result<Self, rusqlite::Error> {
        let (jobs, todo) = sync_channel(queue);
        let figures = Arc::new(Figures::default());
        let (tell, elsewhere) = watch::channel(0);
        let deadline = Deadline::on(&mut conn)?;
        checkpointer.watch(&mut conn)?;
        let data_version = data_version(&conn)?;
        let mut thread = WriterThread {
            conn,
            deadline,
            checkpointer,
            neighbour,
            gate,
            todo,
            figures: Arc::clone(&figures),
            tell,
            data_version,
            looked: Instant::now(),
            caution: Caution::default(),
        };
        thread::Builder::new()
            .name("store-write".to_owned())
            .spawn(move || thread.serve())
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(Self { jobs, figures, closing: AtomicBool::new(false), elsewhere })
    }

    pub(super) async fn submit(&self, batch: Batch, after: Option<After>) -> Result<Committed, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Batch(Waiting { batch, after, answer })).map_err(CommitError::Unavailable)?;
        answered.await.map_err(|_| CommitError::Unavailable(CLOSING.to_owned()))?
    }

    /// A session whose tasks wait until the writer comes to it, and which counts its `reads`.
    pub(super) fn begin(&self, reads: Arc<AtomicU64>) -> Result<Session, CommitError> {
        let (session, todo) = Session::new(reads);
        self.send(Job::Session(todo)).map_err(CommitError::Unavailable)?;
        Ok(session)
    }

    fn send(&self, job: Job) -> Result<(), String> {
        if self.closing.load(Ordering::Acquire) {
            return Err(CLOSING.to_owned());
        }
        self.figures.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|refused| {
            self.figures.waiting.fetch_sub(1, Ordering::Relaxed);
            match refused {
                TrySendError::Full(_) => "too many writes wait".to_owned(),
                TrySendError::Disconnected(_) => CLOSING.to_owned(),
            }
        })
    }

    /// Commits what waits, refuses what comes, and ends the thread.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Release);
        let (closed, is_closed) = oneshot::channel();
        let jobs = self.jobs.clone();
        // The queue may be full: wait for a place beside the async threads.
        let sent = tokio::task::spawn_blocking(move || jobs.send(Job::Close(closed)).is_ok()).await;
        if sent.unwrap_or(false) {
            is_closed.await.ok();
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.figures.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn committed(&self) -> u64 {
        self.figures.committed.load(Ordering::Relaxed)
    }

    pub(super) fn groups(&self) -> u64 {
        self.figures.groups.load(Ordering::Relaxed)
    }

    pub(super) fn written_elsewhere(&self) -> watch::Receiver<u64> {
        self.elsewhere.clone()
    }
}

const CLOSING: &str = "shutting down";

struct WriterThread {
    conn: Connection,
    deadline: Deadline,
    checkpointer: Arc<Checkpointer>,
    neighbour: Neighbour,
    gate: Arc<Gate>,
    todo: Receiver<Job>,
    figures: Arc<Figures>,
    tell: watch::Sender<u64>,
    data_version: i64,
    looked: Instant,
    caution: Caution,
}

impl WriterThread {
    fn serve(&mut self) {
        let mut next = None;
        loop {
            if self.looked.elapsed() >= LOOK_AROUND {
                self.look_around();
            }
            let job = match next.take() {
                Some(job) => job,
                None => match self.todo.recv_timeout(LOOK_AROUND) {
                    Ok(job) => job,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            };
            match job {
                Job::Batch(first) => next = self.commit_waiting(first),
                Job::Session(todo) => self.hold(&todo),
                Job::Close(closed) => {
                    closed.send(()).ok();
                    return;
                }
            }
        }
    }

    /// Commits `first` and all batches behind it; gives the job that ended the gathering, if one did.
    fn commit_waiting(&mut self, first: Waiting) -> Option<Job> {
        let gate = Arc::clone(&self.gate);
        let inside = gate.enter();
        let started = Instant::now();
        let mut group = Group { careful: self.caution.is_due(), done: Vec::new() };
        let mut trouble = self.conn.execute_batch("BEGIN IMMEDIATE").err().map(|error| error.to_string());
        let mut next = Some(Job::Batch(first));
        while let Some(Job::Batch(waiting)) = next {
            self.figures.waiting.fetch_sub(1, Ordering::Relaxed);
            let result = if trouble.is_some() {
                Err(CommitError::Unavailable(String::new()))
            } else {
                self.join(&mut group, &waiting.batch).unwrap_or_else(|cause| {
                    trouble = Some(cause);
                    Err(CommitError::Unavailable(String::new()))
                })
            };
            group.done.push((waiting, result));
            let full = group.done.len() >= GROUP || started.elapsed() >= GATHERING;
            next = if full { None } else { self.todo.try_recv().ok() };
        }
        if trouble.is_none() {
            trouble = self.conn.execute_batch("COMMIT").err().map(|error| error.to_string());
        }
        self.finish(group.done, trouble.as_deref());
        drop(inside);
        self.after_commit(started);
        next
    }

    /// Runs one batch in the transaction of the group; one that does not hold leaves nothing there. `Err` says what harms
    /// everyone.
    fn join(&self, group: &mut Group, batch: &Batch) -> Result<Outcome, String> {
        let outcome = if group.careful { self.step_through(batch)? } else { self.steps(batch)? };
        if outcome.is_err() {
            self.caution.raise();
            if !group.careful {
                self.begin_anew(group)?;
            }
        }
        Ok(outcome)
    }

    /// Takes the whole transaction back and does again what held, each batch behind a savepoint.
    fn begin_anew(&self, group: &mut Group) -> Result<(), String> {
        group.careful = true;
        self.conn.execute_batch("ROLLBACK; BEGIN IMMEDIATE").map_err(|error| error.to_string())?;
        for (waiting, outcome) in &mut group.done {
            *outcome = self.step_through(&waiting.batch)?;
        }
        Ok(())
    }

    /// Runs one batch inside a savepoint of its own.
    fn step_through(&self, batch: &Batch) -> Result<Outcome, String> {
        self.control("SAVEPOINT batch")?;
        let outcome = self.steps(batch)?;
        if outcome.is_err() {
            self.control("ROLLBACK TO batch")?;
        }
        self.control("RELEASE batch")?;
        Ok(outcome)
    }

    /// Runs the statements of one batch up to the first that does not hold.
    fn steps(&self, batch: &Batch) -> Result<Outcome, String> {
        let mut steps = Vec::with_capacity(batch.steps.len());
        for (number, step) in batch.steps.iter().enumerate() {
            let done = match run(&self.conn, &step.statement).map_err(write_error) {
                Ok(done) => done,
                Err(Harm::Batch(error)) => return Ok(Err(error)),
                Err(Harm::Group(cause)) => return Err(cause),
            };
            if let Some(expected) = step.expected
                && done.affected != expected.rows
            {
                return Ok(Err(CommitError::Missed { step: number, code: expected.code }));
            }
            steps.push(done);
        }
        Ok(Ok(Committed { steps }))
    }

    fn control(&self, sql: &str) -> Result<(), String> {
        let run = || self.conn.prepare_cached(sql)?.raw_execute();
        run().map(drop).map_err(|error: rusqlite::Error| error.to_string())
    }

    /// Answers everyone: nobody is told of success unless the commit is on disk.
    fn finish(&self, group: Vec<(Waiting, Outcome)>, trouble: Option<&str>) {
        if let Some(cause) = trouble {
            if !self.conn.is_autocommit()
                && let Err(error) = self.conn.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a failed commit could not be rolled back");
            }
            tracing::error!(cause, batches = group.len(), "nothing could be committed");
            // On a full disk an emptied log is the room that is there.
            self.checkpointer.copy();
        } else {
            self.figures.groups.fetch_add(1, Ordering::Relaxed);
        }
        for (waiting, result) in group {
            let result = match trouble {
                Some(cause) => Err(CommitError::Unavailable(cause.to_owned())),
                None => result,
            };
            self.figures.committed.fetch_add(u64::from(result.is_ok()), Ordering::Relaxed);
            waiting.answer(result);
        }
    }

    fn after_commit(&mut self, started: Instant) {
        self.checkpointer.after_commit();
        self.neighbour.rest(started.elapsed());
    }

    /// Gives the thread to a `Tx`.
    fn hold(&mut self, todo: &Receiver<Task>) {
        self.figures.waiting.fetch_sub(1, Ordering::Relaxed);
        let gate = Arc::clone(&self.gate);
        let inside = gate.enter();
        let started = Instant::now();
        let until = started + TX_LIMIT;
        self.deadline.set(Some(until));
        let committed = session::serve(&self.conn, "BEGIN IMMEDIATE", todo, until);
        self.figures.committed.fetch_add(u64::from(committed), Ordering::Relaxed);
        self.deadline.set(None);
        drop(inside);
        self.after_commit(started);
    }

    /// Tells those who watch when another process has written since the last look.
    fn look_around(&mut self) {
        self.looked = Instant::now();
        match data_version(&self.conn) {
            Ok(version) if version != self.data_version => {
                self.data_version = version;
                self.tell.send_modify(|count| *count += 1);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the data version could not be read"),
        }
    }
}

/// What a batch will hear if the commit succeeds.
type Outcome = Result<Committed, CommitError>;

/// Those who share a commit.
struct Group {
    /// Whether each has a savepoint of its own.
    careful: bool,
    done: Vec<(Waiting, Outcome)>,
}

/// Changes when another connection has written; the writer is the only one of this process that does.
fn data_version(conn: &Connection) -> Result<i64, rusqlite::Error> {
    conn.query_row("PRAGMA data_version", [], |row| row.get(0))
}
