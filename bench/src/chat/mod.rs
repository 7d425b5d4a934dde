//! Members chat over sockets: how soon a message is there, what it costs to tell thousands, what an idle socket holds, how
//! many sends a second reach the disk, and how long it takes until everybody is back.

pub(crate) mod bare;
mod fanout;
mod latency;
mod memory;
mod sends;
mod storm;
pub(crate) mod talk;
mod together;
mod wire;

pub(crate) use latency::Measured;

use anyhow::Result;
use folkmoot_store::testing::Running;

use crate::bench::Bench;

/// What is measured.
#[derive(clap::Args, Clone)]
pub(crate) struct Chat {
    /// What to measure; without it everything, one after the other
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// How many sockets rooms have, are idle and come in storms, from the smallest to the largest
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000, 10_000])]
    sockets: Vec<usize>,
}

/// One of the things that are measured.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Send to receive: a thousand sockets and 200 messages a second; then sixteen in flight
    Latency,
    /// Rooms of many sockets, beside a bare broadcast
    Fanout,
    /// What an idle socket holds, beside a bare one
    Memory,
    /// Durable sends a second, beside bare commits
    Sends,
    /// Fifty people send at once; everything arrives, in order
    Together,
    /// Everybody is dropped, and comes back
    Storm,
}

impl Chat {
    /// What takes part when everything is measured: no storm, and no more sockets than are asked for.
    pub(crate) fn shorter() -> Self {
        let only = vec![Part::Latency, Part::Fanout, Part::Memory, Part::Sends, Part::Together];
        Self { only, sockets: vec![1_000, 5_000, 9_500] }
    }
}

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench, chat: &Chat) -> Result<()> {
    let is_wanted = |part| chat.only.is_empty() || chat.only.contains(&part);
    if is_wanted(Part::Latency) {
        latency::run(bench).await?;
    }
    if is_wanted(Part::Fanout) {
        fanout::run(bench, &chat.sockets).await?;
    }
    if is_wanted(Part::Memory) {
        memory::run(bench, &chat.sockets, chat.only.is_empty()).await?;
    }
    if is_wanted(Part::Sends) {
        sends::run(bench).await?;
    }
    if is_wanted(Part::Together) {
        together::run(bench).await?;
    }
    if is_wanted(Part::Storm) {
        storm::run(bench, chat.sockets.iter().copied().max().unwrap_or_default()).await?;
    }
    Ok(())
}

/// A PostgreSQL that keeps what it acknowledges, as the product needs it.
pub(crate) async fn durable_postgres() -> Result<Running> {
    // As it comes: on disk, and with statistics of what grows.
    let settings = ["fsync=on", "full_page_writes=on", "autovacuum_naptime=1min"];
    Ok(tokio::task::spawn_blocking(move || Running::start(&settings)).await?)
}
