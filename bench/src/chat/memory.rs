//! What an idle socket holds: signed in, with one's own stream and a conversation followed, beside a bare one.

use std::fs;

use anyhow::{Context, Result};

use super::bare::Bare;
use super::talk::{gather, settle, sockets};
use super::wire;
use crate::bench::Bench;
use crate::figures::{Better, Figure, Row, Side};
use crate::process;
use crate::server::Server;

/// The people to whom the sockets belong.
const PEOPLE: usize = 100;
/// The most sockets, when the process may open as many files.
const MOST: usize = 20_000;
/// Files of a process that are no sockets.
const OTHER_FILES: usize = 300;

/// Runs it for these numbers of sockets; with a large one also for as many as go, up to [`MOST`].
pub(crate) async fn run(bench: &mut Bench, sizes: &[usize], also_most: bool) -> Result<()> {
    let most = MOST.min(open_files()?.saturating_sub(OTHER_FILES));
    let largest = also_most.then_some(most);
    for size in sizes.iter().copied().filter(|size| *size <= most).chain(largest) {
        let side =
            |name, each| Side::new(name, [Some(Figure::once("memory each", "KB", Better::Lower, each))]);
        let product = side("folkmoot", product(bench, size).await?);
        let baseline = side("axum", bare(size).await?);
        let what = format!("{size} idle sockets, signed in, a conversation followed");
        bench.results.add(Row::beside("idle", &what, product, baseline, "memory each"));
    }
    Ok(())
}

async fn product(bench: &mut Bench, size: usize) -> Result<f64> {
    let place = bench.empty().await?;
    let members = &place.members[..PEOPLE];
    {
        let server = Server::start(&bench.options, place.path()).await?;
        gather(&server, members, &(0..PEOPLE).collect::<Vec<_>>()).await?;
    }
    // Another process: what it did before is not given to sockets. What its first sockets bring about is not theirs.
    let server = Server::start(&bench.options, place.path()).await?;
    let _first = sockets(&server, members, PEOPLE).await?;
    settle().await;
    let before = process::memory_kb(server.pid(), "VmRSS")?;
    let _open = sockets(&server, members, size).await?;
    settle().await;
    Ok(each(before, process::memory_kb(server.pid(), "VmRSS")?, size))
}

async fn bare(size: usize) -> Result<f64> {
    let bare = Bare::start().await?;
    let mut open = Vec::with_capacity(PEOPLE + size);
    for number in 0..PEOPLE {
        open.push(wire::open(bare.port, number, "").await?);
    }
    settle().await;
    let before = process::memory_kb(bare.pid(), "VmRSS")?;
    for number in 0..size {
        open.push(wire::open(bare.port, number, "").await?);
    }
    settle().await;
    Ok(each(before, process::memory_kb(bare.pid(), "VmRSS")?, size))
}

fn each(before: u64, after: u64, size: usize) -> f64 {
    after.saturating_sub(before) as f64 / size as f64
}

/// How many files this process may open, and so those that it starts.
fn open_files() -> Result<usize> {
    let limits = fs::read_to_string("/proc/self/limits")?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()).context("no limit of files")?;
    Ok(soft.parse().unwrap_or(usize::MAX))
}
