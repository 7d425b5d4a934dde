//! Reads that are over in a moment run where they are asked for: the way to a reader thread and back costs more than
//! most of them do. What takes longer is broken off and goes to a thread.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::{
    connection::{fetch, read_error},
    gate::Gate,
    readers::Reader,
};
use crate::{
    error::Error,
    row::FromRow,
    sql::{SqlInfo, Statement},
};

/// More connections than this serve no purpose: at most one is used by each thread that runs requests.
const MOST: usize = 8;

/// What takes longer is not over in a moment: SQLite breaks it off between two of its steps.
const MOMENT: Duration = Duration::from_millis(2);

/// What a read that took longer than a moment counts, in reads that did not. That happens to any of them now and then, when
/// another process has its turn.
const LONG: u32 = 64;

/// A statement that has come to this goes to a thread, for good.
const TOO_LONG: u32 = 4 * LONG;

/// The connections that nobody uses right now.
pub(super) struct AtHand {
    idle: Mutex<Vec<Hand>>,
    gate: Arc<Gate>,
}

struct Hand {
    reader: Reader,
    /// How often each statement took longer than a moment, by the address of its declaration.
    long: HashMap<usize, u32>,
}

impl AtHand {
    pub(super) fn open(path: &Path, gate: &Arc<Gate>) -> Result<Self, Error> {
        let count = thread::available_parallelism().map_or(1, usize::from).min(MOST);
        let open = |_| {
            let reader = Reader::open(path, gate)?;
            // Whoever is in the way, another process that starts or ends: a thread waits for it.
            reader.conn.busy_timeout(Duration::ZERO).map_err(read_error)?;
            Ok(Hand { reader, long: HashMap::new() })
        };
        let idle = (0..count).map(open).collect::<Result<_, Error>>()?;
        Ok(Self { idle: Mutex::new(idle), gate: Arc::clone(gate) })
    }

    /// The rows, unless they are to be asked for on a thread.
    pub(super) fn fetch<R: FromRow>(&self, statement: &Statement, limit: usize) -> Option<Vec<R>> {
        // The checkpointer may hold the readers for longer than the caller can stand still.
        let inside = self.gate.try_enter()?;
        let mut hand = self.idle().pop()?;
        let rows = hand.fetch(statement, limit);
        self.idle().push(hand);
        drop(inside);
        rows
    }

    /// Closes the connections; from then on nothing is at hand.
    pub(super) fn close(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Hand>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand {
    fn fetch<R: FromRow>(&mut self, statement: &Statement, limit: usize) -> Option<Vec<R>> {
        let long = self.long.entry(std::ptr::from_ref::<SqlInfo>(statement.info).addr()).or_default();
        if *long >= TOO_LONG {
            return None;
        }
        let started = Instant::now();
        self.reader.deadline.set(Some(started + MOMENT));
        let rows = fetch(&self.reader.conn, statement, limit);
        let took_long = matches!(rows, Err(Error::TimedOut)) || started.elapsed() >= MOMENT;
        *long = if took_long { *long + LONG } else { long.saturating_sub(1) };
        // What went wrong is for a reader thread to find and to say.
        rows.ok()
    }
}
