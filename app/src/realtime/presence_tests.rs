//! Counting people over sockets and nodes, with the time said.

use std::net::Ipv4Addr;

use super::super::peer::{Identity, NewPeer};
use super::*;

const ANN: i64 = 1;
const BOB: i64 = 2;

fn socket(number: u64, user: i64) -> Arc<Peer> {
    let identity = Identity { user: Some(user), session: Some(1) };
    let peer = NewPeer { identity, address: Ipv4Addr::LOCALHOST.into(), capacity: 64, now: 0 };
    let peer = Peer::new(PeerId(number), peer);
    peer.greet();
    Arc::new(peer)
}

fn told(node: &str, all: bool, here: &[i64], gone: &[i64]) -> Told {
    Told { from: node.to_owned(), all, here: here.to_vec(), gone: gone.to_vec() }
}

/// What a watcher of Ann is told.
fn hears(presence: &Presence, watcher: &Peer, now: u32) -> Vec<String> {
    presence.tell_watchers(now, 1_000_000);
    let frames = watcher.queue.take().frames;
    let said = frames.iter().map(|text| protocol::Said::read(text).expect("a frame"));
    said.map(|said| said.kind).collect()
}

fn watched() -> (Presence, Arc<Peer>) {
    let (presence, bob) = (Presence::default(), socket(9, BOB));
    presence.watch(&bob, vec![ANN], &[ANN]);
    (presence, bob)
}

#[test]
fn somebody_is_here_with_any_of_their_sockets_and_a_while_after() {
    let (presence, bob) = watched();
    let (one, two) = (socket(1, ANN), socket(2, ANN));
    assert!(hears(&presence, &bob, 1).is_empty(), "who is away needs no word");
    presence.come(ANN);
    presence.come(ANN);
    assert_eq!(hears(&presence, &bob, 2), ["user_online"]);
    presence.go(&one, 10);
    assert!(hears(&presence, &bob, 40).is_empty());
    presence.go(&two, 50);
    assert!(hears(&presence, &bob, 64).is_empty(), "not before fifteen seconds");
    assert_eq!(hears(&presence, &bob, 65), ["user_offline"]);
    assert!(hears(&presence, &bob, 66).is_empty());
}

#[test]
fn who_is_back_in_time_has_never_been_away() {
    let (presence, bob) = watched();
    presence.come(ANN);
    assert_eq!(hears(&presence, &bob, 1), ["user_online"]);
    presence.go(&socket(1, ANN), 10);
    presence.come(ANN);
    for now in 10..60 {
        assert!(hears(&presence, &bob, now).is_empty());
    }
}

#[test]
fn people_are_counted_over_nodes() {
    let (presence, bob) = watched();
    presence.hear(told("a", false, &[ANN], &[]), 1);
    presence.hear(told("b", true, &[ANN], &[]), 1);
    assert_eq!(hears(&presence, &bob, 1), ["user_online"]);
    presence.hear(told("a", false, &[], &[ANN]), 5);
    presence.hear(told("b", true, &[ANN], &[]), 15);
    assert!(hears(&presence, &bob, 25).is_empty(), "node b still has them");
    presence.hear(told("b", true, &[], &[]), 26);
    assert!(hears(&presence, &bob, 40).is_empty());
    assert_eq!(hears(&presence, &bob, 41), ["user_offline"]);
}

#[test]
fn a_dead_node_has_nobody() {
    let (presence, bob) = watched();
    presence.hear(told("a", true, &[ANN], &[]), 10);
    assert_eq!(hears(&presence, &bob, 11), ["user_online"]);
    assert!(hears(&presence, &bob, 24).is_empty());
    assert_eq!(hears(&presence, &bob, 25), ["user_offline"]);
}

#[test]
fn who_may_not_see_is_not_told_and_who_may_no_more_sees_them_go() {
    let (presence, bob) = watched();
    presence.come(ANN);
    assert_eq!(hears(&presence, &bob, 1), ["user_online"]);
    presence.watch(&bob, vec![ANN], &[]);
    assert_eq!(hears(&presence, &bob, 2), ["user_offline"]);
    presence.go(&socket(1, ANN), 3);
    presence.come(ANN);
    assert!(hears(&presence, &bob, 4).is_empty());
    presence.watch(&bob, vec![ANN], &[ANN]);
    assert_eq!(hears(&presence, &bob, 5), ["user_online"]);
}

#[test]
fn other_nodes_are_told_who_came_and_went_and_now_and_then_about_everyone() {
    let presence = Presence::default();
    assert_eq!(presence.to_tell("a", false), None);
    presence.come(ANN);
    presence.come(BOB);
    presence.go(&socket(1, BOB), 1);
    let news = presence.to_tell("a", false);
    assert_eq!(news, Some(told("a", false, &[ANN], &[BOB])));
    assert_eq!(presence.to_tell("a", false), None);
    assert_eq!(presence.to_tell("a", true), Some(told("a", true, &[ANN], &[])));
}
