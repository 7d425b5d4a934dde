//! The hub with real threads: writers bring events in no order while readers come, wait, lag and go.
//!
//! Without unsafe code (it is forbidden) no two threads can see half a write; what could still go wrong is order: an
//! event lost between reading the log and going live, a waking that comes before the sleep. `hub_tests` tries orders
//! one after the other; here they really happen at once.

use std::net::Ipv4Addr;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use tokio::time::timeout;

use super::{Hub, Release, Stream, Utf8Bytes};
use crate::realtime::close::Close;
use crate::realtime::peer::{Identity, NewPeer, Peer};
use crate::realtime::queue::{Queue, Taken};

const CATS: Stream = Stream::Board(1);
/// How many events the writers bring.
const EVENTS: i64 = 20_000;
/// How often a reader falls asleep: the moment that matters is very short.
const ROUNDS: i64 = 50_000;
const WRITERS: usize = 3;
/// Much longer than any waking takes, on whatever machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Place {
    hub: Hub,
    /// The number of the newest event in the log.
    head: AtomicI64,
    /// Whether all that will be written is.
    over: AtomicBool,
}

/// Commits the next event and brings it to the hub afterwards, as the writer of a database does: others may be between.
fn write(place: &Place) {
    loop {
        let seq = place.head.fetch_add(1, Ordering::SeqCst) + 1;
        if seq > EVENTS {
            place.head.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        if seq % 7 == 0 {
            std::thread::yield_now();
        }
        place.hub.arrive(CATS, seq, seq.to_string().into());
    }
}

/// Follows the stream from where the log stands and gives that number; all above it comes by the queue.
fn go_live(place: &Place, peer: &Arc<Peer>) -> i64 {
    place.hub.join(CATS, peer).unwrap();
    loop {
        let head = place.head.load(Ordering::SeqCst).min(EVENTS);
        match place.hub.release(CATS, peer.id, head) {
            Release::Live => return head,
            Release::ReadOn => {}
            Release::Gone => panic!("nobody took the stream away"),
        }
    }
}

async fn next(queue: &Queue) -> Taken {
    let next = std::future::poll_fn(|context| queue.poll_take(context));
    timeout(PATIENCE, next).await.expect("whoever waits is woken")
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work);
}

/// One connection: every event after the one it began with, once and in order, until it has `enough` or the end.
async fn read(place: &Place, capacity: usize, enough: i64) -> ControlFlow<()> {
    let new =
        NewPeer { identity: Identity::default(), address: Ipv4Addr::LOCALHOST.into(), capacity, now: 0 };
    let peer = place.hub.connect(new, 1000).unwrap();
    let mut at = go_live(place, &peer);
    let mut left = enough;
    while at < EVENTS && left > 0 {
        let taken = next(&peer.queue).await;
        for text in &taken.frames {
            assert_eq!(*text, Utf8Bytes::from((at + 1).to_string()), "after {at}");
            at += 1;
            left -= 1;
        }
        if taken.lagged.contains(&CATS) {
            let again = go_live(place, &peer);
            assert!(again > at, "it lagged behind {again}");
            at = again;
        }
    }
    place.hub.disconnect(peer.id);
    if place.over.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Comes and goes, with little room and with much, until all is written.
fn read_again_and_again(place: &Place, mut times: usize) {
    block_on(async {
        loop {
            times += 1;
            let capacity = [2, 8, 4096][times % 3];
            let enough = [1, 50, EVENTS][times / 3 % 3];
            if read(place, capacity, enough).await.is_break() {
                return;
            }
        }
    });
}

/// Brings again what the followers should have by now, as a node does once in a while: behind a writer that stands still
/// long enough, more comes than the hub keeps for later.
fn look(place: &Place) {
    let head = place.head.load(Ordering::SeqCst).min(EVENTS);
    if let Some(at) = place.hub.standing(CATS).and_then(|standing| standing.at) {
        for seq in at + 1..=head {
            place.hub.arrive(CATS, seq, seq.to_string().into());
        }
    }
}

fn look_until_they_end(place: &Place, threads: &[ScopedJoinHandle<'_, ()>]) {
    while !threads.iter().all(ScopedJoinHandle::is_finished) {
        std::thread::sleep(Duration::from_millis(1));
        look(place);
    }
}

fn race(readers: usize) {
    let place = &Place::default();
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..readers).map(|number| scope.spawn(move || read_again_and_again(place, number))).collect();
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| write(place))).collect();
        look_until_they_end(place, &writers);
        place.over.store(true, Ordering::SeqCst);
        look_until_they_end(place, &readers);
    });
    assert_eq!(place.head.load(Ordering::SeqCst), EVENTS);
    assert_eq!((place.hub.count(), place.hub.is_followed(CATS)), (0, false));
}

#[test]
fn readers_that_come_lag_and_go_among_writers_miss_nothing() {
    race(4);
}

/// Each time it is the first, since nobody else keeps the stream's place.
#[test]
fn one_reader_that_comes_lags_and_goes_among_writers_misses_nothing() {
    race(1);
}

/// Each frame is the last one for a while: nothing that comes later would wake a reader that slept through it.
#[test]
fn a_frame_that_comes_as_its_reader_falls_asleep_wakes_it() {
    let queue = Queue::new(8);
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let tell = tell;
            block_on(async {
                loop {
                    let taken = next(&queue).await;
                    for _ in taken.frames {
                        tell.send(()).unwrap();
                    }
                    if taken.close.is_some() {
                        return;
                    }
                }
            });
        });
        for seq in 0..ROUNDS {
            queue.push(CATS, seq.to_string().into());
            told.recv_timeout(PATIENCE).expect("the frame is read");
        }
        queue.close(Close::GOING_AWAY);
    });
}
