//! Reading from the database as it is now, or as it was at one instant: queries take either.

use std::future::Future;

use folkmoot_store::{Bound, Db, Error, FromRow, Snapshot};

/// What queries run on: the database itself, or a snapshot of it.
pub trait Read: Sync {
    /// The one row that must be there.
    fn one<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<R, Error>> + Send;
    /// The one row that may be there.
    fn maybe<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<Option<R>, Error>> + Send;
    /// All rows.
    fn all<R: FromRow>(&self, bound: Bound<R>) -> impl Future<Output = Result<Vec<R>, Error>> + Send;
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
        }
    )+};
}

read!(Db, Snapshot);
