//! Several tasks on one thread inside one transaction: snapshots on a reader, `Tx` on the writer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    time::Instant,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connection::{Failure, Harm, fetch, read_error, run, write_error};
use crate::{
    error::{CommitError, Error},
    row::FromRow,
    sql::{Bound, Statement},
};

/// Takes the connection, or why the transaction could not begin.
type Work = Box<dyn FnOnce(Result<&Connection, Error>) + Send>;

/// What a session asks of its thread.
pub(super) enum Task {
    Run(Work),
    Commit(oneshot::Sender<Result<(), CommitError>>),
}

/// The caller's end of a snapshot or a `Tx`. Dropping it ends the transaction.
pub(crate) struct Session {
    tasks: Sender<Task>,
    reads: Arc<AtomicU64>,
}

impl Session {
    /// A session that counts its `reads`, and what its thread is to [`serve`].
    pub(super) fn new(reads: Arc<AtomicU64>) -> (Self, Receiver<Task>) {
        let (tasks, todo) = mpsc::channel();
        (Self { tasks, reads }, todo)
    }

    pub(crate) async fn fetch<R: FromRow>(&self, bound: Bound<R>, limit: usize) -> Result<Vec<R>, Error> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.run(move |conn| fetch(conn, &bound.statement, limit)).await?
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, CommitError> {
        let done = self.run(move |conn| run(conn, &statement).map_err(own)).await??;
        Ok(done.affected)
    }

    pub(crate) async fn commit(self) -> Result<(), CommitError> {
        let (answer, answered) = oneshot::channel();
        self.tasks.send(Task::Commit(answer)).map_err(|_| Error::TimedOut)?;
        answered.await.map_err(|_| Error::TimedOut)?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let task = Task::Run(Box::new(move |conn: Result<&Connection, Error>| {
            answer.send(conn.map(work)).ok();
        }));
        self.tasks.send(task).map_err(|_| Error::TimedOut)?;
        answered.await.map_err(|_| Error::TimedOut)?
    }
}

/// A session has no group to harm.
fn own(failure: impl Into<Failure>) -> CommitError {
    match write_error(failure) {
        Harm::Batch(error) => error,
        Harm::Group(cause) => CommitError::Unavailable(cause),
    }
}

/// Runs the session's tasks inside one transaction until it is dropped, committed, or out of time.
/// Gives whether it was committed.
pub(super) fn serve(conn: &Connection, begin: &str, todo: &Receiver<Task>, until: Instant) -> bool {
    let begun = conn.execute_batch(begin).map_err(read_error);
    let committed = work_through(conn, &begun, todo, until);
    if !conn.is_autocommit()
        && let Err(error) = conn.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be ended");
    }
    committed
}

fn work_through(conn: &Connection, begun: &Result<(), Error>, todo: &Receiver<Task>, until: Instant) -> bool {
    while let Ok(task) = todo.recv_timeout(until.saturating_duration_since(Instant::now())) {
        match task {
            Task::Run(work) => work(begun.clone().and_then(|()| still_inside(conn))),
            Task::Commit(answer) => {
                let commit = |conn: &Connection| conn.execute_batch("COMMIT").map_err(own);
                let inside = begun.clone().and_then(|()| still_inside(conn));
                let result = inside.map_err(CommitError::from).and_then(commit);
                let committed = result.is_ok();
                answer.send(result).ok();
                return committed;
            }
        }
    }
    false
}

/// A full disk or an interrupted write ends the whole transaction; what follows must not run outside it.
fn still_inside(conn: &Connection) -> Result<&Connection, Error> {
    if conn.is_autocommit() {
        return Err(Error::Unavailable("the transaction was rolled back".to_owned()));
    }
    Ok(conn)
}
