//! Cursor paging: `?limit=&cursor=` to `{items, next}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{Error, Result};

/// Items on a page when the caller does not say.
pub const DEFAULT_LIMIT: u32 = 20;
/// The most items on a page.
pub const MAX_LIMIT: u32 = 100;

/// What a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items, 1 to 100.
    pub limit: Option<u32>,
    /// Where the page before ended; opaque to clients.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many items to give.
    ///
    /// # Errors
    /// `Invalid` when it is not from 1 to 100.
    pub fn limit(&self) -> Result<i64> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(i64::from(limit)),
            _ => Err(Error::invalid("limit", format!("from 1 to {MAX_LIMIT}"))),
        }
    }

    /// The place after which to go on.
    ///
    /// # Errors
    /// `Invalid` when it is not one of ours.
    pub fn after<C: for<'de> Deserialize<'de>>(&self) -> Result<Option<C>> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| !holds_nul(bytes));
        let cursor = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cursor.map(Some).ok_or_else(|| Error::invalid("cursor", "take it from `next` of the page before"))
    }
}

/// Whether JSON has the character NUL in a text, which no database takes.
fn holds_nul(json: &[u8]) -> bool {
    const NUL: &[u8] = br"\u0000";
    json.windows(NUL.len()).any(|part| part == NUL)
}

/// The most characters of what a list is searched for: names are shorter.
const WORDS_MAX: usize = 100;

/// What a list is searched for (`?q=`), without the space around it.
///
/// # Errors
/// `Invalid` when it is longer than anything that could be found.
pub fn searched(words: &str) -> Result<&str> {
    let words = words.trim();
    if words.chars().count() > WORDS_MAX {
        return Err(Error::invalid("q", format!("at most {WORDS_MAX} characters")));
    }
    Ok(words)
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The cursor of the next page; absent at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of `rows`, of which the caller read one more than `limit` to know whether there is a next page.
    pub fn of<R, C: Serialize>(
        mut rows: Vec<R>,
        limit: i64,
        cursor: impl Fn(&R) -> C,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|row| encode(&cursor(row))) } else { None };
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}

/// A cursor as text.
pub fn encode<C: Serialize>(cursor: &C) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Page, PageQuery, encode, searched};

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let page = Page::of(vec![1, 2, 3], 2, |row| (*row, "x"), |row| row);
        assert_eq!(page.items, [1, 2]);
        let query = PageQuery { limit: None, cursor: page.next };
        assert_eq!(query.after::<(i32, String)>().unwrap(), Some((2, String::from("x"))));
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert!(Page::of(vec![1, 2], 2, |row| *row, |row| row).next.is_none());
    }

    #[test]
    fn a_made_up_cursor_or_limit_is_refused_by_name() {
        let query = PageQuery { limit: Some(101), cursor: Some(String::from("?!")) };
        assert!(query.limit().is_err());
        assert!(query.after::<i64>().is_err());
        let query = PageQuery { limit: None, cursor: Some(encode(&"ann\0")) };
        assert!(query.after::<String>().is_err());
    }

    #[test]
    fn nobody_searches_for_a_novel() {
        assert_eq!(searched(" ann ").unwrap(), "ann");
        assert!(searched(&"ä".repeat(100)).is_ok());
        assert!(searched(&"ä".repeat(101)).is_err());
    }
}
