//! Nodes are replaced one after the other under load, and nobody sees a request fail.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::json;
use tokio::time::sleep;

use crate::caller::Caller;
use crate::community::Community;
use crate::parts::{Ended, Parts};
use crate::run::ALONE;
use crate::tables::Tables;

/// How many ask at once.
const ASKING: usize = 6;

/// Asks one after another, once each, and gives how many were answered and what went wrong.
async fn asks(mut caller: Caller, mine: usize, talk: String, done: Arc<AtomicBool>) -> (usize, Vec<String>) {
    let (mut answered, mut failed) = (0, Vec::new());
    while !done.load(Ordering::SeqCst) {
        let number = answered + failed.len();
        let messages = format!("/api/conversations/{talk}/messages");
        let message = json!({"client_id": format!("load-{mine}-{number}"), "body": "Still here"});
        let (method, path, body) = match number % 4 {
            0 => (Method::GET, "/", None),
            1 => (Method::GET, messages.as_str(), None),
            2 => (Method::GET, "/api/site", None),
            _ => (Method::POST, messages.as_str(), Some(&message)),
        };
        match caller.ask(method.clone(), path, body).await {
            Ok(answer) if (200..300).contains(&answer.status) => answered += 1,
            other => failed.push(format!("{method} {path}: {other:?}")),
        }
        sleep(Duration::from_millis(5)).await;
    }
    (answered, failed)
}

fn callers(front: SocketAddr, community: &Community) -> Vec<Caller> {
    community.talks[0]
        .members
        .iter()
        .cycle()
        .take(ASKING)
        .map(|member| community.people[*member].caller(front))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_replaced_without_a_failed_request_on_postgres() {
    let _alone = ALONE.lock().await;
    let mut parts = Parts::three_nodes(false).await;
    let community = Community::gather(parts.front).await;
    let done = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = callers(parts.front, &community)
        .into_iter()
        .enumerate()
        .map(|(mine, caller)| tokio::spawn(asks(caller, mine, community.talks[0].id.clone(), done.clone())))
        .collect();
    for node in &mut parts.nodes {
        sleep(Duration::from_millis(500)).await;
        assert_eq!(node.stop().await, Ended::Clean);
        node.launch();
        node.is_ready().await;
    }
    sleep(Duration::from_millis(500)).await;
    done.store(true, Ordering::SeqCst);
    let (mut answered, mut failed) = (0, Vec::new());
    for one in asking {
        let (some, wrong) = one.await.expect("they ask to the end");
        answered += some;
        failed.extend(wrong);
    }
    println!("Three nodes replaced: {answered} requests answered, {} failed", failed.len());
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(answered > 60, "only {answered} requests");
    let stored = Tables::read(&parts.database.url()).await.messages.len();
    assert!(
        stored >= answered / 4 - ASKING && stored <= answered / 4 + ASKING,
        "{stored} stored of {answered}"
    );
}
