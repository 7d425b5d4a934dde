//! The tables of groups and of who is in them.

use folkmoot_store::{Bound, row, sql};

use crate::accounts::model::{GroupId, UserId};
use crate::accounts::queries::users::PersonRow;
use crate::core::Result;
use crate::core::read::Read;

row! {
    /// A group.
    #[derive(Clone, Debug)]
    pub(crate) struct GroupRow {
        pub(crate) id: GroupId,
        pub(crate) slug: String,
        pub(crate) title: String,
        pub(crate) description: String,
        pub(crate) version: i64,
        pub(crate) member_count: i64,
    }
}

macro_rules! group {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.slug, g.title, g.description, g.version,
                (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS member_count
            FROM groups g ",
            $rest
        )
    };
}

sql! {
    /// Every group.
    static ALL: () -> GroupRow = group!("ORDER BY g.slug");
    /// A group by its slug.
    static BY_SLUG: (String) -> GroupRow = group!("WHERE g.slug = $1");
    /// The groups of a person.
    static OF: (UserId) -> GroupRow =
        group!("JOIN group_members of ON of.group_id = g.id WHERE of.user_id = $1 ORDER BY g.slug");
    /// Who is in a group.
    static MEMBERS: (GroupId, String, i64) -> PersonRow =
        "SELECT u.id, u.nickname, u.nickname_key, u.role FROM group_members m JOIN users u ON u.id = m.user_id
        WHERE m.group_id = $1 AND u.nickname_key > $2 ORDER BY u.nickname_key LIMIT $3";
    /// A new group; nothing when its slug is taken.
    static INSERT: (GroupId, String, String, String, i64) =
        "INSERT INTO groups (id, slug, title, description, created_at, version) VALUES ($1, $2, $3, $4, $5, 1)
        ON CONFLICT DO NOTHING";
    /// Another title or description, if the group is still as it was read.
    static UPDATE: (GroupId, i64, String, String) =
        "UPDATE groups SET title = $3, description = $4, version = version + 1 WHERE id = $1 AND version = $2";
    /// The end of a group.
    static DELETE: (GroupId) = "DELETE FROM groups WHERE id = $1";
    /// A person joins a group; nothing when they are in it.
    static ADD_MEMBER: (GroupId, UserId, i64) =
        "INSERT INTO group_members (group_id, user_id, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    /// A person leaves a group; nothing when they are not in it.
    static REMOVE_MEMBER: (GroupId, UserId) = "DELETE FROM group_members WHERE group_id = $1 AND user_id = $2";
}

/// Every group, by slug.
pub(crate) async fn all(db: &impl Read) -> Result<Vec<GroupRow>> {
    Ok(db.all(ALL.with(())).await?)
}

/// A group.
pub(crate) async fn by_slug(db: &impl Read, slug: &str) -> Result<Option<GroupRow>> {
    Ok(db.maybe(BY_SLUG.with((slug,))).await?)
}

/// The groups of a person.
pub(crate) async fn of(db: &impl Read, user: UserId) -> Result<Vec<GroupRow>> {
    Ok(db.all(OF.with((user,))).await?)
}

/// Who is in a group, in the order of nicknames, after one of them.
pub(crate) async fn members(
    db: &impl Read,
    group: GroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    Ok(db.all(MEMBERS.with((group, after, limit))).await?)
}

/// A new group; no row when its slug is taken.
pub(crate) fn insert(id: GroupId, slug: &str, title: &str, description: &str, at: i64) -> Bound<()> {
    INSERT.with((id, slug, title, description, at))
}

/// Another title or description; no row when the group changed meanwhile.
pub(crate) fn update(id: GroupId, version: i64, title: &str, description: &str) -> Bound<()> {
    UPDATE.with((id, version, title, description))
}

/// The end of a group. The database refuses while a board is private to it.
pub(crate) fn delete(id: GroupId) -> Bound<()> {
    DELETE.with((id,))
}

/// A person joins; no row when they are in it already.
pub(crate) fn add_member(group: GroupId, user: UserId, at: i64) -> Bound<()> {
    ADD_MEMBER.with((group, user, at))
}

/// A person leaves; no row when they are not in it.
pub(crate) fn remove_member(group: GroupId, user: UserId) -> Bound<()> {
    REMOVE_MEMBER.with((group, user))
}
