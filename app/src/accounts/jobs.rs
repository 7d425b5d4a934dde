//! Work of its own accord: what has run out is taken away.

use std::time::Duration;

use folkmoot_store::Batch;

use super::attempts::Attempts;
use super::events;
use super::outcomes::{self, CHANGED};
use super::queries::{links, sessions};
use super::site;
use crate::core::events::Write;
use crate::core::{App, Result};

/// How often it is done.
const EVERY: Duration = Duration::from_secs(60);
/// The most sessions that end in one commit.
const AT_ONCE: i64 = 500;
/// For how long it is kept that a link was used or ran out, in milliseconds.
const KEEP_LINKS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Takes away what has run out, and looks how the community is called by now, for as long as the task lives. What fails
/// is logged and tried again.
pub async fn keep_tidy(app: App) {
    loop {
        if let Err(error) = site::site(&app).await {
            tracing::warn!(%error, "the community's name could not be read");
        }
        if let Err(error) = tidy(&app).await {
            tracing::warn!(%error, "sessions and links that ran out could not be taken away");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Takes away, once, sessions, tokens and links that ran out, and counts that drained.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn tidy(app: &App) -> Result<()> {
    while end_expired_sessions(app).await? == AT_ONCE {}
    let mut batch = Batch::new();
    batch.push(links::delete_old(app.now() - KEEP_LINKS));
    app.db.commit(batch).await?;
    app.part::<Attempts>()?.forget_drained(app.now());
    Ok(())
}

/// Ends sessions whose time is over, with the event by which their sockets are closed; tells how many.
async fn end_expired_sessions(app: &App) -> Result<i64> {
    let now = app.now();
    let expired = sessions::expired(&app.db, now, AT_ONCE).await?;
    if expired.is_empty() {
        return Ok(0);
    }
    let count = i64::try_from(expired.len()).unwrap_or(AT_ONCE);
    let mut write = Write::new(None, now);
    // Another node may be doing the same: then one of the two finds fewer than it read, and leaves it to the other.
    let all = u64::try_from(count).unwrap_or_default();
    write.push(sessions::delete_expired(&expired, now).expect_rows(all).or(CHANGED));
    write.record(events::sessions_ended(&expired));
    match app.commit(write).await {
        Ok(_) => Ok(count),
        Err(error) => outcomes::missed(error).map(|_| 0),
    }
}
