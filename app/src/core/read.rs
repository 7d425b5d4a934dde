//! Reading from the database as it is now, or as it was at one instant: queries take either.

use std::future::Future;

use folkmoot_store::{Bound, Db, Error, FromRow, Seen, Snapshot};

use super::App;

/// What queries run on: the database itself, or a snapshot of it.
pub trait Read: Sync {
    /// The one row that must be there.
    fn one<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<R, Error>> + Send;
    /// The one row that may be there.
    fn maybe<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<Option<R>, Error>> + Send;
    /// All rows.
    fn all<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<Vec<R>, Error>> + Send;
    /// Whether it may be older than what is known here.
    fn is_replica(&self) -> bool;
}

macro_rules! read {
    ($($source:ty),+) => {$(
        impl Read for $source {
            async fn one<R: FromRow>(&self, bound: Bound<R>) -> Result<R, Error> {
                <$source>::one(self, bound).await
            }

            async fn maybe<R: FromRow>(&self, bound: Bound<R>) -> Result<Option<R>, Error> {
                <$source>::maybe(self, bound).await
            }

            async fn all<R: FromRow>(&self, bound: Bound<R>) -> Result<Vec<R>, Error> {
                <$source>::all(self, bound).await
            }

            fn is_replica(&self) -> bool {
                <$source>::is_replica(self)
            }
        }
    )+};
}

read!(Db, Snapshot);

/// Reads at one instant what can bear to be a moment old for who has not `seen` newer: at a replica, if there is one that
/// is near enough, else at the primary. What was not found there or went wrong is asked of the primary again: it may
/// only not have come there yet. Never for what a write or a right hangs on, but the right to see this.
///
/// # Errors
/// What the reading answers at the primary.
pub async fn relaxed<T, R>(app: &App, seen: Seen, read: impl Fn(Snapshot) -> R) -> super::Result<T>
where
    R: Future<Output = super::Result<T>>,
{
    if let Some(replica) = app.db.replica(seen).await {
        match read(replica).await {
            Err(super::Error::NotFound(_) | super::Error::Unavailable { .. } | super::Error::Internal(_)) => {
            }
            other => return other,
        }
    }
    read(app.db.snapshot().await?).await
}
