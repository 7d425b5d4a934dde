//! What the operator sees of Redis.

use folkmoot_bus::testing::RedisServer;

use super::http::get;
use super::node::{Node, Settings};

fn is_ready_with(node: &Node, word: &str) {
    let began = std::time::Instant::now();
    loop {
        let ready = get(node.address, "/ready");
        assert_eq!(ready.status, 200, "without Redis it is slower, not unready");
        if ready.json()["redis"] == word {
            return;
        }
        assert!(began.elapsed().as_secs() < 10, "{}", ready.json());
        std::thread::sleep(std::time::Duration::from_millis(20));
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
    std::thread::sleep(std::time::Duration::from_secs(1));
    redis.start_again();
    is_ready_with(&node, "healthy");
    node.stop();
    let log = node.log();
    let told = |words: &str| log.iter().filter(|line| line["msg"].as_str().unwrap().contains(words)).count();
    assert_eq!((told("Redis is not to be reached"), told("Redis is back")), (1, 1));
    assert!(!format!("{log:?}{}", node.errors()).contains("hunter2"), "{log:?}");
}
