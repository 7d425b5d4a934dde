//! The SQL of whose turn it is to write the index, and how far all rows have been looked at.

use folkmoot_store::{Bound, sql};

use super::super::model::Kind;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// The number of the write that is next.
    static TURN: () -> i64 = "SELECT turn FROM search_progress WHERE kind = 'all'";
    /// Takes the turn, if nobody took it since.
    static TAKE_TURN: (i64) = "UPDATE search_progress SET turn = turn + 1 WHERE kind = 'all' AND turn = $1";
    /// How far each kind is.
    static ALL: () -> ProgressRow = "SELECT kind, done_to, done, total, terms_version, finished, anew
        FROM search_progress WHERE kind <> 'all' ORDER BY kind";
    /// Goes on, if nobody did since.
    static ADVANCE: (Kind, i64, i64, i64, bool) =
        "UPDATE search_progress SET done_to = $3, done = done + $4, finished = $5
        WHERE kind = $1 AND done_to = $2 AND NOT finished";
    /// Begins with the first row.
    static RESTART: (Kind, i64, i64, bool) = "UPDATE search_progress SET done_to = 0, done = 0, total = $2,
            terms_version = $3, finished = FALSE, anew = $4
        WHERE kind = $1";
}

folkmoot_store::row! {
    /// How far a kind is.
    #[derive(Clone, Debug)]
    pub struct ProgressRow {
        /// The kind.
        pub kind: Kind,
        /// The row up to which all have been looked at.
        pub done_to: i64,
        /// How many those were.
        pub done: i64,
        /// Of how many.
        pub total: i64,
        /// The version of the terms that they were given.
        pub terms_version: i64,
        /// Whether that was all.
        pub finished: bool,
        /// Whether entries are made again that are there.
        pub anew: bool,
    }
}

/// The number of the write that is next.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn turn(read: &impl Read) -> Result<i64> {
    Ok(read.one(TURN.with(())).await?)
}

/// Takes the turn; writes nothing when somebody took it since.
pub(crate) fn take_turn(turn: i64) -> Bound<()> {
    TAKE_TURN.with((turn,))
}

/// How far each kind is.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn all(read: &impl Read) -> Result<Vec<ProgressRow>> {
    Ok(read.all(ALL.with(())).await?)
}

/// Goes on from `from` to `to`; writes nothing when somebody else did.
pub(crate) fn advance(kind: Kind, from: i64, to: i64, more: i64, finished: bool) -> Bound<()> {
    ADVANCE.with((kind, from, to, more, finished))
}

/// Begins with the first row, of so many, and this version of the terms.
pub(crate) fn restart(kind: Kind, total: i64, version: i64, anew: bool) -> Bound<()> {
    RESTART.with((kind, total, version, anew))
}
