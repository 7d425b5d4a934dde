//! How far this node's clients were told of streams: what they load next, prompted by that, must not be older.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::parts::Part;
use super::streams::Stream;
use super::{App, Result};

/// For how long it is remembered. By then a replica has it, or is not read from.
const KEPT: Duration = Duration::from_secs(60);
/// How many streams are remembered before those of longer ago are forgotten.
const MANY: usize = 4096;

/// The newest number of each stream that clients of this node have heard lately.
#[derive(Default)]
pub struct Told(Mutex<Streams>);

#[derive(Default)]
struct Streams {
    newest: HashMap<Stream, (i64, Instant)>,
    /// How many were left when old ones were last forgotten.
    left: usize,
}

impl Part for Told {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

impl Told {
    /// Clients hear of this number now.
    pub fn note(&self, stream: Stream, seq: i64) {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // At twice as many: each is looked at a few times, however many there are.
        if told.newest.len() >= MANY.max(told.left.saturating_mul(2)) {
            told.newest.retain(|_, (_, at)| now.duration_since(*at) < KEPT);
            told.left = told.newest.len();
        }
        let (newest, at) = told.newest.entry(stream).or_insert((seq, now));
        if seq >= *newest {
            (*newest, *at) = (seq, now);
        }
    }

    /// Whether clients may have heard more than this.
    pub fn is_beyond(&self, stream: Stream, seq: i64) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.newest.get(&stream).is_some_and(|(newest, _)| *newest > seq)
    }

    /// Numbers begin anew.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Streams::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{Stream, Told};

    #[test]
    fn the_newest_number_counts_however_late_an_older_one_comes() {
        let told = Told::default();
        told.note(Stream::Site, 7);
        told.note(Stream::Site, 5);
        assert!(told.is_beyond(Stream::Site, 6));
        assert!(!told.is_beyond(Stream::Site, 7));
        assert!(!told.is_beyond(Stream::Thread(1), 0), "nobody was told anything");
        told.forget();
        assert!(!told.is_beyond(Stream::Site, 0));
    }
}
