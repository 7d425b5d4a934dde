//! What the operator sees of Redis.

use std::time::{Duration, Instant};

use folkmoot_bus::testing::RedisServer;
use folkmoot_store::testing::Postgres;

use super::http::get;
use super::node::{Node, Settings};

fn is_ready_with(node: &Node, word: &str) {
    let began = Instant::now();
    loop {
        let ready = get(node.address, "/ready");
        assert_eq!(ready.status, 200, "without Redis it is slower, not unready");
        if ready.json()["redis"] == word {
            return;
        }
        assert!(began.elapsed().as_secs() < 10, "{}", ready.json());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_redis_that_goes_and_comes_back_is_told_once_and_its_password_never() {
    let mut redis = RedisServer::start();
    // To a user without a password Redis accepts any.
    let url = redis.url(0).replace("//", "//default:hunter2@");
    let mut node = Settings::new().with("REDIS_URL", &url).start();
    is_ready_with(&node, "healthy");
    redis.kill();
    is_ready_with(&node, "unhealthy");
    std::thread::sleep(Duration::from_secs(1));
    redis.start_again();
    is_ready_with(&node, "healthy");
    node.stop();
    let log = node.log();
    let told = |words: &str| log.iter().filter(|line| line["msg"].as_str().unwrap().contains(words)).count();
    assert_eq!((told("Redis is not to be reached"), told("Redis is back")), (1, 1));
    assert!(!format!("{log:?}{}", node.errors()).contains("hunter2"), "{log:?}");
}

/// How many requests are answered, asked of both in turn.
fn answered(nodes: [&Node; 2], times: usize) -> usize {
    let asked = nodes.into_iter().cycle().take(times);
    asked.filter(|node| get(node.address, "/api/nowhere").status != 429).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_one_count_through_redis_on_postgres() {
    let mut redis = RedisServer::start();
    let database = Postgres::start().database().await;
    let settings = || {
        Settings::new()
            .with("DATABASE_URL", &database.url())
            .with("REDIS_URL", &redis.url(0))
            .with("RATE_LIMIT_REQUESTS", "40")
            .with("RATE_LIMIT_WINDOW", "30")
    };
    let (here, there) = (settings().start(), settings().start());
    is_ready_with(&here, "healthy");
    is_ready_with(&there, "healthy");
    let together = answered([&here, &there], 80);
    // A request for which a busy Redis took too long is counted by its node alone.
    assert!((40..60).contains(&together), "{together} of 40 were answered");
    let refused = get(there.address, "/api/nowhere");
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");

    redis.kill();
    is_ready_with(&here, "unhealthy");
    is_ready_with(&there, "unhealthy");
    let each = answered([&here, &here], 80);
    assert!((20..=40).contains(&each), "{each} of 40 were answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stalls_holds_up_no_request() {
    let redis = RedisServer::start();
    let node = Settings::new().with("REDIS_URL", &redis.url(0)).start();
    is_ready_with(&node, "healthy");
    redis.stall();
    let began = Instant::now();
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(get(node.address, "/api/nowhere").status, 404);
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    }
    println!("20 requests took {:?}", began.elapsed());
    is_ready_with(&node, "unhealthy");
}

#[test]
fn what_was_counted_in_redis_fades_with_its_window() {
    let redis = RedisServer::start();
    let node = Settings::new()
        .with("REDIS_URL", &redis.url(0))
        .with("RATE_LIMIT_REQUESTS", "20")
        .with("RATE_LIMIT_WINDOW", "2")
        .start();
    is_ready_with(&node, "healthy");
    assert!(answered([&node, &node], 60) < 50);
    assert_eq!(redis.ask(&["dbsize"]), "1", "there is one count");
    std::thread::sleep(Duration::from_millis(4200));
    assert_eq!(redis.ask(&["dbsize"]), "0", "nothing stays behind");
    assert_eq!(answered([&node, &node], 10), 10);
}
