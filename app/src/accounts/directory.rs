//! Who is here: the directory, and single people's pages.

use serde::Serialize;
use utoipa::ToSchema;

use super::people::{self, Profile};
use super::queries::users::{self, AccountRow};
use super::{Actor, names};
use crate::core::instant::Instant;
use crate::core::paging::{Page, PageQuery, searched};
use crate::core::read::relaxed;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// A person's page with the place in the log that it was read at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileAnswer {
    /// Who.
    pub user: Profile,
    /// Where in the log it was read.
    #[serde(flatten)]
    pub instant: Instant,
}

/// A page of the directory, in the order of nicknames: all people, or those whose nickname holds some letters.
///
/// # Errors
/// `Invalid` for the letters, the limit or the cursor.
pub async fn people(app: &App, actor: &Actor, words: &str, query: &PageQuery) -> Result<Page<Profile>> {
    let limit = query.limit()?;
    let after: String = query.after()?.unwrap_or_default();
    let pattern = pattern(searched(words)?);
    let (after, pattern) = (&after, pattern.as_deref());
    relaxed(app, actor.seen(), |snapshot| async move {
        let rows = users::directory(&snapshot, after, pattern, limit + 1).await?;
        let (rows, next) = cut(rows, limit);
        Ok(Page { items: people::profiles(app, &snapshot, rows).await?, next })
    })
    .await
}

/// Takes off the row that only shows that there is a next page.
pub(super) fn cut(rows: Vec<AccountRow>, limit: i64) -> (Vec<AccountRow>, Option<String>) {
    let page = Page::of(rows, limit, |row| row.nickname_key.clone(), |row| row);
    (page.items, page.next)
}

/// Somebody's page.
///
/// # Errors
/// `NotFound` when nobody is called so.
pub async fn person(app: &App, actor: &Actor, nickname: &str) -> Result<ProfileAnswer> {
    relaxed(app, actor.seen(), |snapshot| async move {
        let row = users::account_by_key(&snapshot, &names::key(nickname)).await?;
        let user = people::profile_of(app, &snapshot, row.ok_or(Error::NotFound("person"))?).await?;
        Ok(ProfileAnswer { user, instant: Instant::of(app, &snapshot, Stream::Site).await? })
    })
    .await
}

/// The letters as a pattern for LIKE; `None` when there are none.
pub(super) fn pattern(words: &str) -> Option<String> {
    let key = names::key(words);
    if key.is_empty() {
        return None;
    }
    let mut pattern = String::from("%");
    for letter in key.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn letters_that_mean_something_to_like_are_only_letters() {
        assert_eq!(pattern("Ann"), Some("%ann%".into()));
        assert_eq!(pattern("50%_\\"), Some("%50\\%\\_\\\\%".into()));
        assert_eq!(pattern("  "), None);
    }
}
