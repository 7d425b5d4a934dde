//! Frames of the last moments for those who come back: when everybody does, thousands miss the same events, and each
//! frame is built once for all of them.
//!
//! A frame may be used again while its stream has not moved on, since whatever changes a row appends to it. What shows in
//! a frame without being of its stream, as a person's new name, is at most [`KEPT`] late. One's own stream is not shared:
//! nobody else follows it, and it tells of counts that other streams change.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::frames::Frame;
use crate::core::streams::Stream;

/// For how long frames are used again.
const KEPT: Duration = Duration::from_secs(2);
/// How many frames are kept in all; with more, all are forgotten.
const MOST: usize = 4096;

/// The frames, by stream.
#[derive(Default)]
pub(super) struct Shared(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    streams: HashMap<Stream, Built>,
    frames: usize,
}

/// Frames of one stream.
struct Built {
    /// Where the stream stood before they were built.
    head: i64,
    at: Instant,
    frames: HashMap<i64, Frame>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The frame of an event, if it was built since the stream stands where it does.
    pub(super) fn get(&self, stream: Stream, head: i64, seq: i64, now: Instant) -> Option<Frame> {
        let inner = self.lock();
        let built = inner.streams.get(&stream).filter(|built| built.is_good(head, now))?;
        built.frames.get(&seq).cloned()
    }

    /// Keeps frames that were built after the stream was seen to stand at `head`.
    pub(super) fn keep(&self, stream: Stream, head: i64, frames: &[Frame], now: Instant) {
        if matches!(stream, Stream::User(_)) {
            return;
        }
        let mut inner = self.lock();
        if inner.frames + frames.len() > MOST {
            *inner = Inner::default();
        }
        let Inner { streams, frames: count } = &mut *inner;
        let fresh = || Built { head, at: now, frames: HashMap::new() };
        let built = streams.entry(stream).or_insert_with(fresh);
        if !built.is_good(head, now) {
            *count -= built.frames.len();
            *built = fresh();
        }
        for frame in frames {
            *count += usize::from(built.frames.insert(frame.seq, frame.clone()).is_none());
        }
    }

    /// Forgets what is not used again.
    pub(super) fn tidy(&self, now: Instant) {
        let mut inner = self.lock();
        inner.streams.retain(|_, built| now - built.at < KEPT);
        inner.frames = inner.streams.values().map(|built| built.frames.len()).sum();
    }
}

impl Built {
    fn is_good(&self, head: i64, now: Instant) -> bool {
        self.head == head && now - self.at < KEPT
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::Effect;
    use super::*;

    const CATS: Stream = Stream::Thread(1);

    fn frame(seq: i64) -> Frame {
        Frame { stream: CATS, seq, text: format!("event {seq}").into(), effect: Effect::None }
    }

    #[test]
    fn frames_are_good_for_a_moment_and_while_the_stream_stands() {
        let (shared, now) = (Shared::default(), Instant::now());
        shared.keep(CATS, 2, &[frame(1), frame(2)], now);
        assert_eq!(shared.get(CATS, 2, 1, now).unwrap().text.as_str(), "event 1");
        assert!(shared.get(CATS, 2, 3, now).is_none());
        assert!(shared.get(CATS, 3, 1, now).is_none(), "something has happened since");
        assert!(shared.get(CATS, 2, 1, now + KEPT).is_none());
        shared.keep(CATS, 3, &[frame(3)], now);
        assert!(shared.get(CATS, 3, 1, now).is_none());
        assert!(shared.get(CATS, 2, 1, now).is_none());
        assert!(shared.get(CATS, 3, 3, now).is_some());
        shared.keep(Stream::User(1), 1, &[frame(1)], now);
        assert!(shared.get(Stream::User(1), 1, 1, now).is_none(), "it is one person's alone");
    }

    #[test]
    fn they_are_bounded_and_forgotten() {
        let (shared, now) = (Shared::default(), Instant::now());
        for head in 0..10_000 {
            shared.keep(Stream::Thread(head), head, &[frame(1)], now);
        }
        let kept = || {
            let kept = shared.lock();
            (kept.frames, kept.streams.len())
        };
        let (frames, streams) = kept();
        assert!(frames <= MOST);
        assert_eq!(frames, streams);
        shared.tidy(now + KEPT);
        assert_eq!(kept(), (0, 0));
    }
}
