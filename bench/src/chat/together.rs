//! Fifty people in ten conversations send at the same moment: everybody in a conversation hears everything that was said in
//! it, once and in one order.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::task::JoinSet;

use super::talk::{client_id, gather, sending, settle, sockets};
use super::wire::Wire;
use crate::bench::Bench;
use crate::figures::{Better, Figure, Row};
use crate::load::{Turn, histogram};
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// Who sends.
const PEOPLE: usize = 50;
/// How many share a conversation.
const TOGETHER: usize = 5;
/// What each of them says.
const MESSAGES: u64 = 40;

/// Runs it.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.empty().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    let members = &place.members[..PEOPLE];
    let mut talks = Vec::new();
    for first in (0..PEOPLE).step_by(TOGETHER) {
        talks.push(gather(&server, members, &(first..first + TOGETHER).collect::<Vec<_>>()).await?);
    }
    let mut series = Series::default();
    for round in 0..bench.options.rounds {
        let wires = sockets(&server, members, PEOPLE).await?;
        settle().await;
        let (watch, began) = (Watch::of(server.pid())?, Instant::now());
        let mut people = JoinSet::new();
        for (number, wire) in wires.into_iter().enumerate() {
            people.spawn(talk(wire, talks[number / TOGETHER].clone(), number, round));
        }
        let mut turn =
            Turn { answers: 0, failures: 0, bytes: 0, took: began.elapsed(), latency: histogram()? };
        let mut heard: Vec<Vec<(i64, String)>> = vec![Vec::new(); talks.len()];
        while let Some(one) = people.join_next().await {
            let (number, order) = one??;
            turn.answers += order.len() as u64;
            let conversation = &mut heard[number / TOGETHER];
            ensure!(conversation.is_empty() || *conversation == order, "two people heard another order");
            *conversation = order;
        }
        turn.took = began.elapsed();
        series.add("folkmoot, fifty send at once", &turn, watch.used()?);
    }
    let all = PEOPLE as f64 * MESSAGES as f64 * TOGETHER as f64;
    series.also(Figure::once("delivered, in order, each turn", "", Better::Higher, all));
    let what =
        format!("{PEOPLE} people send {MESSAGES} messages each at once, in conversations of {TOGETHER}");
    bench.results.add(Row::alone("chat", &what, series.side("folkmoot")));
    Ok(())
}

/// Says everything, and gives the numbers and names of all that was said in the conversation, in the order of hearing it.
async fn talk(
    mut wire: Wire,
    talk: String,
    number: usize,
    round: u32,
) -> Result<(usize, Vec<(i64, String)>)> {
    let stream = format!("conversation:{talk}");
    for message in 0..MESSAGES {
        wire.say(&sending(&talk, &client_id(number, round, message), "We all speak at once.")).await?;
    }
    let all = TOGETHER * usize::try_from(MESSAGES)?;
    let mut order: Vec<(i64, String)> = Vec::with_capacity(all);
    while order.len() < all {
        let frame: Value = serde_json::from_slice(wire.hear().await?)?;
        ensure!(frame["type"] != "nack", "a message was refused: {frame}");
        if frame["type"] != "new_message" || frame["stream"] != stream.as_str() {
            continue;
        }
        let seq = frame["seq"].as_i64().context("a message without a number")?;
        let id = frame["payload"]["message"]["id"].as_str().context("a message without an id")?;
        let before = order.last().map(|(seq, _)| *seq);
        ensure!(before.is_none_or(|before| seq == before + 1), "{seq} came after {before:?}");
        order.push((seq, id.to_owned()));
    }
    Ok((number, order))
}
