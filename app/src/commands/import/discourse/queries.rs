//! Every statement of the import. What was written is known by its `source`, which is unique.

use folkmoot_store::sql;

sql! {
    /// Everyone's key, and where an imported account comes from.
    pub(super) static PEOPLE: () -> PersonRow = "SELECT id, nickname, nickname_key, source FROM users";
    /// The addresses of boards, and where imported ones come from.
    pub(super) static BOARDS: () -> BoardRow = "SELECT id, slug, source FROM boards";
    /// The last place among the boards.
    pub(super) static LAST_POSITION: () -> i64 = "SELECT COALESCE(MAX(position), 0) FROM boards";
    /// A board: who reads it, and who writes on it.
    pub(super) static INSERT_BOARD: (i64, String, String, String, i64, i64, String, i64, String, String, String) =
        "INSERT INTO boards (id, slug, title, description, preset, hue, position, read_right, start_right,
            reply_right, policy, thread_count, post_count, created_at, version, source)
        VALUES ($1, $2, $3, $4, 'forum', $5, $6, $10, $11, $11, $7, 0, 0, $8, 1, $9)
        ON CONFLICT DO NOTHING";
    /// The topics that are here, each with its imported posts and their likes.
    pub(super) static TOPICS: () -> (String, i64, i64) =
        "SELECT threads.source, COUNT(*), CAST(SUM(posts.imported_likes) AS BIGINT)
        FROM threads JOIN posts ON posts.thread_id = threads.id
        WHERE threads.source >= 'discourse:' AND threads.source < 'discourse;' AND posts.source IS NOT NULL
        GROUP BY threads.source";
    /// A topic; nothing when it is here.
    pub(super) static INSERT_TOPIC: (
        i64, i64, i64, String, String, i64, i64, i64, i64, i64, i64, i64, bool, bool, bool, i64, Option<i64>, i64, String
    ) = "INSERT INTO threads (id, board_id, author_id, title, slug, opening_post_id, last_post_id, last_author_id,
            last_post_at, bumped_at, post_count, next_position, view_count, imported_likes, pinned, locked, archived,
            created_at, deleted_at, version, source)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $18, $13, $14, $15, $16, $17, 1, $19)
        ON CONFLICT (source) DO NOTHING";
    /// A topic's tag.
    pub(super) static INSERT_TAG: (i64, String) = "INSERT INTO thread_tags (thread_id, tag) VALUES ($1, $2)";
    /// A post.
    pub(super) static INSERT_POST: (
        i64, i64, i64, i64, Option<i64>, String, String, String, i64, i64, i64, Option<i64>, i64, Option<i64>, String, String
    ) = "INSERT INTO posts (id, thread_id, author_id, position, reply_to, flavour, body, html, excerpt, markup_version,
            imported_likes, created_at, edited_at, edit_count, deleted_at, version, sent_to, source)
        VALUES ($1, $2, $3, $4, $5, 'html', $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16)";
    /// Counts what came to a board.
    pub(super) static COUNT_BOARD: (i64, i64, i64) = "UPDATE boards
        SET thread_count = thread_count + $2, post_count = post_count + $3, version = version + 1 WHERE id = $1";
    /// Counts what came to a person on a board that everyone may read: others see these counts.
    pub(super) static COUNT_PERSON: (i64, i64, i64, i64, i64) = "UPDATE users
        SET thread_count = thread_count + $2, post_count = post_count + $3, like_count = like_count + $4
        WHERE id = $1 AND EXISTS (SELECT 1 FROM boards b WHERE b.id = $5 AND b.read_right = 'everyone')";
}

folkmoot_store::row! {
    pub(super) struct PersonRow { pub(super) id: i64, pub(super) nickname: String, pub(super) nickname_key: String, pub(super) source: Option<String> }
}

folkmoot_store::row! {
    pub(super) struct BoardRow { pub(super) id: i64, pub(super) slug: String, pub(super) source: Option<String> }
}
