//! The SQL of the words that there are.

use folkmoot_store::{Bound, Step, Texts, sql};

use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// Those of these words that are known, and how many entries have each.
    static EXACT: (Texts) -> (String, i64) = "SELECT word, entries FROM search_words WHERE word IN {texts:$1}";
    /// Words between two, those first that most entries have.
    static BETWEEN: (String, String, i64) -> (String, i64) = "SELECT word, entries FROM search_words
        WHERE word >= $1 AND word < $2 ORDER BY entries DESC, word LIMIT $3";
    /// Words that hold a part, those first that most entries have; `$1` has its trigrams, as a query of the engine's.
    static HOLDING: (String, String, i64) -> (String, i64) = dialect! {
        sqlite: "SELECT w.word, w.entries FROM search_word_parts p JOIN search_words w ON w.id = p.rowid
            WHERE search_word_parts MATCH $1 AND instr(w.word, $2) > 0 ORDER BY w.entries DESC, w.word LIMIT $3",
        postgres: "WITH found AS MATERIALIZED (SELECT rowid FROM search_word_parts
                WHERE parts @@ CAST(CAST($1 AS TEXT) AS TSQUERY))
            SELECT w.word, w.entries
            FROM found JOIN LATERAL (SELECT * FROM search_words WHERE id = found.rowid LIMIT 1) w ON TRUE
            WHERE strpos(w.word, $2) > 0 ORDER BY w.entries DESC, w.word LIMIT $3",
    };
    /// The highest number that a word has.
    static LAST: () -> i64 = "SELECT COALESCE(MAX(id), 0) FROM search_words";
    /// Adds a word.
    static INSERT: (String, i64, i64) = "INSERT INTO search_words (word, id, entries) VALUES ($1, $2, $3)";
    /// Adds a word's trigrams, which have spaces between them.
    static INSERT_PARTS: (i64, String) = dialect! {
        sqlite: "INSERT INTO search_word_parts (rowid, parts) VALUES ($1, $2)",
        postgres: "INSERT INTO search_word_parts (rowid, parts)
            VALUES ($1, array_to_tsvector(string_to_array(CAST($2 AS TEXT), ' ')))",
    };
    /// Adds to how many entries have each word, and answers those that none should have any more: `$1` is a JSON list of
    /// words and numbers.
    static ADD: (String) -> (String, i64, i64) = dialect! {
        sqlite: "UPDATE search_words SET entries = entries + j.more
            FROM (SELECT value ->> 0 AS word, value ->> 1 AS more FROM json_each($1)) AS j
            WHERE search_words.word = j.word RETURNING search_words.word, search_words.id, search_words.entries",
        postgres: "UPDATE search_words SET entries = entries + j.more
            FROM (SELECT value ->> 0 AS word, CAST(value ->> 1 AS BIGINT) AS more
                FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB))) AS j
            WHERE search_words.word = j.word RETURNING search_words.word, search_words.id, search_words.entries",
    };
    /// Whether any entry has a term, which is given as a query of the engine's.
    static IS_USED: (String) -> bool = dialect! {
        sqlite: "SELECT EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH $1)",
        postgres: "WITH found AS MATERIALIZED (SELECT rowid FROM search_index
                WHERE terms @@ CAST(CAST($1 AS TEXT) AS TSQUERY))
            SELECT EXISTS (SELECT 1 FROM found)",
    };
    /// Takes a word that no entry has.
    static DELETE: (i64) = "DELETE FROM search_words WHERE id = $1";
    /// Takes its trigrams.
    static DELETE_PARTS: (i64) = "DELETE FROM search_word_parts WHERE rowid = $1";
    /// Says how many entries have a word, where that was lost.
    static SET: (i64, i64) = "UPDATE search_words SET entries = $2 WHERE id = $1";
    /// How many words there are.
    static COUNT: () -> i64 = "SELECT COUNT(*) FROM search_words";
}

/// Greater than every character that a word has.
const LAST_CHARACTER: char = '\u{10ffff}';

/// Those of these words that are known, and how many entries have each.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn exact(read: &impl Read, words: Vec<String>) -> Result<Vec<(String, i64)>> {
    Ok(read.all(EXACT.with((Texts(words),))).await?)
}

/// Words that begin so, those first that most entries have.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn beginning(read: &impl Read, start: &str, limit: i64) -> Result<Vec<(String, i64)>> {
    Ok(read.all(BETWEEN.with((start, format!("{start}{LAST_CHARACTER}"), limit))).await?)
}

/// Words that hold this part, those first that most entries have. `trigrams` are all of the part's.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn holding(
    read: &impl Read,
    trigrams: String,
    part: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    Ok(read.all(HOLDING.with((trigrams, part, limit))).await?)
}

/// The highest number that a word has.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn last(read: &impl Read) -> Result<i64> {
    Ok(read.one(LAST.with(())).await?)
}

/// Adds a word that so many entries have, with its trigrams if it has any.
pub(crate) fn insert(word: String, id: i64, entries: i64, trigrams: &[String]) -> Vec<Step> {
    let mut steps: Vec<Step> = vec![INSERT.with((word, id, entries)).into()];
    if !trigrams.is_empty() {
        steps.push(INSERT_PARTS.with((id, trigrams.join(" "))).into());
    }
    steps
}

/// Adds to how many entries have each of these words; answers each word's number, and how many have it now.
pub(crate) fn add(more: &[(String, i64)]) -> Bound<(String, i64, i64)> {
    ADD.with((serde_json::json!(more).to_string(),))
}

/// Whether any entry has a term, which is given as a query of the engine's.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_used(read: &impl Read, term: String) -> Result<bool> {
    Ok(read.one(IS_USED.with((term,))).await?)
}

/// Takes a word that no entry has.
pub(crate) fn delete(id: i64) -> [Bound<()>; 2] {
    [DELETE.with((id,)), DELETE_PARTS.with((id,))]
}

/// Says how many entries have a word.
pub(crate) fn set(id: i64, entries: i64) -> Bound<()> {
    SET.with((id, entries))
}

/// How many words there are.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn count(read: &impl Read) -> Result<i64> {
    Ok(read.one(COUNT.with(())).await?)
}
