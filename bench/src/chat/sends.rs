//! Durable sends: members send over HTTP, each as soon as the last message is acknowledged, beside bare commits of single
//! rows on the same disk and engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use super::durable_postgres;
use super::talk::{client_id, gather};
use crate::baseline::sqlite_commits;
use crate::http::post;
use crate::people::members;
use crate::report::Series;
use crate::server::{Server, folder};
use crate::{Options, load, process};

/// Runs it on SQLite and on PostgreSQL.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let place = folder(options)?;
    let server = Server::start(options, place.path()).await?;
    let path = place.path().to_owned();
    let sends = Sends::new(options, server).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..options.rounds {
        sends.turn(&mut product, "SQLite", round).await?;
        let (path, turn) = (path.clone(), options.turn());
        let commits = tokio::task::spawn_blocking(move || sqlite_commits(&path, turn)).await??;
        baseline.add_rate("SQLite single-row commits", commits);
    }
    tell("SQLite", options.connections, &product, &baseline);

    let (postgres, place) = (durable_postgres().await?, folder(options)?);
    let server = Server::start_on(options, place.path(), Some(postgres.url())).await?;
    let sends = Sends::new(options, server).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..options.rounds {
        sends.turn(&mut product, "PostgreSQL", round).await?;
        let commits = postgres_commits(&postgres.url(), options.connections, options.turn()).await?;
        baseline.add_rate("PostgreSQL single-row commits", commits);
    }
    tell("PostgreSQL", options.connections, &product, &baseline);
    Ok(())
}

fn tell(engine: &str, writers: usize, product: &Series, baseline: &Series) {
    println!(
        "{writers} writers on {engine}: {} durable sends, {:.1} µs CPU each; bare commits {}; ratio {:.2}\n",
        product.told(),
        product.cpu(),
        baseline.told(),
        product.rate() / baseline.rate(),
    );
}

struct Sends<'a> {
    options: &'a Options,
    server: Server,
    members: Arc<[String]>,
    talks: Arc<[String]>,
}

impl<'a> Sends<'a> {
    /// As many members as there are connections, each talking to the next.
    async fn new(options: &'a Options, server: Server) -> Result<Self> {
        let members = members(&server, options.connections.max(2)).await?;
        let mut talks = Vec::new();
        for number in 0..members.len() {
            talks.push(gather(&server, &members, &[number, (number + 1) % members.len()]).await?);
        }
        Ok(Self { options, server, members: members.into(), talks: talks.into() })
    }

    async fn turn(&self, series: &mut Series, engine: &str, round: u32) -> Result<()> {
        let before = process::cpu(self.server.pid())?;
        let turn = load::run(self.server.port, self.members.len(), self.options.turn(), self.requests(round))
            .await?;
        series.add(&format!("folkmoot sends, {engine}"), &turn, process::cpu(self.server.pid())? - before);
        Ok(())
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

/// Single rows, each committed by itself and on disk, from so many connections at once.
async fn postgres_commits(url: &str, connections: usize, turn: Duration) -> Result<f64> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare (id BIGSERIAL PRIMARY KEY, body TEXT NOT NULL)";
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL is away")?;
    let connection = tokio::spawn(connection);
    client.batch_execute(TABLE).await?;
    connection.abort();
    let begin = Instant::now();
    let mut writers = JoinSet::new();
    for _ in 0..connections {
        let url = url.to_owned();
        writers.spawn(async move {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            let connection = tokio::spawn(connection);
            let insert = client.prepare("INSERT INTO bare (body) VALUES ($1)").await?;
            let body = "x".repeat(200);
            let mut count = 0_u64;
            while begin.elapsed() < turn {
                client.execute(&insert, &[&body]).await?;
                count += 1;
            }
            connection.abort();
            anyhow::Ok(count)
        });
    }
    let mut count = 0;
    while let Some(written) = writers.join_next().await {
        count += written??;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}
