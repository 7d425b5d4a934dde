//! Fleeting frames of the last moments, for whoever follows a board a moment after its page was made: no number would
//! tell them that a thread has moved up since.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use tokio::time::Instant;

use crate::core::streams::Stream;

/// For how long a frame is remembered: longer than a page takes to come and to follow, also on a slow network.
const KEPT: Duration = Duration::from_secs(30);
/// How many frames of one board are remembered; of more, the oldest are forgotten.
const MOST: usize = 32;

/// The frames of each board.
#[derive(Default)]
pub(super) struct Recent(Mutex<HashMap<Stream, VecDeque<(Instant, Utf8Bytes)>>>);

impl Recent {
    /// Remembers a fleeting frame of a board; other streams have none that matter a moment later.
    pub(super) fn note(&self, stream: Stream, text: &Utf8Bytes, now: Instant) {
        if !matches!(stream, Stream::Board(_)) {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, frames| frames.back().is_some_and(|(at, _)| now - *at < KEPT));
        let frames = all.entry(stream).or_default();
        if frames.len() == MOST {
            frames.pop_front();
        }
        frames.push_back((now, text.clone()));
    }

    /// Something durable happened on a board: a thread may have gone to where not everyone follows.
    pub(super) fn forget(&self, stream: Stream) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&stream);
    }

    /// What a new follower may have missed, the oldest first.
    pub(super) fn of(&self, stream: Stream, now: Instant) -> Vec<Utf8Bytes> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let frames = all.get(&stream).into_iter().flatten();
        frames.filter(|(at, _)| now - *at < KEPT).map(|(_, text)| text.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_boards_are_remembered_for_a_while_and_not_too_many() {
        let (recent, now) = (Recent::default(), Instant::now());
        let board = Stream::Board(7);
        for number in 0..40 {
            recent.note(board, &number.to_string().into(), now);
        }
        recent.note(Stream::Thread(7), &"typing".into(), now);
        let kept = recent.of(board, now);
        assert_eq!((kept.len(), kept[0].as_str(), kept[31].as_str()), (MOST, "8", "39"));
        assert!(recent.of(Stream::Thread(7), now).is_empty());
        assert!(recent.of(board, now + KEPT).is_empty());
        recent.note(board, &"again".into(), now);
        recent.forget(board);
        assert!(recent.of(board, now).is_empty());
    }
}
