//! Figures about the database for metrics and readiness.

use crate::{seen::ReplicaStats, times::Taken};

/// A look at the database's queues and connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Batches that wait to be committed.
    pub waiting_batches: usize,
    /// Reads that wait for a reader or a connection.
    pub waiting_reads: usize,
    /// Connections that are open.
    pub connections: usize,
    /// Connections that are at work.
    pub in_use: usize,
    /// Batches committed since the start.
    pub committed: u64,
    /// Commits that carried them; fewer, because those that wait go together.
    pub groups: u64,
    /// Statements that were answered with rows since the start, outside of batches.
    pub reads: u64,
    /// How long reads took since the start, waiting included.
    pub read_times: Taken,
    /// How long batches took from being handed over to being on disk since the start, waiting included.
    pub commit_times: Taken,
    /// SQLite: bytes in the write-ahead log that the next start would read.
    pub wal_bytes: u64,
    /// PostgreSQL: the replica, when there is one.
    pub replica: Option<ReplicaStats>,
}
