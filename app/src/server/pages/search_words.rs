//! What a search says of itself, as words: the same as `client/js/components/searchWords.js`.

use super::words::{count, grouped};
use crate::search::{Indexing, KindCounts, Total};

/// The kinds as addresses and tabs name them; how many were found of each.
pub(super) type Kind = (&'static str, &'static str, fn(&KindCounts) -> i64);

/// All kinds, in the order of their tabs.
pub(super) const KINDS: [Kind; 5] = [
    ("posts", "Threads and posts", |counts| counts.posts),
    ("messages", "Messages", |counts| counts.messages),
    ("people", "People", |counts| counts.people),
    ("boards", "Boards", |counts| counts.boards),
    ("tags", "Tags", |counts| counts.tags),
];

/// What one may write besides words: an example, and what it is.
pub(super) const FILTERS: [(&str, &str); 10] = [
    ("\"shadow map\"", "these words, one after the other"),
    ("-windows", "without this word"),
    ("shad*", "words that begin so"),
    ("author:ann or @ann", "written by somebody"),
    ("board:support", "on a board"),
    ("tag:rendering", "in threads with a tag"),
    ("in:title", "in titles; also first, posts, messages, people, boards, tags"),
    ("after:2024 before:2024-06", "from a year, month or day on; up to one"),
    ("has:code", "with code; also image, link"),
    ("is:unread", "that you have not read"),
];

/// `No results`, `137 results`, `More than 1,000 results`.
pub(super) fn result_count(total: Total) -> String {
    match total {
        Total { count: number, at_least: true } => format!("More than {} results", grouped(number)),
        Total { count: 0, .. } => "No results".to_owned(),
        Total { count: number, .. } => count(number, "result", "results"),
    }
}

/// How a filter reads on its chip.
pub(super) fn filter_words(name: &str, value: &str) -> String {
    format!("{name}: {value}")
}

/// How far indexing has come.
pub(super) fn indexing_words(indexing: Indexing) -> String {
    format!(
        "Older words are still being made findable: {} of {} so far. Something may be missing.",
        grouped(indexing.done),
        grouped(indexing.total)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_counted_in_words() {
        let words = |count, at_least| result_count(Total { count, at_least });
        assert_eq!(words(0, false), "No results");
        assert_eq!(words(1, false), "1 result");
        assert_eq!(words(1370, false), "1,370 results");
        assert_eq!(words(1000, true), "More than 1,000 results");
    }
}
