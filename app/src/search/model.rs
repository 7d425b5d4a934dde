//! What can be found, and the terms that an entry has besides those of its words.

use crate::core::words::words;

words! {
    /// What an entry stands for.
    pub enum Kind {
        /// A post.
        Post = "post",
        /// A message.
        Message = "message",
        /// A person.
        Person = "person",
        /// A board.
        Board = "board",
        /// A tag.
        Tag = "tag",
    }
}

/// The kinds that have rows of their own, in the order in which they are looked through.
pub(super) const WITH_ROWS: [Kind; 4] = [Kind::Board, Kind::Person, Kind::Post, Kind::Message];

/// Begins every term of this slice: a character for private use, which no word holds.
const OWN: char = '\u{f8ff}';

/// The id of an entry is a millisecond. The spans of time that have a term each: about 19 hours, 25 days and 2 years.
pub(super) const SPANS: [u32; 3] = [26, 31, 36];

/// The longest that ids may be looked for above the millisecond that they should be, before they are strewn.
const CLOSE: i64 = 16;
/// How far they are strewn then: a quarter of an hour.
const STREWN: u64 = 1 << 20;

/// The term of all entries of a kind. Messages have none: they are found by their conversations alone.
pub(super) fn of_kind(kind: Kind) -> String {
    format!("{OWN}k{kind}")
}

/// The term of what is in a thread.
pub(super) fn in_thread(thread: i64) -> String {
    format!("{OWN}t{thread}")
}

/// The term of what is in a conversation.
pub(super) fn in_conversation(conversation: i64) -> String {
    format!("{OWN}c{conversation}")
}

/// The term of a span of time, of `1 << bits` milliseconds.
pub(super) fn in_span(bits: u32, span: i64) -> String {
    format!("{OWN}{bits}.{span}")
}

/// The terms of the spans in which an entry's id lies.
pub(super) fn spans(id: i64) -> impl Iterator<Item = String> {
    SPANS.into_iter().map(move |bits| in_span(bits, id >> bits))
}

/// The ids that an entry may have, the best first: the millisecond of `at`, those right after it, then one that lies
/// further off. What has no time is strewn over the first days of 1970.
pub(super) fn ids(at: i64, key: u64) -> impl Iterator<Item = i64> {
    let at = at.max(1);
    let strewn = move |round: i64| at + CLOSE + i64::try_from(mixed(key, round) % STREWN).unwrap_or_default();
    (0..CLOSE).map(move |step| at + step).chain((0..).map(strewn))
}

/// What tells entries apart that want the same id.
pub(super) fn key(kind: Kind, subject: i64) -> u64 {
    mixed(subject.cast_unsigned(), i64::from(kind as u8))
}

/// A tag has no id; this stands for it.
pub(super) fn tag_subject(tag: &str) -> i64 {
    // FNV-1a of 64 bits, without the sign.
    let hash = tag.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 1).cast_signed()
}

/// The mixing step of SplitMix64.
fn mixed(key: u64, round: i64) -> u64 {
    let mut z = key.wrapping_add(round.cast_unsigned().wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_the_millisecond_it_was_written_in_or_one_near_it() {
        let wanted: Vec<i64> = ids(1_000, key(Kind::Post, 7)).take(40).collect();
        assert_eq!(wanted[..3], [1_000, 1_001, 1_002]);
        assert!(wanted.iter().all(|id| (1_000..1_000 + 2 * (1 << 20)).contains(id)));
        assert_ne!(wanted[20..], ids(1_000, key(Kind::Post, 8)).take(40).collect::<Vec<_>>()[20..]);
    }

    #[test]
    fn terms_of_different_classes_never_meet() {
        let terms = [of_kind(Kind::Post), in_thread(1), in_conversation(1), in_span(26, 1), in_span(31, 1)];
        let distinct: std::collections::BTreeSet<_> = terms.iter().collect();
        assert_eq!(distinct.len(), terms.len());
        assert!(terms.iter().all(|term| term.starts_with(OWN) && !term.contains(char::is_whitespace)));
    }
}
