//! Closed-loop load: so many connections, each asking again as soon as it is answered, for a set time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::http::Connection;

/// Gives the next request of a connection: its number among the connections, and how many it has sent.
pub(crate) type Next = dyn Fn(usize, u64) -> Vec<u8> + Send + Sync;

/// What a turn of load measured.
pub(crate) struct Turn {
    /// Answers with a status below 400.
    pub(crate) answers: u64,
    /// Other answers, and connections that broke.
    pub(crate) failures: u64,
    /// Bytes received.
    pub(crate) bytes: u64,
    /// How long the turn took.
    pub(crate) took: Duration,
    /// Microseconds an answer.
    pub(crate) latency: Histogram<u64>,
}

impl Turn {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }
}

/// Runs a turn.
pub(crate) async fn run(port: u16, connections: usize, turn: Duration, next: Arc<Next>) -> Result<Turn> {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..connections {
        let next = next.clone();
        tasks.spawn(async move { one(port, number, begin + turn, &*next).await });
    }
    let mut all = Turn { answers: 0, failures: 0, bytes: 0, took: turn, latency: histogram()? };
    while let Some(part) = tasks.join_next().await {
        let part = part??;
        all.answers += part.answers;
        all.failures += part.failures;
        all.bytes += part.bytes;
        all.latency.add(&part.latency)?;
    }
    all.took = begin.elapsed();
    Ok(all)
}

async fn one(port: u16, number: usize, until: Instant, next: &Next) -> Result<Turn> {
    let mut turn = Turn { answers: 0, failures: 0, bytes: 0, took: Duration::ZERO, latency: histogram()? };
    let mut connection = Connection::open(port).await?;
    let mut sent = 0;
    while Instant::now() < until {
        let request = next(number, sent);
        sent += 1;
        let begin = Instant::now();
        match connection.ask_quickly(&request).await {
            Ok((status, bytes)) if status < 400 => {
                turn.answers += 1;
                turn.bytes += bytes as u64;
                turn.latency
                    .saturating_record(u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Ok(_) => turn.failures += 1,
            Err(_) => {
                turn.failures += 1;
                connection = Connection::open(port).await?;
            }
        }
    }
    Ok(turn)
}

/// Microseconds up to a minute.
pub(crate) fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}
