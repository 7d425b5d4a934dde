//! What only the database knows of accounts, for tests that must look behind the door.

use folkmoot_store::{Batch, sql};

use crate::rig::TestApp;

sql! {
    /// How an account's password is kept.
    static PASSWORD_HASH: (String) -> Option<String> = "SELECT password_hash FROM users WHERE nickname_key = $1";
    /// How many accounts there are.
    static ACCOUNTS: () -> i64 = "SELECT count(*) FROM users";
    /// How many sessions and tokens there are, run out or not.
    static SESSIONS: () -> i64 = "SELECT count(*) FROM sessions";
    /// Whether any secret of a session is kept as it is.
    static SESSIONS_WITH: (Vec<u8>) -> i64 = "SELECT count(*) FROM sessions WHERE token_hash = $1";
    /// An account as the import makes it: no e-mail, no password.
    static IMPORT: (i64, String, String) =
        "INSERT INTO users (id, nickname, nickname_key, role, standing, bio, settings, thread_count, post_count,
            like_count, all_read_at, created_at, version, source)
        VALUES ($1, $2, $3, 'member', 'good', '', '{}', 0, 0, 0, 0, 0, 1, $3)";
    /// A board that only a group may read.
    static BOARD_OF_GROUP: (i64, String) =
        "INSERT INTO boards (id, slug, title, description, preset, hue, position, read_right, read_group, start_right,
            reply_right, policy, thread_count, post_count, created_at, version)
        SELECT CAST($1 AS BIGINT), 'private', 'Private', '', 'forum', 0, 0, 'group', id, 'members', 'members', '{}',
            0, 0, 0, 1
        FROM groups WHERE slug = $2";
}

pub(super) async fn password_hash(app: &TestApp, nickname_key: &str) -> Option<String> {
    app.app.db.one(PASSWORD_HASH.with((nickname_key,))).await.unwrap()
}

pub(super) async fn accounts(app: &TestApp) -> i64 {
    app.app.db.one(ACCOUNTS.with(())).await.unwrap()
}

pub(super) async fn sessions(app: &TestApp) -> i64 {
    app.app.db.one(SESSIONS.with(())).await.unwrap()
}

pub(super) async fn sessions_with_secret(app: &TestApp, secret: &str) -> i64 {
    app.app.db.one(SESSIONS_WITH.with((secret.as_bytes().to_vec(),))).await.unwrap()
}

/// An account that was imported and has no owner yet; gives its id.
pub(super) async fn import(app: &TestApp, nickname: &str) -> String {
    let id = app.app.new_id().unwrap();
    write(app, IMPORT.with((id, nickname, nickname.to_lowercase()))).await;
    id.to_string()
}

/// A board that only this group may read.
pub(super) async fn board_of_group(app: &TestApp, slug: &str) {
    write(app, BOARD_OF_GROUP.with((app.app.new_id().unwrap(), slug))).await;
}

async fn write(app: &TestApp, statement: folkmoot_store::Bound<()>) {
    let mut batch = Batch::new();
    batch.push(statement.expect_rows(1).or("nothing was written"));
    app.app.db.commit(batch).await.unwrap();
}
