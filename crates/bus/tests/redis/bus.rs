//! The bus through real servers of Redis: it keeps the contract, and says the truth when they fail.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use folkmoot_bus::redis::{Address, Redis};
use folkmoot_bus::testing::{Manners, RedisServer, Sentinels, conformance};
use folkmoot_bus::{Bus, Notice, Subscription};

/// A node's end of the bus at this address; connected, so that nothing is lost by being early.
pub(crate) async fn node(url: &str) -> Redis {
    let bus = unconnected(url);
    becomes(&bus, true, Duration::from_secs(10)).await;
    bus
}

fn unconnected(url: &str) -> Redis {
    static SEED: AtomicU32 = AtomicU32::new(0);
    let seed = SEED.fetch_add(1, Ordering::SeqCst).into();
    Redis::open(&Address::parse(url).unwrap(), seed).unwrap()
}

/// Waits until the bus says that it is up, or down, and for how long that took.
pub(crate) async fn becomes(bus: &Redis, up: bool, limit: Duration) -> Duration {
    let began = Instant::now();
    let mut told = bus.is_up();
    let told =
        tokio::time::timeout(limit, told.wait_for(|now| *now == up)).await.is_ok_and(|told| told.is_ok());
    assert!(told, "the bus does not say that it is {}", if up { "up" } else { "down" });
    began.elapsed()
}

/// The next message that is one of these; what is told of losses is passed over.
pub(crate) async fn hears(subscription: &mut Subscription, expected: &'static str) {
    loop {
        match tokio::time::timeout(Duration::from_secs(5), subscription.next()).await {
            Ok(Some(Notice::Message(message))) => return assert_eq!(message, expected),
            Ok(Some(Notice::Lagged(_))) => {}
            nothing => panic!("expected {expected}, heard {nothing:?}"),
        }
    }
}

pub(crate) fn say(bus: &Redis, what: &'static str) {
    bus.publish("posts", Bytes::from_static(what.as_bytes()));
}

#[tokio::test]
async fn the_bus_through_redis_keeps_the_contract() {
    let server = RedisServer::start();
    let number = AtomicU32::new(0);
    conformance(Manners::Sound, async || {
        let url = server.url(number.fetch_add(1, Ordering::SeqCst));
        (node(&url).await, node(&url).await)
    })
    .await;
}

#[tokio::test]
async fn two_places_on_one_redis_do_not_hear_each_other() {
    let server = RedisServer::start();
    let (one, other) = (node(&server.url(1)).await, node(&server.url(2)).await);
    let (mut here, mut there) = (one.subscribe("posts"), other.subscribe("posts"));
    say(&one, "one");
    say(&other, "other");
    hears(&mut here, "one").await;
    hears(&mut there, "other").await;
}

#[tokio::test]
async fn redis_may_be_killed_and_come_back() {
    let mut server = RedisServer::start();
    let (a, b) = (node(&server.url(0)).await, node(&server.url(0)).await);
    let mut subscription = b.subscribe("posts");
    for _ in 0..3 {
        say(&a, "before");
        hears(&mut subscription, "before").await;
        server.kill();
        let took = becomes(&a, false, Duration::from_secs(2)).await;
        becomes(&b, false, Duration::from_secs(2)).await;
        println!("down was noticed after {took:?}");
        say(&a, "meanwhile");
        server.start_again();
        let took = becomes(&a, true, Duration::from_secs(5)).await;
        becomes(&b, true, Duration::from_secs(5)).await;
        println!("up was noticed after {took:?}");
        say(&a, "after");
        hears(&mut subscription, "after").await;
    }
}

/// Those who were connected all the time could not know that they missed something.
#[tokio::test]
async fn a_node_that_could_not_reach_redis_tells_the_others_what_they_missed() {
    let server = RedisServer::start();
    let (a, b) = (node(&server.url(0)).await, node(&server.url(0)).await);
    let (mut own, mut subscription) = (a.subscribe("posts"), b.subscribe("posts"));
    // The others are let live.
    let id = server.ask(&["client", "list", "type", "pubsub"]);
    let id = id.split_whitespace().next().unwrap().strip_prefix("id=").unwrap().to_owned();
    assert_eq!(server.ask(&["client", "kill", "id", &id]), "1");
    becomes(&a, false, Duration::from_secs(2)).await;
    say(&a, "lost");
    say(&a, "lost");
    becomes(&a, true, Duration::from_secs(5)).await;
    assert_eq!(subscription.next().await, Some(Notice::Lagged(2)));
    say(&a, "after");
    assert_eq!(own.next().await, Some(Notice::Message(Bytes::from_static(b"after"))), "it has its own");
    assert!(*b.is_up().borrow());
}

#[tokio::test]
async fn a_redis_that_stalls_is_down_within_two_seconds_and_holds_nobody_up() {
    let server = RedisServer::start();
    let (a, b) = (node(&server.url(0)).await, node(&server.url(0)).await);
    let mut subscription = b.subscribe("posts");
    server.stall();
    let publishing = async {
        let body = Bytes::from(vec![b'x'; 64 * 1024]);
        let mut longest = Duration::ZERO;
        for _ in 0..2000 {
            let began = Instant::now();
            a.publish("posts", body.clone());
            longest = longest.max(began.elapsed());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        longest
    };
    let (longest, took) = tokio::join!(publishing, becomes(&a, false, Duration::from_secs(2)));
    println!("down was noticed after {took:?}; publishing took at most {longest:?}");
    assert!(longest < Duration::from_millis(50), "publishing took {longest:?}");
    becomes(&b, false, Duration::from_secs(2)).await;
    server.go_on();
    becomes(&a, true, Duration::from_secs(5)).await;
    becomes(&b, true, Duration::from_secs(5)).await;
    // Of what was on its way some may still come; then there is what is said now.
    say(&a, "after");
    while tokio::time::timeout(Duration::from_secs(5), subscription.next()).await
        != Ok(Some(Notice::Message(Bytes::from_static(b"after"))))
    {}
}

#[tokio::test]
async fn a_node_may_start_before_redis_and_stop_without_it() {
    let mut server = RedisServer::start();
    server.kill();
    let early = unconnected(&server.url(0));
    let mut subscription = early.subscribe("posts");
    say(&early, "lost");
    assert!(!*early.is_up().borrow());
    server.start_again();
    becomes(&early, true, Duration::from_secs(5)).await;
    say(&early, "heard");
    hears(&mut subscription, "heard").await;
    server.kill();
    becomes(&early, false, Duration::from_secs(2)).await;
    early.close();
    assert_eq!(subscription.next().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_by_sentinel_redis_goes_on_at_the_new_master() {
    let mut servers = tokio::task::spawn_blocking(Sentinels::start).await.unwrap();
    let (a, b) = (node(&servers.url()).await, node(&servers.url()).await);
    let mut subscription = b.subscribe("posts");
    say(&a, "before");
    hears(&mut subscription, "before").await;
    servers.master.kill();
    let down = becomes(&a, false, Duration::from_secs(2)).await;
    becomes(&b, false, Duration::from_secs(2)).await;
    let up = becomes(&a, true, Duration::from_secs(30)).await;
    becomes(&b, true, Duration::from_secs(10)).await;
    println!("down was noticed after {down:?}, and up at the new master after {up:?}");
    assert!(servers.replica.ask(&["role"]).starts_with("master"));
    say(&a, "after");
    hears(&mut subscription, "after").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_and_redis_may_have_a_password_each() {
    let servers = tokio::task::spawn_blocking(Sentinels::start).await.unwrap();
    for sentinel in &servers.sentinels {
        assert_eq!(sentinel.ask(&["acl", "setuser", "default", "resetpass", ">hunter2"]), "OK");
    }
    assert_eq!(servers.master.ask(&["acl", "setuser", "default", "resetpass", ">hunter3"]), "OK");
    let with_login = servers.url().replace("//", "//:hunter3@");
    node(&format!("{with_login}?sentinel_password=hunter2")).await;
    for wrong in [format!("{}?sentinel_password=hunter2", servers.url()), with_login] {
        let bus = unconnected(&wrong);
        let up = tokio::time::timeout(Duration::from_secs(1), bus.is_up().wait_for(|up| *up)).await.is_ok();
        assert!(!up, "{wrong}");
    }
}

/// Whoever is still connected to a server that became a replica would be heard by nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_no_longer_the_master_counts_as_down() {
    let servers = tokio::task::spawn_blocking(Sentinels::start).await.unwrap();
    let bus = node(&servers.url()).await;
    let port = servers.replica.port().to_string();
    assert_eq!(servers.master.ask(&["replicaof", "127.0.0.1", &port]), "OK");
    becomes(&bus, false, Duration::from_secs(2)).await;
    assert_eq!(servers.master.ask(&["ping"]), "PONG");
}
