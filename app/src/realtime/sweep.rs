//! The sweep: comparing where streams stand here with where they stand in the database, because a bus may lose
//! anything, other processes write too, and history itself may go back.

use std::time::Duration;

use folkmoot_store::Engine;
use tokio::sync::watch;

use super::catch_up::catch_up;
use super::hub::Standing;
use super::node::Node;
use super::queries;
use crate::core::streams::Stream;
use crate::core::{Result, epoch};

/// How often the streams of active clients are compared.
const EVERY: Duration = Duration::from_secs(2);
/// How many sweeps of these go by until all streams are compared: 30 s.
const FULL_EVERY: u32 = 15;
/// For how many sweeps after the bus came back all streams are compared: it may still be losing.
const JUST_BACK: u32 = 5;
/// For how many seconds a client counts as active.
const ACTIVE_FOR: u32 = 60;
/// How many streams are asked for in one statement.
const CHUNK: usize = 500;

/// Sweeps until the task is ended.
pub(super) async fn sweep(node: Node) {
    let mut up = node.bus.is_up();
    let mut written = node.app.db.written_elsewhere();
    let (mut turn, mut just_back) = (0_u32, 0_u32);
    loop {
        let asked = wait(&node, &mut up, &mut written).await;
        turn = turn.wrapping_add(1);
        let told = *up.borrow_and_update() && is_told_of_others(&node);
        just_back = if told { just_back.saturating_sub(1) } else { JUST_BACK };
        let full = asked || just_back > 0 || turn.is_multiple_of(FULL_EVERY);
        if let Err(error) = sweep_once(&node, full).await {
            tracing::warn!(%error, "streams could not be compared with the database");
        }
    }
}

/// Whether what other processes write is told here. PostgreSQL may have nodes that no bus joins to this one; the file
/// of SQLite has one server, and what commands write into it is noticed.
fn is_told_of_others(node: &Node) -> bool {
    node.app.db.engine() == Engine::Sqlite || node.bus.has_others()
}

/// Waits for the next turn; true when there is a reason to compare everything.
async fn wait(node: &Node, up: &mut watch::Receiver<bool>, written: &mut watch::Receiver<u64>) -> bool {
    tokio::select! {
        () = node.sweep_now.notified() => true,
        Ok(()) = up.changed() => true,
        Ok(()) = written.changed() => true,
        () = tokio::time::sleep(EVERY) => false,
    }
}

/// Compares all followed streams, or only `rights`, `site` and those of active clients.
pub(super) async fn sweep_once(node: &Node, full: bool) -> Result<()> {
    node.begin_epoch(&epoch::current(&node.app).await?);
    let since = node.seconds().saturating_sub(ACTIVE_FOR);
    let mut standings = node.hub.standings((!full).then_some(since));
    if !full {
        let always = [Stream::Rights, Stream::Site];
        standings.retain(|standing| !always.contains(&standing.stream));
        standings.extend(always.into_iter().filter_map(|stream| node.hub.standing(stream)));
    }
    for chunk in standings.chunks(CHUNK) {
        compare(node, chunk).await?;
    }
    Ok(())
}

async fn compare(node: &Node, standings: &[Standing]) -> Result<()> {
    let streams: Vec<Stream> = standings.iter().map(|standing| standing.stream).collect();
    let snapshot = queries::now(&node.app).await?;
    let heads = queries::heads(&snapshot, &streams).await?;
    drop(snapshot);
    for Standing { stream, at } in standings.iter().copied() {
        let head = heads.get(&stream).copied().unwrap_or(0);
        match at {
            Some(at) if head > at => {
                // One stream that cannot be read must not keep the others waiting.
                if let Err(error) = catch_up(node, stream).await {
                    tracing::warn!(%error, %stream, "missing events could not be read");
                }
            }
            // What followers here already have is not in the database: an older copy of it was put in its place.
            Some(at) if head < at => {
                let epoch = epoch::renew(&node.app).await?;
                node.begin_epoch(&epoch);
                return Ok(());
            }
            _ => {}
        }
    }
    Ok(())
}
