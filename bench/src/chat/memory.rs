//! What an idle socket holds: signed in, with one's own stream and a conversation followed, beside a bare one.

use std::fs;

use anyhow::{Context, Result};

use super::bare::Bare;
use super::talk::{gather, settle, sockets};
use super::wire;
use crate::people::members;
use crate::server::{Server, folder};
use crate::{Options, process};

/// The people to whom the sockets belong.
const PEOPLE: usize = 100;
/// The most sockets, when the process may open as many files.
const MOST: usize = 20_000;
/// Files of a process that are no sockets.
const OTHER_FILES: usize = 300;

/// Runs it for these numbers of sockets, and for as many as go up to [`MOST`].
pub(crate) async fn run(options: &Options, sizes: &[usize]) -> Result<()> {
    let most = MOST.min(open_files()?.saturating_sub(OTHER_FILES));
    let largest = (sizes.iter().max() >= Some(&10_000)).then_some(most);
    for size in sizes.iter().copied().filter(|size| *size <= most).chain(largest) {
        let product = product(options, size).await?;
        let bare = bare(size).await?;
        println!(
            "{size:>6} idle sockets             folkmoot {product:.2} KB each, axum {bare:.2} KB; ratio {:.2}",
            product / bare
        );
    }
    Ok(())
}

async fn product(options: &Options, size: usize) -> Result<f64> {
    let place = folder(options)?;
    let members = {
        let server = Server::start(options, place.path()).await?;
        let members = members(&server, PEOPLE).await?;
        gather(&server, &members, &(0..PEOPLE).collect::<Vec<_>>()).await?;
        members
    };
    // Another process: what passwords took is not given to sockets. What its first sockets bring about is not theirs.
    let server = Server::start(options, place.path()).await?;
    let _first = sockets(&server, &members, PEOPLE).await?;
    settle().await;
    let before = process::memory_kb(server.pid(), "VmRSS")?;
    let _open = sockets(&server, &members, size).await?;
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
