//! Order: which candidate answers best, and what of one thread stands together.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::matcher::{Hit, Matcher};
use crate::plan::{FORM, Plan};

/// A day in milliseconds.
const DAY: f32 = 86_400_000.0;

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

/// Words of which all are meant, rather than as many as possible.
const SHORT: usize = 3;

/// Answers with all the words that make others needless.
const PLENTY: usize = 10;

/// The part of the best answer's score that others have at least.
const FAR_BEHIND: f32 = 0.1;

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The post that opens a thread.
    Opening,
    /// Another post.
    Reply,
    /// A message of a conversation.
    Message,
    /// A person.
    Person,
    /// A board.
    Board,
    /// A tag.
    Tag,
}

/// An entry that may answer.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What it is.
    pub kind: Kind,
    /// The entry's id: the last word in the order.
    pub id: i64,
    /// Posts of one thread stand together.
    pub thread: Option<i64>,
    /// When it was written: milliseconds since 1970.
    pub at: i64,
    /// [`crate::Document::title`], for a reply that of its thread's opening post.
    pub title: &'a str,
    /// [`crate::Document::text`].
    pub text: &'a str,
}

/// An answer: one entry, or the entries of one thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The place of the best entry among the candidates.
    pub best: usize,
    /// Those of further entries of the thread that match, the best first.
    pub others: Vec<usize>,
    /// It is a person, a board or a tag, and the question its name: such answers come before others.
    pub named: bool,
    /// Higher is better; comparable within one ranking.
    pub score: f32,
    /// Whether all the words are in the entry or, together, in those of its thread.
    pub whole: bool,
}

/// The candidates that match, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// The answers, the best first.
    pub answers: Vec<Answer>,
}

/// How well one candidate matches.
#[derive(Clone, Debug)]
struct Match {
    index: usize,
    score: f32,
    /// For each goal what it adds to the score.
    gains: Vec<f32>,
    /// It is a person, a board or a tag of which the question is the name.
    named: bool,
}

impl Match {
    fn is_whole(&self) -> bool {
        self.gains.iter().all(|gain| *gain > 0.0)
    }
}

impl Plan {
    /// Whether a candidate is an answer to the whole question: all words, phrases as they stand, nothing that must not
    /// occur. Indexes know only which words an entry holds.
    #[must_use]
    pub fn holds(&self, candidate: &Candidate) -> bool {
        let mut hits = Hits::default();
        self.matched(0, candidate, 0, &mut hits).is_some_and(|matched| matched.is_whole())
    }

    /// Puts candidates in order; `now` (milliseconds since 1970) decides what is fresh. Those that lack what is demanded,
    /// hold what must not occur or little of the question are left out. Takes time linear in the candidates' texts.
    #[must_use]
    pub fn rank(&self, candidates: &[Candidate], now: i64) -> Ranking {
        let mut hits = Hits::default();
        let matched = candidates.iter().enumerate();
        let matches = matched.filter_map(|(index, candidate)| self.matched(index, candidate, now, &mut hits));
        let mut groups: Vec<Vec<Match>> = Vec::new();
        let mut places: HashMap<i64, usize> = HashMap::new();
        for found in matches {
            match candidates[found.index].thread {
                Some(thread) => {
                    let place = *places.entry(thread).or_insert(groups.len());
                    if place == groups.len() {
                        groups.push(Vec::new());
                    }
                    groups[place].push(found);
                }
                None => groups.push(Vec::from([found])),
            }
        }
        let mut answers: Vec<Answer> =
            groups.into_iter().map(|group| self.answer(group, candidates)).collect();
        answers.sort_by(|one, other| {
            let order = other.named.cmp(&one.named).then_with(|| other.score.total_cmp(&one.score));
            order.then_with(|| newest(&candidates[one.best], &candidates[other.best]))
        });
        self.leave_out(&mut answers);
        Ranking { answers }
    }

    /// Of a short question all the words are meant: what has them comes first, and alone if there is enough of it. Of a
    /// long one nobody expects that; what is far behind the best is left out.
    fn leave_out(&self, answers: &mut Vec<Answer>) {
        if self.matcher.goals() <= SHORT {
            answers.sort_by_key(|answer| !answer.whole);
            let whole = answers.iter().filter(|answer| answer.whole).count();
            if whole >= PLENTY {
                answers.truncate(whole);
            }
        } else {
            let best = answers.iter().map(|answer| answer.score).fold(0.0, f32::max);
            answers.retain(|answer| answer.whole || answer.score >= FAR_BEHIND * best);
        }
    }

    /// One thread's matches as one answer.
    fn answer(&self, mut group: Vec<Match>, candidates: &[Candidate]) -> Answer {
        group.sort_by(|one, other| {
            let order = other.score.total_cmp(&one.score);
            order.then_with(|| newest(&candidates[one.index], &candidates[other.index]))
        });
        let best = &group[0];
        let together = |goal: usize| group.iter().map(|one| one.gains[goal]).fold(0.0, f32::max);
        let union: Vec<f32> = (0..best.gains.len()).map(together).collect();
        // What other posts of the thread add: words that the best one lacks, and that there are several.
        let lacking: f32 = best.gains.iter().zip(&union).map(|(own, all)| all - own).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand candidates")]
        let several = 1.0 + 0.05 * (group.len() as f32).ln();
        let whole = union.iter().all(|gain| *gain > 0.0);
        Answer {
            best: best.index,
            named: best.named,
            score: (best.score + 0.5 * lacking) * several,
            whole,
            others: group[1..].iter().map(|other| other.index).collect(),
        }
    }

    fn matched(&self, index: usize, candidate: &Candidate, now: i64, hits: &mut Hits) -> Option<Match> {
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
        let near = 1.0 + 0.5 * nearness(&hits.title, goals) + 0.4 * nearness(&hits.body, goals);
        let fresh = 1.0 + 0.1 * freshness(candidate.at, now);
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
struct Hits {
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
        #[expect(clippy::cast_precision_loss, reason = "a body has fewer than 64 K parts")]
        let length = 1.0 - LENGTH + LENGTH * (parts as f32 / USUAL_PARTS).clamp(0.2, 20.0);
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
        if let Some(before) = hit.goal.checked_sub(1).and_then(|goal| last[goal]) {
            let gap = hit.position.saturating_sub(before.position + before.parts - 1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a gap of a few parts")]
            let near = if gap > 12 { 0.0 } else { 1.0 / gap as f32 };
            best[hit.goal] = best[hit.goal].max(near);
        }
        if let Some(after) = last.get(hit.goal + 1).copied().flatten() {
            let gap = hit.position.saturating_sub(after.position + after.parts - 1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a gap of a few parts")]
            let near = if gap > 12 { 0.0 } else { 0.6 / gap as f32 };
            best[hit.goal + 1] = best[hit.goal + 1].max(near);
        }
        last[hit.goal] = Some(hit);
    }
    #[expect(clippy::cast_precision_loss, reason = "a question has few goals")]
    let steps = (goals - 1) as f32;
    best.iter().sum::<f32>() / steps
}

/// From 1 (now) to 0 (long ago), by halves every two years.
fn freshness(at: i64, now: i64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "days are exact enough")]
    let days = now.saturating_sub(at).max(0) as f32 / DAY;
    (-days / 730.0).exp2()
}

impl Kind {
    /// Whether what it is called is all that one would ask for.
    fn has_name(self) -> bool {
        matches!(self, Self::Person | Self::Board | Self::Tag)
    }

    fn favour(self) -> f32 {
        if self == Self::Opening { 1.2 } else { 1.0 }
    }
}

fn newest(one: &Candidate, other: &Candidate) -> Ordering {
    (other.at, other.id).cmp(&(one.at, one.id))
}
