//! The normal write: a list of statements that commit together, or not at all.

use std::sync::Arc;

use crate::{
    error::Error,
    row::{FromRow, Row, Source},
    sql::{Bound, Statement},
    value::Value,
};

/// Statements that commit together. The first expectation that is missed rolls this batch back alone.
#[derive(Default)]
pub struct Batch {
    pub(crate) steps: Vec<Step>,
    pub(crate) locks: Vec<Arc<str>>,
    pub(crate) probe: Option<Statement>,
}

/// A statement in a batch, with what is expected of it.
pub struct Step {
    pub(crate) statement: Statement,
    pub(crate) expected: Option<Expected>,
}

#[derive(Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) rows: u64,
    pub(crate) code: &'static str,
}

/// An expectation that still has to say what a miss means.
#[must_use = "say what a miss means with `or`"]
pub struct Expect {
    pub(crate) statement: Statement,
    pub(crate) rows: u64,
}

impl Expect {
    /// The code of the outcome when the expectation is missed.
    #[must_use]
    pub fn or(self, code: &'static str) -> Step {
        Step { statement: self.statement, expected: Some(Expected { rows: self.rows, code }) }
    }
}

impl Batch {
    /// A batch without steps.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step and gives its number, by which [`Committed`] knows its rows.
    pub fn push(&mut self, step: impl Into<Step>) -> usize {
        self.steps.push(step.into());
        self.steps.len() - 1
    }

    /// Names what the batch serialises on, such as a stream whose row it updates. On PostgreSQL the
    /// batches of one name wait in memory on this node instead of each on a connection.
    pub fn lock(&mut self, name: &str) {
        if !self.locks.iter().any(|lock| &**lock == name) {
            self.locks.push(name.into());
        }
    }

    /// The read that tells, should the connection be lost during COMMIT, whether the batch took place:
    /// it answers a row exactly when it did.
    pub fn probe<R>(&mut self, probe: Bound<R>) {
        self.probe = Some(probe.statement);
    }

    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it has no steps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What a committed batch wrote and answered. It exists only once the commit is durable.
#[derive(Debug, Default)]
pub struct Committed {
    pub(crate) steps: Vec<Done>,
}

/// What one step wrote and answered.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) affected: u64,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Committed {
    /// How many rows the step wrote, or answered if it answers rows; 0 for a step that is not there.
    #[must_use]
    pub fn rows_affected(&self, step: usize) -> u64 {
        self.steps.get(step).map_or(0, |done| done.affected)
    }

    /// The first row that the step answered.
    ///
    /// # Errors
    /// `Invalid` when the row is not an `R`.
    pub fn row<R: FromRow>(&self, step: usize) -> Result<Option<R>, Error> {
        self.kept(step).first().map(|values| R::from_row(&Row(Source::Kept(values)))).transpose()
    }

    /// The rows that the step answered.
    ///
    /// # Errors
    /// `Invalid` when a row is not an `R`.
    pub fn rows<R: FromRow>(&self, step: usize) -> Result<Vec<R>, Error> {
        self.kept(step).iter().map(|values| R::from_row(&Row(Source::Kept(values)))).collect()
    }

    fn kept(&self, step: usize) -> &[Vec<Value>] {
        self.steps.get(step).map_or(&[], |done| &done.rows)
    }
}
