//! The table of one-time links.

use folkmoot_store::{Bound, row, sql};

use crate::accounts::model::{LinkId, Purpose, UserId};
use crate::core::Result;
use crate::core::read::Read;

row! {
    /// A link that can still be used.
    #[derive(Clone, Debug)]
    pub(crate) struct LinkRow {
        pub(crate) id: LinkId,
        pub(crate) purpose: Purpose,
        pub(crate) user_id: Option<UserId>,
        pub(crate) nickname: Option<String>,
    }
}

sql! {
    /// A link by its secret, while it can be used.
    static BY_SECRET: (Vec<u8>, i64) -> LinkRow =
        "SELECT l.id, l.purpose, l.user_id, u.nickname FROM links l LEFT JOIN users u ON u.id = l.user_id
        WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2";
    /// A new link.
    static INSERT: (LinkId, Purpose, Option<UserId>, Vec<u8>, i64, i64) =
        "INSERT INTO links (id, purpose, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// A link is used, once.
    static USE: (LinkId, i64) =
        "UPDATE links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
    /// The end of unused links to set the place up.
    static DELETE_SETUP: () = "DELETE FROM links WHERE purpose = 'setup' AND used_at IS NULL";
    /// The end of a person's unused links.
    static DELETE_UNUSED: (UserId) = "DELETE FROM links WHERE user_id = $1 AND used_at IS NULL";
    /// The end of links that nobody can use any more.
    static DELETE_OLD: (i64) = "DELETE FROM links WHERE expires_at <= $1";
}

/// A link that can be used, by the hash of its secret.
pub(crate) async fn by_secret(db: &impl Read, hash: Vec<u8>, now: i64) -> Result<Option<LinkRow>> {
    Ok(db.maybe(BY_SECRET.with((hash, now))).await?)
}

/// A link to be made.
pub(crate) struct NewLink {
    pub(crate) id: LinkId,
    pub(crate) purpose: Purpose,
    pub(crate) user: Option<UserId>,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) expires_at: i64,
}

/// A new link.
pub(crate) fn insert(new: NewLink) -> Bound<()> {
    INSERT.with((new.id, new.purpose, new.user, new.secret_hash, new.at, new.expires_at))
}

/// A link is used; no row when it cannot be any more.
pub(crate) fn use_up(id: LinkId, now: i64) -> Bound<()> {
    USE.with((id, now))
}

/// The end of unused links to set the place up.
pub(crate) fn delete_setup() -> Bound<()> {
    DELETE_SETUP.with(())
}

/// The end of a person's unused links.
pub(crate) fn delete_unused(user: UserId) -> Bound<()> {
    DELETE_UNUSED.with((user,))
}

/// The end of links that ran out before a time.
pub(crate) fn delete_old(before: i64) -> Bound<()> {
    DELETE_OLD.with((before,))
}
