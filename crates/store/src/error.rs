//! What can go wrong: one error for reads, one for commits.

/// Why a read gave nothing.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The database cannot answer now: lost connection, I/O error, all readers busy, shutting down.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The statement, or the snapshot it belongs to, took longer than it may.
    #[error("the database took too long")]
    TimedOut,
    /// `one` found no row.
    #[error("there is no such row")]
    Missing,
    /// A mistake in the program: wrong SQL, wrong types, more than one row where one was asked for.
    #[error("a statement is wrong: {0}")]
    Invalid(String),
}

/// Why a batch did not commit. Nothing of it is stored, except perhaps after `Unknown`.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CommitError {
    /// A step did not meet the number of rows it was to meet.
    #[error("step {step} missed its expectation: {code}")]
    Missed {
        /// The step's number, as `push` gave it.
        step: usize,
        /// What `or` was given.
        code: &'static str,
    },
    /// A constraint of the schema refused a step.
    #[error("a constraint refused the write ({kind:?}): {detail}")]
    Constraint {
        /// Which kind of constraint.
        kind: Constraint,
        /// What the engine said; differs between the engines, for the log only.
        detail: String,
    },
    /// Not now: full disk, I/O error, lost connection, full queue, shutting down. Worth a retry.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The connection was lost during COMMIT and it could not be learned whether it took place.
    #[error("it is unknown whether the batch was committed")]
    Unknown,
    /// A mistake in the program: wrong SQL, wrong types.
    #[error("a statement is wrong: {0}")]
    Invalid(String),
}

/// The kinds of constraint that can refuse a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// NOT NULL.
    NotNull,
    /// CHECK, or a trigger that refuses.
    Check,
}

impl From<Error> for CommitError {
    /// A read that is part of a write.
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(cause) => Self::Unavailable(cause),
            Error::TimedOut => Self::Unavailable("a statement took too long".to_owned()),
            Error::Missing => Self::Invalid("a row that must be there is not".to_owned()),
            Error::Invalid(cause) => Self::Invalid(cause),
        }
    }
}
