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

/// What a byte is to the walk: most are looked at no further.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Inside,
    Joint,
    Gap,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Inside; 256];
    bytes[b' ' as usize] = Byte::Gap;
    bytes[b'\n' as usize] = Byte::Gap;
    bytes[b'_' as usize] = Byte::Joint;
    bytes[b'-' as usize] = Byte::Joint;
    bytes
};

/// Gives the units of a folded text in order; of those that end together the parts first.
/// Says how many parts the text has.
pub(crate) fn units(text: &str, mut give: impl FnMut(Unit)) -> u32 {
    let mut walk = Walk { text, position: 0, joined: String::new(), together: String::new() };
    let (mut from, mut joints) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match BYTES[usize::from(byte)] {
            Byte::Inside => {}
            Byte::Joint => joints = true,
            Byte::Gap => {
                walk.word(from, at, joints, &mut give);
                (from, joints) = (at + 1, false);
            }
        }
    }
    walk.word(from, text.len(), joints, &mut give);
    walk.position
}

struct Walk<'a> {
    text: &'a str,
    position: u32,
    /// The identifier so far, without its joints; and all that is written together with it.
    joined: String,
    together: String,
}

impl Walk<'_> {
    #[inline]
    fn word(&mut self, from: usize, to: usize, joints: bool, give: &mut impl FnMut(Unit)) {
        let Some(first) = self.text.as_bytes()[from..to].first() else { return };
        match first {
            // Letters of Arabic may have an article before them; scripts without spaces begin behind.
            0xD8 | 0xD9 => self.written_together(from, to, give),
            0xE0.. => self.of_three_bytes(from, to, give),
            _ if joints => self.written_together(from, to, give),
            _ => {
                let term = &self.text[from..to];
                give(Unit { term, kind: Kind::Part, from, to, position: self.position, parts: 1 });
                self.position += 1;
            }
        }
    }

    fn of_three_bytes(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        match self.text[from..to].chars().next().map(class) {
            Some(Class::Run) => self.run(from, to, give),
            Some(Class::Syllable) => {
                let before = self.position;
                self.run(from, to, give);
                if self.position > before + 2 {
                    self.whole(&self.text[from..to], from, to, before, give);
                }
            }
            _ => self.written_together(from, to, give),
        }
    }

    /// Parts joined by `_` within identifiers joined by `-`.
    fn written_together(&mut self, from: usize, to: usize, give: &mut impl FnMut(Unit)) {
        let first = self.position;
        let (mut part, mut identifier, mut before, mut identifiers) = (from, from, first, 0);
        self.together.clear();
        self.joined.clear();
        for at in from..=to {
            let joint = if at < to { self.text.as_bytes()[at] } else { b'-' };
            if BYTES[usize::from(joint)] != Byte::Joint {
                continue;
            }
            self.part(part, at, to, give);
            part = at + 1;
            if joint == b'-' {
                self.whole(&self.joined, identifier, at, before, give);
                self.together.push_str(&self.joined);
                self.joined.clear();
                (identifier, before, identifiers) = (at + 1, self.position, identifiers + 1);
            }
        }
        if (2..=MAX_WHOLE).contains(&identifiers) {
            self.whole(&self.together, from, to, first, give);
        }
    }

    /// One part of what is written together up to `end`.
    fn part(&mut self, from: usize, to: usize, end: usize, give: &mut impl FnMut(Unit)) {
        let term = &self.text[from..to];
        let part = |term| Unit { term, kind: Kind::Part, from, to, position: self.position, parts: 1 };
        // `c++` is no `c`; but `count++` is a count.
        let of_name = term.len() == 1 && to < end && is_sign(self.text.as_bytes()[to + 1]);
        if !of_name && !term.bytes().next().is_some_and(is_sign) {
            give(part(term));
        }
        if let Some(bare) = without_article(term) {
            give(Unit { kind: Kind::Whole, ..part(bare) });
        }
        self.joined.push_str(term);
        self.position += 1;
    }

    /// Several parts as one term, if they are several and it is not too long.
    fn whole(&self, term: &str, from: usize, to: usize, position: u32, give: &mut impl FnMut(Unit)) {
        let parts = self.position - position;
        if parts > 1 && term.len() <= MAX_WORD {
            give(Unit { term, kind: Kind::Whole, from, to, position, parts });
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

/// Whether a part that begins with this is none of letters but `++`, `#` or the dot of `.net`.
fn is_sign(first: u8) -> bool {
    matches!(first, b'+' | b'#' | b'.')
}

/// Whether a character belongs to a script whose characters are words.
pub(crate) fn is_cluster(c: char) -> bool {
    matches!(class(c), Class::Run | Class::Syllable)
}
