//! Threads and posts as the rules see them: what may be written, and by whom.

use std::collections::BTreeSet;

use crate::core::id_types::id_type;
use crate::core::{Error, Result, written};

id_type! {
    /// A thread.
    pub struct ThreadId;
    /// A post.
    pub struct PostId;
}

/// Positions on a page: page N holds positions (N-1)·20+1 to N·20, whoever asks.
pub const PAGE: i64 = 20;

/// The shortest and the longest title, in characters.
const TITLE: std::ops::RangeInclusive<usize> = 3..=300;
/// The longest body, in characters.
const MAX_BODY: usize = 100_000;
/// The most tags of a thread.
const MAX_TAGS: usize = 5;
/// The longest tag, in characters.
const MAX_TAG: usize = 30;

/// A title on one line.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_title(title: &str) -> Result<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if !TITLE.contains(&title.chars().count()) || title.chars().any(char::is_control) {
        let why = format!("{} to {} characters on one line", TITLE.start(), TITLE.end());
        return Err(Error::invalid("title", why));
    }
    Ok(title)
}

/// What a person wrote, with line ends of one kind.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_body(body: &str) -> Result<String> {
    written::checked_body(body, MAX_BODY)
}

/// Tags in small letters, each once, in the order of the alphabet.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_tags(tags: &[String]) -> Result<Vec<String>> {
    let tags: BTreeSet<String> = tags.iter().map(|tag| checked_tag(tag)).collect::<Result<_>>()?;
    if tags.len() > MAX_TAGS {
        return Err(Error::invalid("tags", format!("at most {MAX_TAGS}")));
    }
    Ok(tags.into_iter().collect())
}

/// A tag in small letters.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_tag(tag: &str) -> Result<String> {
    let tag = tag.trim().to_lowercase();
    let fits = tag.chars().all(|c| c.is_alphanumeric() || "-+#._".contains(c));
    if fits && (1..=MAX_TAG).contains(&tag.chars().count()) && tag.chars().any(char::is_alphanumeric) {
        return Ok(tag);
    }
    Err(Error::invalid("tags", format!("each 1 to {MAX_TAG} letters, digits and - + # . _")))
}

/// The number of the page on which a position stands.
pub(super) const fn page_of(position: i64) -> i64 {
    if position < 1 { 1 } else { (position - 1) / PAGE + 1 }
}

/// The address of a post on its thread's page.
pub fn post_url(thread_url: &str, position: i64, post: PostId) -> String {
    match page_of(position) {
        1 => format!("{thread_url}#post-{post}"),
        page => format!("{thread_url}?page={page}#post-{post}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_of_3_to_300_characters() {
        assert_eq!(checked_title("  Two   words\n").unwrap(), "Two words");
        assert!(checked_title(&"é".repeat(300)).is_ok());
        for bad in ["ab", "  a    ", "bell\u{7}bell", &"x".repeat(301)] {
            assert!(checked_title(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_body_has_words_and_ends() {
        assert_eq!(checked_body("a\r\nb\0").unwrap(), "a\nb");
        assert!(checked_body(" \n ").is_err());
        assert!(checked_body(&"é".repeat(100_000)).is_ok());
        assert!(checked_body(&"é".repeat(100_001)).is_err());
    }

    #[test]
    fn tags_are_small_and_few() {
        let tags = |tags: &[&str]| checked_tags(&tags.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(tags(&["C++", "c++", "node.js", "Ünï"]).unwrap(), ["c++", "node.js", "ünï"]);
        assert!(tags(&["a", "b", "c", "d", "e"]).is_ok());
        assert!(tags(&["a", "b", "c", "d", "e", "f"]).is_err());
        for bad in ["", "a b", "a/b", "<b>", "++", &"x".repeat(31)] {
            assert!(tags(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn positions_have_pages() {
        assert_eq!([1, 20, 21, 40, 41].map(page_of), [1, 1, 2, 2, 3]);
        assert_eq!(post_url("/threads/1/x", 20, PostId(9)), "/threads/1/x#post-9");
        assert_eq!(post_url("/threads/1/x", 21, PostId(9)), "/threads/1/x?page=2#post-9");
    }
}
