//! The SQL that finds entries by their terms, joined with the rows of the same instant: what is deleted, edited since,
//! or not for who asks is not among them. Always the newest first.
//!
//! Rows are looked up one by one for what the index found (`CROSS JOIN` on SQLite, `LATERAL` with a limit on PostgreSQL):
//! neither engine knows how many entries have some terms, and one that guesses many would read whole tables. They are
//! looked up from the newest on, and no further than asked.

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::Kind;

/// From where terms are looked for, as each engine writes it.
macro_rules! found {
    (sqlite, $columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM search_index CROSS JOIN search_entries e ",
            $rest,
            " AND search_index MATCH $1 AND e.id = search_index.rowid AND search_index.rowid >= $2
                AND search_index.rowid < $3 ORDER BY search_index.rowid DESC LIMIT $4"
        )
    };
    (postgres, $columns:literal, $rest:literal) => {
        concat!(
            "WITH found AS MATERIALIZED (SELECT rowid FROM search_index
                WHERE terms @@ CAST(CAST($1 AS TEXT) AS TSQUERY))
            SELECT ",
            $columns,
            " FROM (SELECT rowid FROM found WHERE rowid >= $2 AND rowid < $3 ORDER BY rowid DESC OFFSET 0) f
            JOIN LATERAL (SELECT * FROM search_entries WHERE id = f.rowid LIMIT 1) e ON TRUE ",
            $rest,
            " ORDER BY f.rowid DESC LIMIT $4"
        )
    };
}

/// A row of [`PostRow`], and who may read it.
macro_rules! posts {
    ($engine:ident, $join:literal) => {
        found!(
            $engine,
            "e.id, e.subject, e.at, e.author_id, e.thread_id, e.opening, e.title, e.tags, e.text,
                t.board_id, t.title AS thread_title",
            $join
        )
    };
}

sql! {
    /// Posts on boards (`$5`), and if `$6` is a person, only those that they have not read.
    pub(crate) static POSTS: (String, i64, i64, i64, Ids, i64) -> PostRow = dialect! {
        sqlite: posts!(sqlite, "CROSS JOIN posts p ON p.id = e.subject CROSS JOIN threads t ON t.id = p.thread_id
            WHERE e.kind = 'post' AND p.deleted_at IS NULL AND p.edit_count = e.revision AND t.deleted_at IS NULL
                AND +t.board_id IN {ids:$5} AND (CAST($6 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM users u
                    LEFT JOIN thread_marks m ON m.user_id = u.id AND m.thread_id = t.id
                    WHERE u.id = $6 AND p.author_id <> u.id AND p.created_at > u.all_read_at
                        AND p.position > COALESCE(m.position, 0)))"),
        postgres: posts!(postgres, "JOIN LATERAL (SELECT * FROM posts WHERE id = e.subject LIMIT 1) p ON TRUE
            JOIN LATERAL (SELECT * FROM threads WHERE id = p.thread_id LIMIT 1) t ON TRUE
            WHERE e.kind = 'post' AND p.deleted_at IS NULL AND p.edit_count = e.revision AND t.deleted_at IS NULL
                AND t.board_id = ANY (ARRAY{ids:$5}) AND (CAST($6 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM users u
                    LEFT JOIN thread_marks m ON m.user_id = u.id AND m.thread_id = t.id
                    WHERE u.id = $6 AND p.author_id <> u.id AND p.created_at > u.all_read_at
                        AND p.position > COALESCE(m.position, 0)))"),
    };
    /// Messages that a person (`$5`) reads, and if `$6` is not 0, only those that they have not read.
    pub(crate) static MESSAGES: (String, i64, i64, i64, i64, i64) -> OtherRow = dialect! {
        sqlite: found!(sqlite, "e.id, e.subject, e.at, e.title, e.tags, e.text",
            "CROSS JOIN messages m ON m.id = e.subject
            WHERE e.kind = 'message' AND m.deleted_at IS NULL AND m.edit_count = e.revision
                AND EXISTS (SELECT 1 FROM memberships p WHERE p.conversation_id = m.conversation_id
                    AND p.user_id = $5 AND p.from_seq < m.seq AND (p.to_seq IS NULL OR p.to_seq >= m.seq))
                AND EXISTS (SELECT 1 FROM memberships o WHERE o.conversation_id = m.conversation_id
                    AND o.user_id = $5 AND o.to_seq IS NULL)
                AND (CAST($6 AS BIGINT) = 0 OR (m.author_id <> $5 AND m.seq > COALESCE((SELECT k.seq FROM conversation_marks k
                    WHERE k.user_id = $5 AND k.conversation_id = m.conversation_id), 0)))"),
        postgres: found!(postgres, "e.id, e.subject, e.at, e.title, e.tags, e.text",
            "JOIN LATERAL (SELECT * FROM messages WHERE id = e.subject LIMIT 1) m ON TRUE
            WHERE e.kind = 'message' AND m.deleted_at IS NULL AND m.edit_count = e.revision
                AND EXISTS (SELECT 1 FROM memberships p WHERE p.conversation_id = m.conversation_id
                    AND p.user_id = $5 AND p.from_seq < m.seq AND (p.to_seq IS NULL OR p.to_seq >= m.seq))
                AND EXISTS (SELECT 1 FROM memberships o WHERE o.conversation_id = m.conversation_id
                    AND o.user_id = $5 AND o.to_seq IS NULL)
                AND (CAST($6 AS BIGINT) = 0 OR (m.author_id <> $5 AND m.seq > COALESCE((SELECT k.seq FROM conversation_marks k
                    WHERE k.user_id = $5 AND k.conversation_id = m.conversation_id), 0)))"),
    };
    /// People, boards or tags; whether they are as their entries say is looked at afterwards.
    pub(crate) static OTHERS: (String, i64, i64, i64, Kind) -> OtherRow = dialect! {
        sqlite: found!(sqlite, "e.id, e.subject, e.at, e.title, e.tags, e.text", "WHERE e.kind = $5"),
        postgres: found!(postgres, "e.id, e.subject, e.at, e.title, e.tags, e.text", "WHERE e.kind = $5"),
    };
}

folkmoot_store::row! {
    /// A post that may answer.
    #[derive(Clone, Debug)]
    pub struct PostRow {
        /// The entry.
        pub id: i64,
        /// The post.
        pub subject: i64,
        /// When it was written.
        pub at: i64,
        /// Who wrote it.
        pub author_id: Option<i64>,
        /// Its thread.
        pub thread_id: Option<i64>,
        /// Whether the thread was opened with it.
        pub opening: bool,
        /// The thread's title when the entry was made, folded; empty for a reply.
        pub title: String,
        /// The thread's tags when the entry was made, with spaces between them; empty for a reply.
        pub tags: String,
        /// Its words, folded.
        pub text: String,
        /// The thread's board now.
        pub board_id: i64,
        /// The thread's title now.
        pub thread_title: String,
    }
}

folkmoot_store::row! {
    /// Something else that may answer.
    #[derive(Clone, Debug)]
    pub struct OtherRow {
        /// The entry.
        pub id: i64,
        /// What it stands for.
        pub subject: i64,
        /// When that was written.
        pub at: i64,
        /// Its title, folded.
        pub title: String,
        /// A tag itself; else empty.
        pub tags: String,
        /// Its words, folded.
        pub text: String,
    }
}

/// What is asked of the engine: terms, the ids within which they are looked for, and how many at most.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The terms, as the engine writes them.
    pub terms: String,
    /// The lowest id.
    pub from: i64,
    /// The id below which.
    pub below: i64,
    /// How many at most.
    pub limit: i64,
}

/// Posts on these boards; `reader`, if there is one, has not read them.
pub(crate) fn posts(asked: Asked, boards: &[i64], reader: Option<i64>) -> Bound<PostRow> {
    let Asked { terms, from, below, limit } = asked;
    POSTS.with((terms, from, below, limit, Ids(boards.to_vec()), reader.unwrap_or(0)))
}

/// Messages that this person reads; with `unread`, those that they have not read.
pub(crate) fn messages(asked: Asked, reader: i64, unread: bool) -> Bound<OtherRow> {
    let Asked { terms, from, below, limit } = asked;
    MESSAGES.with((terms, from, below, limit, reader, i64::from(unread)))
}

/// People, boards or tags.
pub(crate) fn others(asked: Asked, kind: Kind) -> Bound<OtherRow> {
    let Asked { terms, from, below, limit } = asked;
    OTHERS.with((terms, from, below, limit, kind))
}
