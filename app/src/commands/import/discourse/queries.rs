//! Every statement of the import. What was written is known by its `source`, which is unique.

use folkmoot_store::sql;

sql! {
    /// Everyone's key, and where an imported account comes from.
    pub(super) static PEOPLE: () -> PersonRow = "SELECT id, nickname, nickname_key, source FROM users";
    /// The addresses of boards, and where imported ones come from.
    pub(super) static BOARDS: () -> BoardRow = "SELECT id, slug, source FROM boards";
    /// The last place among the boards.
    pub(super) static LAST_POSITION: () -> i64 = "SELECT COALESCE(MAX(position), 0) FROM boards";
    /// The topics that are here, each with its imported posts and their likes.
    pub(super) static TOPICS: () -> (String, i64, i64) =
        "SELECT threads.source, COUNT(*), CAST(SUM(posts.imported_likes) AS BIGINT)
        FROM threads JOIN posts ON posts.thread_id = threads.id
        WHERE threads.source >= 'discourse:' AND threads.source < 'discourse;' AND posts.source IS NOT NULL
        GROUP BY threads.source";
}

folkmoot_store::row! {
    pub(super) struct PersonRow { pub(super) id: i64, pub(super) nickname: String, pub(super) nickname_key: String, pub(super) source: Option<String> }
}

folkmoot_store::row! {
    pub(super) struct BoardRow { pub(super) id: i64, pub(super) slug: String, pub(super) source: Option<String> }
}
