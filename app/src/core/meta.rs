//! Facts about this database itself: its epoch and the community's settings that admins change while it runs.

use folkmoot_store::{Batch, Bound, Db, sql};

use super::Result;
use super::random::Random;

sql! {
    /// One fact.
    static VALUE: (String) -> String = "SELECT value FROM meta WHERE key = $1";
    /// Facts whose names begin alike.
    static VALUES: (String, String) -> (String, String) =
        "SELECT key, value FROM meta WHERE key >= $1 AND key < $2 ORDER BY key";
    /// Writes a fact.
    static SET: (String, String) = "INSERT INTO meta (key, value) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    /// Writes a fact that is not there yet.
    static SET_FIRST: (String, String) = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
}

const EPOCH: &str = "epoch";

/// A fact by its name.
///
/// # Errors
/// When the database cannot be read.
pub async fn value(db: &Db, key: &str) -> Result<Option<String>> {
    Ok(db.maybe(VALUE.with((key.to_owned(),))).await?)
}

/// All facts whose names begin with `prefix` and a dot.
///
/// # Errors
/// When the database cannot be read.
pub async fn values(db: &Db, prefix: &str) -> Result<Vec<(String, String)>> {
    // '/' is the character after '.'.
    Ok(db.all(VALUES.with((format!("{prefix}."), format!("{prefix}/")))).await?)
}

/// Writes a fact, as part of a batch.
pub fn set(key: &str, value: &str) -> Bound<()> {
    SET.with((key.to_owned(), value.to_owned()))
}

/// The name of this history; made when the database is new.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn epoch(db: &Db, random: &Random) -> Result<String> {
    if let Some(epoch) = value(db, EPOCH).await? {
        return Ok(epoch);
    }
    let mut batch = Batch::new();
    batch.push(SET_FIRST.with((EPOCH.to_owned(), hex::encode(random.bytes::<8>()?))));
    db.commit(batch).await?;
    Ok(db.one(VALUE.with((EPOCH.to_owned(),))).await?)
}
