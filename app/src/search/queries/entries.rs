//! The SQL that keeps entries.

use folkmoot_store::{Bound, Ids, Step, sql};

use super::super::model::Kind;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// The entries of these rows, with what their words were cut from.
    static OF: (Kind, Ids) -> KeptRow =
        "SELECT id, subject, title, text FROM search_entries WHERE kind = $1 AND subject IN {ids:$2} ORDER BY id";
    /// Those of these rows that have an entry of these terms.
    static DONE: (Kind, Ids, i64) -> i64 =
        "SELECT subject FROM search_entries WHERE kind = $1 AND subject IN {ids:$2} AND terms_version = $3";
    /// Those of these ids that entries have.
    static TAKEN: (Ids) -> i64 = "SELECT id FROM search_entries WHERE id IN {ids:$1}";
    /// The ids of a kind's rows that have entries, in order.
    static SUBJECTS: (Kind, i64, i64) -> i64 =
        "SELECT subject FROM search_entries WHERE kind = $1 AND subject > $2 ORDER BY subject LIMIT $3";
    /// Adds an entry.
    static INSERT: (i64, Kind, i64, i64, Option<i64>, Option<i64>, Option<i64>, i64, bool, i64, String, String, String, i64) =
        "INSERT INTO search_entries (id, kind, subject, at, author_id, thread_id, conversation_id, place, opening,
            revision, title, tags, text, terms_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    /// Adds an entry's terms, which have spaces between them.
    static INSERT_TERMS: (i64, String) = dialect! {
        sqlite: "INSERT INTO search_index (rowid, terms) VALUES ($1, $2)",
        postgres: "INSERT INTO search_index (rowid, terms)
            VALUES ($1, array_to_tsvector(string_to_array(CAST($2 AS TEXT), ' ')))",
    };
    /// Deletes entries.
    static DELETE: (Ids) = "DELETE FROM search_entries WHERE id IN {ids:$1}";
    /// Deletes the terms of entries.
    static DELETE_TERMS: (Ids) = "DELETE FROM search_index WHERE rowid IN {ids:$1}";
    /// How many entries there are in each span of 25 days.
    static DENSITY: () -> (i64, i64) = "SELECT id >> 31 AS span, COUNT(*) AS entries FROM search_entries GROUP BY id >> 31
        ORDER BY span";
    /// How many entries of a kind there are.
    static COUNT: (Kind) -> i64 = "SELECT COUNT(*) FROM search_entries WHERE kind = $1";
}

folkmoot_store::row! {
    /// An entry, with what its words were cut from.
    pub struct KeptRow {
        /// The entry.
        pub id: i64,
        /// The row that it stands for.
        pub subject: i64,
        /// Its title, folded.
        pub title: String,
        /// Its text, folded.
        pub text: String,
    }
}

/// An entry to be kept.
pub(crate) struct NewEntry {
    /// The entry.
    pub id: i64,
    /// What it stands for.
    pub kind: Kind,
    /// The row that it stands for.
    pub subject: i64,
    /// When that was written.
    pub at: i64,
    /// Who wrote it.
    pub author: Option<i64>,
    /// The thread it is in.
    pub thread: Option<i64>,
    /// The conversation it is in.
    pub conversation: Option<i64>,
    /// Its position or number there.
    pub place: i64,
    /// Whether its thread was opened with it.
    pub opening: bool,
    /// How often its words were changed.
    pub revision: i64,
    /// Its title, folded.
    pub title: String,
    /// Its tags, with spaces between them.
    pub tags: String,
    /// Its text, folded.
    pub text: String,
    /// The version of the terms.
    pub terms_version: i64,
    /// The terms, with spaces between them.
    pub terms: String,
}

/// The entries of these rows.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of(read: &impl Read, kind: Kind, subjects: &[i64]) -> Result<Vec<KeptRow>> {
    Ok(read.all(OF.with((kind, Ids(subjects.to_vec())))).await?)
}

/// Those of these rows that have an entry with terms of this version.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn done(read: &impl Read, kind: Kind, subjects: &[i64], version: i64) -> Result<Vec<i64>> {
    Ok(read.all(DONE.with((kind, Ids(subjects.to_vec()), version))).await?)
}

/// Those of these ids that entries have.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn taken(read: &impl Read, ids: Vec<i64>) -> Result<Vec<i64>> {
    Ok(read.all(TAKEN.with((Ids(ids),))).await?)
}

/// The ids of a kind's rows that have entries, after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn subjects(read: &impl Read, kind: Kind, after: i64, limit: i64) -> Result<Vec<i64>> {
    Ok(read.all(SUBJECTS.with((kind, after, limit))).await?)
}

/// How many entries there are in each span of `1 << 31` milliseconds, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn density(read: &impl Read) -> Result<Vec<(i64, i64)>> {
    Ok(read.all(DENSITY.with(())).await?)
}

/// How many entries of a kind there are.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn count(read: &impl Read, kind: Kind) -> Result<i64> {
    Ok(read.one(COUNT.with((kind,))).await?)
}

/// Adds an entry and its terms.
pub(crate) fn insert(new: NewEntry) -> [Step; 2] {
    let entry = INSERT.with((
        new.id,
        new.kind,
        new.subject,
        new.at,
        new.author,
        new.thread,
        new.conversation,
        new.place,
        new.opening,
        new.revision,
        new.title,
        new.tags,
        new.text,
        new.terms_version,
    ));
    [entry.into(), INSERT_TERMS.with((new.id, new.terms)).into()]
}

/// Deletes entries and their terms.
pub(crate) fn delete(ids: &[i64]) -> [Bound<()>; 2] {
    [DELETE.with((Ids(ids.to_vec()),)), DELETE_TERMS.with((Ids(ids.to_vec()),))]
}
