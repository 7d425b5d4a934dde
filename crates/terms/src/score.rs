//! Scores: how well one candidate answers.

use crate::matcher::{Hit, Matcher};
use crate::plan::{FORM, Plan};
use crate::rank::{Candidate, Kind};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// What a word adds in a title, beside what it adds in the body (at most 1, of a word that is there many times).
const TITLE: f32 = 0.9;

/// What a word adds in what else describes an entry.
const ABOUT: f32 = 0.75;

/// What a word adds to a reply in the title of its thread.
const CONTEXT: f32 = 0.25;

/// BM25's two: how soon further occurrences stop to count, and how much long bodies are held back.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;

/// Parts of a body that is neither long nor short.
const USUAL_PARTS: f32 = 80.0;

/// How much of the question an answer has at least, by the weight of its words.
const LEAST_COVERED: f32 = 0.3;

/// How much more an answer is worth whose goals stand together in its title, in its body; that is fresh; that opens a
/// thread.
const TOGETHER_IN_TITLE: f32 = 0.5;
const TOGETHER: f32 = 0.4;
const FRESH: f32 = 0.1;
const OPENING: f32 = 0.2;

/// Days after which half of the freshness is gone.
const HALF_FRESH: f32 = 730.0;

/// Parts that two goals may be apart and still be near, and what is left of their nearness if they are turned round.
const NEAR: u32 = 12;
const TURNED: f32 = 0.6;

/// How well one candidate matches.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// Its place among the candidates.
    pub(crate) index: usize,
    pub(crate) score: f32,
    /// For each goal what it adds to the score.
    pub(crate) gains: Vec<f32>,
    /// It is a person, a board or a tag of which the question is the name.
    pub(crate) named: bool,
}

impl Match {
    pub(crate) fn is_whole(&self) -> bool {
        self.gains.iter().all(|gain| *gain > 0.0)
    }
}

impl Plan {
    /// How well a candidate answers; nothing if it lacks what is demanded, holds what must not occur, or too little.
    pub(crate) fn matched(
        &self,
        index: usize,
        candidate: &Candidate,
        now: i64,
        hits: &mut Hits,
    ) -> Option<Match> {
        let parts = hits.find(&self.matcher, candidate);
        let goals = self.matcher.goals();
        if hits.iter().any(|hit| hit.goal >= goals) {
            return None;
        }
        let gains = hits.gains(&self.matcher, candidate.kind, parts);
        let lacks = |(gain, demanded): (&f32, &bool)| *demanded && *gain == 0.0;
        if gains.iter().zip(&self.matcher.demanded).any(lacks) {
            return None;
        }
        let covered = self.matcher.coverage(&gains);
        if goals > 0 && covered < LEAST_COVERED {
            return None;
        }
        let sum: f32 = gains.iter().sum();
        let together =
            TOGETHER_IN_TITLE * nearness(&hits.title, goals) + TOGETHER * nearness(&hits.body, goals);
        let (near, fresh) = (1.0 + together, 1.0 + FRESH * freshness(candidate.at, now));
        let score = sum * covered * covered * near * fresh * candidate.kind.favour();
        let named = goals > 0 && candidate.kind.has_name() && hits.is_named(goals);
        Some(Match { index, score, gains, named })
    }
}

impl Matcher {
    /// How much of the question is there, from 0 to 1: rare words are more of it.
    fn coverage(&self, gains: &[f32]) -> f32 {
        let all: f32 = self.weights.iter().sum();
        let found = self.weights.iter().zip(gains).filter(|(_, gain)| **gain > 0.0);
        if all > 0.0 { found.map(|(weight, _)| weight).sum::<f32>() / all } else { 0.0 }
    }
}

/// What was found of one candidate; kept from one to the next for its room.
#[derive(Default)]
pub(crate) struct Hits {
    title: Vec<Hit>,
    about: Vec<Hit>,
    body: Vec<Hit>,
}

impl Hits {
    /// Looks through a candidate; gives the number of its body's parts.
    fn find(&mut self, matcher: &Matcher, candidate: &Candidate) -> u32 {
        self.title.clear();
        self.about.clear();
        self.body.clear();
        matcher.scan(candidate.title, &mut self.title);
        if matcher.in_title {
            return 0;
        }
        let (body, about) = candidate.text.split_once('\n').unwrap_or((candidate.text, ""));
        matcher.scan(about, &mut self.about);
        matcher.scan(body, &mut self.body)
    }

    fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.title.iter().chain(&self.about).chain(&self.body)
    }

    /// Whether the title holds every goal as a word, not only as its beginning or a part of it.
    fn is_named(&self, goals: usize) -> bool {
        (0..goals).all(|goal| best(&self.title, goal) >= FORM)
    }

    /// What each goal adds: more for rare goals, for good matches, for several, for those in titles.
    fn gains(&self, matcher: &Matcher, kind: Kind, parts: u32) -> Vec<f32> {
        let length = 1.0 - LENGTH + LENGTH * (ratio(parts) / USUAL_PARTS).clamp(0.2, 20.0);
        let title = if kind == Kind::Reply { CONTEXT } else { TITLE };
        let gain = |(goal, weight): (usize, &f32)| {
            let body = total(&self.body, goal) / length;
            let in_body = best(&self.body, goal) * body / (SATURATION + body);
            weight * (title * best(&self.title, goal) + ABOUT * best(&self.about, goal) + in_body)
        };
        matcher.weights.iter().enumerate().map(gain).collect()
    }
}

/// The quality of a goal's best hit in a field.
fn best(field: &[Hit], goal: usize) -> f32 {
    field.iter().filter(|hit| hit.goal == goal).map(|hit| hit.quality).fold(0.0, f32::max)
}

/// The quality of all its hits together.
fn total(field: &[Hit], goal: usize) -> f32 {
    field.iter().filter(|hit| hit.goal == goal).map(|hit| hit.quality).sum()
}

/// How near to each other the goals stand in a field, from 0 to 1: 1 if all follow each other in the question's order.
fn nearness(hits: &[Hit], goals: usize) -> f32 {
    if goals < 2 || hits.len() < 2 {
        return 0.0;
    }
    let mut last: Vec<Option<&Hit>> = vec![None; goals];
    let mut best = vec![0.0_f32; goals];
    for hit in hits {
        let near = |other: &Hit| {
            let gap = hit.position.saturating_sub(other.position + other.parts - 1).max(1);
            if gap > NEAR { 0.0 } else { 1.0 / ratio(gap) }
        };
        if let Some(before) = hit.goal.checked_sub(1).and_then(|goal| last[goal]) {
            best[hit.goal] = best[hit.goal].max(near(before));
        }
        if let Some(after) = last.get(hit.goal + 1).copied().flatten() {
            best[hit.goal + 1] = best[hit.goal + 1].max(TURNED * near(after));
        }
        last[hit.goal] = Some(hit);
    }
    best.iter().sum::<f32>() / ratio(goals - 1)
}

/// From 1 (now) to 0 (long ago).
fn freshness(at: i64, now: i64) -> f32 {
    let days = now.saturating_sub(at).max(0) / DAY;
    (-ratio(days) / HALF_FRESH).exp2()
}

/// A count as a number to calculate with; those past 65,535 are as good as that.
pub(crate) fn ratio(count: impl TryInto<u16>) -> f32 {
    f32::from(count.try_into().unwrap_or(u16::MAX))
}

impl Kind {
    /// Whether what it is called is all that one would ask for.
    fn has_name(self) -> bool {
        matches!(self, Self::Person | Self::Board | Self::Tag)
    }

    fn favour(self) -> f32 {
        if self == Self::Opening { 1.0 + OPENING } else { 1.0 }
    }
}
