//! Order: which candidate answers best, and what of one thread stands together.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::plan::Plan;
use crate::score::{Hits, Match, ratio};

/// Words of which all are meant, rather than as many as possible.
const SHORT: usize = 3;

/// Answers with all the words that make others needless.
const PLENTY: usize = 10;

/// The part of the best answer's score that others have at least.
const FAR_BEHIND: f32 = 0.1;

/// How much of what the best post of a thread lacks is made up for by its other posts, and how much more several posts
/// are than one (by the logarithm of their number).
const LACKING: f32 = 0.5;
const SEVERAL: f32 = 0.05;

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
        let several = 1.0 + SEVERAL * ratio(group.len()).ln();
        let whole = union.iter().all(|gain| *gain > 0.0);
        Answer {
            best: best.index,
            named: best.named,
            score: (best.score + LACKING * lacking) * several,
            whole,
            others: group[1..].iter().map(|other| other.index).collect(),
        }
    }
}

fn newest(one: &Candidate, other: &Candidate) -> Ordering {
    (other.at, other.id).cmp(&(one.at, one.id))
}
