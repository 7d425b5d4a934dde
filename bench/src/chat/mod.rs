//! Members chat over sockets: how soon a message is there, what it costs to tell thousands, what an idle socket holds, how
//! many sends a second reach the disk, and how long it takes until everybody is back.

pub(crate) mod bare;
mod fanout;
mod latency;
mod memory;
mod sends;
mod storm;
mod talk;
mod wire;

pub(crate) use latency::Measured;

use anyhow::Result;
use folkmoot_store::testing::Running;

use crate::Options;

/// What is measured.
#[derive(clap::Args, Clone)]
pub(crate) struct Chat {
    /// What to measure; without it everything, one after the other
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// How many sockets rooms have and storms bring, from the smallest to the largest
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000])]
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
    /// Everybody is dropped, and comes back
    Storm,
}

/// Runs the scenario.
pub(crate) async fn run(options: &Options, chat: &Chat) -> Result<()> {
    let is_wanted = |part| chat.only.is_empty() || chat.only.contains(&part);
    if is_wanted(Part::Latency) {
        latency::run(options).await?;
    }
    if is_wanted(Part::Fanout) {
        fanout::run(options, &chat.sockets).await?;
    }
    if is_wanted(Part::Memory) {
        memory::run(options, &chat.sockets).await?;
    }
    if is_wanted(Part::Sends) {
        sends::run(options).await?;
    }
    if is_wanted(Part::Storm) {
        storm::run(options, chat.sockets.iter().copied().max().unwrap_or_default()).await?;
    }
    Ok(())
}

/// A PostgreSQL that keeps what it acknowledges, as the product needs it.
pub(crate) async fn durable_postgres() -> Result<Running> {
    Ok(tokio::task::spawn_blocking(|| Running::start(&["fsync=on", "full_page_writes=on"])).await?)
}
