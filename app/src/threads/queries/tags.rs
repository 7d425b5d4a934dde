//! The SQL of tags.

use folkmoot_store::{Bound, Ids, Texts, sql};

use super::super::model::ThreadId;
use crate::boards::BoardId;
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// The tags of threads.
    static TAGS_OF: (Ids) -> (ThreadId, String) =
        "SELECT thread_id, tag FROM thread_tags WHERE thread_id IN {ids:$1} ORDER BY thread_id, tag";
    /// Gives a thread tags.
    static INSERT_TAGS: (ThreadId, Texts) =
        "INSERT INTO thread_tags (thread_id, tag) SELECT CAST($1 AS BIGINT), x.* FROM {texts:$2} AS x";
    /// Takes a thread's tags.
    static DELETE_TAGS: (ThreadId) = "DELETE FROM thread_tags WHERE thread_id = $1";
    /// The tags that begin so, the commonest first, counted over these boards.
    static TAG_COUNTS: (String, String, Ids, i64) -> (String, i64) =
        "SELECT g.tag, COUNT(*) AS count FROM thread_tags g JOIN threads t ON t.id = g.thread_id
        WHERE g.tag >= $1 AND g.tag < $2 AND t.deleted_at IS NULL AND +t.board_id IN {ids:$3}
        GROUP BY g.tag ORDER BY count DESC, g.tag LIMIT $4";
}

/// The tags of threads, each thread's in the order of the alphabet.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of(read: &impl Read, threads: &[ThreadId]) -> Result<Vec<(ThreadId, String)>> {
    Ok(read.all(TAGS_OF.with((ThreadId::list(threads.iter().copied()),))).await?)
}

/// Gives a thread tags.
pub(crate) fn insert(thread: ThreadId, tags: &[String]) -> Bound<()> {
    INSERT_TAGS.with((thread, Texts(tags.to_vec())))
}

/// Takes a thread's tags.
pub(crate) fn delete(thread: ThreadId) -> Bound<()> {
    DELETE_TAGS.with((thread,))
}

/// The tags of these boards that begin with `start`, the commonest first, with the number of their visible threads.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn counts(
    read: &impl Read,
    start: &str,
    boards: &[BoardId],
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    // The last character of Unicode: nothing that begins with `start` is greater.
    let end = format!("{start}\u{10ffff}");
    Ok(read.all(TAG_COUNTS.with((start, end, BoardId::list(boards.iter().copied()), limit))).await?)
}
