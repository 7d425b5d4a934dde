//! Candidates put in order, away from the threads that serve requests.

use std::collections::HashMap;

use folkmoot_terms::{Answer, Candidate, Kind as Form, Plan};

use super::find::Candidates;
use super::gather::Gathered;
use super::json::{KindCounts, Total};
use super::model::Kind;
use super::queries::candidates::{OtherRow, PostRow};
use crate::core::{Error, Result};

/// So many people, boards and tags of which the query is the name, each, come before posts.
const FIRST: usize = 3;

/// How what was found is put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The best first; posts of one thread together.
    Threads,
    /// The best first; each post by itself.
    Posts,
    /// The newest first; each post by itself.
    Date,
}

/// Something that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hit {
    /// What it is.
    pub(super) kind: Kind,
    /// Its place among the rows of its kind.
    pub(super) row: usize,
    /// Its entry.
    pub(super) entry: i64,
    /// How many more posts of the thread were found.
    pub(super) others: usize,
    /// Whether it has all the words.
    pub(super) whole: bool,
}

/// What was found, in order.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    /// In order.
    pub(super) hits: Vec<Hit>,
    /// The rows of posts.
    pub(super) posts: Vec<PostRow>,
    /// The rows of everything else, by its kind.
    pub(super) others: HashMap<Kind, Vec<OtherRow>>,
    /// On how many threads each tag is that was found.
    pub(super) tagged: HashMap<String, i64>,
    /// The kinds of which there may be more.
    more: Vec<Kind>,
}

/// Puts candidates in order.
///
/// # Errors
/// When the work could not be done.
pub(super) async fn ranked(plan: Plan, found: Candidates, order: Order, now: i64) -> Result<Ranked> {
    tokio::task::spawn_blocking(move || put_in_order(&plan, found, order, now)).await.map_err(Error::internal)
}

fn put_in_order(plan: &Plan, found: Candidates, order: Order, now: i64) -> Ranked {
    let Candidates { posts, messages, people, boards, tags } = found;
    let mut ranked = Ranked::default();
    let texts = texts(plan, &posts, &messages, order, now);
    for (kind, more) in [(Kind::Post, posts.more), (Kind::Message, messages.more)] {
        ranked.more.extend(more.then_some(kind));
    }
    ranked.posts = posts.rows;
    ranked.others.insert(Kind::Message, messages.rows);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for (kind, form, gathered) in [
        (Kind::Person, Form::Person, people),
        (Kind::Board, Form::Board, boards),
        (Kind::Tag, Form::Tag, tags),
    ] {
        let candidates: Vec<Candidate<'_>> = gathered.rows.iter().map(|row| candidate(form, row)).collect();
        let answers = plan.rank(&candidates, now).answers.into_iter().filter(|answer| answer.whole);
        for (place, answer) in answers.enumerate() {
            let list = if answer.named && place < FIRST { &mut first } else { &mut last };
            list.push(hit(kind, answer.best, gathered.rows[answer.best].id, &answer));
        }
        ranked.more.extend(gathered.more.then_some(kind));
        ranked.others.insert(kind, gathered.rows);
    }
    ranked.hits = [first, texts, last].concat();
    if order == Order::Date {
        ranked.hits.sort_by_key(|hit| std::cmp::Reverse(hit.entry));
    }
    ranked
}

/// Posts and messages, which are compared with each other.
fn texts(
    plan: &Plan,
    posts: &Gathered<PostRow>,
    messages: &Gathered<OtherRow>,
    order: Order,
    now: i64,
) -> Vec<Hit> {
    let mut titles: HashMap<Option<i64>, String> = HashMap::new();
    for row in &posts.rows {
        titles.entry(row.thread_id).or_insert_with(|| folkmoot_terms::cut(&row.thread_title).text);
    }
    let post = |row| post_candidate(row, titles.get(&row.thread_id).map_or("", String::as_str));
    let mut candidates: Vec<Candidate<'_>> = posts.rows.iter().map(post).collect();
    candidates.extend(messages.rows.iter().map(|row| candidate(Form::Message, row)));
    let place = |at: usize| match at.checked_sub(posts.rows.len()) {
        None => (Kind::Post, at, posts.rows[at].id),
        Some(at) => (Kind::Message, at, messages.rows[at].id),
    };
    if order == Order::Date {
        let holding = (0..candidates.len()).filter(|at| plan.holds(&candidates[*at]));
        let by_itself = |at| {
            let (kind, row, entry) = place(at);
            Hit { kind, row, entry, others: 0, whole: true }
        };
        return holding.map(by_itself).collect();
    }
    let answers = plan.rank(&candidates, now).answers;
    let mut hits = Vec::with_capacity(answers.len());
    for answer in answers {
        let (kind, row, entry) = place(answer.best);
        hits.push(hit(kind, row, entry, &answer));
        if order == Order::Posts {
            let others = answer.others.iter().map(|at| place(*at));
            hits.extend(others.map(|(kind, row, entry)| hit(kind, row, entry, &answer)));
        }
    }
    if order == Order::Posts {
        hits.iter_mut().for_each(|hit| hit.others = 0);
    }
    hits
}

fn hit(kind: Kind, row: usize, entry: i64, answer: &Answer) -> Hit {
    Hit { kind, row, entry, others: answer.others.len(), whole: answer.whole }
}

fn post_candidate<'a>(row: &'a PostRow, title: &'a str) -> Candidate<'a> {
    let kind = if row.opening { Form::Opening } else { Form::Reply };
    Candidate { kind, id: row.id, thread: row.thread_id, at: row.at, title, text: &row.text }
}

fn candidate(kind: Form, row: &OtherRow) -> Candidate<'_> {
    Candidate { kind, id: row.id, thread: None, at: row.at, title: &row.title, text: &row.text }
}

impl Ranked {
    /// The row of a message, person, board or tag that was found.
    pub(super) fn other(&self, hit: &Hit) -> Option<&OtherRow> {
        self.others.get(&hit.kind)?.get(hit.row)
    }

    /// Whether not even the best that was found has all the words.
    pub(super) fn is_relaxed(&self) -> bool {
        self.hits.first().is_some_and(|hit| !hit.whole)
    }

    /// How many there are of each kind that is left.
    pub(super) fn counts(&self, left: impl Fn(Kind) -> bool) -> KindCounts {
        let count = |kind| if left(kind) { self.count(kind) } else { 0 };
        KindCounts {
            posts: count(Kind::Post),
            messages: count(Kind::Message),
            people: count(Kind::Person),
            boards: count(Kind::Board),
            tags: count(Kind::Tag),
        }
    }

    /// How many there are of these kinds together.
    pub(super) fn total(&self, wanted: impl Fn(Kind) -> bool) -> Total {
        const ALL: [Kind; 5] = [Kind::Post, Kind::Message, Kind::Person, Kind::Board, Kind::Tag];
        let count = ALL.into_iter().filter(|kind| wanted(*kind)).map(|kind| self.count(kind)).sum();
        Total { count, at_least: self.more.iter().any(|kind| wanted(*kind)) }
    }

    fn count(&self, kind: Kind) -> i64 {
        let hits = self.hits.iter().filter(|hit| hit.kind == kind);
        i64::try_from(hits.map(|hit| 1 + hit.others).sum::<usize>()).unwrap_or(i64::MAX)
    }
}
