//! A node that goes down says so, and goes.

use std::collections::HashSet;
use std::time::Duration;

use folkmoot::server::lifecycle::Ended;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;

use crate::rig::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_is_told_to_go_at_a_moment_of_its_own() {
    let app = TestApp::start(Engine::Sqlite).await;
    let guest = app.guest();
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(guest.connects().await.0);
    }
    let stopping = tokio::spawn(app.stops());
    let mut moments = HashSet::new();
    for socket in &mut sockets {
        moments.insert(socket.hears("draining").await["after_ms"].as_u64().expect("a time"));
    }
    assert_eq!(moments.len(), 20, "not all at once");
    match guest.opens_socket().await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 503),
        Err(_) => {}
        Ok(_) => panic!("a node that goes down takes no sockets"),
    }
    for socket in &mut sockets {
        assert_eq!(socket.is_closed().await, Closed::Code(1001));
    }
    let ended = timeout(Duration::from_secs(10), stopping).await.expect("it ends in time");
    assert_eq!(ended.unwrap(), Ended::Clean);
}
