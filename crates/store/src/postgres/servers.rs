//! The servers that an address names, of which one is meant: finding it, and noticing when it is another.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deadpool_postgres::Connect;
use futures_util::future::select_ok;
use tokio::{task::JoinHandle, time::sleep};
use tokio_postgres::{Client, Config, Error as PgError, NoTls};

use super::convert::whole;
use crate::error::Error;

/// How long the server of last time is waited for before the next one is asked too.
const HEAD_START: Duration = Duration::from_millis(300);

/// The servers; cheap to clone.
#[derive(Clone)]
pub(super) struct Servers(Arc<Parts>);

struct Parts {
    each: Vec<Config>,
    /// The one that was right last time.
    last: AtomicUsize,
    /// Connections from before are not used any more.
    valid_from: Mutex<Instant>,
}

type Connected = (Client, JoinHandle<()>);

impl Servers {
    /// Those of a URL, each asked with what `settle` sets.
    pub(super) fn of(url: &str, settle: impl Fn(&mut Config)) -> Result<Self, Error> {
        let config = |url: String| {
            let parsed: Result<Config, _> = url.parse();
            let mut config = parsed.map_err(|error| Error::Invalid(whole(&error)))?;
            settle(&mut config);
            Ok(config)
        };
        let each = each(url).into_iter().map(config).collect::<Result<_, Error>>()?;
        let parts = Parts { each, last: AtomicUsize::new(0), valid_from: Mutex::new(Instant::now()) };
        Ok(Self(Arc::new(parts)))
    }

    /// Whether a connection of that age may still be used.
    pub(super) fn is_valid(&self, created: Instant) -> bool {
        created >= *self.valid_from()
    }

    /// A connection was lost: those as old as it are lost too, or lead to a server that is not meant any more.
    pub(super) fn distrust(&self, created: Instant) {
        let mut valid_from = self.valid_from();
        if created >= *valid_from {
            *valid_from = Instant::now();
        }
    }

    /// The server of last time does not do its work: the next one is asked first.
    pub(super) fn look_elsewhere(&self) {
        let next = (self.0.last.load(Ordering::Relaxed) + 1) % self.0.each.len();
        self.0.last.store(next, Ordering::Relaxed);
        *self.valid_from() = Instant::now();
    }

    async fn find(&self) -> Result<Connected, PgError> {
        let (count, last) = (self.0.each.len(), self.0.last.load(Ordering::Relaxed));
        let attempts = (0..count).zip(0_u32..).map(|(step, turn)| {
            let index = (last + step) % count;
            Box::pin(async move {
                sleep(HEAD_START * turn).await;
                self.0.each[index].connect(NoTls).await.map(|connected| (index, connected))
            })
        });
        let ((index, (client, connection)), _) = select_ok(attempts).await?;
        if self.0.last.swap(index, Ordering::Relaxed) != index {
            tracing::warn!(server = index + 1, "another one of the database's servers is used from here on");
            *self.valid_from() = Instant::now();
        }
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(cause = whole(&error), "a connection to the database broke");
            }
        });
        Ok((client, task))
    }

    fn valid_from(&self) -> MutexGuard<'_, Instant> {
        self.0.valid_from.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connect for Servers {
    fn connect(&self, _: &Config) -> Pin<Box<dyn Future<Output = Result<Connected, PgError>> + Send + '_>> {
        Box::pin(self.find())
    }
}

/// The URL once for each of the hosts that it names before its path.
fn each(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let (place, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (who, hosts) = place.split_at(place.rfind('@').map_or(0, |at| at + 1));
    hosts.split(',').map(|host| format!("{scheme}://{who}{host}{path}")).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn each_host_has_an_address_of_its_own() {
        let cases: [(&str, &[&str]); 5] = [
            (
                "postgres://ann:p,w@a:1,b/forum?x=1,2",
                &["postgres://ann:p,w@a:1/forum?x=1,2", "postgres://ann:p,w@b/forum?x=1,2"],
            ),
            ("postgres://a,b", &["postgres://a", "postgres://b"]),
            ("postgres://a?host=/tmp,b", &["postgres://a?host=/tmp,b"]),
            ("postgres:///forum?host=/tmp", &["postgres:///forum?host=/tmp"]),
            ("postgres://[::1]:1,[::2]:2/x", &["postgres://[::1]:1/x", "postgres://[::2]:2/x"]),
        ];
        for (url, expected) in cases {
            assert_eq!(each(url), expected);
        }
    }
}
