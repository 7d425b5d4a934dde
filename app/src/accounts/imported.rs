//! Accounts that come from elsewhere: without e-mail, password and age, until an admin's link hands them to their owner.

use folkmoot_store::{Bound, sql};

use super::model::{Role, Settings, UserId};
use super::names;

sql! {
    /// An account from elsewhere, keyed by its `source` if it has one.
    static INSERT: (UserId, String, String, String, String, Option<String>, Option<String>, i64, i64, Option<String>) =
        "INSERT INTO users (id, nickname, nickname_key, role, standing, bio, settings, thread_count, post_count,
            like_count, all_read_at, created_at, last_seen_at, version, source, first_name, last_name)
        VALUES ($1, $2, $3, 'member', 'good', $4, $5, 0, 0, 0, $8, $8, $9, 1, $10, $6, $7)
        ON CONFLICT DO NOTHING";
    /// Its role.
    static SET_ROLE: (UserId, Role) = "UPDATE users SET role = $2 WHERE id = $1";
}

/// Gives an account from elsewhere a role, in the batch that makes it.
pub fn set_role(id: UserId, role: Role) -> Bound<()> {
    SET_ROLE.with((id, role))
}

/// Somebody from elsewhere.
#[derive(Clone, Debug)]
pub struct Imported<'a> {
    /// Their id here.
    pub id: UserId,
    /// Their nickname here, free and by our rules.
    pub nickname: &'a str,
    /// Markdown.
    pub bio: &'a str,
    /// What they are called; as private as everybody's names.
    pub name: &'a str,
    /// When they were first there, in milliseconds since 1970.
    pub joined_at: i64,
    /// When they were last there.
    pub last_seen_at: i64,
    /// Where they come from, unique: whoever has the account there is waited for. `None` for invented people.
    pub source: Option<String>,
}

/// Makes the account; no row when the name or the source is there.
pub fn insert(person: Imported<'_>) -> Bound<()> {
    let (first, last) = person.name.split_once(' ').unwrap_or((person.name, ""));
    let given = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    INSERT.with((
        person.id,
        person.nickname.to_owned(),
        names::key(person.nickname),
        person.bio.to_owned(),
        Settings::default().store(),
        given(first),
        given(last),
        person.joined_at,
        person.last_seen_at,
        person.source,
    ))
}
