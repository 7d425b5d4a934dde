//! The matcher: finds what is wanted in folded texts.

use std::collections::HashMap;

use crate::plan::Goal;
use crate::units::{Unit, units};

/// Occurrences in one text that are looked at; behind them a text cannot become a better answer.
const MAX_HITS: usize = 2_000;

/// Words of the filter that tells most units apart from wanted ones without hashing them.
const FILTER: usize = 16;

/// Something wanted, found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// Which goal.
    pub(crate) goal: usize,
    pub(crate) quality: f32,
    /// Where: the part, counted from the text's beginning, and how many parts.
    pub(crate) position: u32,
    pub(crate) parts: u32,
    /// Where: bytes of the folded text.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// What a unit can be.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// It is what a goal wants.
    Word { goal: usize, quality: f32 },
    /// It is one of a sequence.
    Link { sequence: usize, at: usize },
}

#[derive(Clone, Debug)]
struct Sequence {
    goal: usize,
    quality: f32,
    /// The places of its units behind the first.
    offsets: Vec<u32>,
}

/// Finds goals in texts. Goals behind [`Matcher::goals`] are those that must not occur.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    roles: HashMap<String, Vec<Role>>,
    sequences: Vec<Sequence>,
    filter: [u64; FILTER],
    /// How much each goal tells: the rarer, the more.
    pub(crate) weights: Vec<f32>,
    pub(crate) demanded: Vec<bool>,
    pub(crate) in_title: bool,
}

impl Matcher {
    pub(crate) fn new(goals: &[Goal], without: &[Goal], in_title: bool, total: u64) -> Self {
        let mut matcher = Self {
            roles: HashMap::new(),
            sequences: Vec::new(),
            filter: [0; FILTER],
            weights: goals.iter().map(|goal| weight(goal.entries, total)).collect(),
            demanded: goals.iter().map(|goal| goal.demanded).collect(),
            in_title,
        };
        for (goal, of) in goals.iter().chain(without).enumerate() {
            for alternative in &of.alternatives {
                match &alternative.units {
                    None => {
                        matcher
                            .role(&alternative.index[0], Role::Word { goal, quality: alternative.quality });
                    }
                    Some(units) => matcher.sequence(goal, alternative.quality, units),
                }
            }
        }
        matcher
    }

    /// How many goals are wanted; hits of later ones are of what must not occur.
    pub(crate) fn goals(&self) -> usize {
        self.weights.len()
    }

    fn sequence(&mut self, goal: usize, quality: f32, units: &[(String, u32)]) {
        let sequence = self.sequences.len();
        for (at, (unit, _)) in units.iter().enumerate() {
            self.role(unit, Role::Link { sequence, at });
        }
        let offsets = units.iter().map(|(_, offset)| *offset).collect();
        self.sequences.push(Sequence { goal, quality, offsets });
    }

    fn role(&mut self, term: &str, role: Role) {
        let bit = bit(term);
        self.filter[bit / 64] |= 1 << (bit % 64);
        self.roles.entry(term.to_owned()).or_default().push(role);
    }

    /// Finds the goals in a folded text; gives the number of its parts.
    pub(crate) fn scan(&self, text: &str, hits: &mut Vec<Hit>) -> u32 {
        let mut reached = Reached::new(&self.sequences);
        let first = hits.len();
        units(text, |unit| {
            let bit = bit(unit.term);
            if self.filter[bit / 64] & (1 << (bit % 64)) == 0 || hits.len() - first >= MAX_HITS {
                return;
            }
            // Later units of a sequence first, so that one unit is not two of its steps.
            for role in self.roles.get(unit.term).into_iter().flatten().rev() {
                if let Some(hit) = self.play(*role, &unit, &mut reached) {
                    add(hits, first, hit);
                }
            }
        })
    }

    fn play(&self, role: Role, unit: &Unit, reached: &mut Reached) -> Option<Hit> {
        let hit =
            |goal, quality, position, parts, from| Hit { goal, quality, position, parts, from, to: unit.to };
        match role {
            Role::Word { goal, quality } => Some(hit(goal, quality, unit.position, unit.parts, unit.from)),
            Role::Link { sequence, at } => {
                let of = &self.sequences[sequence];
                let from =
                    reached.step(sequence, at, unit.position.checked_sub(of.offsets[at])?, unit.from)?;
                let last = at + 1 == of.offsets.len();
                let start = unit.position - of.offsets[at];
                last.then(|| hit(of.goal, of.quality, start, unit.position + unit.parts - start, from))
            }
        }
    }
}

/// How far each sequence has been followed.
struct Reached {
    /// For each unit of each sequence: where the sequence that came so far began (part, byte).
    begun: Vec<Vec<Option<(u32, usize)>>>,
}

impl Reached {
    fn new(sequences: &[Sequence]) -> Self {
        Self { begun: sequences.iter().map(|sequence| vec![None; sequence.offsets.len()]).collect() }
    }

    /// A sequence that began at this part takes a step; gives the byte where it began, if it came so far.
    fn step(&mut self, sequence: usize, at: usize, start: u32, byte: usize) -> Option<usize> {
        let begun = &mut self.begun[sequence];
        let from = match at.checked_sub(1) {
            None => byte,
            Some(before) => begun[before].filter(|(part, _)| *part == start)?.1,
        };
        begun[at] = Some((start, from));
        Some(from)
    }
}

/// Adds a hit, unless its goal has been found better within it; of equals the longer one stays.
fn add(hits: &mut Vec<Hit>, first: usize, hit: Hit) {
    let within = hits[first..].iter().rev().take_while(|before| before.from >= hit.from).count();
    let mut inside = hits.split_off(hits.len() - within);
    let better = inside.iter().any(|before| before.goal == hit.goal && before.quality > hit.quality);
    if !better {
        inside.retain(|before| before.goal != hit.goal);
        inside.push(hit);
    }
    hits.append(&mut inside);
}

/// A place in the filter: by a term's length and the bytes at its ends.
fn bit(term: &str) -> usize {
    let byte = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or(0));
    let bytes = term.as_bytes();
    (byte(bytes.first()) * 31 + byte(bytes.get(1)) * 7 + byte(bytes.last()) * 131 + bytes.len() * 17)
        % (FILTER * 64)
}

/// How much a goal tells that so many of all entries hold.
fn weight(entries: u64, total: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a logarithm of counts: their last digits do not matter")]
    let (entries, total) = (entries as f32, total.max(entries) as f32);
    (1.0 + (total - entries + 0.5) / (entries + 0.5)).ln()
}
