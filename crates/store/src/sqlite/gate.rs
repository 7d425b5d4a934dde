//! The gate that readers and the writer pass for each transaction, and that the checkpointer closes for
//! a moment: otherwise the writer, who never rests either, would take the lock again and again before it.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Transactions inside are counted; while it is closed none comes in.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    inside: usize,
    closed: bool,
}

impl Gate {
    /// Waits while the gate is closed.
    pub(super) fn enter(&self) -> Inside<'_> {
        let mut state = self.state();
        while state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.inside += 1;
        Inside { gate: self }
    }

    /// Does not wait: nothing while the gate is closed.
    pub(super) fn try_enter(&self) -> Option<Inside<'_>> {
        let mut state = self.state();
        if state.closed {
            return None;
        }
        state.inside += 1;
        Some(Inside { gate: self })
    }

    /// Closes the gate and waits until nobody is inside; opens it again and gives nothing when they
    /// take longer than `patience`.
    pub(super) fn close(&self, patience: Duration) -> Option<Closed<'_>> {
        let until = Instant::now() + patience;
        let mut state = self.state();
        state.closed = true;
        let closed = Closed { gate: self };
        while state.inside > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(state);
                return None;
            }
            (state, _) = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        Some(closed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One transaction inside.
pub(super) struct Inside<'a> {
    gate: &'a Gate,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.inside -= 1;
        let someone_waits = state.closed;
        drop(state);
        if someone_waits {
            self.gate.changed.notify_all();
        }
    }
}

/// The gate, closed until this is dropped.
pub(super) struct Closed<'a> {
    gate: &'a Gate,
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.gate.state().closed = false;
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn the_checkpointer_gets_in_although_readers_never_rest() {
        let gate = Arc::new(Gate::default());
        let until = Instant::now() + Duration::from_millis(300);
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let gate = Arc::clone(&gate);
                thread::spawn(move || {
                    while Instant::now() < until {
                        let _inside = gate.enter();
                        thread::sleep(Duration::from_micros(200));
                    }
                })
            })
            .collect();
        let mut closed = 0;
        while Instant::now() < until {
            closed += usize::from(gate.close(Duration::from_millis(100)).is_some());
            thread::sleep(Duration::from_millis(5));
        }
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        assert!(closed > 10, "it got in {closed} times");
    }

    #[test]
    fn a_reader_that_stays_long_does_not_keep_the_others_out() {
        let gate = Gate::default();
        let stays = gate.enter();
        assert!(gate.close(Duration::from_millis(5)).is_none());
        let other = gate.enter();
        drop((stays, other));
        assert!(gate.close(Duration::from_millis(5)).is_some());
    }
}
