//! Durable sends: members send over HTTP, each as soon as the last message is acknowledged, beside bare commits of single
//! rows on the same disk and engine.

use std::sync::Arc;

use anyhow::Result;
use serde_json::json;

use super::durable_postgres;
use super::talk::{client_id, gather};
use crate::baseline::{postgres_commits, sqlite_commits};
use crate::bench::Bench;
use crate::figures::Row;
use crate::http::post;
use crate::load;
use crate::people::members;
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// Runs it on SQLite and on PostgreSQL.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.empty().await?;
    let (path, turn) = (place.path().to_owned(), bench.options.turn());
    let sends = Sends::new(bench, Server::start(&bench.options, &path).await?, place.members).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..bench.options.rounds {
        sends.turn(bench, &mut product, "SQLite", round).await?;
        let path = path.clone();
        let commits = tokio::task::spawn_blocking(move || sqlite_commits(&path, turn)).await??;
        baseline.add_rate("SQLite single-row commits", commits);
    }
    sends.tell(bench, "SQLite", product, baseline);

    let (postgres, place) = (durable_postgres().await?, tempfile::TempDir::new()?);
    let server = Server::start_on(&bench.options, place.path(), Some(postgres.url())).await?;
    let members = members(&server, bench.options.connections).await?;
    let sends = Sends::new(bench, server, members).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..bench.options.rounds {
        sends.turn(bench, &mut product, "PostgreSQL", round).await?;
        let commits = postgres_commits(&postgres.url(), bench.options.connections, turn).await?;
        baseline.add_rate("PostgreSQL single-row commits", commits);
    }
    sends.tell(bench, "PostgreSQL", product, baseline);
    Ok(())
}

struct Sends {
    server: Server,
    members: Arc<[String]>,
    talks: Arc<[String]>,
}

impl Sends {
    /// As many members as there are connections, each talking to the next.
    async fn new(bench: &Bench, server: Server, mut members: Vec<String>) -> Result<Self> {
        members.truncate(bench.options.connections.max(2));
        let mut talks = Vec::new();
        for number in 0..members.len() {
            talks.push(gather(&server, &members, &[number, (number + 1) % members.len()]).await?);
        }
        Ok(Self { server, members: members.into(), talks: talks.into() })
    }

    async fn turn(&self, bench: &Bench, series: &mut Series, engine: &str, round: u32) -> Result<()> {
        let watch = Watch::of(self.server.pid())?;
        let (writers, requests) = (self.members.len(), self.requests(round));
        let turn = load::run(self.server.port, writers, bench.options.turn(), requests).await?;
        series.add(&format!("folkmoot sends, {engine}"), &turn, watch.used()?);
        Ok(())
    }

    fn tell(&self, bench: &mut Bench, engine: &str, product: Series, baseline: Series) {
        let what = format!("{} members send over HTTP, durable, {engine}", self.members.len());
        let (product, baseline) = (product.side("folkmoot"), baseline.side("bare single-row commits"));
        bench.results.add(Row::beside("chat", &what, product, baseline, "rate"));
    }

    fn requests(&self, round: u32) -> Arc<load::Next> {
        let (port, members, talks) = (self.server.port, Arc::clone(&self.members), Arc::clone(&self.talks));
        let words =
            "A message of an ordinary length, as people write them in a hurry, with a `name`. ".repeat(2);
        Arc::new(move |writer, sent| {
            let path = format!("/api/conversations/{}/messages", talks[writer]);
            let body = json!({"body": words, "client_id": client_id(writer, round, sent)});
            post(port, &path, &members[writer], &body.to_string())
        })
    }
}
