//! Stopping: what is under way finishes, what comes late is turned away, and the exit code tells how it went.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::http::{Answer, connect, get, head};
use super::node::{Node, Settings};
use crate::rig::{Closed, Person};

/// A request that is under way until its body comes.
fn begin_request(node: &Node) -> TcpStream {
    let mut stream = connect(node.address);
    let headers = [("Content-Type", "application/json"), ("Content-Length", "2"), ("Expect-Nothing", "x")];
    stream.write_all(head(node.address, "POST", "/api/auth/login", &headers).as_bytes()).unwrap();
    // Long enough for the request to be with its handler.
    std::thread::sleep(Duration::from_millis(300));
    stream
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    for name in ["TERM", "INT"] {
        let mut node = Settings::new().start();
        let mut stream = begin_request(&node);
        node.signal(name);
        node.wait_for_line("stopping: no longer ready");
        std::thread::sleep(Duration::from_millis(300));
        assert!(TcpStream::connect(node.address).is_err(), "nobody new is taken");
        stream.write_all(b"{}").unwrap();
        assert_eq!(Answer::read(&mut stream).status, 400, "answered, in words");
        assert_eq!(node.wait().code(), Some(0), "{name}");
        let last = node.log().pop().unwrap();
        assert_eq!((last["msg"].as_str(), last["clean"].as_bool()), (Some("stopped"), Some(true)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_are_told_to_go_elsewhere_before_the_end() {
    let mut node = Settings::new().start();
    let (mut socket, _) = Person::new(node.address).connects().await;
    node.signal("TERM");
    assert!(socket.hears("draining").await["after_ms"].is_u64());
    assert_eq!(socket.is_closed().await, Closed::Code(1001));
    assert_eq!(node.wait().code(), Some(0));
}

#[test]
fn readiness_goes_first_while_a_balancer_may_still_send_requests() {
    let mut node = Settings::new().with("DRAIN_SECONDS", "2").start();
    node.signal("TERM");
    node.wait_for_line("stopping: no longer ready");
    let ready = get(node.address, "/ready");
    assert_eq!((ready.status, ready.json()["status"].as_str()), (503, Some("draining")));
    assert_eq!(get(node.address, "/health").status, 200);
    assert!(node.wait().success());
}

#[test]
fn who_does_not_finish_in_time_is_cut_off_and_the_exit_code_says_so() {
    let mut node = Settings::new().with("SHUTDOWN_SECONDS", "1").start();
    let _never_finished = begin_request(&node);
    let began = Instant::now();
    assert_eq!(node.stop().code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(node.log().pop().unwrap()["clean"], false);
}

#[test]
fn a_second_signal_does_not_wait() {
    let mut node = Settings::new().start();
    let _never_finished = begin_request(&node);
    node.signal("TERM");
    node.wait_for_line("stopping: no longer ready");
    let began = Instant::now();
    node.signal("TERM");
    assert_eq!(node.wait().code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(node.log().iter().any(|line| line["msg"] == "told again to stop: what was not done is cut off"));
}

#[test]
fn an_idle_connection_does_not_hold_the_stop_up() {
    let mut node = Settings::new().start();
    let _idle = connect(node.address);
    let began = Instant::now();
    assert!(node.stop().success());
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_server_that_was_killed_starts_again_over_the_same_data() {
    let settings = Settings::new();
    let mut node = settings.start();
    node.signal("KILL");
    node.wait();
    let mut node = settings.start();
    assert_eq!(get(node.address, "/ready").status, 200);
    assert!(node.stop().success());
}
