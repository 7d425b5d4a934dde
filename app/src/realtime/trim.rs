//! Forgetting old events: they are kept for clients that come back; the content itself stays where it is.

use std::time::Duration;

use folkmoot_store::Batch;

use super::queries;
use crate::core::{App, Result};

/// How often it is looked for old events.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How many are forgotten in one batch: a few milliseconds of the writer.
const AT_ONCE: i64 = 500;
/// The rest between two batches, in which others write.
const REST: Duration = Duration::from_millis(50);
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Trims until the task is ended.
pub(super) async fn trim(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        match trim_now(&app).await {
            Ok(0) => {}
            Ok(events) => tracing::info!(events, "old events were forgotten"),
            Err(error) => tracing::warn!(%error, "old events could not be forgotten"),
        }
    }
}

/// Forgets every event that is older than the operator keeps them, but none from which something must still follow.
/// Answers how many.
///
/// # Errors
/// When the database cannot be written; what was forgotten until then stays forgotten.
pub async fn trim_now(app: &App) -> Result<u64> {
    let before = app.now() - i64::from(app.config.realtime.events_retention_days) * DAY;
    let mut forgotten = 0;
    loop {
        let mut batch = Batch::new();
        let step = batch.push(queries::trim(before, AT_ONCE));
        let done = app.db.commit(batch).await?.rows_affected(step);
        forgotten += done;
        if done == 0 {
            return Ok(forgotten);
        }
        tokio::time::sleep(REST).await;
    }
}
