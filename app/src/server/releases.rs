//! The client's files in the database, so that any node can serve any recent release.
//!
//! While nodes are replaced one by one, a page from one release may ask a node of the other for a file, and a tab that
//! stays open asks for its own release's files for weeks.

use std::time::Duration;

use bytes::Bytes;
use folkmoot_store::{Batch, Bound, Db, sql};

use super::assets::{Asset, Release};
use crate::core::clock::Clock;
use crate::core::error::Result;

/// How long a release is kept after a node last served it, in milliseconds: 30 days.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1000;
/// How often a node says that it still serves its release.
pub const SAY_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

const PLAIN: &str = "identity";
const GZIP: &str = "gzip";
const BROTLI: &str = "br";

sql! {
    /// A file in all its encodings.
    static FILE: (String, String) -> (String, Vec<u8>) =
        "SELECT encoding, content FROM releases WHERE release = $1 AND path = $2";
    /// The paths of a release.
    static PATHS: (String, String) -> String =
        "SELECT path FROM releases WHERE release = $1 AND encoding = $2 ORDER BY path";
    /// Puts a file in; one that is there only becomes newer.
    static PUT: (String, String, String, Vec<u8>, i64) =
        "INSERT INTO releases (release, path, encoding, content, added_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (release, path, encoding) DO UPDATE SET added_at = excluded.added_at";
    /// Forgets releases that nobody served for long.
    static FORGET: (i64) = "DELETE FROM releases WHERE added_at < $1";
}

/// Keeps this node's release in the database for as long as the task lives, saying so time and again: a node may serve
/// for months. A failure costs only tabs of this release that meet another node.
pub async fn keep(db: &Db, clock: &Clock, release: &Release, every: Duration) {
    loop {
        match publish(db, clock, release).await {
            Ok(()) => tracing::info!(release = release.name, "the client's files are in the database"),
            Err(error) => {
                tracing::warn!(cause = %error, "the client's files could not be put into the database");
            }
        }
        tokio::time::sleep(every).await;
    }
}

/// Puts this node's release into the database, and forgets those that are too old.
///
/// # Errors
/// When the database cannot be written.
pub async fn publish(db: &Db, clock: &Clock, release: &Release) -> Result<()> {
    let now = clock.now();
    let mut batch = Batch::new();
    for (path, asset) in &release.files {
        let forms =
            [(PLAIN, Some(&asset.plain)), (GZIP, asset.gzip.as_ref()), (BROTLI, asset.brotli.as_ref())];
        for (encoding, content) in forms {
            if let Some(content) = content {
                batch.push(put(&release.name, path, encoding, content, now));
            }
        }
    }
    batch.push(FORGET.with((now - KEPT,)));
    db.commit(batch).await?;
    Ok(())
}

fn put(release: &str, path: &str, encoding: &str, content: &[u8], now: i64) -> Bound<()> {
    PUT.with((release.to_owned(), path.to_owned(), encoding.to_owned(), content.to_vec(), now))
}

/// A file of any release that is still kept.
///
/// # Errors
/// When the database cannot be read.
pub async fn file(db: &Db, release: &str, path: &str) -> Result<Option<Asset>> {
    let mut forms = db.all(FILE.with((release.to_owned(), path.to_owned()))).await?;
    let mut take = |encoding: &str| {
        let index = forms.iter().position(|(name, _)| name == encoding)?;
        Some(Bytes::from(forms.swap_remove(index).1))
    };
    Ok(take(PLAIN).map(|plain| Asset::new(plain, take(GZIP), take(BROTLI))))
}

/// The paths of a release that is still kept; none for an unknown one.
///
/// # Errors
/// When the database cannot be read.
pub async fn paths(db: &Db, release: &str) -> Result<Vec<String>> {
    Ok(db.all(PATHS.with((release.to_owned(), PLAIN.to_owned()))).await?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use folkmoot_store::testing::temp_sqlite;
    use folkmoot_store::{Db, Options};

    use super::super::database;
    use super::{Clock, Release, keep, paths, publish};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn release(name: &str) -> Release {
        Release { name: name.to_owned(), ..Release::packed() }
    }

    async fn is_kept(db: &Db, name: &str) -> bool {
        !paths(db, name).await.unwrap().is_empty()
    }

    #[tokio::test]
    async fn a_release_stays_for_as_long_as_a_node_serves_it() {
        let file = temp_sqlite();
        let db = Db::open(&file.url(), Options::default()).await.unwrap();
        database::migrate(&db).await.unwrap();
        let clock = Clock::set_to(1_795_176_000_000);
        publish(&db, &clock, &release("ended")).await.unwrap();
        let often = Duration::from_millis(5);
        let serving = release("serving");
        let serve = keep(&db, &clock, &serving, often);
        let look = async {
            while !is_kept(&db, "serving").await {
                tokio::time::sleep(often).await;
            }
            clock.forward(40 * DAY);
            // It is said again, and what nobody serves any more goes by that.
            while is_kept(&db, "ended").await {
                tokio::time::sleep(often).await;
            }
            publish(&db, &clock, &release("newer")).await.unwrap();
            assert!(is_kept(&db, "serving").await, "it began 40 days ago, and is served today");
        };
        tokio::select! {
            () = serve => {}
            looked = tokio::time::timeout(Duration::from_secs(10), look) => looked.expect("it is said again"),
        }
    }
}
