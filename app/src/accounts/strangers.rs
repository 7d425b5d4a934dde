//! Secrets that belong to nobody, remembered for a moment: a client that goes on sending one costs no further reads.
//!
//! A secret that is unknown stays unknown, since new ones are random and an ended session never comes back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::model::SessionKind;
use crate::core::parts::Part;
use crate::core::{App, Result};

/// For how long a secret is remembered, in milliseconds.
const REMEMBERED: i64 = 10_000;
/// The most secrets that are remembered: about 1 MB. Beyond that a flood of new ones is for the limit by address.
const MOST: usize = 10_000;

/// The hashes of secrets of no living session, and until when they are remembered.
#[derive(Default)]
pub(super) struct Strangers(Mutex<HashMap<(SessionKind, Vec<u8>), i64>>);

impl Part for Strangers {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

impl Strangers {
    /// Whether the secret belonged to nobody a moment ago.
    pub(super) fn knows(&self, hash: &[u8], kind: SessionKind, now: i64) -> bool {
        let strangers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.get(&(kind, hash.to_vec())).is_some_and(|until| now < *until)
    }

    /// Remembers that the secret belongs to nobody.
    pub(super) fn remember(&self, hash: Vec<u8>, kind: SessionKind, now: i64) {
        let mut strangers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= MOST {
            strangers.retain(|_, until| now < *until);
        }
        if strangers.len() < MOST {
            strangers.insert((kind, hash), now + REMEMBERED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, REMEMBERED, SessionKind, Strangers};

    #[test]
    fn a_stranger_is_remembered_for_a_moment_and_as_what_they_came() {
        let strangers = Strangers::default();
        strangers.remember(vec![1], SessionKind::Cookie, 1000);
        assert!(strangers.knows(&[1], SessionKind::Cookie, 1000));
        assert!(!strangers.knows(&[1], SessionKind::Bearer, 1000), "a cookie's secret is no token");
        assert!(!strangers.knows(&[2], SessionKind::Cookie, 1000));
        assert!(!strangers.knows(&[1], SessionKind::Cookie, 1000 + REMEMBERED));
    }

    #[test]
    fn a_flood_of_strangers_takes_only_so_much_memory() {
        let strangers = Strangers::default();
        for n in 0..2 * MOST {
            strangers.remember(n.to_be_bytes().to_vec(), SessionKind::Cookie, 0);
        }
        assert_eq!(strangers.0.lock().unwrap().len(), MOST);
        strangers.remember(vec![7], SessionKind::Cookie, REMEMBERED);
        assert_eq!(strangers.0.lock().unwrap().len(), 1, "those of before are forgotten");
    }
}
