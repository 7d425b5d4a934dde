//! Random batches against a model: what commits, what does not and why, and what is there afterwards.

use std::collections::BTreeMap;

use folkmoot_store::{
    Batch, CommitError, Committed, Constraint, Db, Options, Step,
    migrate::{Migration, Migrations},
    sql,
    testing::{Postgres, temp_sqlite},
};
use futures_util::FutureExt;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

const SCHEMA: Migration = Migration {
    name: "1_model",
    up: "CREATE TABLE boards (id ID, name TEXT NOT NULL UNIQUE, count BIGINT NOT NULL CHECK (count < 4));
         CREATE TABLE threads (id ID, board BIGINT NOT NULL REFERENCES boards (id));",
    down: "DROP TABLE threads; DROP TABLE boards;",
};

sql! {
    static ADD_BOARD: (i64, String) = "INSERT INTO boards (id, name, count) VALUES ($1, $2, 0)";
    static ADD_THREAD: (i64, i64) = "INSERT INTO threads (id, board) VALUES ($1, $2)";
    static COUNT_UP: (i64) -> i64 = "UPDATE boards SET count = count + 1 WHERE id = $1 RETURNING count";
    static DELETE_BOARD: (i64) = "DELETE FROM boards WHERE id = $1";
    static DELETE_THREADS: (i64) = "DELETE FROM threads WHERE board = $1";
    static BOARD: (i64) -> i64 = "SELECT id FROM boards WHERE id = $1";
    static BOARDS: () -> (i64, String, i64) = "SELECT id, name, count FROM boards ORDER BY id";
    static THREADS: () -> (i64, i64) = "SELECT id, board FROM threads ORDER BY id";
}

/// One step; boards and names are few, so that steps meet.
#[derive(Clone, Debug)]
enum Op {
    AddBoard { id: i64, name: i64 },
    AddThread { id: i64, board: i64 },
    CountUp { board: i64 },
    DeleteBoard { board: i64 },
    DeleteThreads { board: i64, expected: u64 },
    Guard { board: i64 },
}

fn op() -> impl Strategy<Value = Op> {
    let few = 0..5_i64;
    prop_oneof![
        3 => (few.clone(), 0..4_i64).prop_map(|(id, name)| Op::AddBoard { id, name }),
        3 => (0..12_i64, few.clone()).prop_map(|(id, board)| Op::AddThread { id, board }),
        3 => few.clone().prop_map(|board| Op::CountUp { board }),
        1 => few.clone().prop_map(|board| Op::DeleteBoard { board }),
        1 => (few.clone(), 0..2_u64).prop_map(|(board, expected)| Op::DeleteThreads { board, expected }),
        1 => few.prop_map(|board| Op::Guard { board }),
    ]
}

/// What the database should hold.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    boards: BTreeMap<i64, (String, i64)>,
    threads: BTreeMap<i64, i64>,
}

#[derive(Debug, PartialEq)]
enum Expected {
    /// How many rows each step writes or answers.
    Committed(Vec<u64>),
    Missed(usize),
    Constraint(Constraint),
}

impl Model {
    fn apply(&mut self, batch: &[Op]) -> Expected {
        let mut after = self.clone();
        let mut affected = Vec::new();
        for (step, op) in batch.iter().enumerate() {
            match after.step(op) {
                Err(kind) => return Expected::Constraint(kind),
                Ok(rows) if expected_rows(op).is_some_and(|expected| expected != rows) => {
                    return Expected::Missed(step);
                }
                Ok(rows) => affected.push(rows),
            }
        }
        *self = after;
        Expected::Committed(affected)
    }

    fn step(&mut self, op: &Op) -> Result<u64, Constraint> {
        match op {
            Op::AddBoard { id, name } => {
                let name = format!("name {name}");
                if self.boards.contains_key(id) || self.boards.values().any(|(taken, _)| *taken == name) {
                    return Err(Constraint::Unique);
                }
                self.boards.insert(*id, (name, 0));
                Ok(1)
            }
            Op::AddThread { id, board } => {
                if self.threads.contains_key(id) {
                    return Err(Constraint::Unique);
                }
                if !self.boards.contains_key(board) {
                    return Err(Constraint::ForeignKey);
                }
                self.threads.insert(*id, *board);
                Ok(1)
            }
            Op::CountUp { board } => match self.boards.get_mut(board) {
                None => Ok(0),
                Some((_, 3)) => Err(Constraint::Check),
                Some((_, count)) => {
                    *count += 1;
                    Ok(1)
                }
            },
            Op::DeleteBoard { board } if self.threads.values().any(|of| of == board) => {
                Err(Constraint::ForeignKey)
            }
            Op::DeleteBoard { board } => Ok(u64::from(self.boards.remove(board).is_some())),
            Op::DeleteThreads { board, .. } => {
                let before = self.threads.len();
                self.threads.retain(|_, of| of != board);
                Ok((before - self.threads.len()) as u64)
            }
            Op::Guard { board } => Ok(u64::from(self.boards.contains_key(board))),
        }
    }
}

fn expected_rows(op: &Op) -> Option<u64> {
    match op {
        Op::Guard { .. } => Some(1),
        Op::DeleteThreads { expected, .. } => Some(*expected),
        _ => None,
    }
}

fn batch(ops: &[Op]) -> Batch {
    let mut batch = Batch::new();
    batch.lock("model");
    for op in ops {
        let step: Step = match op {
            Op::AddBoard { id, name } => ADD_BOARD.with((*id, format!("name {name}"))).into(),
            Op::AddThread { id, board } => ADD_THREAD.with((*id, *board)).into(),
            Op::CountUp { board } => COUNT_UP.with((*board,)).into(),
            Op::DeleteBoard { board } => DELETE_BOARD.with((*board,)).into(),
            Op::DeleteThreads { board, expected } => {
                DELETE_THREADS.with((*board,)).expect_rows(*expected).or("other")
            }
            Op::Guard { board } => BOARD.with((*board,)).expect_rows(1).or("absent"),
        };
        batch.push(step);
    }
    batch
}

fn seen(outcome: Result<Committed, CommitError>, steps: usize) -> Expected {
    match outcome {
        Ok(committed) => Expected::Committed((0..steps).map(|step| committed.rows_affected(step)).collect()),
        Err(CommitError::Missed { step, .. }) => Expected::Missed(step),
        Err(CommitError::Constraint { kind, .. }) => Expected::Constraint(kind),
        Err(error) => panic!("{error}"),
    }
}

/// All batches at once, in order, so that they share commits with those that fail beside them.
async fn run(db: &Db, batches: &[Vec<Op>]) {
    let schema = Migrations::embedded(&[SCHEMA]).unwrap();
    db.migrations(&schema).down(0).await.unwrap();
    db.migrations(&schema).up(None).await.unwrap();
    let mut model = Model::default();
    let mut waiting = Vec::new();
    for ops in batches {
        // Asked once each, in order: so they stand in the queue in order.
        let mut commit = Box::pin(db.commit(batch(ops)));
        let first = (&mut commit).now_or_never();
        waiting.push((commit, first));
    }
    for ((commit, first), ops) in waiting.into_iter().zip(batches) {
        let outcome = match first {
            Some(outcome) => outcome,
            None => commit.await,
        };
        assert_eq!(seen(outcome, ops.len()), model.apply(ops), "{ops:?}");
    }
    let boards = db.all(BOARDS.with(())).await.unwrap();
    let boards = boards.into_iter().map(|(id, name, count)| (id, (name, count))).collect();
    let threads = db.all(THREADS.with(())).await.unwrap().into_iter().collect();
    assert_eq!(Model { boards, threads }, model);
}

/// How many cases; `FOLKMOOT_CASES=2000` is the long form.
fn cases() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
    std::env::var("FOLKMOOT_CASES").map_or(40, |cases| cases.parse().unwrap())
}

fn check(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(Db::open(url, Options::default())).unwrap();
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&vec(vec(op(), 1..6), 1..40), |batches| {
            runtime.block_on(run(&db, &batches));
            Ok(())
        })
        .unwrap();
    runtime.block_on(db.close());
}

#[test]
fn batches_do_what_the_model_says_on_sqlite() {
    let place = temp_sqlite();
    check(&place.url());
}

#[test]
fn batches_do_what_the_model_says_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = runtime.block_on(Postgres::start().database());
    check(&place.url());
}
