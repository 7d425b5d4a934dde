//! What a question looks for, one by one.

use crate::document::is_registered;
use crate::plan::{LETTERS, RARE};
use crate::stem::{stem, without_article};
use crate::units::{Kind, Unit, is_cluster, units};

/// Words of the vocabulary that one lookup gives at most.
const MOST: usize = 40;

/// Whether a word is typed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// More letters may follow.
    Open,
}

/// Units that follow each other: a phrase, the parts of an identifier, the syllables of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// Index terms that an entry with the sequence has.
    pub(crate) index: Vec<String>,
    /// The units that follow each other, each with its place behind the first.
    pub(crate) units: Vec<(String, u32)>,
}

/// One thing that is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Want {
    /// What was typed.
    pub(crate) shown: String,
    /// The word as an index term; none for a phrase.
    pub(crate) word: Option<String>,
    /// Its parts one behind the other, if it has several; the phrase.
    pub(crate) sequence: Option<Sequence>,
    /// More letters may follow.
    pub(crate) open: bool,
    /// More letters may stand before it.
    pub(crate) part: bool,
    /// It must occur, whatever else is found.
    pub(crate) demanded: bool,
}

/// A question to the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// Which words are asked for.
    pub way: Way,
    /// The word or part of a word, folded as the vocabulary's words are.
    pub text: String,
    /// How many words at most; the most frequent ones.
    pub most: usize,
    /// It was asked for, or is needed for what will follow the word.
    always: bool,
}

impl Lookup {
    /// Whether its answer is used if so many entries hold the word itself: parts of words are looked for only in place
    /// of a rare one, unless they were asked for. What is not needed may be answered with nothing.
    #[must_use]
    pub fn is_needed(&self, entries: u64) -> bool {
        self.always || entries < RARE
    }
}

/// Which words of the vocabulary a lookup asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// The word itself.
    Exact,
    /// Words that begin so.
    Prefix,
    /// Words that hold it anywhere; it has at least three characters ([`crate::trigrams`]).
    Part,
}

impl Want {
    /// The wants of words that were typed without a space between them.
    pub(super) fn words(shown: &str, folded: &str, ending: Ending) -> Vec<Self> {
        let groups: Vec<&str> = folded.split(' ').filter(|group| !group.is_empty()).collect();
        let last = groups.len().saturating_sub(1);
        let of = |(at, group): (usize, &&str)| {
            let open = at == last && ending == Ending::Open;
            // Shown as it was typed if it is one word; else the words of it.
            let shown = if last == 0 { shown.trim_matches('*') } else { group };
            Self::group(shown, group, open)
        };
        groups.iter().enumerate().flat_map(of).collect()
    }

    /// The wants of one group of the folded form.
    fn group(shown: &str, group: &str, open: bool) -> Vec<Self> {
        let Reading { sequence, found, whole } = Reading::of(group);
        let want = |word, open| Self { shown: shown.to_owned(), word, open, ..Self::default() };
        let runs = group.chars().next().is_some_and(is_cluster);
        let hangul = matches!(group.chars().next(), Some('\u{1100}'..='\u{1112}' | '\u{AC00}'..='\u{D7A3}'));
        if runs && !hangul {
            // A run may be several words: its pairs are looked for, and together they are worth more.
            let kind = if sequence.units.len() > 1 { Kind::Pair } else { Kind::Cluster };
            let pairs = found.into_iter().filter(|(of, _)| *of == kind);
            return pairs.map(|(_, term)| want(Some(term), false)).collect();
        }
        // Of `c++` and the like the parts say little; but of what is too long to be a word they are all there is.
        let telling = sequence.units.len() > 1 && !group.contains(['+', '#']);
        let apart = telling || whole.is_none();
        Vec::from([Self { sequence: apart.then_some(sequence), ..want(whole, open) }])
    }

    /// What was quoted.
    pub(super) fn phrase(shown: &str, folded: &str) -> Self {
        let sequence = Some(Reading::of(folded).sequence);
        Self { shown: shown.to_owned(), sequence, demanded: true, ..Self::default() }
    }

    /// What to ask the vocabulary.
    pub(crate) fn lookups(&self) -> Vec<Lookup> {
        let mut lookups = Vec::new();
        let mut ask = |way, text: &str, most, always| {
            lookups.push(Lookup { way, text: text.to_owned(), most, always });
        };
        for term in self.word.iter().chain(self.sequence.iter().flat_map(|sequence| &sequence.index)) {
            ask(Way::Exact, term, 1, true);
        }
        if let Some(word) = self.word.as_deref().filter(|word| is_registered(word)) {
            let letters = word.chars().count();
            if let Some(bare) = bare(word) {
                ask(Way::Exact, bare, 1, true);
            }
            if self.open && letters >= 2 {
                ask(Way::Prefix, word, MOST, true);
            }
            if !self.demanded && letters >= 3 {
                ask(Way::Prefix, stem(word), MOST, true);
            }
            if (self.part && letters >= 3) || (!self.demanded && letters >= LETTERS) {
                ask(Way::Part, word, MOST, self.part);
            }
        }
        lookups.dedup();
        lookups
    }
}

/// The word without what is written before it: an article of Arabic, the dot of `.net`.
pub(crate) fn bare(word: &str) -> Option<&str> {
    word.strip_prefix('.').or_else(|| without_article(word))
}

/// A folded text by its units.
struct Reading {
    /// As they follow each other.
    sequence: Sequence,
    /// All in order, with their kinds.
    found: Vec<(Kind, String)>,
    /// The one that is all of the text, if there is one.
    whole: Option<String>,
}

impl Reading {
    fn of(folded: &str) -> Self {
        let mut reading = Self { sequence: Sequence::default(), found: Vec::new(), whole: None };
        units(folded, |unit| reading.take(&unit, folded));
        let Sequence { index, units } = &mut reading.sequence;
        let first = units.first().map_or(0, |(_, position)| *position);
        units.iter_mut().for_each(|(_, position)| *position -= first);
        let paired = reading.found.iter().any(|(kind, _)| *kind == Kind::Pair);
        let indexed = |(kind, term): &(Kind, String)| {
            // A pair says more than its two clusters.
            let needed = matches!(kind, Kind::Part | Kind::Pair) || (*kind == Kind::Cluster && !paired);
            needed.then(|| term.clone())
        };
        index.extend(reading.found.iter().filter_map(indexed));
        index.sort_unstable();
        index.dedup();
        reading
    }

    fn take(&mut self, unit: &Unit, folded: &str) {
        let term = unit.term.to_owned();
        if matches!(unit.kind, Kind::Part | Kind::Cluster) {
            self.sequence.units.push((term.clone(), unit.position));
        }
        if unit.from == 0 && unit.to == folded.len() && self.whole.is_none() {
            self.whole = Some(term.clone());
        }
        self.found.push((unit.kind, term));
    }
}
