//! Whether batches that share a transaction each get a savepoint.
//!
//! Most batches hold, so several run in one transaction without anything between them; when one does not hold, the
//! transaction begins anew with a savepoint before each. Where one did not hold, others often do not either, and beginning
//! anew costs more than savepoints: so the next few transactions have them from the start.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many transactions after a batch that did not hold have savepoints.
const NEXT: u32 = 4;

/// How many transactions from now on have savepoints.
#[derive(Default)]
pub(crate) struct Caution(AtomicU32);

impl Caution {
    /// Whether a transaction that begins now has savepoints.
    pub(crate) fn is_due(&self) -> bool {
        self.0.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// A batch did not hold.
    pub(crate) fn raise(&self) {
        self.0.store(NEXT, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Caution, NEXT};

    #[test]
    fn it_lasts_for_a_few_transactions() {
        let caution = Caution::default();
        assert!(!caution.is_due());
        caution.raise();
        for _ in 0..NEXT {
            assert!(caution.is_due());
        }
        assert!(!caution.is_due());
    }
}
