//! Load scenarios against the real binary, each beside its baseline in the same run.
//!
//! Traffic goes to this machine alone and every load ends by itself.

#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
mod all;
mod baseline;
mod bench;
mod browse;
mod chat;
mod compare;
mod figures;
mod http;
mod load;
mod machine;
mod member;
mod pages;
mod people;
mod process;
mod report;
mod results;
mod search;
mod server;
mod spike;
mod stages;
mod start;
mod write;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::bench::{Bench, Options};

/// Measures a built folkmoot beside what it is compared with.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Scenario {
    /// Everything but the storm, in about twenty minutes
    All,
    /// Guests read lists, threads and profiles, beside nginx with the same bytes as files
    Browse(browse::Browse),
    /// Members read with their marks, beside guests
    Member,
    /// Members post over HTTP, beside bare single-row commits on the same disk and engine
    Write,
    /// Members chat over sockets, beside bare sockets and bare commits
    Chat(chat::Chat),
    /// Many times the load that the server can take: what is answered and refused, memory, and recovery
    Spike,
    /// Start to first answer and resident memory, on a new database and on one with a community
    Start,
    /// People search, on both databases
    Search(search::Search),
    /// Sets two results side by side
    Compare(compare::Compare),
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
        Scenario::Compare(compare) => return compare::run(&compare),
        Scenario::Bare { port } => return chat::bare::serve(port).await,
        _ => {}
    }
    let mut bench = Bench::begin(options)?;
    match scenario {
        Scenario::All => all::run(&mut bench).await?,
        Scenario::Browse(browse) => browse::run(&mut bench, &browse).await?,
        Scenario::Member => member::run(&mut bench).await?,
        Scenario::Write => write::run(&mut bench).await?,
        Scenario::Chat(chat) => chat::run(&mut bench, &chat).await?,
        Scenario::Spike => spike::run(&mut bench).await?,
        Scenario::Start => start::run(&mut bench).await?,
        Scenario::Search(search) => search::run(&mut bench, &search).await?,
        Scenario::Compare(_) | Scenario::Bare { .. } => {}
    }
    bench.finish()
}
