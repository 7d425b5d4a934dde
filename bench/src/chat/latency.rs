//! From sending to receiving, over the disk: a thousand sockets with 200 messages a second, and sixteen in flight as fast as
//! they go.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout_at};

use super::durable_postgres;
use super::talk::{client_id, gather, sending, settle, sockets};
use super::wire::Wire;
use crate::bench::Bench;
use crate::figures::Row;
use crate::load::histogram;
use crate::people::members;
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// Sockets of the first part.
const SOCKETS: usize = 1_000;
/// Messages a second there.
const RATE: u32 = 200;
/// Senders of the second part.
const IN_FLIGHT: usize = 16;
/// What a message says after the moment in which it was sent.
const WORDS: &str = "and a line or two as people write them, with now and then a `name` or a **word** that matters to \
                     them; two hundred bytes in all, like most of what is said.";
/// How long after the last send something may still arrive.
const GRACE: Duration = Duration::from_secs(3);

/// Runs it on SQLite and on PostgreSQL.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.empty().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    measure(bench, "SQLite", &server, &place.members[..2 * IN_FLIGHT]).await?;
    let (postgres, place) = (durable_postgres().await?, tempfile::TempDir::new()?);
    let server = Server::start_on(&bench.options, place.path(), Some(postgres.url())).await?;
    let members = members(&server, 2 * IN_FLIGHT).await?;
    measure(bench, "PostgreSQL", &server, &members).await
}

async fn measure(bench: &mut Bench, engine: &str, server: &Server, members: &[String]) -> Result<()> {
    // Pairs who talk to each other, each person with as many windows as it takes.
    let mut talks = Vec::new();
    for pair in 0..IN_FLIGHT {
        talks.push(gather(server, members, &[pair, pair + IN_FLIGHT]).await?);
    }
    let calm = (
        SOCKETS,
        Some(Duration::from_secs(1) / RATE),
        format!("{SOCKETS} sockets, {RATE} messages a second"),
    );
    let busy = (members.len(), None, format!("{IN_FLIGHT} in flight"));
    for (part, (count, pause, what)) in [calm, busy].into_iter().enumerate() {
        let (mut series, length) = (Series::default(), bench.options.turn());
        for round in 0..bench.options.rounds {
            let wires = sockets(server, members, count).await?;
            settle().await;
            let turn = Turn { round: round + 0x8000 * u32::try_from(part)?, length, pause };
            let watch = Watch::of(server.pid())?;
            let measured = turn.run(wires, &talks).await?;
            series.add_messages(&format!("{engine}, {what}"), &measured, length, watch.used()?);
        }
        let what = format!("send to receive, {what}, {engine}");
        bench.results.add(Row::alone("chat", &what, series.side("folkmoot")));
    }
    Ok(())
}

/// A turn: how long, and with which pauses between sends; without one each sender goes on as soon as it is acknowledged.
struct Turn {
    round: u32,
    length: Duration,
    pause: Option<Duration>,
}

/// What a turn measured: messages acknowledged, and microseconds from send to receive for each socket that got one.
pub(crate) struct Measured {
    /// Messages acknowledged.
    pub(crate) sent: u64,
    /// From send to receive.
    pub(crate) latency: Histogram<u64>,
}

impl Turn {
    /// The first socket of each of the first members sends, all others receive.
    async fn run(&self, wires: Vec<Wire>, talks: &[String]) -> Result<Measured> {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        let (mut senders, mut others): (Vec<_>, Vec<_>) =
            wires.into_iter().enumerate().partition(|(number, _)| *number < talks.len());
        for (number, wire) in senders.drain(..) {
            let sender = Sender {
                number,
                round: self.round,
                talk: talks[number].clone(),
                ticks: self.pause.map(|pause| {
                    // The senders take turns, so that all of them together keep the rate: all at once would be bursts.
                    let (turn, turns) = (u32::try_from(number), u32::try_from(talks.len()));
                    let first = start + pause * turn.unwrap_or(0);
                    interval_at(first.into(), pause * turns.unwrap_or(1))
                }),
                until: start + self.length,
            };
            tasks.spawn(sender.send(wire, start));
        }
        for (_, wire) in others.drain(..) {
            tasks.spawn(receive(wire, start, start + self.length + GRACE));
        }
        let mut all = Measured { sent: 0, latency: histogram()? };
        while let Some(part) = tasks.join_next().await {
            let part = part??;
            all.sent += part.sent;
            all.latency.add(&part.latency)?;
        }
        Ok(all)
    }
}

struct Sender {
    number: usize,
    round: u32,
    talk: String,
    ticks: Option<Interval>,
    until: Instant,
}

impl Sender {
    async fn send(self, mut wire: Wire, start: Instant) -> Result<Measured> {
        let mut sent = 0;
        let mut ticks = self.ticks;
        if let Some(ticks) = &mut ticks {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        while Instant::now() < self.until {
            if let Some(ticks) = &mut ticks {
                ticks.tick().await;
            }
            let body = format!("at {} {WORDS}", start.elapsed().as_micros());
            let id = client_id(self.number, self.round, sent);
            wire.say(&sending(&self.talk, &id, &body)).await?;
            wire.hear_of("\"ack\"").await.context("a message was not acknowledged")?;
            sent += 1;
        }
        Ok(Measured { sent, latency: histogram()? })
    }
}

async fn receive(mut wire: Wire, start: Instant, until: Instant) -> Result<Measured> {
    let mut latency = histogram()?;
    while let Ok(heard) = timeout_at(until.into(), wire.hear()).await {
        let heard = heard?;
        if heard.starts_with(b"{\"type\":\"new_message\"")
            && let Some(sent) = moment(heard)
        {
            let now = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            latency.saturating_record(now.saturating_sub(sent));
        }
    }
    Ok(Measured { sent: 0, latency })
}

/// When a message was sent, as its words say.
fn moment(frame: &[u8]) -> Option<u64> {
    const MARK: &[u8] = b"\"at ";
    let at = frame.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let digits = frame[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&frame[at..at + digits]).ok()?.parse().ok()
}
