//! Both buses keep the contract, and the unruly one is unruly.

use std::time::Duration;

use bytes::Bytes;
use folkmoot_bus::testing::{Manners, Mischief, Unruly, conformance};
use folkmoot_bus::{Bus, Memory, Notice};

#[tokio::test]
async fn the_bus_in_memory_keeps_the_contract() {
    conformance(Manners::Sound, async || {
        let a = Memory::new();
        let b = a.another_node();
        (a, b)
    })
    .await;
}

#[tokio::test]
async fn a_bus_that_drops_doubles_and_delays_keeps_the_contract() {
    conformance(Manners::Unruly, async || {
        let a = Memory::new();
        let b = a.another_node();
        (Unruly::new(a, Mischief::PLENTY, 1), Unruly::new(b, Mischief::PLENTY, 2))
    })
    .await;
}

/// Who tests over this bus must be able to rely on its mischief.
#[tokio::test(start_paused = true)]
async fn the_unruly_bus_drops_doubles_and_reorders() {
    let bus = Unruly::new(Memory::new(), Mischief::PLENTY, 7);
    let mut subscription = bus.subscribe("posts");
    for number in 0..500_u32 {
        bus.publish("posts", Bytes::from(number.to_string()));
    }
    let mut got: Vec<u32> = Vec::new();
    while let Ok(Some(Notice::Message(message))) =
        tokio::time::timeout(Duration::from_secs(1), subscription.next()).await
    {
        got.push(std::str::from_utf8(&message).unwrap().parse().unwrap());
    }
    let times = |number| got.iter().filter(|one| **one == number).count();
    assert!((0..500).any(|number| times(number) == 0), "some are lost");
    assert!((0..500).any(|number| times(number) == 2), "some come twice");
    assert!(!got.is_sorted(), "some come late");
}

#[tokio::test]
async fn a_node_that_is_cut_off_says_so_and_reaches_nobody() {
    let bus = Unruly::new(Memory::new(), Mischief { dropped: 0, doubled: 0, ..Mischief::PLENTY }, 7);
    let mut subscription = bus.subscribe("posts");
    bus.set_up(false);
    bus.publish("posts", Bytes::from_static(b"lost"));
    assert!(!*bus.is_up().borrow());
    assert!(tokio::time::timeout(Duration::from_millis(200), subscription.next()).await.is_err());
}

#[tokio::test]
async fn a_node_that_left_is_not_counted() {
    let a = Memory::new();
    assert!(!a.has_others());
    let b = a.another_node();
    assert!(a.has_others());
    drop(b);
    assert!(!a.has_others());
}
