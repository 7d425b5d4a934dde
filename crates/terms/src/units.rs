//! Units: what of a folded text is indexed, and what a question is compared with, in one enumeration for both.

use crate::cut::MAX_WORD;
use crate::fold::{Class, binds, class};
use crate::stem::without_article;

/// Parts that a word written together has at most to be a unit as a whole (an e-mail address has four or five).
const MAX_WHOLE: usize = 6;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, or a part of one written together.
    Part,
    /// Parts written together, without what joined them: `setvertexdata`, `nodejs`.
    Whole,
    /// A character (or cluster) of a script without spaces, or a syllable.
    Cluster,
    /// Two of them that follow each other.
    Pair,
}

/// A unit of a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit<'a> {
    pub(crate) term: &'a str,
    pub(crate) kind: Kind,
    /// The bytes of the folded text that it takes.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Which of the text's parts it begins with, counted from 0.
    pub(crate) position: u32,
    /// How many parts it takes.
    pub(crate) parts: u32,
}

/// Gives the units of a folded text in order; of those that end together the parts first.
pub(crate) fn units(text: &str, mut give: impl FnMut(Unit)) {
    let mut walk = Walk { text, position: 0, joined: String::new() };
    let mut from = 0;
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b' ' | b'\n')) {
        walk.word(from, at, &mut give);
        from = at + 1;
    }
    walk.word(from, text.len(), &mut give);
}

struct Walk<'a> {
    text: &'a str,
    position: u32,
    joined: String,
}

impl Walk<'_> {
    fn word(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        if from == to {
            return;
        }
        // Most words are ASCII and cannot be a run.
        let first = if self.text.as_bytes()[from] < 0xE0 { None } else { self.text[from..to].chars().next() };
        match first.map(class) {
            Some(Class::Run) => self.run(from, to, give),
            Some(Class::Syllable) => {
                let before = self.position;
                self.run(from, to, give);
                if self.position > before + 2 && to - from <= MAX_WORD {
                    self.whole(from, to, before, self.position - before, give);
                }
            }
            _ => self.written_together(from, to, give),
        }
    }

    /// Parts joined by `_` within parts joined by `-`.
    fn written_together(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        let (first, mut start, mut outer) = (self.position, from, 0);
        for at in joints(self.text, from, to, b'-') {
            self.identifier(start, at, give);
            start = at + 1;
            outer += 1;
        }
        if outer > 1 && outer <= MAX_WHOLE {
            self.whole(from, to, first, self.position - first, give);
        }
    }

    fn identifier(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        let (first, mut start) = (self.position, from);
        for at in joints(self.text, from, to, b'_') {
            let term = &self.text[start..at];
            let part = |term| Unit {
                term,
                kind: Kind::Part,
                from: start,
                to: at,
                position: self.position,
                parts: 1,
            };
            // `c++` is no `c`; but `count++` is a count.
            let of_name = term.len() == 1 && at < to && is_sign(&self.text[at + 1..to]);
            if !is_sign(term) && !of_name {
                give(part(term));
            }
            if let Some(bare) = without_article(term) {
                give(Unit { kind: Kind::Whole, ..part(bare) });
            }
            self.position += 1;
            start = at + 1;
        }
        if self.position > first + 1 {
            self.whole(from, to, first, self.position - first, give);
        }
    }

    fn whole(&mut self, from: usize, to: usize, position: u32, parts: u32, give: &mut impl FnMut(Unit)) {
        self.joined.clear();
        self.joined.extend(self.text[from..to].chars().filter(|c| !matches!(c, '_' | '-')));
        if self.joined.len() <= MAX_WORD {
            give(Unit { term: &self.joined, kind: Kind::Whole, from, to, position, parts });
        }
    }

    /// Clusters one by one and in pairs.
    fn run(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        let (mut before, mut start) = (None, from);
        while start < to {
            let end = start + cluster(&self.text[start..to]);
            let position = self.position;
            let unit = |kind, from, position, parts| Unit {
                term: &self.text[from..end],
                kind,
                from,
                to: end,
                position,
                parts,
            };
            if end - start <= MAX_WORD {
                give(unit(Kind::Cluster, start, position, 1));
            }
            if let Some(before) = before.filter(|before| end - before <= MAX_WORD) {
                give(unit(Kind::Pair, before, position - 1, 2));
            }
            self.position += 1;
            before = Some(start);
            start = end;
        }
    }
}

/// Where the parts between `from` and `to` end.
fn joints(text: &str, from: usize, to: usize, joint: u8) -> impl Iterator<Item = usize> {
    let inside = text.as_bytes()[from..to].iter().enumerate().filter(move |(_, byte)| **byte == joint);
    inside.map(move |(at, _)| from + at).chain([to])
}

/// Bytes of the first cluster: a character with its marks, and what they bind to it.
fn cluster(run: &str) -> usize {
    let mut bound = true;
    for (at, c) in run.char_indices() {
        if class(c) == Class::Mark {
            bound = binds(c);
        } else if !std::mem::take(&mut bound) {
            return at;
        }
    }
    run.len()
}

/// `++`, `#` and `.` are no words by themselves.
fn is_sign(part: &str) -> bool {
    !part.contains(|c: char| c.is_alphanumeric())
}

/// Whether a character belongs to a script whose characters are words.
pub(crate) fn is_cluster(c: char) -> bool {
    matches!(class(c), Class::Run | Class::Syllable)
}
