//! The table of browsers' sessions and programs' tokens.

use folkmoot_store::{Bound, Db, Ids, Seen, row, sql};

use crate::accounts::model::{GroupId, Role, SessionId, SessionKind, UserId};
use crate::core::Result;
use crate::core::read::Read;

row! {
    /// A living session with the rights of its person; one row for each of their groups, at least one.
    #[derive(Clone, Debug)]
    pub(crate) struct ActorRow {
        pub(crate) session_id: SessionId,
        pub(crate) kind: SessionKind,
        pub(crate) last_used_at: i64,
        pub(crate) user_id: UserId,
        pub(crate) nickname: String,
        pub(crate) role: Role,
        pub(crate) group_id: Option<GroupId>,
    }
}

row! {
    /// A session as its owner sees it.
    #[derive(Clone, Debug)]
    pub(crate) struct SessionRow {
        pub(crate) id: SessionId,
        pub(crate) name: String,
        pub(crate) created_at: i64,
        pub(crate) last_used_at: i64,
        pub(crate) expires_at: i64,
    }
}

/// A banned person has no living session.
macro_rules! actor {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS session_id, s.kind, s.last_used_at, u.id AS user_id, u.nickname, u.role,
                m.group_id
            FROM sessions s
            JOIN users u ON u.id = s.user_id
            LEFT JOIN group_members m ON m.user_id = u.id
            WHERE u.standing = 'good' AND ",
            $which
        )
    };
}

sql! {
    /// Whose secret this is: read with every request of somebody signed in.
    pub(crate) static BY_SECRET: (Vec<u8>, SessionKind, i64) -> ActorRow =
        actor!("s.token_hash = $1 AND s.kind = $2 AND s.expires_at > $3");
    /// Whose session this is, for sockets that were opened with it.
    static BY_ID: (SessionId, i64) -> ActorRow = actor!("s.id = $1 AND s.expires_at > $2");
    /// The living sessions or tokens of a person.
    static OF: (UserId, SessionKind, i64) -> SessionRow =
        "SELECT id, name, created_at, last_used_at, expires_at FROM sessions
        WHERE user_id = $1 AND kind = $2 AND expires_at > $3 ORDER BY last_used_at DESC, id DESC";
    /// How many are alive.
    static ACTIVE: (i64) -> i64 = "SELECT count(*) FROM sessions WHERE expires_at > $1";
    /// A new session of somebody in good standing.
    static INSERT: (SessionId, UserId, SessionKind, String, Vec<u8>, i64, i64) =
        "INSERT INTO sessions (id, user_id, kind, name, token_hash, created_at, last_used_at, expires_at)
        SELECT CAST($1 AS BIGINT), id, CAST($3 AS TEXT), CAST($4 AS TEXT), $5, CAST($6 AS BIGINT), CAST($6 AS BIGINT),
            CAST($7 AS BIGINT)
        FROM users WHERE id = $2 AND standing = 'good'";
    /// A row while the password is the one that was verified.
    static PASSWORD_IS_STILL: (UserId, String) -> i64 = "SELECT id FROM users WHERE id = $1 AND password_hash = $2";
    /// A row while a person has fewer tokens than they may.
    static FEWER_THAN: (UserId, i64) -> i64 =
        "SELECT id FROM users WHERE id = $1
            AND (SELECT count(*) FROM sessions WHERE user_id = $1 AND kind = 'bearer') < $2";
    /// A session is in use, if nobody noted that meanwhile.
    static TOUCH: (SessionId, i64, i64, i64) =
        "UPDATE sessions SET last_used_at = $3, expires_at = CASE WHEN kind = 'cookie' THEN $4 ELSE expires_at END
        WHERE id = $1 AND last_used_at = $2";
    /// A session's end, by its owner.
    static DELETE: (SessionId, UserId, SessionKind) =
        "DELETE FROM sessions WHERE id = $1 AND user_id = $2 AND kind = $3";
    /// The end of all of a person's sessions of a kind but one.
    static DELETE_OTHERS_OF_KIND: (UserId, SessionKind, SessionId) =
        "DELETE FROM sessions WHERE user_id = $1 AND kind = $2 AND id <> $3";
    /// The end of all of a person's sessions and tokens but one.
    static DELETE_OTHERS: (UserId, SessionId) = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    /// What has run out, oldest first.
    pub(crate) static EXPIRED: (i64, i64) -> SessionId =
        "SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
    /// The end of what has run out.
    static DELETE_EXPIRED: (Ids, i64) = "DELETE FROM sessions WHERE id IN {ids:$1} AND expires_at <= $2";
}

/// Whose secret this is, and what they must find in what they read next.
pub(crate) async fn by_secret(
    db: &Db,
    hash: Vec<u8>,
    kind: SessionKind,
    now: i64,
) -> Result<(Vec<ActorRow>, Seen)> {
    Ok(db.all_seen(BY_SECRET.with((hash, kind, now))).await?)
}

/// Whose session this is, if it is still alive.
pub(crate) async fn by_id(db: &impl Read, id: SessionId, now: i64) -> Result<Vec<ActorRow>> {
    Ok(db.all(BY_ID.with((id, now))).await?)
}

/// The living sessions (or tokens) of a person, the last used first.
pub(crate) async fn of(db: &impl Read, user: UserId, kind: SessionKind, now: i64) -> Result<Vec<SessionRow>> {
    Ok(db.all(OF.with((user, kind, now))).await?)
}

/// How many sessions and tokens are alive.
pub(crate) async fn active(db: &impl Read, now: i64) -> Result<i64> {
    Ok(db.one(ACTIVE.with((now,))).await?)
}

/// A session to be begun.
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) kind: SessionKind,
    pub(crate) name: String,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) expires_at: i64,
}

/// A new session; no row when the person is banned.
pub(crate) fn insert(new: NewSession) -> Bound<()> {
    INSERT.with((new.id, new.user, new.kind, new.name, new.secret_hash, new.at, new.expires_at))
}

/// Guard: the password is still the one whose hash was verified.
pub(crate) fn password_is_still(user: UserId, hash: &str) -> Bound<i64> {
    PASSWORD_IS_STILL.with((user, hash))
}

/// Guard: a person has fewer tokens than `most`.
pub(crate) fn fewer_tokens_than(user: UserId, most: i64) -> Bound<i64> {
    FEWER_THAN.with((user, most))
}

/// The session is in use; a cookie's end moves on.
pub(crate) fn touch(id: SessionId, last_used_at: i64, now: i64, expires_at: i64) -> Bound<()> {
    TOUCH.with((id, last_used_at, now, expires_at))
}

/// The end of a session; no row when it is not this person's.
pub(crate) fn delete(id: SessionId, user: UserId, kind: SessionKind) -> Bound<()> {
    DELETE.with((id, user, kind))
}

/// The end of all other sessions of the kind.
pub(crate) fn delete_others_of_kind(user: UserId, kind: SessionKind, keep: SessionId) -> Bound<()> {
    DELETE_OTHERS_OF_KIND.with((user, kind, keep))
}

/// The end of all other sessions and tokens of a person, or of all when none is kept.
pub(crate) fn delete_others(user: UserId, keep: Option<SessionId>) -> Bound<()> {
    DELETE_OTHERS.with((user, keep.unwrap_or(SessionId(0))))
}

/// At most `limit` sessions that have run out.
pub(crate) async fn expired(db: &impl Read, now: i64, limit: i64) -> Result<Vec<SessionId>> {
    Ok(db.all(EXPIRED.with((now, limit))).await?)
}

/// The end of sessions that have run out.
pub(crate) fn delete_expired(ids: &[SessionId], now: i64) -> Bound<()> {
    DELETE_EXPIRED.with((SessionId::list(ids.iter().copied()), now))
}
