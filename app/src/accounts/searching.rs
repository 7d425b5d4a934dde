//! What searching is told of people: what they are called and say of themselves.

use folkmoot_store::{Ids, sql};

use super::model::UserId;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::searchable::Searchable;

sql! {
    /// What people are called and say of themselves.
    static WORDS: (Ids) -> (UserId, String, String, i64) =
        "SELECT id, nickname, bio, created_at FROM users WHERE id IN {ids:$1} ORDER BY id";
    /// The ids of people, in order.
    static AFTER: (UserId, i64) -> UserId = "SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2";
    /// How many people there are.
    static COUNT: () -> i64 = "SELECT COUNT(*) FROM users";
}

/// These people, with what can be found of them.
///
/// # Errors
/// When the database does not answer.
pub async fn searchable(read: &impl Read, people: &[UserId]) -> Result<Vec<Searchable>> {
    let rows = read.all(WORDS.with((UserId::list(people.iter().copied()),))).await?;
    let told = rows.into_iter().map(|(id, nickname, bio, created_at)| Searchable {
        subject: id.0,
        at: created_at,
        title: nickname,
        body: bio,
        ..Searchable::default()
    });
    Ok(told.collect())
}

/// The ids of people after one of them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn after(read: &impl Read, person: UserId, limit: i64) -> Result<Vec<UserId>> {
    Ok(read.all(AFTER.with((person, limit))).await?)
}

/// How many people there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(read: &impl Read) -> Result<i64> {
    Ok(read.one(COUNT.with(())).await?)
}
