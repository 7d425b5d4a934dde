//! Many times the load that the server can take, suddenly: how much of it is answered and how fast, what is refused, what
//! that costs in memory, and how soon everything is as before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::chat::durable_postgres;
use crate::bench::Bench;
use crate::figures::{Better, Figure, Row, Side};
use crate::http::{Connection, get, post};
use crate::load::histogram;
use crate::people::{act, members};
use crate::process;
use crate::server::Server;

/// Connections that keep the server busy.
const BUSY: usize = 16;
/// Connections of the spike for each of those.
const TIMES: usize = 60;
/// Of so many requests one is a reply, the others read a thread.
const ONE_WRITES: u64 = 4;
/// Those who were refused come again after this: sooner than they are told.
const PAUSE: Duration = Duration::from_millis(50);
/// Everything is as before when so many in a row are answered, each within [`PROMPT`].
const IN_A_ROW: u32 = 50;
/// An answer that nobody waits for.
const PROMPT: Duration = Duration::from_millis(100);
/// How long recovery may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs it on SQLite and on PostgreSQL.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.empty().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    measure(bench, "SQLite", server, place.members[..BUSY].to_vec()).await?;
    let (postgres, place) = (durable_postgres().await?, TempDir::new()?);
    let server = Server::start_on(&bench.options, place.path(), Some(postgres.url())).await?;
    let people = members(&server, BUSY).await?;
    measure(bench, "PostgreSQL", server, people).await
}

async fn measure(bench: &mut Bench, engine: &str, server: Server, people: Vec<String>) -> Result<()> {
    act(&server, &people[0], "/api/boards", &json!({"slug": "spike", "title": "Spike"})).await?;
    let opening = json!({"title": "The one thread", "body": "Everybody comes here."});
    let opened = act(&server, &people[0], "/api/boards/spike/threads", &opening).await?;
    let thread = opened["thread"]["id"].as_str().context("a thread without id")?.to_owned();
    let crowd = Crowd { port: server.port, people: people.into(), thread: thread.into() };
    let turn = bench.options.turn();

    let calm = crowd.run(BUSY, turn).await?.figures(&server)?;
    let what = format!("{BUSY} connections, as much as it can take, {engine}");
    bench.results.add(Row::alone("spike", &what, Side::new("folkmoot", calm)));
    let spike = tokio::spawn({
        let crowd = crowd.clone();
        async move { crowd.run(BUSY * TIMES, turn).await }
    });
    let mut slowest = Duration::ZERO;
    while !spike.is_finished() {
        let asked = Instant::now();
        for path in ["/health", "/ready"] {
            let answer = Connection::open(server.port).await?.ask(&get(server.port, path, "")).await?;
            anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
        }
        slowest = slowest.max(asked.elapsed());
        sleep(PAUSE).await;
    }
    let mut figures = spike.await??.figures(&server)?;
    let recovered = crowd.recovery().await?.as_secs_f64();
    let probes = slowest.as_secs_f64() * 1000.0;
    figures.push(Some(Figure::once("probes answered within", "ms", Better::Lower, probes)));
    figures.push(Some(Figure::once("as before after", "s", Better::Lower, recovered)));
    let what = format!("{} connections at once, {engine}", BUSY * TIMES);
    bench.results.add(Row::alone("spike", &what, Side::new("folkmoot", figures)));
    Ok(())
}

/// Those who come: members, who read one thread and reply in it.
#[derive(Clone)]
struct Crowd {
    port: u16,
    people: Arc<[String]>,
    thread: Arc<str>,
}

/// What they heard.
struct Heard {
    refused: u64,
    broken: u64,
    took: Duration,
    /// Microseconds an answer of those who were let in.
    latency: Histogram<u64>,
}

impl Crowd {
    async fn run(&self, connections: usize, turn: Duration) -> Result<Heard> {
        let begin = Instant::now();
        let mut tasks = JoinSet::new();
        for number in 0..connections {
            let crowd = self.clone();
            tasks.spawn(async move { crowd.one(number, begin + turn).await });
        }
        let mut all = Heard { refused: 0, broken: 0, took: turn, latency: histogram()? };
        while let Some(part) = tasks.join_next().await {
            let part = part??;
            all.refused += part.refused;
            all.broken += part.broken;
            all.latency.add(&part.latency)?;
        }
        all.took = begin.elapsed();
        Ok(all)
    }

    async fn one(&self, number: usize, until: Instant) -> Result<Heard> {
        let mut heard = Heard { refused: 0, broken: 0, took: Duration::ZERO, latency: histogram()? };
        let mut connection = Connection::open(self.port).await?;
        let mut sent = number as u64;
        while Instant::now() < until {
            sent += 1;
            let asked = Instant::now();
            match connection.ask_quickly(&self.request(number, sent)).await {
                Ok((200 | 201, _)) => heard
                    .latency
                    .saturating_record(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX)),
                Ok(_) => {
                    heard.refused += 1;
                    sleep(PAUSE).await;
                }
                Err(_) => {
                    heard.broken += 1;
                    connection = Connection::open(self.port).await?;
                }
            }
        }
        Ok(heard)
    }

    fn request(&self, number: usize, sent: u64) -> Vec<u8> {
        let member = &self.people[number % self.people.len()];
        if sent.is_multiple_of(ONE_WRITES) {
            let path = format!("/api/threads/{}/posts", self.thread);
            let body = json!({"body": "A reply of an ordinary length, as people write them in a rush."});
            post(self.port, &path, member, &body.to_string())
        } else {
            get(self.port, &format!("/api/threads/{}", self.thread), member)
        }
    }

    /// From the end of the spike until everything is as before.
    async fn recovery(&self) -> Result<Duration> {
        let ended = Instant::now();
        let mut connection = Connection::open(self.port).await?;
        let (mut in_a_row, mut sent) = (0, 0);
        while in_a_row < IN_A_ROW {
            anyhow::ensure!(ended.elapsed() < PATIENCE, "it does not recover");
            sent += 1;
            let asked = Instant::now();
            let (status, _) = connection.ask_quickly(&self.request(0, sent)).await?;
            let well = status < 400 && asked.elapsed() < PROMPT;
            in_a_row = if well { in_a_row + 1 } else { 0 };
        }
        Ok(ended.elapsed())
    }
}

impl Heard {
    fn figures(&self, server: &Server) -> Result<Vec<Option<Figure>>> {
        let [middle, slow] = [0.5, 0.99].map(|part| self.latency.value_at_quantile(part) as f64 / 1000.0);
        let [now, most] = ["VmRSS", "VmHWM"].map(|line| process::memory_kb(server.pid(), line));
        let rate = self.latency.len() as f64 / self.took.as_secs_f64();
        let figures = [
            Figure::once("answered", "/s", Better::Higher, rate),
            Figure::once("p50", "ms", Better::Lower, middle),
            Figure::once("p99", "ms", Better::Lower, slow),
            Figure::once("refused", "", Better::Neither, self.refused as f64),
            Figure::once("broken", "", Better::Lower, self.broken as f64),
            Figure::once("resident", "MB", Better::Lower, now? as f64 / 1024.0),
            Figure::once("resident at most", "MB", Better::Lower, most? as f64 / 1024.0),
        ];
        Ok(figures.map(Some).into())
    }
}
