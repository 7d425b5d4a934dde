//! Members post: 64 of them reply over HTTP as fast as they are acknowledged, beside bare SQLite single-row commits.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;

use crate::baseline::sqlite_commits;
use crate::http::post;
use crate::people::{act, members};
use crate::report::Series;
use crate::server::{Server, folder};
use crate::{Options, load, process};

/// Threads that the members reply in.
const THREADS: usize = 16;

/// Runs the scenario.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let folder = folder(options)?;
    let server = Server::start(options, folder.path()).await?;
    let members = members(&server, options.connections).await?;
    let threads = threads(&server, &members[0]).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..options.rounds {
        let before = process::cpu(server.pid())?;
        let requests = replies(server.port, members.clone(), threads.clone(), round);
        let turn = load::run(server.port, members.len(), options.turn(), requests).await?;
        product.add("folkmoot replies", &turn, process::cpu(server.pid())? - before);
        let path = folder.path().to_owned();
        let turn = options.turn();
        baseline.add_rate(
            "SQLite single-row commits",
            tokio::task::spawn_blocking(move || sqlite_commits(&path, turn)).await??,
        );
    }
    println!(
        "{} members over HTTP: {}, {:.1} µs CPU each; SQLite {}; ratio {:.2}",
        members.len(),
        product.told(),
        product.cpu(),
        baseline.told(),
        product.rate() / baseline.rate(),
    );
    println!("resident: {} KB now", process::memory_kb(server.pid(), "VmRSS")?);
    Ok(())
}

/// Opens threads to reply in, on a board of the bench's own.
async fn threads(server: &Server, member: &str) -> Result<Vec<String>> {
    act(server, member, "/api/boards", &json!({"slug": "bench", "title": "Bench"})).await?;
    let mut threads = Vec::new();
    for number in 0..THREADS {
        let body = json!({"title": format!("Thread {number}"), "body": "Begin."});
        let opened = act(server, member, "/api/boards/bench/threads", &body).await?;
        threads.push(opened["thread"]["id"].as_str().context("a thread without id")?.to_owned());
    }
    Ok(threads)
}

fn replies(port: u16, members: Vec<String>, threads: Vec<String>, round: u32) -> Arc<load::Next> {
    let words = "A reply of an ordinary length, as people write them: two or three lines of words, now and then a `name`. ".repeat(2);
    Arc::new(move |connection, sent| {
        let path = format!("/api/threads/{}/posts", threads[connection % threads.len()]);
        let client_id = format!("{round:08x}-0000-4000-8000-{:012x}", (connection as u64) << 32 | sent);
        post(port, &path, &members[connection], &json!({"body": words, "client_id": client_id}).to_string())
    })
}
