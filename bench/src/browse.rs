//! Guests read threads, lists and profiles, as JSON and as HTML, as browsers and as plain bytes, beside nginx with the same
//! bytes as files; and some of it while members write.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::baseline::Nginx;
use crate::bench::{Bench, keep_memory};
use crate::figures::Row;
use crate::http::{Connection, post};
use crate::pages::{BROWSER, Kind, Threads, answers, requests, zipf};
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;
use crate::{load, stages};

/// What is read as plain bytes as well, as programs ask for them.
const PLAIN: [&str; 2] = ["a thread, JSON", "a thread, HTML"];
/// Replies a second, where there are any.
const WRITES: u32 = 50;
/// What is read meanwhile.
const WRITTEN_TO: [&str; 4] =
    ["a thread, JSON", "a thread, HTML", "the home feed, JSON", "the home page, HTML"];

/// What is measured.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Browse {
    /// A hundred readers who come, stay and leave, with a second between two pages, instead of as many answers as there can
    /// be: 6, 15 and 6 seconds, or with `full` 2, 5 and 2 minutes
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "short")]
    stages: Option<stages::Length>,
}

impl Browse {
    /// The readers who come and go, short.
    pub(crate) fn in_stages() -> Self {
        Self { stages: Some(stages::Length::Short) }
    }
}

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench, browse: &Browse) -> Result<()> {
    let place = bench.lived_in().await?;
    let server = Arc::new(Server::start(&bench.options, place.path()).await?);
    let threads = Threads::of(&server).await?;
    let kinds = threads.kinds();
    if let Some(length) = browse.stages {
        return stages::run(bench, &server, &kinds, length).await;
    }
    for kind in &kinds {
        beside_nginx(bench, &server, kind, "as browsers ask", BROWSER).await?;
    }
    for kind in kinds.iter().filter(|kind| PLAIN.contains(&kind.name)) {
        beside_nginx(bench, &server, kind, "plain", "").await?;
    }
    let writing = write(Arc::clone(&server), place.members.clone(), threads.ids);
    for kind in kinds.iter().filter(|kind| WRITTEN_TO.contains(&kind.name)) {
        let mut series = Series::default();
        for _ in 0..bench.options.rounds {
            turn(
                bench,
                &mut series,
                &format!("folkmoot {}", kind.name),
                server.port,
                server.pid(),
                kind,
                BROWSER,
            )
            .await?;
        }
        keep_memory(&mut series, server.pid())?;
        let what = format!("{}, as browsers ask, with {WRITES} replies a second", kind.name);
        bench.results.add(Row::alone("browse", &what, series.side("folkmoot")));
    }
    writing.abort();
    Ok(())
}

async fn beside_nginx(
    bench: &mut Bench,
    server: &Server,
    kind: &Kind,
    encoding: &str,
    headers: &str,
) -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let files = folder.path().join("files");
    fs::create_dir_all(&files)?;
    let mut copies = Vec::new();
    for (number, bytes) in answers(server, &kind.paths, headers).await?.into_iter().enumerate() {
        // nginx gives the file with the ending to whoever takes gzip: the same bytes, whatever packed them.
        fs::write(files.join(format!("{number}.gz")), &bytes)?;
        fs::write(files.join(number.to_string()), bytes)?;
        copies.push(format!("/{number}"));
    }
    let files = Kind { name: kind.name, paths: copies };
    let nginx = Nginx::start(folder.path()).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for _ in 0..bench.options.rounds {
        turn(
            bench,
            &mut product,
            &format!("folkmoot {}", kind.name),
            server.port,
            server.pid(),
            kind,
            headers,
        )
        .await?;
        turn(
            bench,
            &mut baseline,
            &format!("nginx    {}", kind.name),
            nginx.port,
            nginx.pid(),
            &files,
            headers,
        )
        .await?;
    }
    keep_memory(&mut product, server.pid())?;
    let (what, product) = (format!("{}, {encoding}", kind.name), product.side("folkmoot"));
    bench.results.add(Row::beside("browse", &what, product, baseline.side("nginx"), "CPU each"));
    Ok(())
}

async fn turn(
    bench: &Bench,
    series: &mut Series,
    name: &str,
    port: u16,
    pid: u32,
    kind: &Kind,
    headers: &str,
) -> Result<()> {
    let (connections, length) = (bench.options.connections, bench.options.turn());
    let watch = Watch::of(pid)?;
    let turn = load::run(port, connections, length, requests(port, &kind.paths, headers)).await?;
    series.add(name, &turn, watch.used()?);
    Ok(())
}

/// Members reply in the threads that are read, popular ones often, until this is ended.
fn write(server: Arc<Server>, members: Vec<String>, threads: Vec<String>) -> JoinHandle<Result<()>> {
    tokio::spawn(async move {
        let (order, mut connection) = (zipf(threads.len()), Connection::open(server.port).await?);
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / WRITES);
        for number in 0_usize.. {
            ticks.tick().await;
            let path = format!("/api/threads/{}/posts", threads[order[number % order.len()]]);
            let reply =
                json!({"body": "A reply of an ordinary length, while others read: a line or two of words."});
            let request = post(server.port, &path, &members[number % members.len()], &reply.to_string());
            let answer = connection.ask(&request).await?;
            // A locked thread is answered so; there are a few.
            anyhow::ensure!(matches!(answer.status, 201 | 403), "{path} answers {}", answer.status);
        }
        Ok(())
    })
}
