//! The hub against a model: whatever arrives when, everyone gets everything once and in order.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Hub, MAX_STREAMS, Release, Stream, TooManyStreams, Utf8Bytes};
use crate::realtime::peer::{Identity, NewPeer, Peer, PeerId};

const CATS: Stream = Stream::Board(1);
const DOGS: Stream = Stream::Board(2);

fn text(seq: i64) -> Utf8Bytes {
    seq.to_string().into()
}

fn connect(hub: &Hub) -> Arc<Peer> {
    let address = Ipv4Addr::LOCALHOST.into();
    let peer = NewPeer { identity: Identity::default(), address, capacity: 4096, now: 0 };
    hub.connect(peer, 1000).unwrap()
}

fn follow(hub: &Hub, stream: Stream, head: i64) -> Arc<Peer> {
    let peer = connect(hub);
    hub.join(stream, &peer).unwrap();
    assert_eq!(hub.release(stream, peer.id, head), Release::Live);
    peer
}

fn frames(peer: &Peer) -> Vec<String> {
    peer.queue.take().frames.iter().map(|text| text.as_str().to_owned()).collect()
}

#[test]
fn every_follower_shares_the_same_bytes() {
    let hub = Hub::default();
    let (ann, bob) = (follow(&hub, CATS, 0), follow(&hub, CATS, 0));
    hub.arrive(CATS, 1, text(1));
    let [ann, bob] = [ann, bob].map(|peer| peer.queue.take().frames.remove(0));
    assert_eq!(ann.as_str().as_ptr(), bob.as_str().as_ptr());
}

#[test]
fn streams_are_apart() {
    let hub = Hub::default();
    let (ann, bob) = (follow(&hub, CATS, 0), follow(&hub, DOGS, 5));
    hub.arrive(CATS, 1, text(1));
    hub.arrive(DOGS, 6, text(6));
    assert_eq!((frames(&ann), frames(&bob)), (vec!["1".to_owned()], vec!["6".to_owned()]));
    assert_eq!(hub.arrive(Stream::Board(3), 1, text(1)), None, "nobody follows it");
}

#[test]
fn a_connection_that_left_leaves_nothing_behind() {
    let hub = Hub::default();
    let ann = follow(&hub, CATS, 0);
    hub.join(DOGS, &ann).unwrap();
    hub.disconnect(ann.id);
    assert_eq!((hub.count(), hub.is_followed(CATS), hub.is_followed(DOGS)), (0, false, false));
}

#[test]
fn one_address_holds_only_so_many_connections() {
    let hub = Hub::default();
    let at = |address: [u8; 4]| NewPeer {
        identity: Identity::default(),
        address: Ipv4Addr::from(address).into(),
        capacity: 8,
        now: 0,
    };
    let first = hub.connect(at([192, 0, 2, 1]), 2).unwrap();
    hub.connect(at([192, 0, 2, 1]), 2).unwrap();
    assert!(hub.connect(at([192, 0, 2, 1]), 2).is_err());
    assert!(hub.connect(at([192, 0, 2, 2]), 2).is_ok(), "another address");
    hub.disconnect(first.id);
    assert!(hub.connect(at([192, 0, 2, 1]), 2).is_ok(), "one has left");
}

#[test]
fn after_revoked_no_frame_comes() {
    let hub = Hub::default();
    let ann = follow(&hub, CATS, 0);
    hub.arrive(CATS, 1, text(1));
    assert!(hub.revoke(CATS, &ann));
    assert!(!hub.revoke(CATS, &ann), "once is enough");
    hub.arrive(CATS, 2, text(2));
    assert_eq!(frames(&ann), [r#"{"payload":{"stream":"board:1"},"type":"revoked"}"#]);
}

#[test]
fn what_begins_while_somebody_still_reads_is_followed_too() {
    let hub = Hub::default();
    let ann = connect(&hub);
    hub.join(CATS, &ann).unwrap();
    // The event waits, since nobody knows yet where the stream stands; and ann reads it by herself.
    hub.expect_beginning(CATS, 1, (DOGS, 7));
    hub.arrive(CATS, 1, text(1));
    hub.begin(&ann, (DOGS, 7));
    assert_eq!(hub.release(CATS, ann.id, 1), Release::Live);
    assert_eq!(ann.queue.take().bids, [(DOGS, 7)], "once");
    assert_eq!(hub.release(DOGS, ann.id, 8), Release::Live);
    hub.begin(&ann, (DOGS, 7));
    assert_eq!(ann.queue.take().bids, [], "she follows it from further on");
}

#[test]
fn a_stream_that_cannot_go_on_is_loaded_anew_by_everyone() {
    let hub = Hub::default();
    let ann = follow(&hub, CATS, 0);
    hub.restart(CATS);
    assert_eq!(frames(&ann), [r#"{"payload":{"stream":"board:1"},"type":"resync"}"#]);
    assert_eq!((hub.is_followed(CATS), hub.follows(ann.id)), (false, vec![]));
}

#[test]
fn nobody_follows_the_whole_site_stream_by_stream() {
    let hub = Hub::default();
    let ann = connect(&hub);
    for id in 0..MAX_STREAMS {
        hub.join(Stream::Thread(i64::try_from(id).unwrap() + 1), &ann).unwrap();
    }
    assert_eq!(hub.join(CATS, &ann), Err(TooManyStreams));
    assert_eq!(hub.join(Stream::Thread(1), &ann), Ok(()), "again is not one more");
}

#[test]
fn only_streams_of_the_active_are_swept_often() {
    let hub = Hub::default();
    let (ann, _bob) = (follow(&hub, CATS, 3), follow(&hub, DOGS, 4));
    ann.act(100);
    let active: Vec<_> = hub.standings(Some(90)).into_iter().map(|one| (one.stream, one.at)).collect();
    assert_eq!(active, [(CATS, Some(3))]);
    assert_eq!(hub.standings(None).len(), 2);
}

/// One step of a stream's life on a node.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody commits an event.
    Commit,
    /// A committed event arrives, perhaps again, perhaps out of order.
    Arrive(prop::sample::Index),
    /// Somebody joins, having so much of it already.
    Join(prop::sample::Index),
    /// Somebody who joins reads a snapshot.
    Read(prop::sample::Index),
    /// Somebody who has read one is released, or told to read on.
    Release(prop::sample::Index),
    /// Somebody leaves.
    Leave(prop::sample::Index),
    /// The sweep reads what is missing.
    Sweep,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let any = any::<prop::sample::Index>;
    let step = prop_oneof![
        6 => Just(Step::Commit),
        8 => any().prop_map(Step::Arrive),
        2 => any().prop_map(Step::Join),
        3 => any().prop_map(Step::Read),
        3 => any().prop_map(Step::Release),
        1 => any().prop_map(Step::Leave),
        1 => Just(Step::Sweep),
    ];
    prop::collection::vec(step, 1..200)
}

struct Joining {
    peer: Arc<Peer>,
    cursor: i64,
    read: i64,
    ready: bool,
}

/// A stream, a hub and its followers; each follower's list is what it read itself and then what came live.
#[derive(Default)]
struct Model {
    hub: Hub,
    head: i64,
    joining: Vec<Joining>,
    live: BTreeMap<PeerId, (Arc<Peer>, Vec<i64>)>,
}

impl Model {
    fn run(&mut self, step: Step) {
        match step {
            Step::Commit => self.head += 1,
            Step::Arrive(_) if self.head == 0 => {}
            Step::Arrive(which) => {
                let seq = 1 + i64::try_from(which.index(usize::try_from(self.head).unwrap())).unwrap();
                self.hub.arrive(CATS, seq, text(seq));
            }
            Step::Join(which) => {
                let cursor = which.index(usize::try_from(self.head).unwrap() + 1);
                let peer = connect(&self.hub);
                self.hub.join(CATS, &peer).unwrap();
                let cursor = i64::try_from(cursor).unwrap();
                self.joining.push(Joining { peer, cursor, read: cursor, ready: false });
            }
            Step::Read(which) => {
                let joining = self.joining.len();
                if joining > 0 {
                    let one = &mut self.joining[which.index(joining)];
                    (one.read, one.ready) = (self.head, true);
                }
            }
            Step::Release(which) => {
                let ready: Vec<usize> = (0..self.joining.len()).filter(|&i| self.joining[i].ready).collect();
                if ready.is_empty() {
                    return;
                }
                let index = ready[which.index(ready.len())];
                let Joining { peer, cursor, read, .. } = &self.joining[index];
                if self.hub.release(CATS, peer.id, *read) == Release::Live {
                    let list = (cursor + 1..=*read).collect();
                    self.live.insert(peer.id, (Arc::clone(peer), list));
                    self.joining.remove(index);
                } else {
                    self.joining[index].ready = false;
                }
            }
            Step::Leave(which) => {
                let ids: Vec<PeerId> = self.live.keys().copied().collect();
                if !ids.is_empty() {
                    let id = ids[which.index(ids.len())];
                    self.hub.disconnect(id);
                    self.live.remove(&id);
                }
            }
            Step::Sweep => {
                if let Some(at) = self.hub.standing(CATS).and_then(|standing| standing.at) {
                    for seq in at + 1..=self.head {
                        self.hub.arrive(CATS, seq, text(seq));
                    }
                }
            }
        }
    }

    fn check(&mut self) {
        self.run(Step::Sweep);
        for (peer, list) in self.live.values_mut() {
            list.extend(frames(peer).iter().map(|text| text.parse::<i64>().unwrap()));
            let first = list.first().copied().unwrap_or(self.head + 1);
            assert_eq!(*list, (first..=self.head).collect::<Vec<_>>(), "dense, once, up to the head");
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(steps in steps()) {
        let mut model = Model::default();
        for step in steps {
            model.run(step);
        }
        model.check();
    }
}
