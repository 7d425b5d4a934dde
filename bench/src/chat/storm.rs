//! Everybody is dropped in one moment, something is said while they are away, and everybody comes back: how long until all
//! have everything, and how requests are answered meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use super::talk::{client_id, gather, greet, settle};
use super::wire::{self, Knocked, Wire};
use crate::bench::{Bench, keep_memory};
use crate::figures::{Better, Figure, Row};
use crate::http::{Connection, get};
use crate::load::histogram;
use crate::people::act;
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// The people to whom the sockets belong.
const PEOPLE: usize = 100;
/// How many of them share a conversation.
const TOGETHER: usize = 10;
/// What is said in each conversation while everybody is away.
const MISSED: usize = 5;
/// How many sockets are opened at once before the storm.
const AT_ONCE: usize = 32;
/// How often a request is made meanwhile.
const ASKED_EVERY: Duration = Duration::from_millis(20);
/// The longest a client waits before it first comes back, and again after it was told to: as browsers do.
const SPREAD: Duration = Duration::from_millis(500);

/// Runs it with so many sockets.
pub(crate) async fn run(bench: &mut Bench, count: usize) -> Result<()> {
    let place = bench.empty().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    let members: Arc<[String]> = place.members[..PEOPLE].into();
    let mut talks = Vec::new();
    for group in 0..PEOPLE / TOGETHER {
        let among: Vec<usize> = (0..TOGETHER).map(|number| group * TOGETHER + number).collect();
        talks.push(gather(&server, &members, &among).await?);
    }
    let mut storms = Vec::new();
    for round in 0..bench.options.rounds {
        let away = leave(&server, &members, count).await?;
        for (group, talk) in talks.iter().enumerate() {
            for number in 0..MISSED {
                let body =
                    json!({"body": "You missed this.", "client_id": client_id(group, round, number as u64)});
                let path = format!("/api/conversations/{talk}/messages");
                act(&server, &members[group * TOGETHER], &path, &body).await?;
            }
        }
        settle().await;
        storms.push(come_back(&server, &members, away).await?);
    }
    let mut series = Series::default();
    figures(&storms).into_iter().flatten().for_each(|figure| series.also(figure));
    keep_memory(&mut series, server.pid())?;
    let what = format!("{count} sockets are cut at once and come back for {MISSED} messages");
    bench.results.add(Row::alone("storm", &what, series.side("folkmoot")));
    Ok(())
}

/// What the storms measured.
fn figures(storms: &[Storm]) -> [Option<Figure>; 8] {
    let of = |name, unit, better, figure: &dyn Fn(&Storm) -> f64| {
        Figure::of(name, unit, better, &storms.iter().map(figure).collect::<Vec<_>>())
    };
    let answered = |part| move |storm: &Storm| storm.answers.value_at_quantile(part) as f64 / 1e3;
    let each = |storm: &Storm| storm.cpu.as_micros() as f64 / storm.back.len() as f64;
    let half = |storm: &Storm| storm.back.value_at_quantile(0.5) as f64 / 1e6;
    [
        of("half are back after", "s", Better::Lower, &half),
        of("all are back after", "s", Better::Lower, &|storm| storm.back.max() as f64 / 1e6),
        of("told to come later", "", Better::Neither, &|storm| storm.refused as f64),
        of("CPU each", "µs", Better::Lower, &each),
        of("requests meanwhile", "", Better::Neither, &|storm| storm.answers.len() as f64),
        of("their p50", "ms", Better::Lower, &answered(0.5)),
        of("their p99", "ms", Better::Lower, &answered(0.99)),
        of("the longest", "ms", Better::Lower, &answered(1.0)),
    ]
}

/// A client that is away: its number, and the `hello` with which it comes back.
struct Away {
    number: usize,
    hello: Value,
}

/// Connects everybody, and drops them all at once.
async fn leave(server: &Server, members: &Arc<[String]>, count: usize) -> Result<Vec<Away>> {
    let (mut opening, mut here) = (JoinSet::new(), Vec::with_capacity(count));
    for number in 0..count {
        let (port, members) = (server.port, Arc::clone(members));
        opening.spawn(async move {
            let mut wire = wire::open(port, number, &members[number % PEOPLE]).await?;
            let (welcome, own, head) = greet(&mut wire, &json!({"cursors": {}})).await?;
            let mut cursors: Map<String, Value> =
                welcome["conversations"].as_object().context("no conversations")?.clone();
            cursors.insert(own, head.into());
            anyhow::Ok((wire, Away { number, hello: json!({"epoch": welcome["epoch"], "cursors": cursors}) }))
        });
        if opening.len() >= AT_ONCE {
            here.extend(opening.join_next().await.transpose()?.transpose()?);
        }
    }
    while let Some(opened) = opening.join_next().await {
        here.push(opened??);
    }
    settle().await;
    let (wires, away): (Vec<Wire>, Vec<Away>) = here.into_iter().unzip();
    wires.into_iter().try_for_each(Wire::drop_dead)?;
    Ok(away)
}

/// What a storm measured.
struct Storm {
    /// Microseconds until each had everything.
    back: Histogram<u64>,
    /// Microseconds of each request meanwhile.
    answers: Histogram<u64>,
    refused: u64,
    cpu: Duration,
}

async fn come_back(server: &Server, members: &Arc<[String]>, away: Vec<Away>) -> Result<Storm> {
    let (over, refused) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let asking = tokio::spawn(ask(server.port, members[0].clone(), Arc::clone(&over)));
    let (watch, start) = (Watch::of(server.pid())?, Instant::now());
    let mut coming = JoinSet::new();
    for one in away {
        let (port, members, refused) = (server.port, Arc::clone(members), Arc::clone(&refused));
        coming.spawn(async move {
            tokio::time::sleep(spread(one.number)).await;
            let wire = back(port, &members[one.number % PEOPLE], &one, &refused).await?;
            anyhow::Ok((start.elapsed(), wire))
        });
    }
    let (mut back, mut here) = (histogram()?, Vec::new());
    while let Some(one) = coming.join_next().await {
        let (took, wire) = one??;
        back.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        here.push(wire);
    }
    let cpu = watch.used()?.cpu;
    over.store(true, Ordering::SeqCst);
    let answers = asking.await??;
    here.into_iter().try_for_each(Wire::drop_dead)?;
    Ok(Storm { back, answers, refused: refused.load(Ordering::SeqCst), cpu })
}

/// Comes back, however often it is told to come later, and hears everything that it missed.
async fn back(port: u16, member: &str, one: &Away, refused: &AtomicU64) -> Result<Wire> {
    let mut wire = loop {
        match wire::knock(port, one.number, member).await? {
            Knocked::In(wire) => break wire,
            Knocked::Later(seconds) => {
                refused.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_secs(seconds) + spread(one.number)).await;
            }
        }
    };
    wire.say(&json!({"type": "hello", "payload": one.hello}).to_string()).await?;
    let (mut missed, mut is_followed) = (0, false);
    while missed < MISSED || !is_followed {
        let heard = wire.hear().await?;
        if heard.starts_with(b"{\"type\":\"new_message\"") {
            missed += 1;
        } else if wire::has(heard, "\"subscribed\"") && wire::has(heard, "\"user:") {
            is_followed = true;
        }
    }
    Ok(wire)
}

/// A moment within the spread, another for each client.
fn spread(number: usize) -> Duration {
    const PRIME: u32 = 7919;
    SPREAD * (u32::try_from(number).unwrap_or_default().wrapping_mul(PRIME) % 1000) / 1000
}

/// Asks for the list of conversations again and again, and gives how long each answer took.
async fn ask(port: u16, member: String, over: Arc<AtomicBool>) -> Result<Histogram<u64>> {
    let mut answers = histogram()?;
    let mut connection = Connection::open(port).await?;
    let request = get(port, "/api/conversations", &member);
    while !over.load(Ordering::SeqCst) {
        let begin = Instant::now();
        let answer = connection.ask(&request).await?;
        anyhow::ensure!(answer.status == 200, "a request was answered {}", answer.status);
        answers.saturating_record(u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX));
        tokio::time::sleep(ASKED_EVERY).await;
    }
    Ok(answers)
}
