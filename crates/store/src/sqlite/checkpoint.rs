//! Copies the write-ahead log into the file beside the writer, and keeps it bounded although readers
//! never rest.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, wal::CheckpointMode};
use tokio::sync::oneshot;

use super::{connection::open_writer, gate::Gate};

/// The log is copied each time it has grown by this much.
const COPY_EVERY: u64 = 4 << 20;

/// Past this size the readers are held until the log is empty.
const TOO_LONG: u64 = 32 << 20;

/// For how long the readers are held at first; doubled as long as it was not enough.
const PATIENCE: Duration = Duration::from_millis(50);

/// The longest that readers are held: as long as a snapshot may last, so that it is enough at last.
const MOST_PATIENCE: Duration = crate::db::SNAPSHOT_LIMIT;

/// What each page costs in the log besides itself.
const FRAME_HEADER: u64 = 24;

enum Order {
    Copy,
    Close(oneshot::Sender<()>),
}

/// The way to the checkpoint thread.
pub(super) struct Checkpointer {
    bytes: Arc<AtomicU64>,
    noticed: AtomicU64,
    orders: SyncSender<Order>,
}

impl Checkpointer {
    pub(super) fn start(path: &Path, gate: Arc<Gate>) -> Result<Arc<Self>, rusqlite::Error> {
        let conn = open_writer(path)?;
        // A checkpoint that cannot have its way at once is tried again after the next 4 MB.
        conn.busy_timeout(PATIENCE)?;
        let bytes = Arc::new(AtomicU64::new(0));
        let (orders, todo) = sync_channel(1);
        let mut thread = CheckpointThread { conn, gate, bytes: Arc::clone(&bytes), patience: PATIENCE };
        thread::Builder::new()
            .name("store-copy".to_owned())
            .spawn(move || thread.serve(&todo))
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(Arc::new(Self { bytes, noticed: AtomicU64::new(0), orders }))
    }

    /// Learns from the writer's connection how long the log is.
    pub(super) fn watch(&self, conn: &mut Connection) -> Result<(), rusqlite::Error> {
        let page: u32 = conn.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        let page = u64::from(page);
        let bytes = Arc::clone(&self.bytes);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            bytes.store(u64::try_from(pages).unwrap_or(0) * (page + FRAME_HEADER), Ordering::Relaxed);
            Ok(())
        }))
    }

    /// Has the log copied when it has grown enough since the last time.
    pub(super) fn after_commit(&self) {
        let (bytes, noticed) = (self.bytes(), self.noticed.load(Ordering::Relaxed));
        if bytes < noticed {
            // It was copied whole, and the writer began at its start again.
            self.noticed.store(0, Ordering::Relaxed);
        } else if bytes - noticed >= COPY_EVERY {
            self.noticed.store(bytes, Ordering::Relaxed);
            self.copy();
        }
    }

    /// Has the log copied now.
    pub(super) fn copy(&self) {
        // One order that still waits is enough.
        self.orders.try_send(Order::Copy).ok();
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Empties the log and ends the thread.
    pub(super) async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        let orders = self.orders.clone();
        let sent = tokio::task::spawn_blocking(move || orders.send(Order::Close(closed)).is_ok()).await;
        if sent.unwrap_or(false) {
            is_closed.await.ok();
        }
    }
}

struct CheckpointThread {
    conn: Connection,
    gate: Arc<Gate>,
    bytes: Arc<AtomicU64>,
    patience: Duration,
}

impl CheckpointThread {
    fn serve(&mut self, todo: &Receiver<Order>) {
        while let Ok(order) = todo.recv() {
            match order {
                Order::Copy => self.copy(),
                Order::Close(closed) => {
                    self.empty();
                    closed.send(()).ok();
                    return;
                }
            }
        }
    }

    fn copy(&mut self) {
        self.checkpoint(CheckpointMode::PASSIVE);
        if self.bytes.load(Ordering::Relaxed) > TOO_LONG {
            let started = Instant::now();
            let gate = Arc::clone(&self.gate);
            let emptied = gate.close(self.patience).is_some_and(|_held| self.empty());
            self.patience = if emptied { PATIENCE } else { (self.patience * 2).min(MOST_PATIENCE) };
            tracing::debug!(emptied, took_us = started.elapsed().as_micros() as u64, "readers were held");
        }
    }

    fn empty(&self) -> bool {
        let emptied = self.checkpoint(CheckpointMode::TRUNCATE);
        if emptied {
            self.bytes.store(0, Ordering::Relaxed);
        }
        emptied
    }

    fn checkpoint(&self, mode: CheckpointMode) -> bool {
        match self.conn.wal_checkpoint_v2(Some("main"), mode) {
            Ok(_) => true,
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => false,
            Err(error) => {
                tracing::error!(%error, "the write-ahead log could not be copied");
                false
            }
        }
    }
}
