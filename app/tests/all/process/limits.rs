//! The general rate limit, and whose requests are counted together.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::http::{connect, get, head, request};
use super::node::{Node, Settings};
use crate::rig::{Engine, TestApp};

#[test]
fn the_request_above_the_limit_is_told_when_to_come_back() {
    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "20").with("RATE_LIMIT_WINDOW", "30").start();
    for n in 0..20 {
        let answer = get(node.address, "/api/nowhere");
        assert_eq!(answer.status, 404, "request {n}");
        assert_eq!(answer.header("ratelimit-limit"), Some("20"));
        assert_eq!(answer.header("ratelimit-remaining"), Some((19 - n).to_string().as_str()));
    }
    let refused = get(node.address, "/api/nowhere");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["code"], "too_many");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    let metrics = get(node.internal.unwrap(), "/metrics").text();
    assert!(metrics.contains("http_requests_limited_total 1"), "{metrics}");
}

/// Credentials that are nobody's, other releases' files and probes cost a read each: one address gets only so many,
/// before anything is read. Files of this release cost nothing.
#[test]
fn a_flood_from_one_address_does_not_reach_the_database() {
    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "3").with("TRUSTED_PROXIES", "127.0.0.1").start();
    let release = super::files::release(&node);
    let asks = |from: &str, path: &str, n: usize| {
        let cookie = format!("folkmoot_session=made-up-{n}");
        request(node.address, "GET", path, &[("X-Forwarded-For", from), ("Cookie", &cookie)]).status
    };
    for (from, path) in [
        ("203.0.113.1", "/ready"),
        ("203.0.113.2", "/assets/no-such-release/js/main.js"),
        ("203.0.113.3", "/assets/no-such-release/manifest.json"),
    ] {
        let answered = (0..40).filter(|n| asks(from, path, *n) != 429).count();
        assert_eq!(answered, 30, "ten times the general limit, of {path}");
    }
    assert_eq!(asks("203.0.113.1", "/health", 0), 200);
    assert_eq!(asks("203.0.113.1", &format!("/assets/{release}/icons/folkmoot.svg"), 0), 200);
    assert_eq!(asks("203.0.113.9", "/ready", 0), 200, "others are not concerned");
}

#[test]
fn probes_and_the_client_s_files_are_not_counted() {
    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "1").start();
    let release = super::files::release(&node);
    assert_eq!(get(node.address, "/").status, 429);
    for path in ["/health", "/ready", "/robots.txt", &format!("/assets/{release}/icons/folkmoot.svg")] {
        assert_eq!(get(node.address, path).status, 200, "{path}");
    }
}

#[test]
fn behind_a_trusted_proxy_each_client_is_counted_by_itself() {
    let from = |node: &Node, address: &str| {
        request(node.address, "GET", "/api/nowhere", &[("X-Forwarded-For", address)]).status
    };
    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "1").with("TRUSTED_PROXIES", "127.0.0.1").start();
    assert_eq!(from(&node, "203.0.113.9"), 404);
    assert_eq!(from(&node, "6.6.6.6, 203.0.113.9"), 429, "what the client itself claims changes nothing");
    assert_eq!(from(&node, "203.0.113.10"), 404);
    assert_eq!(from(&node, "2001:db8:1:2::1"), 404);
    assert_eq!(from(&node, "2001:db8:1:2:ffff::1"), 429, "one household");

    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "1").start();
    assert_eq!(from(&node, "203.0.113.9"), 404);
    assert_eq!(from(&node, "203.0.113.10"), 429, "nobody said that this proxy is to be believed");
}

/// A household has one address and several members: each has the whole limit, and guests have one together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_behind_one_address_are_counted_by_themselves() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.limits.rate_limit_requests = 20).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    for _ in 0..20 {
        ann.get("/api/me").await.is(200);
    }
    ann.get("/api/me").await.is(429);
    bob.get("/api/me").await.is(200);
    let robot = bob.post("/api/auth/tokens", json!({"name": "robot"})).await.is(201).json();
    for _ in 0..18 {
        bob.program(robot["token"].as_str().unwrap()).get("/api/me").await.is(200);
    }
    bob.get("/api/me").await.is(429);
    app.guest().get("/api/site").await.is(200);
}

/// Sending is counted by person, however many sockets they have and whichever way they take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_counted_together_over_requests_and_sockets() {
    // A quarter of it, ten, is for messages.
    let app = TestApp::start_with(Engine::Sqlite, |config| config.limits.rate_limit_requests = 40).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let opened = ann.post("/api/conversations", json!({"members": ["bob"]})).await.is(201).json();
    let id = opened["conversation"]["id"].as_str().unwrap();
    for n in 0..4 {
        let message = json!({"body": "Hello", "client_id": format!("request-{n}")});
        ann.post(&format!("/api/conversations/{id}/messages"), message).await.is(201);
    }
    let mut refused = Vec::new();
    for device in 0..2 {
        let (mut socket, _) = ann.connects().await;
        for n in 0..4 {
            let client_id = format!("socket-{device}-{n}");
            let said = json!({"conversation_id": id, "client_id": client_id, "body": "Hello"});
            socket.says("send_message", said).await;
            let answer = loop {
                let frame = socket.next_frame().await;
                if frame["payload"]["client_id"] == client_id.as_str() {
                    break frame;
                }
            };
            if answer["type"] == "nack" {
                refused.push(answer["payload"].clone());
            }
        }
    }
    assert_eq!(refused.len(), 2, "ten were sent");
    for nack in &refused {
        assert_eq!(nack["error"]["code"], "too_many");
        assert!((1..=60).contains(&nack["retry_after"].as_u64().unwrap()));
    }
    let message = json!({"body": "Hello", "client_id": "request-last"});
    ann.post(&format!("/api/conversations/{id}/messages"), message).await.is(429);
    bob.get("/api/me").await.is(200);
}

/// Sixty-four in any case, more where more are taken. The other places are for others.
#[test]
fn one_address_holds_only_a_part_of_all_connections() {
    let node = Settings::new().with("MAX_CONNECTIONS", "128").start();
    let held: Vec<TcpStream> = (0..64).map(|_| connect(node.address)).collect();
    let asked = Instant::now();
    assert!(!is_answered(&node), "one too many is let go");
    assert!(asked.elapsed() < Duration::from_secs(5), "at once");
    drop(held);
    let began = Instant::now();
    while !is_answered(&node) {
        assert!(began.elapsed() < Duration::from_secs(10), "places are free again");
    }
}

fn is_answered(node: &Node) -> bool {
    let mut stream = connect(node.address);
    let asks = head(node.address, "GET", "/health", &[]);
    let mut answer = Vec::new();
    // Being let go may show at either end, as an error or as an empty answer.
    stream
        .write_all(asks.as_bytes())
        .and_then(|()| stream.read_to_end(&mut answer))
        .is_ok_and(|read| read > 0)
}
