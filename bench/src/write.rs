//! Members post: as many as there are connections reply over HTTP, each as soon as the last reply is acknowledged, beside bare
//! single-row commits on the same disk and engine.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;

use crate::baseline::{postgres_commits, sqlite_commits};
use crate::bench::{Bench, fill, keep_memory};
use crate::chat::durable_postgres;
use crate::figures::Row;
use crate::http::post;
use crate::load;
use crate::people::{act, members};
use crate::process::Watch;
use crate::report::Series;
use crate::server::{Server, command};

/// Threads that the members reply in.
const THREADS: usize = 16;

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.lived_in().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    let writers = Writers::new(bench, server, place.members.clone()).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..bench.options.rounds {
        writers.turn(bench, &mut product, "SQLite", round).await?;
        let (path, turn) = (place.path().to_owned(), bench.options.turn());
        let commits = tokio::task::spawn_blocking(move || sqlite_commits(&path, turn)).await??;
        baseline.add_rate("SQLite single-row commits", commits);
    }
    writers.tell(bench, "SQLite", product, baseline)?;

    let (postgres, place) = (durable_postgres().await?, tempfile::TempDir::new()?);
    let mut filling = command(&bench.options.binary, place.path(), 0);
    filling.env("DATABASE_URL", postgres.url());
    fill(&bench.options, filling)?;
    let server = Server::start_on(&bench.options, place.path(), Some(postgres.url())).await?;
    let members = members(&server, bench.options.connections).await?;
    let writers = Writers::new(bench, server, members).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..bench.options.rounds {
        writers.turn(bench, &mut product, "PostgreSQL", round).await?;
        let commits =
            postgres_commits(&postgres.url(), bench.options.connections, bench.options.turn()).await?;
        baseline.add_rate("PostgreSQL single-row commits", commits);
    }
    writers.tell(bench, "PostgreSQL", product, baseline)
}

struct Writers {
    server: Server,
    members: Vec<String>,
    threads: Vec<String>,
}

impl Writers {
    /// Members on a server, with threads to reply in on a board of the bench's own.
    async fn new(bench: &Bench, server: Server, mut members: Vec<String>) -> Result<Self> {
        members.truncate(bench.options.connections);
        act(&server, &members[0], "/api/boards", &json!({"slug": "bench", "title": "Bench"})).await?;
        let mut threads = Vec::new();
        for number in 0..THREADS {
            let body = json!({"title": format!("Thread {number}"), "body": "Begin."});
            let opened = act(&server, &members[0], "/api/boards/bench/threads", &body).await?;
            threads.push(opened["thread"]["id"].as_str().context("a thread without id")?.to_owned());
        }
        Ok(Self { server, members, threads })
    }

    async fn turn(&self, bench: &Bench, series: &mut Series, engine: &str, round: u32) -> Result<()> {
        let watch = Watch::of(self.server.pid())?;
        let requests = self.replies(round);
        let turn = load::run(self.server.port, self.members.len(), bench.options.turn(), requests).await?;
        series.add(&format!("folkmoot replies, {engine}"), &turn, watch.used()?);
        Ok(())
    }

    fn replies(&self, round: u32) -> Arc<load::Next> {
        let (port, members, threads) = (self.server.port, self.members.clone(), self.threads.clone());
        let words = "A reply of an ordinary length, as people write them: two or three lines of words, now and then a `name`. ".repeat(2);
        Arc::new(move |connection, sent| {
            let path = format!("/api/threads/{}/posts", threads[connection % threads.len()]);
            let client_id = format!("{round:08x}-0000-4000-8000-{:012x}", (connection as u64) << 32 | sent);
            post(
                port,
                &path,
                &members[connection],
                &json!({"body": words, "client_id": client_id}).to_string(),
            )
        })
    }

    fn tell(&self, bench: &mut Bench, engine: &str, mut product: Series, baseline: Series) -> Result<()> {
        keep_memory(&mut product, self.server.pid())?;
        let what = format!("{} members reply over HTTP, durable, {engine}", self.members.len());
        let (product, baseline) = (product.side("folkmoot"), baseline.side("bare single-row commits"));
        bench.results.add(Row::beside("write", &what, product, baseline, "rate"));
        Ok(())
    }
}
