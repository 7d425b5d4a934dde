//! Load scenarios against the real binary, each beside its baseline in the same run.
//!
//! Traffic goes to this machine alone and every load ends by itself.

#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
mod baseline;
mod browse;
mod chat;
mod http;
mod load;
mod people;
mod process;
mod report;
mod server;
mod spike;
mod start;
mod write;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures a built folkmoot beside what it is compared with.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
    #[command(flatten)]
    options: Options,
}

/// What every scenario needs.
#[derive(clap::Args, Clone)]
struct Options {
    /// The binary to measure
    #[arg(long, global = true, default_value = "target/release/folkmoot")]
    binary: PathBuf,
    /// A community to import first (what `folkmoot import discourse` takes); else a small one is made
    #[arg(long, global = true)]
    archive: Option<PathBuf>,
    /// How often product and baseline take turns
    #[arg(long, global = true, default_value_t = 3)]
    rounds: u32,
    /// Seconds a turn
    #[arg(long, global = true, default_value_t = 5)]
    seconds: u64,
    /// Connections at once
    #[arg(long, global = true, default_value_t = 64)]
    connections: usize,
}

impl Options {
    fn turn(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[derive(Subcommand)]
enum Scenario {
    /// Guests read lists and threads, beside nginx with the same bytes as files
    Browse,
    /// Members post over HTTP, beside bare SQLite single-row commits on the same disk
    Write,
    /// Members chat over sockets, beside bare sockets and bare commits
    Chat(chat::Chat),
    /// Many times the load that the server can take: what is answered and refused, memory, and recovery
    Spike,
    /// Start to first answer and resident memory, on a new database and on one with a community
    Start,
    /// Serves the bare sockets that `chat` compares with; it starts this by itself
    #[command(hide = true)]
    Bare {
        #[arg(long)]
        port: u16,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { scenario, options } = Arguments::parse();
    match scenario {
        Scenario::Browse => browse::run(&options).await,
        Scenario::Write => write::run(&options).await,
        Scenario::Chat(chat) => chat::run(&options, &chat).await,
        Scenario::Bare { port } => chat::bare::serve(port).await,
        Scenario::Spike => spike::run(&options).await,
        Scenario::Start => start::run(&options).await,
    }
}
