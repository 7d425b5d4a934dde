//! The line of those who come in: when everybody is back at once, a few at a time are looked up in the database, in the
//! order in which they came, so that it goes on answering requests in between.

use std::sync::atomic::{AtomicUsize, Ordering};

use prometheus_client::metrics::counter::Counter;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many are looked up at the same time: fewer than SQLite has readers, so that requests always find one that is
/// free, and enough to keep two cores busy.
const AT_ONCE: usize = 4;

/// Waits for one's turn at the database. Whoever is in waits as long as it takes; at the door the line has an end.
pub(super) struct Line {
    turns: Semaphore,
    waiting: AtomicUsize,
    most: usize,
    /// Turns that were had.
    pub(super) admitted: Counter,
    /// Those who found the line too long.
    pub(super) refused: Counter,
}

/// The line is as long as it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Line {
    /// A line that nobody joins at the door while `most` wait in it.
    pub(super) fn new(most: usize) -> Self {
        Self {
            turns: Semaphore::new(AT_ONCE),
            waiting: AtomicUsize::new(0),
            most,
            admitted: Counter::default(),
            refused: Counter::default(),
        }
    }

    /// One's turn, until it is dropped; for those who are in already.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let _place = Place::take(&self.waiting);
        let turn = self.turns.acquire().await.ok();
        self.admitted.inc();
        turn
    }

    /// One's turn, until it is dropped; for those who knock.
    ///
    /// # Errors
    /// When too many wait.
    pub(super) async fn enter(&self) -> Result<Option<SemaphorePermit<'_>>, Full> {
        if self.waiting() >= self.most {
            self.refused.inc();
            return Err(Full);
        }
        Ok(self.turn().await)
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A place in the line, left when dropped: with one's turn, or because one has gone away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::{AT_ONCE, Full, Line};

    #[tokio::test]
    async fn few_are_served_at_once_in_order_and_the_line_has_an_end() {
        let line = Line::new(2);
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(line.enter().await.expect("nobody waits"));
        }
        let (mut first, mut second) = (Box::pin(line.enter()), Box::pin(line.enter()));
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut second).now_or_never().is_none());
        assert_eq!(line.enter().await.err(), Some(Full));
        let mut inside = Box::pin(line.turn());
        assert!((&mut inside).now_or_never().is_none(), "whoever is in is not refused");
        turns.pop();
        assert!((&mut second).now_or_never().is_none(), "not before those who came first");
        assert!((&mut first).now_or_never().is_some());
        assert_eq!(line.refused.get(), 1);
    }

    #[tokio::test]
    async fn whoever_goes_away_keeps_nobody_waiting() {
        let line = Line::new(1);
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(line.turn().await);
        }
        let mut gone = Box::pin(line.enter());
        assert!((&mut gone).now_or_never().is_none());
        assert_eq!(line.waiting(), 1);
        drop(gone);
        assert_eq!(line.waiting(), 0);
        let mut next = Box::pin(line.enter());
        assert!((&mut next).now_or_never().is_none());
        turns.pop();
        assert!((&mut next).now_or_never().is_some());
    }
}
