//! Rooms: one member says something, and thousands of sockets hear it; beside a bare broadcast of as many bytes to as many
//! sockets, in turns.
//!
//! A room is a conversation of a hundred people, each with as many windows as it takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::bare::Bare;
use super::talk::{client_id, gather, sending, settle, sockets};
use super::wire::{self, Wire};
use crate::bench::Bench;
use crate::figures::Row;
use crate::load::{Turn, histogram};
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// People in a room.
const PEOPLE: usize = 100;
/// What is said: two hundred bytes.
const WORDS: &str = "Two hundred bytes, which is more than most people say at once in a chat, and less than some others \
                     do, who have thought about it for a while before they wrote it down, and then sent it.  ........";
/// How long a message may take to everybody.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs it for rooms of these sizes.
pub(crate) async fn run(bench: &mut Bench, sizes: &[usize]) -> Result<()> {
    for size in sizes.iter().copied() {
        let place = bench.empty().await?;
        let server = Server::start(&bench.options, place.path()).await?;
        let bare = Bare::start().await?;
        let members = &place.members[..PEOPLE];
        let talk = gather(&server, members, &(0..PEOPLE).collect::<Vec<_>>()).await?;
        let mut room = Room::of(sockets(&server, members, size).await?);
        let frame = room.frame(&sending(&talk, &client_id(0, 0, 0), WORDS)).await?;
        let mut wires = Vec::with_capacity(size);
        for number in 0..size {
            wires.push(wire::open(bare.port, number, "").await?);
        }
        let mut broadcast = Room::of(wires);
        settle().await;
        let (mut product, mut baseline) = (Series::default(), Series::default());
        for round in 1..=bench.options.rounds {
            let watch = Watch::of(server.pid())?;
            let say = |number| sending(&talk, &client_id(0, round, number), WORDS);
            let turn = room.turn(bench.options.turn(), say).await?;
            product.add(&format!("folkmoot room of {size}"), &turn, watch.used()?);
            let watch = Watch::of(bare.pid())?;
            let turn = broadcast.turn(bench.options.turn(), |_| frame.clone()).await?;
            baseline.add(&format!("axum     room of {size}"), &turn, watch.used()?);
        }
        let what = format!("a room of {size} sockets, deliveries of {} bytes", frame.len());
        let (product, baseline) = (product.side("folkmoot"), baseline.side("axum broadcast"));
        bench.results.add(Row::beside("fan-out", &what, product, baseline, "CPU each"));
    }
    Ok(())
}

/// Sockets of which the first speaks, and all others count what they hear.
struct Room {
    speaker: Wire,
    heard: Arc<Heard>,
    listeners: u64,
    _listening: JoinSet<Result<()>>,
}

#[derive(Default)]
struct Heard {
    frames: AtomicU64,
    bytes: AtomicU64,
    /// When this many frames were heard, everybody has it.
    goal: AtomicU64,
    reached: Notify,
}

impl Room {
    fn of(mut wires: Vec<Wire>) -> Self {
        let speaker = wires.remove(0);
        let (heard, listeners) = (Arc::new(Heard::default()), wires.len() as u64);
        let mut listening = JoinSet::new();
        for wire in wires {
            listening.spawn(listen(wire, Arc::clone(&heard)));
        }
        Self { speaker, heard, listeners, _listening: listening }
    }

    /// Says one thing, and gives the frame in which it comes back.
    async fn frame(&mut self, said: &str) -> Result<String> {
        self.speaker.say(said).await?;
        Ok(String::from_utf8(self.speaker.hear_of("{\"type\":\"new_message\"").await?)?)
    }

    /// Says one thing after the other, each when everybody has heard the one before.
    async fn turn(&mut self, length: Duration, say: impl Fn(u64) -> String) -> Result<Turn> {
        let heard = Arc::clone(&self.heard);
        let bytes = heard.bytes.load(Ordering::SeqCst);
        let (begin, mut said, mut latency) = (Instant::now(), 0, histogram()?);
        while begin.elapsed() < length {
            let one = Instant::now();
            let goal = heard.frames.load(Ordering::SeqCst) + self.listeners;
            heard.goal.store(goal, Ordering::SeqCst);
            self.speaker.say(&say(said)).await?;
            let everybody = async {
                // The speaker hears it too, and has to read it.
                while heard.frames.load(Ordering::SeqCst) < goal {
                    tokio::select! {
                        () = heard.reached.notified() => {}
                        more = self.speaker.hear() => drop(more?),
                    }
                }
                anyhow::Ok(())
            };
            tokio::time::timeout(PATIENCE, everybody).await.context("somebody did not hear it")??;
            latency.saturating_record(u64::try_from(one.elapsed().as_micros()).unwrap_or(u64::MAX));
            said += 1;
        }
        let bytes = heard.bytes.load(Ordering::SeqCst) - bytes;
        Ok(Turn { answers: said * self.listeners, failures: 0, bytes, took: begin.elapsed(), latency })
    }
}

async fn listen(mut wire: Wire, heard: Arc<Heard>) -> Result<()> {
    loop {
        let frame = wire.hear().await?;
        if !frame.starts_with(b"{\"type\":\"new_message\"") {
            continue;
        }
        heard.bytes.fetch_add(frame.len() as u64, Ordering::Relaxed);
        if heard.frames.fetch_add(1, Ordering::SeqCst) + 1 == heard.goal.load(Ordering::SeqCst) {
            heard.reached.notify_one();
        }
    }
}
