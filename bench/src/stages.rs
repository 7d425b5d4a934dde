//! A hundred readers who come one after the other, stay and leave, each thinking for a second between two pages: what
//! `load-tests/` asks k6 for, without k6.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::bench::{Bench, keep_memory};
use crate::figures::{Better, Figure, Row};
use crate::http::Connection;
use crate::load::{Next, Turn, histogram};
use crate::pages::{BROWSER, Kind, requests};
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// Readers at the height of it.
const READERS: u32 = 100;
const THINKING: Duration = Duration::from_secs(1);
/// An answer that takes longer is one too slow, in milliseconds.
const SLOW: u64 = 500;

/// How long it goes.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// 6, 15 and 6 seconds
    Short,
    /// 2, 5 and 2 minutes
    Full,
}

impl Length {
    /// Coming, staying, leaving.
    fn stages(self) -> [Duration; 3] {
        match self {
            Self::Short => [6, 15, 6].map(Duration::from_secs),
            Self::Full => [120, 300, 120].map(Duration::from_secs),
        }
    }
}

/// Runs them over pages of all kinds.
pub(crate) async fn run(bench: &mut Bench, server: &Server, kinds: &[Kind], length: Length) -> Result<()> {
    let paths: Vec<String> = kinds.iter().flat_map(|kind| kind.paths.iter().take(20).cloned()).collect();
    let next = requests(server.port, &paths, BROWSER);
    let [coming, staying, leaving] = length.stages();
    let (watch, began) = (Watch::of(server.pid())?, Instant::now());
    let mut readers = JoinSet::new();
    for number in 0..READERS {
        let from = coming * number / READERS;
        let until = coming + staying + leaving * number / READERS;
        readers.spawn(read(server.port, number, began + from, began + until, Arc::clone(&next)));
    }
    let mut all = Turn { answers: 0, failures: 0, bytes: 0, took: Duration::ZERO, latency: histogram()? };
    while let Some(one) = readers.join_next().await {
        let one = one??;
        all.answers += one.answers;
        all.failures += one.failures;
        all.bytes += one.bytes;
        all.latency.add(&one.latency)?;
    }
    all.took = began.elapsed();
    let mut series = Series::default();
    series.add("folkmoot, readers in stages", &all, watch.used()?);
    let slow = all.latency.len() - all.latency.count_between(0, SLOW * 1000);
    series.also(Figure::once("failed", "", Better::Lower, all.failures as f64));
    series.also(Figure::once("slower than 500 ms", "", Better::Lower, slow as f64));
    keep_memory(&mut series, server.pid())?;
    let [coming, staying, leaving] = length.stages().map(|stage| stage.as_secs());
    let what =
        format!("{READERS} readers come within {coming} s, stay {staying} s and leave within {leaving} s");
    bench.results.add(Row::alone("stages", &what, series.side("folkmoot")));
    Ok(())
}

async fn read(port: u16, number: u32, from: Instant, until: Instant, next: Arc<Next>) -> Result<Turn> {
    tokio::time::sleep_until(from.into()).await;
    let mut turn = Turn { answers: 0, failures: 0, bytes: 0, took: Duration::ZERO, latency: histogram()? };
    let mut connection = Connection::open(port).await?;
    while Instant::now() < until {
        let began = Instant::now();
        match connection.ask_quickly(&next(number as usize, turn.answers)).await {
            Ok((200, bytes)) => {
                turn.answers += 1;
                turn.bytes += bytes as u64;
                turn.latency
                    .saturating_record(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Ok(_) => turn.failures += 1,
            Err(_) => {
                turn.failures += 1;
                connection = Connection::open(port).await?;
            }
        }
        tokio::time::sleep(THINKING).await;
    }
    Ok(turn)
}
