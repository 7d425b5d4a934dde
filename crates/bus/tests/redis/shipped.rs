//! Redis as `deploy/redis` starts it: settings, password, what outlives a crash, what is evicted, and the Sentinels.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use folkmoot_bus::testing::RedisServer;

use crate::bus::{becomes, hears, node, say};
use folkmoot_bus::Bus;

const SECRET: &str = "correct-horse";

static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/redis"));

fn shipped(arguments: &[&str]) -> RedisServer {
    RedisServer::start_by(&FOLDER.join("start"), arguments, SECRET)
}

fn url(server: &RedisServer) -> String {
    server.url(0).replace("//", &format!("//:{SECRET}@"))
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A number that Redis tells of itself.
fn info(server: &RedisServer, section: &str, name: &str) -> u64 {
    let told = server.ask(&["info", section]);
    let value = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap().trim().parse().unwrap()
}

#[test]
fn redis_has_the_settings_that_are_promised_and_a_password_that_nobody_sees() {
    let server = shipped(&[]);
    for (setting, value) in [
        ("maxmemory", "536870912"),
        ("maxmemory-policy", "allkeys-lru"),
        ("save", "900 1 300 10 60 10000"),
        ("appendonly", "yes"),
        ("appendfsync", "everysec"),
        ("protected-mode", "yes"),
        ("requirepass", SECRET),
        ("masterauth", SECRET),
    ] {
        assert_eq!(server.ask(&["config", "get", setting]), format!("{setting}\n{value}"));
    }
    assert!(!server.command_line().contains(SECRET), "{}", server.command_line());
    // As Sentinels ask of each Redis that they turn into something else.
    let written = server.ask(&["config", "rewrite"]);
    assert!(written.contains("without a config file"), "{written}");
    let stranger = server.ask(&["-a", "guess", "--no-auth-warning", "get", "anything"]);
    assert!(stranger.contains("NOAUTH"), "{stranger}");
}

#[test]
fn what_redis_counts_outlives_a_crash() {
    let mut server = shipped(&[]);
    assert_eq!(server.ask(&["incrby", "counter", "41"]), "41");
    server.kill();
    server.start_again();
    assert_eq!(server.ask(&["incr", "counter"]), "42");
}

#[tokio::test]
async fn a_full_redis_evicts_what_was_not_asked_for_and_goes_on_telling() {
    let server = shipped(&[]);
    let (here, there) = (node(&url(&server)).await, node(&url(&server)).await);
    let mut heard = there.subscribe("posts");
    // As full as it may be, with less to fill.
    let limit = info(&server, "memory", "used_memory") + 2_000_000;
    assert_eq!(server.ask(&["config", "set", "maxmemory", &limit.to_string()]), "OK");
    let fill = "for i = 1, 5000 do redis.call('set', 'old:' .. i, string.rep('x', 1000)) end return 1";
    assert_eq!(server.ask(&["eval", fill, "0"]), "1");
    // It takes its time for it, and what is written meanwhile is as new as all the rest.
    until("what is too much does not go", || {
        let counted =
            info(&server, "memory", "used_memory") - info(&server, "memory", "mem_not_counted_for_evict");
        counted <= limit && info(&server, "stats", "evicted_keys") > 0
    });
    assert_eq!(server.ask(&["set", "new", "1"]), "OK", "what comes is taken");
    assert_eq!(server.ask(&["get", "new"]), "1");
    say(&here, "still here");
    hears(&mut heard, "still here").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_of_redis_takes_over_when_two_of_three_sentinels_agree() {
    let started = tokio::task::spawn_blocking(|| {
        let master = shipped(&[]);
        let port = master.port().to_string();
        let replica = shipped(&["--replicaof", "127.0.0.1", &port]);
        let link = || replica.ask(&["info", "replication"]).contains("master_link_status:up");
        until("the link does not come up", link);
        let script = FOLDER.join("start-sentinel");
        let sentinels: Vec<_> =
            (0..3).map(|_| RedisServer::start_by(&script, &["127.0.0.1", &port, "."], SECRET)).collect();
        until("the Sentinels do not find each other", || {
            sentinels.iter().all(|sentinel| {
                setting(sentinel, "num-other-sentinels") == "2" && setting(sentinel, "num-slaves") == "1"
            })
        });
        (master, replica, sentinels)
    });
    let (mut master, replica, sentinels) = started.await.unwrap();
    for (name, value) in [
        ("quorum", "2"),
        ("down-after-milliseconds", "5000"),
        ("parallel-syncs", "1"),
        ("failover-timeout", "10000"),
    ] {
        assert_eq!(setting(&sentinels[0], name), value, "{name}");
    }
    let places: Vec<_> = sentinels.iter().map(|one| format!("127.0.0.1:{}", one.port())).collect();
    let address = format!("redis+sentinel://:{SECRET}@{}/mymaster", places.join(","));
    let (here, there) = (node(&address).await, node(&address).await);
    let mut heard = there.subscribe("posts");
    master.kill();
    becomes(&here, false, Duration::from_secs(5)).await;
    let took = becomes(&here, true, Duration::from_secs(40)).await;
    becomes(&there, true, Duration::from_secs(10)).await;
    println!("the replica was the master after {took:?}");
    assert!(replica.ask(&["role"]).starts_with("master"));
    say(&here, "after");
    hears(&mut heard, "after").await;
}

/// What a Sentinel knows of the master.
fn setting(sentinel: &RedisServer, name: &str) -> String {
    let master = sentinel.ask(&["sentinel", "master", "mymaster"]);
    let lines: Vec<_> = master.lines().collect();
    let at = lines.iter().position(|line| *line == name);
    at.and_then(|at| lines.get(at + 1)).unwrap_or(&"").to_string()
}
