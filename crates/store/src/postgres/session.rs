//! Several statements in one transaction of one connection: snapshots and `Tx`.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::{
    convert::Trouble,
    pipeline::{control, fetch, run},
    pool::Lease,
    queue::Slot,
};
use crate::{
    error::{CommitError, Error},
    row::FromRow,
    sql::{Bound, Statement},
};

/// How a snapshot begins.
pub(super) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The caller's end of a snapshot or a `Tx`. Dropping it ends the transaction.
pub(crate) struct Session {
    lease: Lease,
    until: Instant,
    /// The right to write, for a `Tx`; held for its life.
    _slot: Option<Slot>,
}

impl Session {
    pub(super) async fn begin(
        mut lease: Lease,
        begin: &str,
        limit: Duration,
        slot: Option<Slot>,
    ) -> Result<Self, Trouble> {
        lease.set_busy(true);
        control(lease.client()?, begin).await?;
        Ok(Self { lease, until: Instant::now() + limit, _slot: slot })
    }

    pub(crate) async fn fetch<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
        let statement = bound.statement;
        self.lease.count_read();
        let work = async {
            let prepared = self.lease.prepare(&statement).await?;
            fetch(self.lease.client()?, &prepared, &statement.values).await
        };
        Ok(self.in_time(work).await?)
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, CommitError> {
        let work = async {
            let prepared = self.lease.prepare(&statement).await?;
            run(self.lease.client()?, &prepared, &statement.values).await
        };
        Ok(self.in_time(work).await?.affected)
    }

    pub(crate) async fn commit(mut self) -> Result<(), CommitError> {
        let commit = async { control(self.lease.client()?, "COMMIT").await };
        match timeout(self.lease.commit_timeout(), commit).await.unwrap_or(Err(Trouble::TimedOut)) {
            Ok(()) => {
                self.lease.set_busy(false);
                Ok(())
            }
            Err(Trouble::Lost(_) | Trouble::TimedOut) => Err(CommitError::Unknown),
            Err(trouble) => Err(trouble.into()),
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        timeout_at(self.until, work).await.unwrap_or(Err(Trouble::TimedOut))
    }
}
