//! Numbered steps that make the schema and take it back, one file for both engines.
//!
//! Each step is one transaction under a lock, and reads inside it what has been applied: so two nodes
//! that start at once do not collide, and one that dies half-way leaves a whole schema behind.

mod postgres;
mod sqlite;
mod text;

use crate::{db::Db, dialect::Engine, error::Error};

/// A pair of files: `000001_initial_schema.up.sql` and `000001_initial_schema.down.sql`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The name of the files without their ends; it begins with the number.
    pub name: &'static str,
    /// What makes the step.
    pub up: &'static str,
    /// What takes it back.
    pub down: &'static str,
}

/// Embeds the named pairs of files: `migrations!("../migrations"; "000001_initial_schema", …)`. The
/// folder is relative to the file that says it.
#[macro_export]
macro_rules! migrations {
    ($folder:literal; $($name:literal),+ $(,)?) => {
        &[$($crate::migrate::Migration {
            name: $name,
            up: include_str!(concat!($folder, "/", $name, ".up.sql")),
            down: include_str!(concat!($folder, "/", $name, ".down.sql")),
        }),+]
    };
}

/// Why the schema is not what it should be.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum MigrateError {
    /// The database does not answer, or someone else migrates it and does not come to an end.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The files themselves are wrong.
    #[error("the migrations are wrong: {0}")]
    Invalid(String),
    /// A file was edited after it was applied.
    #[error("migration {0} was edited after it was applied")]
    Edited(u32),
    /// The database is newer than this binary, and says that this binary is too old for it.
    #[error("the database is at migration {at}, which works with releases from migration {works_with} on")]
    TooNew {
        /// The migration that this binary does not know.
        at: u32,
        /// The oldest release that works with it.
        works_with: u32,
    },
    /// The database has a migration that this binary does not know and so cannot take back.
    #[error("migration {0} is not known here and cannot be taken back")]
    Unknown(u32),
    /// A step failed and was rolled back.
    #[error("migration {number}: {cause}")]
    Failed {
        /// Which.
        number: u32,
        /// What the engine said.
        cause: String,
    },
}

impl From<Error> for MigrateError {
    fn from(error: Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// The steps that this binary carries.
#[derive(Clone, Debug)]
pub struct Migrations(Vec<Step>);

#[derive(Clone, Debug)]
struct Step {
    number: u32,
    name: &'static str,
    up: &'static str,
    down: &'static str,
    works_with: u32,
    checksum: String,
}

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Making it.
    Up,
    /// Taking it back.
    Down,
}

/// A step as the database and this binary know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
    /// Whether this binary carries it.
    pub known: bool,
}

/// A step that would be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Which way.
    pub direction: Direction,
    /// The SQL as this engine would get it.
    pub sql: String,
}

/// A step that the database says it has.
#[derive(Clone, Debug)]
struct Applied {
    number: u32,
    name: String,
    checksum: String,
    works_with: u32,
}

impl Migrations {
    /// Takes the steps, numbered from 1 without a gap.
    ///
    /// # Errors
    /// `Invalid` when a number, a mark or a type in a file is wrong.
    pub fn embedded(files: &[Migration]) -> Result<Self, MigrateError> {
        let mut steps = Vec::with_capacity(files.len());
        for (file, number) in files.iter().zip(1..) {
            let wrong = |why: String| MigrateError::Invalid(format!("{}: {why}", file.name));
            if file.name.split('_').next().and_then(|digits| digits.parse().ok()) != Some(number) {
                return Err(wrong(format!("its number should be {number}")));
            }
            for (text, engine) in
                [file.up, file.down].into_iter().flat_map(|text| BOTH.map(|engine| (text, engine)))
            {
                text::for_engine(text, engine).map_err(wrong)?;
            }
            steps.push(Step {
                number,
                name: file.name,
                up: file.up,
                down: file.down,
                works_with: text::works_with(file.up).map_err(wrong)?.unwrap_or(number),
                checksum: text::checksum([file.up, file.down]),
            });
        }
        Ok(Self(steps))
    }

    /// The number of the last step.
    #[must_use]
    pub fn head(&self) -> u32 {
        self.0.last().map_or(0, |step| step.number)
    }

    fn step(&self, number: u32) -> Option<&Step> {
        self.0.iter().find(|step| step.number == number)
    }

    /// Holds what is applied against what this binary carries.
    fn check(&self, applied: &[Applied]) -> Result<(), MigrateError> {
        for there in applied {
            match self.step(there.number) {
                Some(ours) if ours.checksum != there.checksum => {
                    return Err(MigrateError::Edited(there.number));
                }
                Some(_) => {}
                None if there.works_with <= self.head() => {}
                None => {
                    return Err(MigrateError::TooNew { at: there.number, works_with: there.works_with });
                }
            }
        }
        Ok(())
    }

    /// The next step on the way to `target`, if there is one.
    fn next(&self, applied: &[Applied], target: Target) -> Result<Option<(&Step, Direction)>, MigrateError> {
        let at = applied.iter().map(|there| there.number).max().unwrap_or(0);
        match target {
            Target::Up(to) => {
                self.check(applied)?;
                let next = self.0.iter().find(|step| step.number > at && step.number <= to);
                Ok(next.map(|step| (step, Direction::Up)))
            }
            Target::Down(to) if at > to => {
                let step = self.step(at).ok_or(MigrateError::Unknown(at))?;
                Ok(Some((step, Direction::Down)))
            }
            Target::Down(_) => Ok(None),
        }
    }
}

const BOTH: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Where to go.
#[derive(Clone, Copy)]
enum Target {
    Up(u32),
    Down(u32),
}

impl Step {
    fn sql(&self, direction: Direction, engine: Engine) -> Result<String, MigrateError> {
        let text = match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        };
        text::for_engine(text, engine).map_err(MigrateError::Invalid)
    }
}

/// The table that knows what has been applied.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, works_with BIGINT NOT NULL)";
const APPLIED: &str = "SELECT number, name, checksum, works_with FROM schema_migrations ORDER BY number";

/// What notes a step in the table. The values are ours: a number, a file's name, hexadecimal digits.
fn note(step: &Step, direction: Direction) -> String {
    let Step { number, name, checksum, works_with, .. } = step;
    match direction {
        Direction::Up => {
            format!("INSERT INTO schema_migrations VALUES ({number}, '{name}', '{checksum}', {works_with})")
        }
        Direction::Down => format!("DELETE FROM schema_migrations WHERE number = {number}"),
    }
}

/// A database and the steps to take it through.
pub struct Migrator<'a> {
    db: &'a Db,
    migrations: &'a Migrations,
}

impl Db {
    /// The schema's steps on this database.
    #[must_use]
    pub fn migrations<'a>(&'a self, migrations: &'a Migrations) -> Migrator<'a> {
        Migrator { db: self, migrations }
    }
}

impl Migrator<'_> {
    /// Every step that the database or this binary knows.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub async fn status(&self) -> Result<Vec<State>, MigrateError> {
        let applied = self.applied().await?;
        let ours = self.migrations.0.iter().map(|step| State {
            number: step.number,
            name: step.name.to_owned(),
            applied: applied.iter().any(|there| there.number == step.number),
            known: true,
        });
        let head = self.migrations.head();
        let newer = applied.iter().filter(|there| there.number > head).map(|there| State {
            number: there.number,
            name: there.name.clone(),
            applied: true,
            known: false,
        });
        Ok(ours.chain(newer).collect())
    }

    /// Whether this binary may serve this database as it is: all its steps are there, and newer ones
    /// say that it still works with them.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), MigrateError> {
        let applied = self.applied().await?;
        match self.migrations.next(&applied, Target::Up(self.migrations.head()))? {
            None => Ok(()),
            Some((step, _)) => Err(MigrateError::Invalid(format!("{} is not applied yet", step.name))),
        }
    }

    /// What `up` would do.
    ///
    /// # Errors
    /// As `up`.
    pub async fn plan(&self, to: Option<u32>) -> Result<Vec<Planned>, MigrateError> {
        let mut applied = self.applied().await?;
        let target = Target::Up(to.unwrap_or(self.migrations.head()));
        let mut planned = Vec::new();
        while let Some((step, direction)) = self.migrations.next(&applied, target)? {
            planned.push(Planned {
                number: step.number,
                name: step.name.to_owned(),
                direction,
                sql: step.sql(direction, self.db.engine())?,
            });
            applied.push(Applied {
                number: step.number,
                name: step.name.to_owned(),
                checksum: step.checksum.clone(),
                works_with: step.works_with,
            });
        }
        Ok(planned)
    }

    /// Makes the missing steps up to `to`, or all; gives the numbers of those it made itself.
    ///
    /// # Errors
    /// Why it stopped; the steps before are made, the one that failed is not.
    pub async fn up(&self, to: Option<u32>) -> Result<Vec<u32>, MigrateError> {
        self.go(Target::Up(to.unwrap_or(self.migrations.head()))).await
    }

    /// Takes back the steps after `to`, newest first; gives the numbers of those it took back.
    ///
    /// # Errors
    /// Why it stopped; the step that failed is still there.
    pub async fn down(&self, to: u32) -> Result<Vec<u32>, MigrateError> {
        self.go(Target::Down(to)).await
    }

    async fn go(&self, target: Target) -> Result<Vec<u32>, MigrateError> {
        match self.db {
            Db::Sqlite(db) => sqlite::go(db, self.migrations, target).await,
            Db::Postgres(db) => postgres::go(db, self.migrations, target).await,
        }
    }

    async fn applied(&self) -> Result<Vec<Applied>, MigrateError> {
        match self.db {
            Db::Sqlite(db) => sqlite::applied(db).await,
            Db::Postgres(db) => postgres::applied(db).await,
        }
    }
}
