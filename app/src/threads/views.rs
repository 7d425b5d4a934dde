//! How often threads are opened: counted in memory, written by a job now and then, since a row a view would be dear.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use folkmoot_store::Batch;

use super::model::ThreadId;
use super::queries::threads as queries;
use crate::core::parts::Part;
use crate::core::{App, Result};

/// The most threads counted between two flushes; others are not counted until then, so that memory stays bounded.
const MOST: usize = 10_000;
/// The most threads written in one batch.
const BATCH: usize = 500;

/// Views since the last flush.
#[derive(Debug, Default)]
pub(super) struct Views(Mutex<HashMap<ThreadId, i64>>);

impl Part for Views {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

impl Views {
    /// Counts one.
    fn add(&self, thread: ThreadId) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&thread) {
            *counts.entry(thread).or_default() += 1;
        }
    }

    /// What was counted since the last time.
    fn take(&self) -> Vec<(ThreadId, i64)> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<_> = std::mem::take(&mut *counts).into_iter().collect();
        // In the order of ids, so that two nodes never wait for each other.
        taken.sort_unstable();
        taken
    }

    /// Counts again what could not be written.
    fn put_back(&self, taken: &[(ThreadId, i64)]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (thread, views) in taken {
            *counts.entry(*thread).or_default() += views;
        }
    }
}

/// Notes that somebody opened a thread.
///
/// # Errors
/// When the counter cannot be made.
pub fn seen(app: &App, thread: ThreadId) -> Result<()> {
    app.part::<Views>()?.add(thread);
    Ok(())
}

/// Writes what was counted. What cannot be written now is counted again.
///
/// # Errors
/// When the database cannot be written.
pub(super) async fn flush(app: &App) -> Result<()> {
    let views = app.part::<Views>()?;
    let taken = views.take();
    for (done, some) in taken.chunks(BATCH).enumerate() {
        let mut batch = Batch::new();
        for (thread, count) in some {
            batch.push(queries::add_views(*thread, *count));
        }
        if let Err(error) = app.db.commit(batch).await {
            views.put_back(&taken[done * BATCH..]);
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MOST, ThreadId, Views};

    #[test]
    fn what_is_taken_is_counted_once() {
        let views = Views::default();
        [2, 1, 2].into_iter().for_each(|id| views.add(ThreadId(id)));
        let taken = views.take();
        assert_eq!(taken, [(ThreadId(1), 1), (ThreadId(2), 2)]);
        assert!(views.take().is_empty());
        views.put_back(&taken);
        assert_eq!(views.take(), taken);
    }

    #[test]
    fn it_stays_bounded() {
        let views = Views::default();
        (0..20_000).for_each(|id| views.add(ThreadId(id)));
        views.add(ThreadId(0));
        let taken = views.take();
        assert_eq!((taken.len(), taken[0]), (MOST, (ThreadId(0), 2)));
    }
}
