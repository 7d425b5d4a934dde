//! Planning: from a question and what the vocabulary knows of its words to what the engine is asked.

use crate::document::{in_title, is_registered};
use crate::expression::Expression;
use crate::matcher::Matcher;
use crate::query::{Lookup, Query, Want, Way, bare};
use crate::stem::stem;

/// Entries below which a word is so rare that words which hold it as a part are looked for too.
pub(crate) const RARE: u64 = 20;

/// How many times as long a word may be as the part by which it is found without asking for parts.
const TOLD: usize = 3;

/// How well forms of a word answer, words that it begins, words that hold it; what is written together apart; a word
/// without what is written before it.
pub(crate) const FORM: f32 = 0.85;
const BEGINNING: f32 = 0.6;
const PART: f32 = 0.4;
const APART: f32 = 0.9;
const BARE: f32 = 0.7;

/// Letters of a word that is looked for within others without asking for parts.
pub(crate) const LETTERS: usize = 4;

/// Candidates that the steps after the strictest are not needed for.
const ENOUGH: usize = 60;

/// Ways to hold what is wanted, the best, that the steps after the strictest look for: they name each goal several times.
const FEW_WAYS: usize = 12;

/// Candidates of one step at most.
const MOST: usize = 1_000;

/// A word of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The word.
    pub word: String,
    /// How many entries hold it.
    pub entries: u64,
}

/// What the vocabulary knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The answer to each of [`Query::lookups`], in the same order.
    pub answers: Vec<Vec<Found>>,
    /// How many entries there are in all.
    pub entries: u64,
}

/// What to ask the engine, and how to judge what it gives.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The steps, the strictest first. None if the question has no words: then the newest entries that the filters
    /// leave are the candidates.
    pub steps: Vec<Step>,
    pub(crate) matcher: Matcher,
}

/// One question to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the candidates' terms must be.
    pub expression: Expression,
    /// How many entries that can be at most, by the vocabulary's count.
    pub entries: u64,
    /// How many candidates to take at most: the newest.
    pub limit: usize,
    /// Take the step only if the steps before gave fewer different candidates than this.
    pub unless: usize,
    /// Whether its candidates hold all the words.
    pub strict: bool,
}

/// One way in which an entry can hold what is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) index: Vec<String>,
    pub(crate) units: Option<Vec<(String, u32)>>,
    /// From 0 to 1: how well it answers.
    pub(crate) quality: f32,
    pub(crate) entries: u64,
}

/// What is wanted, with the ways to hold it.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) entries: u64,
    pub(crate) demanded: bool,
}

impl Query {
    /// Plans the search.
    #[must_use]
    pub fn plan(&self, vocabulary: &Vocabulary) -> Plan {
        let mut answers = vocabulary.answers.iter();
        let mut goal = |want: &Want| {
            let answered: Vec<_> = want.lookups().into_iter().zip(answers.by_ref()).collect();
            Goal::of(want, &answered, vocabulary.entries)
        };
        let goals: Vec<Goal> = self.wants.iter().map(&mut goal).collect();
        let without: Vec<Goal> =
            self.without.iter().map(|want| Goal::of(want, &[], vocabulary.entries)).collect();
        let around = Around { without: &without, in_title: self.in_title };
        let steps = steps(&goals, vocabulary.entries, &around);
        Plan { steps, matcher: Matcher::new(&goals, &without, self.in_title, vocabulary.entries) }
    }
}

impl Goal {
    fn of(want: &Want, answered: &[(Lookup, &Vec<Found>)], total: u64) -> Self {
        let mut goal = Self { alternatives: Vec::new(), entries: 0, demanded: want.demanded };
        let counted = |way, text: &str| {
            let answer = answered.iter().find(|(lookup, _)| lookup.way == way && lookup.text == text);
            answer.and_then(|(_, found)| found.first()).map_or(0, |found| found.entries)
        };
        let whole = |text: &str| if is_registered(text) { counted(Way::Exact, text) } else { 1 };
        if let Some(word) = &want.word {
            goal.word(word, 1.0, whole(word));
            if let Some(bare) = bare(word) {
                goal.word(bare, BARE, whole(bare));
            }
        }
        if let Some(sequence) = &want.sequence {
            let entries = sequence.index.iter().map(|term| whole(term)).min().unwrap_or(0);
            let quality = if want.word.is_some() { APART } else { 1.0 };
            let units = Some(sequence.units.clone());
            goal.alternatives.push(Alternative { index: sequence.index.clone(), units, quality, entries });
        }
        goal.look_up(want, answered);
        goal.entries =
            goal.alternatives.iter().map(|alternative| alternative.entries).sum::<u64>().min(total);
        goal
    }

    /// Forms of the word, words that it begins, and if it is rare words that hold it.
    fn look_up(&mut self, want: &Want, answered: &[(Lookup, &Vec<Found>)]) {
        let Some(word) = &want.word else { return };
        let of =
            |way| answered.iter().filter(move |(lookup, _)| lookup.way == way).flat_map(|(_, found)| *found);
        if !want.demanded {
            for found in of(Way::Prefix).filter(|found| stem(&found.word) == stem(word)) {
                self.word(&found.word, FORM, found.entries);
            }
        }
        if want.open {
            for found in of(Way::Prefix).filter(|found| found.word.starts_with(word.as_str())) {
                self.word(&found.word, BEGINNING, found.entries);
            }
        }
        let rare = self.alternatives.iter().map(|alternative| alternative.entries).sum::<u64>() < RARE;
        let rare = rare && !want.demanded && word.chars().count() >= LETTERS;
        if want.part || rare {
            // Of a far longer word it is more likely an accident of its letters.
            let told = |found: &&Found| want.part || found.word.len() <= TOLD * word.len();
            for found in of(Way::Part).filter(|found| found.word.contains(word.as_str())).filter(told) {
                self.word(&found.word, PART, found.entries);
            }
        }
    }

    fn word(&mut self, term: &str, quality: f32, entries: u64) {
        let known = |alternative: &Alternative| alternative.units.is_none() && alternative.index == [term];
        if !self.alternatives.iter().any(known) {
            self.alternatives.push(Alternative {
                index: Vec::from([term.to_owned()]),
                units: None,
                quality,
                entries,
            });
        }
    }

    /// Whether its parts may stand apart in an entry that has them all, beside a way in which they cannot.
    fn is_ambiguous(&self) -> bool {
        let apart = |alternative: &&Alternative| alternative.units.is_some();
        self.alternatives.iter().any(|alternative| apart(&alternative))
            && !self.alternatives.iter().all(|alternative| apart(&alternative))
    }

    /// What an entry must have to hold it.
    fn expression(&self, in_titles: bool, ways: Ways) -> Expression {
        let alternative = |alternative: &Alternative| {
            if in_titles {
                let titled: Vec<_> = alternative.index.iter().map(|term| in_title(term)).collect();
                Expression::terms(&titled)
            } else {
                Expression::terms(&alternative.index)
            }
        };
        let as_one = ways == Ways::AsOne && self.is_ambiguous();
        let chosen = self.alternatives.iter().filter(|alternative| !as_one || alternative.units.is_none());
        let most = if ways == Ways::Few { FEW_WAYS } else { usize::MAX };
        Expression::any(chosen.take(most).map(alternative).collect())
    }
}

/// In which of its ways a goal is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ways {
    /// In all of them.
    All,
    /// In the best of them.
    Few,
    /// Without those of which the parts may stand apart.
    AsOne,
}

/// What holds around the words.
struct Around<'a> {
    without: &'a [Goal],
    in_title: bool,
}

impl Around<'_> {
    fn step(&self, expression: Expression, entries: u64, limit: usize, unless: usize, strict: bool) -> Step {
        // What has several parts is judged by the matcher: its parts may occur apart from each other.
        let single = |goal: &Goal| {
            let word = goal.alternatives.iter().find(|alternative| alternative.units.is_none());
            word.map(|word| word.index[0].clone())
        };
        let without: Vec<String> = self.without.iter().filter_map(single).collect();
        let expression = if without.is_empty() || self.in_title {
            expression
        } else {
            Expression::Without(Box::new(expression), without)
        };
        Step { expression, entries, limit, unless, strict }
    }
}

fn steps(goals: &[Goal], total: u64, around: &Around) -> Vec<Step> {
    if goals.is_empty() {
        return Vec::new();
    }
    let everything: Vec<&Goal> = goals.iter().collect();
    let mut steps = Vec::new();
    if around.in_title {
        steps.push(around.step(
            all(&everything, true, Ways::All),
            least(&everything),
            MOST,
            usize::MAX,
            true,
        ));
        return steps;
    }
    let mut strict = |in_titles, ways, limit| {
        let expression = all(&everything, in_titles, ways);
        steps.push(around.step(expression, least(&everything), limit, usize::MAX, true));
    };
    strict(true, Ways::All, MOST / 4);
    if goals.iter().any(Goal::is_ambiguous) {
        // Else the newest with all the parts somewhere could leave no room for what is asked for.
        strict(false, Ways::AsOne, MOST / 2);
    }
    strict(false, Ways::All, MOST);
    let mut rarest: Vec<&Goal> = goals.iter().filter(|goal| !goal.demanded && goal.entries > 0).collect();
    rarest.sort_by_key(|goal| goal.entries);
    let demanded: Vec<&Goal> = goals.iter().filter(|goal| goal.demanded).collect();
    let mut relax = |chosen: Vec<Vec<&Goal>>, in_titles, limit, unless| {
        if chosen.is_empty() {
            return;
        }
        let entries = chosen.iter().map(|few| least(few)).sum::<u64>().min(total);
        let few = |few: Vec<&Goal>| all(&[few, demanded.clone()].concat(), in_titles, Ways::Few);
        let expression = Expression::any(chosen.into_iter().map(few).collect());
        steps.push(around.step(expression, entries, limit, unless, false));
    };
    if goals.len() >= 3 {
        relax(pairs(&rarest[..rarest.len().min(5)]), true, MOST / 4, ENOUGH);
        relax(all_but_one(&rarest[..rarest.len().min(6)]), false, MOST / 2, ENOUGH);
        relax(pairs(&rarest[..rarest.len().min(4)]), false, MOST / 2, ENOUGH);
    }
    if goals.len() >= 2 {
        relax(rarest.iter().take(3).map(|goal| Vec::from([*goal])).collect(), true, MOST / 4, ENOUGH);
        relax(rarest.iter().take(2).map(|goal| Vec::from([*goal])).collect(), false, MOST / 4, ENOUGH / 3);
    }
    steps
}

fn all(goals: &[&Goal], in_titles: bool, ways: Ways) -> Expression {
    Expression::all(goals.iter().map(|goal| goal.expression(in_titles, ways)).collect())
}

fn least(goals: &[&Goal]) -> u64 {
    goals.iter().map(|goal| goal.entries).min().unwrap_or(0)
}

fn pairs<'a>(goals: &[&'a Goal]) -> Vec<Vec<&'a Goal>> {
    let with_later = |(at, one): (usize, &&'a Goal)| {
        let one = *one;
        goals[at + 1..].iter().map(move |other| Vec::from([one, *other])).collect::<Vec<_>>()
    };
    goals.iter().enumerate().flat_map(with_later).collect()
}

fn all_but_one<'a>(goals: &[&'a Goal]) -> Vec<Vec<&'a Goal>> {
    let without = |left: usize| {
        let kept = goals.iter().enumerate().filter(move |(at, _)| *at != left);
        kept.map(|(_, goal)| *goal).collect::<Vec<_>>()
    };
    if goals.len() < 2 { Vec::new() } else { (0..goals.len()).map(without).collect() }
}
