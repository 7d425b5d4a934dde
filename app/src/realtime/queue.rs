//! What waits for one socket: bounded, shared by nobody, and told in few words when it overflows.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::extract::ws::Utf8Bytes;
use futures_util::task::AtomicWaker;

use super::close::Close;
use crate::core::streams::Stream;

/// The most bytes that wait for one socket, however few frames they are.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The queue of one socket. Whoever has news pushes; the socket's task takes everything at once.
pub(super) struct Queue {
    capacity: usize,
    inner: Mutex<Inner>,
    reader: AtomicWaker,
}

#[derive(Default)]
struct Inner {
    items: VecDeque<Item>,
    bytes: usize,
    /// Streams of which frames were dropped: nothing more of them is taken until the client follows them again.
    lagged: Vec<Stream>,
    /// Whether the client still has to hear of the newest of `lagged`.
    lag_untold: bool,
    /// A sign of life; the newest one is enough.
    beat: Option<Utf8Bytes>,
    /// Streams to follow, and from where.
    bids: Vec<(Stream, i64)>,
    close: Option<Close>,
}

/// One frame that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A durable event.
    Event(Stream, Utf8Bytes),
    /// Worth showing only when there is room.
    Fleeting(Stream, Utf8Bytes),
    /// From the server to this socket.
    Notice(Utf8Bytes),
}

impl Item {
    fn text(&self) -> &Utf8Bytes {
        match self {
            Self::Event(_, text) | Self::Fleeting(_, text) | Self::Notice(text) => text,
        }
    }

    fn is_of(&self, stream: Stream) -> bool {
        matches!(self, Self::Event(of, _) | Self::Fleeting(of, _) if *of == stream)
    }
}

/// What became of a durable event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// It waits for the socket.
    Kept,
    /// The queue overflowed with it: this and whatever else waited is dropped, and the client will be told.
    Overflowed,
    /// This socket does not take this stream any more.
    Refused,
}

/// Everything that waited.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// Frames, in order.
    pub(super) frames: Vec<Utf8Bytes>,
    /// Streams that the client must follow again from the last number it has; sent after the frames.
    pub(super) lagged: Vec<Stream>,
    /// A sign of life to be sent.
    pub(super) beat: Option<Utf8Bytes>,
    /// Streams that the socket follows from now on, after these numbers.
    pub(super) bids: Vec<(Stream, i64)>,
    /// How the connection ends, after all of this.
    pub(super) close: Option<Close>,
}

impl Queue {
    /// A queue in which at most `capacity` frames wait.
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, inner: Mutex::default(), reader: AtomicWaker::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a durable event of a stream that the socket follows.
    pub(super) fn push(&self, stream: Stream, text: Utf8Bytes) -> Pushed {
        let mut inner = self.lock();
        if inner.close.is_some() || inner.lagged.contains(&stream) {
            return Pushed::Refused;
        }
        let pushed = if inner.has_room_for(&text, self.capacity) {
            inner.add(Item::Event(stream, text));
            Pushed::Kept
        } else {
            inner.overflow(stream);
            Pushed::Overflowed
        };
        drop(inner);
        self.reader.wake();
        pushed
    }

    /// Adds something that may be dropped, if there is room; false when there was none.
    pub(super) fn push_fleeting(&self, stream: Stream, text: Utf8Bytes) -> bool {
        let mut inner = self.lock();
        let full = inner.items.len() >= self.capacity / 2;
        if inner.close.is_some() || inner.lagged.contains(&stream) || full {
            return false;
        }
        inner.add(Item::Fleeting(stream, text));
        drop(inner);
        self.reader.wake();
        true
    }

    /// Adds a word of the server to this socket. There are few of them, so they are never dropped.
    pub(super) fn notice(&self, text: Utf8Bytes) {
        self.lock().add(Item::Notice(text));
        self.reader.wake();
    }

    /// Sends a sign of life with what waits.
    pub(super) fn beat(&self, heartbeat: Utf8Bytes) {
        self.lock().beat = Some(heartbeat);
        self.reader.wake();
    }

    /// Has the socket follow a stream after a number, once it has sent what waits.
    pub(super) fn bid(&self, stream: Stream, seq: i64) {
        self.lock().bids.push((stream, seq));
        self.reader.wake();
    }

    /// Ends the connection after what waits already. The first reason counts.
    pub(super) fn close(&self, close: Close) {
        self.lock().close.get_or_insert(close);
        self.reader.wake();
    }

    /// Whether the connection is to end.
    pub(super) fn is_closing(&self) -> bool {
        self.lock().close.is_some()
    }

    /// Forgets what waits of a stream, because it is not this socket's any more.
    pub(super) fn forget(&self, stream: Stream) {
        let mut inner = self.lock();
        inner.items.retain(|item| !item.is_of(stream));
        inner.count();
    }

    /// Takes the stream's events again, from nothing: the client follows it anew.
    pub(super) fn begin(&self, stream: Stream) {
        let mut inner = self.lock();
        inner.items.retain(|item| !item.is_of(stream));
        inner.lagged.retain(|lagged| *lagged != stream);
        inner.count();
    }

    /// Everything that waits; pending while there is nothing.
    pub(super) fn poll_take(&self, context: &Context<'_>) -> Poll<Taken> {
        self.reader.register(context.waker());
        let mut inner = self.lock();
        if inner.is_idle() {
            return Poll::Pending;
        }
        Poll::Ready(inner.take())
    }

    /// Everything that waits, perhaps nothing.
    pub(super) fn take(&self) -> Taken {
        self.lock().take()
    }

    /// Pending until the connection is to end.
    pub(super) fn poll_closing(&self, context: &Context<'_>) -> Poll<()> {
        self.reader.register(context.waker());
        if self.is_closing() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Inner {
    fn is_idle(&self) -> bool {
        let none_waits = self.items.is_empty() && !self.lag_untold && self.beat.is_none();
        none_waits && self.bids.is_empty() && self.close.is_none()
    }

    /// Makes room by dropping what is fleeting, and says whether that was enough.
    fn has_room_for(&mut self, text: &Utf8Bytes, capacity: usize) -> bool {
        let fits = |inner: &Self| inner.items.len() < capacity && inner.bytes + text.len() <= MAX_BYTES;
        // A frame that is larger than all bytes allowed still goes when nothing else waits.
        if fits(self) || self.items.is_empty() {
            return true;
        }
        self.items.retain(|item| !matches!(item, Item::Fleeting(..)));
        self.count();
        fits(self)
    }

    fn add(&mut self, item: Item) {
        self.bytes += item.text().len();
        self.items.push_back(item);
    }

    fn count(&mut self) {
        self.bytes = self.items.iter().map(|item| item.text().len()).sum();
    }

    fn overflow(&mut self, stream: Stream) {
        let dropped = self.items.iter().filter_map(|item| match item {
            Item::Event(of, _) => Some(*of),
            Item::Fleeting(..) | Item::Notice(_) => None,
        });
        for lagged in dropped.chain([stream]).collect::<Vec<_>>() {
            if !self.lagged.contains(&lagged) {
                self.lagged.push(lagged);
            }
        }
        self.items.retain(|item| matches!(item, Item::Notice(_)));
        self.count();
        self.lag_untold = true;
    }

    fn take(&mut self) -> Taken {
        self.bytes = 0;
        let frames = mem::take(&mut self.items).into_iter().map(|item| match item {
            Item::Event(_, text) | Item::Fleeting(_, text) | Item::Notice(text) => text,
        });
        let lagged = if mem::take(&mut self.lag_untold) { self.lagged.clone() } else { Vec::new() };
        let bids = mem::take(&mut self.bids);
        Taken { frames: frames.collect(), lagged, beat: self.beat.take(), bids, close: self.close }
    }
}

#[cfg(test)]
mod tests {
    use super::{Close, Pushed, Queue, Stream, Utf8Bytes};

    const CATS: Stream = Stream::Board(1);
    const DOGS: Stream = Stream::Board(2);

    fn text(of: &str) -> Utf8Bytes {
        of.into()
    }

    #[test]
    fn frames_are_taken_in_order_and_at_once() {
        let queue = Queue::new(8);
        for number in 0..3 {
            assert_eq!(queue.push(CATS, text(&number.to_string())), Pushed::Kept);
        }
        assert_eq!(queue.take().frames, [text("0"), text("1"), text("2")]);
        assert_eq!(queue.take().frames, Vec::<Utf8Bytes>::new());
    }

    #[test]
    fn a_full_queue_drops_all_it_holds_and_says_of_which_streams() {
        let queue = Queue::new(3);
        queue.notice(text("revoked"));
        queue.push(CATS, text("cat 1"));
        queue.push(DOGS, text("dog 1"));
        assert_eq!(queue.push(CATS, text("cat 2")), Pushed::Overflowed);
        let taken = queue.take();
        assert_eq!(taken.frames, [text("revoked")]);
        assert_eq!(taken.lagged, [CATS, DOGS]);
    }

    /// Otherwise a frame after the gap would look as if nothing were missing before it.
    #[test]
    fn a_stream_that_lagged_is_refused_until_it_is_followed_again() {
        let queue = Queue::new(1);
        queue.push(CATS, text("cat 1"));
        assert_eq!(queue.push(CATS, text("cat 2")), Pushed::Overflowed);
        assert_eq!(queue.push(CATS, text("cat 3")), Pushed::Refused);
        assert_eq!(queue.take().lagged, [CATS]);
        assert_eq!(queue.push(CATS, text("cat 4")), Pushed::Refused);
        assert_eq!(queue.take().lagged, [], "it is told once");
        queue.begin(CATS);
        assert_eq!(queue.push(CATS, text("cat 5")), Pushed::Kept);
    }

    #[test]
    fn what_is_fleeting_goes_first() {
        let queue = Queue::new(4);
        queue.push_fleeting(CATS, text("typing"));
        queue.push_fleeting(CATS, text("typing"));
        queue.push_fleeting(CATS, text("no room for a third"));
        for number in 0..4 {
            assert_eq!(queue.push(CATS, text(&number.to_string())), Pushed::Kept);
        }
        assert_eq!(queue.take().frames, [text("0"), text("1"), text("2"), text("3")]);
    }

    #[test]
    fn few_but_large_frames_are_bounded_too() {
        let queue = Queue::new(1000);
        let large = text(&"x".repeat(3 * 1024 * 1024));
        assert_eq!(queue.push(CATS, large.clone()), Pushed::Kept);
        assert_eq!(queue.push(CATS, large), Pushed::Overflowed);
        queue.take();
        queue.begin(CATS);
        assert_eq!(queue.push(CATS, text(&"x".repeat(5 * 1024 * 1024))), Pushed::Kept, "alone it may pass");
    }

    #[test]
    fn nothing_of_a_stream_comes_after_it_was_taken_away() {
        let queue = Queue::new(8);
        queue.push(CATS, text("secret"));
        queue.push(DOGS, text("dog"));
        queue.forget(CATS);
        assert_eq!(queue.take().frames, [text("dog")]);
    }

    #[test]
    fn the_first_reason_to_close_counts_and_nothing_comes_after() {
        let queue = Queue::new(8);
        queue.close(Close::SIGNED_OUT);
        queue.close(Close::GOING_AWAY);
        assert_eq!(queue.push(CATS, text("late")), Pushed::Refused);
        let taken = queue.take();
        assert_eq!((taken.frames.len(), taken.close), (0, Some(Close::SIGNED_OUT)));
    }
}
