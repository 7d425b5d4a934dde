//! Candidates: the newest entries that have the terms of a plan's steps, of each kind that may answer.

use std::collections::HashSet;
use std::sync::Arc;

use folkmoot_store::{Bound, Engine, FromRow, Snapshot};
use folkmoot_terms::{Expression, Plan, Step};

use super::density::{Density, within};
use super::entry::written;
use super::model::Kind;
use super::queries::candidates::{self, Asked, OtherRow, PostRow};
use super::terms::{Simple, all, simple};
use crate::core::{App, Result};

/// With fewer entries than this PostgreSQL looks at all that have the terms.
const RARE: u64 = 3_000;
/// How many candidates there are where no words are asked for.
const WITHOUT_WORDS: usize = 1_000;

/// Where candidates are looked for.
pub(super) struct Looking<'a> {
    /// The product.
    pub(super) app: &'a App,
    /// One instant.
    pub(super) snapshot: &'a Snapshot,
    /// When entries were written.
    pub(super) density: Arc<Density>,
    /// The lowest id.
    pub(super) from: i64,
    /// The id below which.
    pub(super) below: i64,
}

/// Candidates of one kind.
#[derive(Debug)]
pub(super) struct Gathered<R> {
    /// The candidates, each once.
    pub(super) rows: Vec<R>,
    /// Whether there may be more that have all the words.
    pub(super) more: bool,
}

impl<R> Default for Gathered<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: false }
    }
}

/// What a row of candidates is known by.
pub(super) trait Entry: FromRow {
    /// The entry.
    fn id(&self) -> i64;
}

impl Entry for PostRow {
    fn id(&self) -> i64 {
        self.id
    }
}

impl Entry for OtherRow {
    fn id(&self) -> i64 {
        self.id
    }
}

impl Looking<'_> {
    /// Posts on these boards that are `so`; those that `reader` has not read, if there is one.
    pub(super) async fn posts(
        &self,
        plan: &Plan,
        so: &Simple,
        boards: &[i64],
        reader: Option<i64>,
    ) -> Result<Gathered<PostRow>> {
        self.gather(plan, so, false, |asked| candidates::posts(asked, boards, reader)).await
    }

    /// Messages that are `so` and that this person reads, and with `unread` has not read.
    pub(super) async fn messages(
        &self,
        plan: &Plan,
        so: &Simple,
        reader: i64,
        unread: bool,
    ) -> Result<Gathered<OtherRow>> {
        self.gather(plan, so, true, |asked| candidates::messages(asked, reader, unread)).await
    }

    /// People, boards or tags that are `so`.
    pub(super) async fn others(&self, plan: &Plan, so: &Simple, kind: Kind) -> Result<Gathered<OtherRow>> {
        // Of these there are few: all that have the terms are looked at.
        let all = Looking { density: Arc::default(), ..*self };
        all.gather(plan, so, true, |asked| candidates::others(asked, kind)).await
    }

    async fn gather<R: Entry>(
        &self,
        plan: &Plan,
        so: &Simple,
        strictly: bool,
        ask: impl Fn(Asked) -> Bound<R>,
    ) -> Result<Gathered<R>> {
        let mut gathered = Gathered::default();
        let mut seen = HashSet::new();
        let everything = [Step {
            expression: Expression::All(Vec::new()),
            entries: u64::MAX,
            limit: WITHOUT_WORDS,
            unless: usize::MAX,
            strict: true,
        }];
        let steps = if plan.steps.is_empty() { &everything[..] } else { &plan.steps };
        for step in steps {
            if gathered.rows.len() >= step.unless || (strictly && !step.strict) {
                continue;
            }
            let Simple::Those(terms) = all([so.clone(), simple(&step.expression)]) else { continue };
            let rows = self.newest(&terms, step, &ask).await?;
            gathered.more |= step.strict && rows.len() >= step.limit;
            gathered.rows.extend(rows.into_iter().filter(|row| seen.insert(row.id())));
        }
        Ok(gathered)
    }

    /// The newest of those that have these terms.
    async fn newest<R: Entry>(
        &self,
        terms: &Expression,
        step: &Step,
        ask: &impl Fn(Asked) -> Bound<R>,
    ) -> Result<Vec<R>> {
        let limit = i64::try_from(step.limit).unwrap_or(i64::MAX);
        let asked = |terms: &Expression, from, below, limit| Asked {
            terms: written(self.app, terms),
            from,
            below,
            limit,
        };
        if self.app.db.engine() == Engine::Sqlite || step.entries < RARE || self.density.total == 0 {
            // Few, or where nobody counted when they were written: all that have the terms are looked at.
            return Ok(self.snapshot.all(ask(asked(terms, self.from, self.below, limit))).await?);
        }
        let mut rows: Vec<R> = Vec::new();
        for (from, below) in self.density.windows(self.from, self.below, self.first_window(step)) {
            let inside = Expression::All(vec![terms.clone(), within(from, below)]);
            let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
            rows.extend(self.snapshot.all(ask(asked(&inside, from, below, left))).await?);
            if rows.len() >= step.limit {
                break;
            }
        }
        Ok(rows)
    }

    /// So many entries should hold as many candidates as the step takes, with some to spare.
    fn first_window(&self, step: &Step) -> i64 {
        let total = u128::try_from(self.density.total).unwrap_or(0);
        let entries = u128::from(step.entries.max(1)).min(total.max(1));
        let wanted = 2 * step.limit as u128 * total / entries;
        i64::try_from(wanted).unwrap_or(i64::MAX)
    }
}
