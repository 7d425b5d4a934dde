//! Named statements: declared once with [`sql!`](crate::sql), registered, and called with typed parameters.

use std::{marker::PhantomData, sync::OnceLock};

use linkme::distributed_slice;

use crate::{
    batch::{Expect, Step},
    dialect::{Engine, Text},
    error::Error,
    param::{Args, Params},
    row::{ColumnInfo, FromRow},
    value::{Type, Value},
};

/// Every statement that the program declares, wherever it stands: what [`crate::check`] prepares.
#[distributed_slice]
pub static STATEMENTS: [&'static SqlInfo];

/// What a statement says about itself.
pub struct SqlInfo {
    /// The name of the `static`.
    pub name: &'static str,
    /// The module it stands in.
    pub module: &'static str,
    /// The types of `$1`, `$2` …
    pub params: &'static [Type],
    /// The columns that it answers, empty for a plain write.
    pub columns: &'static [ColumnInfo],
    text: Text,
    sqlite: OnceLock<Result<String, String>>,
    postgres: OnceLock<Result<String, String>>,
}

impl SqlInfo {
    /// Whether the statement has a text for each engine.
    #[must_use]
    pub fn is_dialect(&self) -> bool {
        matches!(self.text, Text::Each { .. })
    }

    /// The text as the engine takes it.
    ///
    /// # Errors
    /// `Invalid` when the text has a door that is not known.
    pub fn text(&self, engine: Engine) -> Result<&str, Error> {
        let slot = match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        };
        let text = slot.get_or_init(|| self.text.rewritten(engine)).as_deref();
        text.map_err(|why| Error::Invalid(format!("{}: {why}", self.name)))
    }
}

/// A statement with parameters `P`, a tuple, that answers rows `R` (`()` for a plain write).
pub struct Sql<P, R> {
    info: SqlInfo,
    marker: PhantomData<fn(P) -> R>,
}

impl<P: Params, R: FromRow> Sql<P, R> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, module: &'static str, text: Text) -> Self {
        Self {
            info: SqlInfo {
                name,
                module,
                params: P::TYPES,
                columns: R::COLUMNS,
                text,
                sqlite: OnceLock::new(),
                postgres: OnceLock::new(),
            },
            marker: PhantomData,
        }
    }

    /// What the statement says about itself.
    #[must_use]
    pub const fn info(&'static self) -> &'static SqlInfo {
        &self.info
    }

    /// The statement with its parameters, ready to be run or to join a batch.
    pub fn with<A: Args<P>>(&'static self, args: A) -> Bound<R> {
        Bound { statement: Statement { info: &self.info, values: args.into_values() }, marker: PhantomData }
    }
}

/// A statement and its values, without the type of its rows.
pub(crate) struct Statement {
    pub(crate) info: &'static SqlInfo,
    pub(crate) values: Vec<Value>,
}

/// A statement with its parameters.
#[must_use = "a bound statement does nothing until it is run or joins a batch"]
pub struct Bound<R> {
    pub(crate) statement: Statement,
    marker: PhantomData<fn() -> R>,
}

impl<R> Bound<R> {
    /// In a batch: exactly `rows` rows must be answered (SELECT, RETURNING) or written; say what it
    /// means when they are not with [`Expect::or`].
    pub fn expect_rows(self, rows: u64) -> Expect {
        Expect { statement: self.statement, rows }
    }
}

impl<R> From<Bound<R>> for Step {
    fn from(bound: Bound<R>) -> Self {
        Step { statement: bound.statement, expected: None }
    }
}

/// Declares named statements and registers each for the statement test.
///
/// ```
/// folkmoot_store::sql! {
///     /// The title of a thread.
///     pub static TITLE: (i64) -> String = "SELECT title FROM threads WHERE id = $1";
///     /// Closes a thread.
///     static LOCK: (i64) = "UPDATE threads SET locked = true WHERE id = $1";
///     /// The few that must differ are marked.
///     static CLAIM: (i64) -> i64 = dialect! {
///         sqlite: "SELECT id FROM outbox WHERE claimed_until < $1 LIMIT 1",
///         postgres: "SELECT id FROM outbox WHERE claimed_until < $1 LIMIT 1 FOR UPDATE SKIP LOCKED",
///     };
/// }
/// ```
#[macro_export]
macro_rules! sql {
    () => {};
    (
        $(#[$meta:meta])*
        $vis:vis static $name:ident: ($($param:ty),* $(,)?) $(-> $row:ty)?
            = dialect! { sqlite: $sqlite:expr, postgres: $postgres:expr $(,)? };
        $($rest:tt)*
    ) => {
        $crate::sql!(@declare [$(#[$meta])*] [$vis] $name [$($param,)*] [$($row)?]
            $crate::Text::Each { sqlite: $sqlite, postgres: $postgres });
        $crate::sql! { $($rest)* }
    };
    (
        $(#[$meta:meta])*
        $vis:vis static $name:ident: ($($param:ty),* $(,)?) $(-> $row:ty)? = $text:expr;
        $($rest:tt)*
    ) => {
        $crate::sql!(@declare [$(#[$meta])*] [$vis] $name [$($param,)*] [$($row)?] $crate::Text::Both($text));
        $crate::sql! { $($rest)* }
    };
    (@declare [$(#[$meta:meta])*] [$vis:vis] $name:ident [$($param:ty,)*] [$($row:ty)?] $text:expr) => {
        $(#[$meta])*
        $vis static $name: $crate::Sql<($($param,)*), $crate::sql!(@row $($row)?)> =
            $crate::Sql::new(stringify!($name), module_path!(), $text);
        const _: () = {
            #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static REGISTERED: &'static $crate::SqlInfo = $name.info();
        };
    };
    (@row) => { () };
    (@row $row:ty) => { $row };
}
