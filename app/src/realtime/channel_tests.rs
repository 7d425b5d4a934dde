//! Order, gaps, joining and overflowing of one stream.

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::{Arrival, Channel, MAX_WAITING, Release, Stream, Utf8Bytes};
use crate::realtime::peer::{Identity, NewPeer, Peer, PeerId};

const CATS: Stream = Stream::Board(1);

fn peer(id: u64) -> Arc<Peer> {
    with_room(id, 4096)
}

fn with_room(id: u64, capacity: usize) -> Arc<Peer> {
    let address = Ipv4Addr::LOCALHOST.into();
    Arc::new(Peer::new(PeerId(id), NewPeer { identity: Identity::default(), address, capacity, now: 0 }))
}

fn text(seq: i64) -> Utf8Bytes {
    seq.to_string().into()
}

/// What has come to a connection, as numbers.
fn got(peer: &Peer) -> Vec<i64> {
    peer.queue.take().frames.iter().map(|text| text.as_str().parse().unwrap()).collect()
}

fn live_at(head: i64) -> (Channel, Arc<Peer>) {
    let (mut channel, ann) = (Channel::new(CATS), peer(1));
    channel.join(Arc::clone(&ann));
    assert_eq!(channel.release(ann.id, head), Release::Live);
    (channel, ann)
}

#[test]
fn events_come_in_order_once_whatever_the_order_of_their_arrival() {
    let (mut channel, ann) = live_at(10);
    assert_eq!(channel.arrive(12, text(12)), Arrival::Early(10));
    assert_eq!(channel.arrive(13, text(13)), Arrival::Early(10));
    assert_eq!(got(&ann), Vec::<i64>::new());
    assert_eq!(channel.arrive(11, text(11)), Arrival::Handed);
    assert_eq!(channel.arrive(12, text(12)), Arrival::Known);
    assert_eq!(channel.arrive(9, text(9)), Arrival::Known);
    assert_eq!(got(&ann), [11, 12, 13]);
    assert_eq!(channel.at(), Some(13));
}

/// The snapshot that a follower reads may already contain what then also arrives, or not yet.
#[test]
fn joining_gets_what_the_snapshot_lacked_and_nothing_twice() {
    let (mut channel, ann) = live_at(10);
    let bob = peer(2);
    channel.join(Arc::clone(&bob));
    channel.arrive(11, text(11));
    channel.arrive(12, text(12));
    assert_eq!(got(&bob), Vec::<i64>::new(), "held back");
    assert_eq!(channel.release(bob.id, 11), Release::Live);
    channel.arrive(13, text(13));
    assert_eq!(got(&bob), [12, 13]);
    assert_eq!(got(&ann), [11, 12, 13]);
}

#[test]
fn joining_with_a_snapshot_ahead_of_the_hub_skips_what_still_arrives() {
    let (mut channel, ann) = live_at(10);
    let bob = peer(2);
    channel.join(Arc::clone(&bob));
    assert_eq!(channel.release(bob.id, 12), Release::Live);
    for seq in 11..=13 {
        channel.arrive(seq, text(seq));
    }
    assert_eq!(got(&bob), [13]);
    assert_eq!(got(&ann), [11, 12, 13]);
}

#[test]
fn what_arrives_before_the_first_snapshot_waits_for_it() {
    let (mut channel, ann) = (Channel::new(CATS), peer(1));
    channel.join(Arc::clone(&ann));
    for seq in [13, 11, 12] {
        assert_eq!(channel.arrive(seq, text(seq)), Arrival::Held);
    }
    assert_eq!(channel.release(ann.id, 11), Release::Live);
    assert_eq!(got(&ann), [12, 13]);
}

/// Two join at once; the one with the later snapshot is released first.
#[test]
fn whoever_has_the_older_snapshot_reads_on() {
    let (mut channel, ann, bob) = (Channel::new(CATS), peer(1), peer(2));
    channel.join(Arc::clone(&ann));
    channel.join(Arc::clone(&bob));
    channel.arrive(11, text(11));
    assert_eq!(channel.release(bob.id, 11), Release::Live);
    channel.arrive(12, text(12));
    assert_eq!(channel.release(ann.id, 10), Release::ReadOn);
    assert_eq!(channel.release(ann.id, 11), Release::Live);
    assert_eq!((got(&ann), got(&bob)), (vec![12], vec![12]));
}

#[test]
fn too_much_while_joining_is_read_from_the_database_instead() {
    let (mut channel, _ann) = live_at(0);
    let bob = peer(2);
    channel.join(Arc::clone(&bob));
    let flood = i64::try_from(MAX_WAITING).unwrap() + 10;
    for seq in 1..=flood {
        channel.arrive(seq, text(seq));
    }
    assert_eq!(channel.release(bob.id, 0), Release::ReadOn);
    channel.arrive(flood + 1, text(flood + 1));
    assert_eq!(channel.release(bob.id, flood), Release::Live);
    assert_eq!(got(&bob), [flood + 1]);
}

#[test]
fn what_waits_for_a_missing_event_is_bounded_from_its_far_end() {
    let (mut channel, ann) = live_at(0);
    let most = i64::try_from(MAX_WAITING).unwrap();
    for seq in (2..=most + 50).rev() {
        channel.arrive(seq, text(seq));
    }
    channel.arrive(1, text(1));
    assert_eq!(got(&ann), (1..=most).collect::<Vec<_>>());
    assert_eq!(channel.at(), Some(most), "the rest is a gap again, to be read");
}

#[test]
fn a_slow_reader_is_taken_off_alone() {
    let (mut channel, ann) = live_at(0);
    let slow = with_room(2, 2);
    channel.join(Arc::clone(&slow));
    channel.release(slow.id, 0);
    for seq in 1..=4 {
        channel.arrive(seq, text(seq));
    }
    assert_eq!(got(&ann), [1, 2, 3, 4]);
    assert_eq!(channel.followers().count(), 1);
    let taken = slow.queue.take();
    assert_eq!((taken.frames.len(), taken.lagged), (0, vec![CATS]));
}

#[test]
fn whoever_was_taken_off_while_joining_does_not_become_live() {
    let (mut channel, _ann) = live_at(0);
    let bob = peer(2);
    channel.join(Arc::clone(&bob));
    assert!(channel.leave(bob.id));
    assert_eq!(channel.release(bob.id, 0), Release::Gone);
}

#[test]
fn what_is_fleeting_reaches_only_the_live() {
    let (mut channel, ann) = live_at(0);
    let bob = peer(2);
    channel.join(Arc::clone(&bob));
    channel.flash(&text(7));
    assert_eq!(got(&ann), [7]);
    assert_eq!(got(&bob), Vec::<i64>::new());
}
