//! People search: how soon they are answered over a generated community of any size, on both databases, and whether they find
//! what they look for.

mod questions;
mod words;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use self::words::{Question, questions_about};
use crate::bench::{Bench, keep_memory};
use crate::chat::durable_postgres;
use crate::figures::{Better, Figure, Row};
use crate::http::{Connection, encoded, get};
use crate::load::{Turn, histogram};
use crate::pages::{BROWSER, Threads};
use crate::process::Watch;
use crate::report::Series;
use crate::server::{Server, command};

/// How many posts the searched communities have when nothing is said.
const CORPUS: u32 = 100_000;
/// Where the questions are that `--archive` has answers to.
const QUESTIONS: &str = "app/tests/all/search/questions.toml";
/// How long it may take until everything is in the index.
const FILLING: Duration = Duration::from_secs(30 * 60);

/// What is searched.
#[derive(clap::Args, Clone)]
pub(crate) struct Search {
    /// How many posts the searched communities have
    #[arg(long, default_value_t = CORPUS)]
    corpus: u32,
    /// Questions with the topics that answer them: how many are among the first five results; with --archive
    #[arg(long, value_name = "FILE", default_value = QUESTIONS)]
    questions: PathBuf,
    /// Which databases
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Engine::Sqlite, Engine::Postgres])]
    on: Vec<Engine>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            corpus: CORPUS,
            questions: PathBuf::from(QUESTIONS),
            on: vec![Engine::Sqlite, Engine::Postgres],
        }
    }
}

/// A database.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    /// In the process
    Sqlite,
    /// A server of its own, with fsync
    Postgres,
}

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench, search: &Search) -> Result<()> {
    for engine in &search.on {
        let place = tempfile::TempDir::new()?;
        let server = match engine {
            Engine::Sqlite => generated(bench, search, place.path(), None).await?,
            Engine::Postgres => {
                let postgres = durable_postgres().await?;
                let server = generated(bench, search, place.path(), Some(postgres.url())).await?;
                measure(bench, search, "PostgreSQL", &server).await?;
                continue;
            }
        };
        measure(bench, search, "SQLite", &server).await?;
    }
    if bench.options.archive.is_some() {
        let place = bench.lived_in().await?;
        let server = Server::start(&bench.options, place.path()).await?;
        filled(&server).await?;
        bench.results.add(questions::ask(&server, &search.questions).await?);
    }
    Ok(())
}

/// A server over a generated community.
async fn generated(
    bench: &Bench,
    search: &Search,
    folder: &Path,
    database: Option<String>,
) -> Result<Server> {
    let mut make = command(&bench.options.binary, folder, 0);
    if let Some(url) = &database {
        make.env("DATABASE_URL", url);
    }
    make.args(["demo", "--posts", &search.corpus.to_string()]).stdout(Stdio::null());
    let began = Instant::now();
    if !make.status()?.success() {
        bail!("the community could not be made");
    }
    println!("{} posts were made in {:.1} s", search.corpus, began.elapsed().as_secs_f64());
    Server::start_on(&bench.options, folder, database).await
}

/// Waits until everything is in the index, and gives how long that took.
async fn filled(server: &Server) -> Result<Duration> {
    let began = Instant::now();
    while began.elapsed() < FILLING {
        let answer = server.json("/api/search?q=a&limit=1").await?;
        if answer["indexing"].is_null() {
            return Ok(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    bail!("not everything was in the index after {} minutes", FILLING.as_secs() / 60)
}

/// Asks one question after the other, so that what is measured is the answer and not the queue before it.
async fn measure(bench: &mut Bench, search: &Search, engine: &str, server: &Server) -> Result<()> {
    let watch = Watch::of(server.pid())?;
    let (took, used) = (filled(server).await?, watch.used()?);
    println!(
        "the index was filled in {:.1} s with {:.1} s of CPU",
        took.as_secs_f64(),
        used.cpu.as_secs_f64()
    );
    let questions = questions_about(server, &Threads::of(server).await?).await?;
    let mut kinds: Vec<&str> = questions.iter().map(|question| question.kind).collect();
    kinds.dedup();
    let mut all = Series::default();
    let mut of_kind: Vec<Series> = kinds.iter().map(|_| Series::default()).collect();
    for _ in 0..bench.options.rounds {
        let watch = Watch::of(server.pid())?;
        let mut together = empty_turn()?;
        for (kind, series) in kinds.iter().zip(&mut of_kind) {
            let watch = Watch::of(server.pid())?;
            let turn = ask(server, questions.iter().filter(|question| question.kind == *kind)).await?;
            series.add(&format!("{engine}, {kind}"), &turn, watch.used()?);
            together.answers += turn.answers;
            together.bytes += turn.bytes;
            together.took += turn.took;
            together.latency.add(&turn.latency)?;
        }
        all.add(&format!("{engine}, all kinds"), &together, watch.used()?);
    }
    all.also(Figure::once("index filled in", "s", Better::Lower, took.as_secs_f64()));
    keep_memory(&mut all, server.pid())?;
    let posts = search.corpus;
    let what = format!("{} questions of {} kinds over {posts} posts, {engine}", questions.len(), kinds.len());
    bench.results.add(Row::alone("search", &what, all.side("folkmoot")));
    for (kind, series) in kinds.iter().zip(of_kind) {
        let what = format!("{kind}, over {posts} posts, {engine}");
        bench.results.add(Row::alone("search", &what, series.side("folkmoot")));
    }
    Ok(())
}

fn empty_turn() -> Result<Turn> {
    Ok(Turn { answers: 0, failures: 0, bytes: 0, took: Duration::ZERO, latency: histogram()? })
}

async fn ask(server: &Server, questions: impl Iterator<Item = &Question>) -> Result<Turn> {
    let mut turn = empty_turn()?;
    let mut connection = Connection::open(server.port).await?;
    for question in questions {
        let request = get(server.port, &question.path(), BROWSER);
        let began = Instant::now();
        let (status, bytes) = connection.ask_quickly(&request).await?;
        let took = began.elapsed();
        anyhow::ensure!(status == 200, "{} answers {status}", question.path());
        turn.answers += 1;
        turn.bytes += bytes as u64;
        turn.took += took;
        turn.latency.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
    Ok(turn)
}

/// The first results for a query.
async fn first(server: &Server, q: &str) -> Result<Vec<Value>> {
    let answer = server.json(&format!("/api/search?q={}&limit=5", encoded(q))).await?;
    Ok(answer["items"].as_array().cloned().unwrap_or_default())
}
