//! Two nodes on one PostgreSQL that hear each other through a real Redis, which is killed and started again.

use std::time::{Duration, Instant};

use folkmoot::config::{Config, Environment};
use folkmoot::core::random::Random;
use folkmoot::server::nodes::Nodes;
use folkmoot_bus::testing::{RedisServer, Sentinels};

use super::{numbers, place_in};
use crate::forum::Thread;
use crate::rig::*;

/// The way to others that an operator's setting makes.
fn through(url: String) -> Nodes {
    let environment: Environment = [("REDIS_URL", url)].into_iter().collect();
    let config = Config::load(&environment, None).expect("the settings hold").config;
    Nodes::open(&config, &Random::System).expect("the address can be used")
}

async fn start_redis() -> RedisServer {
    tokio::task::spawn_blocking(RedisServer::start).await.expect("Redis starts")
}

/// Both nodes say, in their readiness and their metrics, how Redis is; they are ready in either case.
async fn both_say(nodes: [&TestApp; 2], word: &str) {
    for node in nodes {
        until(async || node.guest().get("/ready").await.is(200).json()["redis"] == word).await;
        assert_eq!(node.metric("redis_up"), f64::from(u8::from(word == "healthy")));
    }
}

/// Ann writes at one node, and a socket at the other hears it: after how long.
async fn is_heard(ann: &Person, thread: &Thread, socket: &mut Socket, place: &mut (String, i64)) -> Duration {
    ann.replies(thread, "hello").await;
    let began = Instant::now();
    place.1 += 1;
    assert_eq!(numbers(&socket.hears_events(&place.0, 1).await), [place.1]);
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_down_nodes_hear_each_other_through_postgres() {
    let mut redis = start_redis().await;
    let here = TestApp::start_on(Engine::Postgres, through(redis.url(0)), |_| ()).await;
    let there = here.another_on(through(redis.url(0)), |_| ()).await;
    both_say([&here, &there], "healthy").await;
    here.with_cats().await;
    let ann = here.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let mut place = place_in(&ann.looks_at(&thread).await);
    let mut socket = there.guest().follows([(place.0.as_str(), place.1)]).await;
    // Somebody who has only read for a while: their streams are compared seldom while Redis is well.
    here.forward(minutes(2)).await;
    there.forward(Duration::ZERO).await;

    for _ in 0..3 {
        let took = is_heard(&ann, &thread, &mut socket, &mut place).await;
        assert!(took < Duration::from_millis(1500), "through Redis it took {took:?}");
    }
    redis.kill();
    both_say([&here, &there], "unhealthy").await;
    for _ in 0..3 {
        let took = is_heard(&ann, &thread, &mut socket, &mut place).await;
        println!("without Redis it took {took:?}");
        assert!(took < Duration::from_secs(4), "without Redis it took {took:?}");
    }
    redis.start_again();
    both_say([&here, &there], "healthy").await;
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        quickest = quickest.min(is_heard(&ann, &thread, &mut socket, &mut place).await);
    }
    println!("with Redis again it took {quickest:?}");
    assert!(quickest < Duration::from_secs(1), "with Redis again it took {quickest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_while_redis_comes_and_goes_on_postgres() {
    let mut redis = start_redis().await;
    let here = TestApp::start_on(Engine::Postgres, through(redis.url(0)), |_| ()).await;
    let there = here.another_on(through(redis.url(0)), |_| ()).await;
    both_say([&here, &there], "healthy").await;
    here.with_cats().await;
    let (ann, bob) = (here.person("ann").await, there.person("bob").await);
    let thread = ann.opens("cats", "Cats").await;
    let (stream, seq) = place_in(&ann.looks_at(&thread).await);
    let sockets = [ann.follows([(&stream, seq)]).await, bob.follows([(&stream, seq)]).await];

    const EACH: usize = 60;
    let writing = async |person: &Person, word: &str| {
        for number in 0..EACH {
            person.replies(&thread, &format!("{word} {number}")).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    let failing = async {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(400)).await;
            redis.kill();
            tokio::time::sleep(Duration::from_millis(400)).await;
            redis.start_again();
            redis.stall();
            tokio::time::sleep(Duration::from_millis(400)).await;
            redis.go_on();
        }
    };
    tokio::join!(writing(&ann, "here"), writing(&bob, "there"), failing);
    for mut socket in sockets {
        // The socket itself fails the test at the first event that is doubled or not the next.
        assert_eq!(socket.hears_events(&stream, 2 * EACH).await.len(), 2 * EACH);
        let more = socket.hears_for(Duration::from_millis(300)).await;
        assert_eq!(numbers(&more), Vec::<i64>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_by_a_failover_of_redis_on_postgres() {
    let mut servers = tokio::task::spawn_blocking(Sentinels::start).await.expect("all five start");
    let here = TestApp::start_on(Engine::Postgres, through(servers.url()), |_| ()).await;
    let there = here.another_on(through(servers.url()), |_| ()).await;
    both_say([&here, &there], "healthy").await;
    here.with_cats().await;
    let ann = here.person("ann").await;
    let thread = ann.opens("cats", "Cats").await;
    let mut place = place_in(&ann.looks_at(&thread).await);
    let mut socket = there.guest().follows([(place.0.as_str(), place.1)]).await;
    servers.master.kill();
    both_say([&here, &there], "unhealthy").await;
    let failed = Instant::now();
    while there.metric("redis_up") == 0.0 || here.metric("redis_up") == 0.0 {
        let took = is_heard(&ann, &thread, &mut socket, &mut place).await;
        assert!(took < Duration::from_secs(4), "meanwhile it took {took:?}");
        assert!(failed.elapsed() < Duration::from_secs(30), "no other master is found");
    }
    println!("the new master was in use after {:?}", failed.elapsed());
    is_heard(&ann, &thread, &mut socket, &mut place).await;
    assert_eq!(numbers(&socket.hears_for(Duration::from_millis(300)).await), Vec::<i64>::new());
}
