//! What runs beside requests: views and counts are written, old HTML is rendered again.

use std::time::Duration;

use super::{counts, render, views};
use crate::core::{App, Result};

/// How often what happened is added to counts.
const EVERY: Duration = Duration::from_secs(1);
/// After how many rounds views are written.
const VIEWS_EVERY: u32 = 10;
/// After how many rounds old HTML is looked for again: an older node beside this one may have written some.
const STALE_EVERY: u32 = 300;

/// Runs until it is dropped. A failure is logged and tried again in the next round.
pub async fn run(app: App) {
    let mut stale_posts = true;
    for round in 0_u32.. {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = add_counts(&app).await {
            tracing::warn!(%error, "counts could not be brought up to date");
        }
        if round.is_multiple_of(VIEWS_EVERY)
            && let Err(error) = views::flush(&app).await
        {
            tracing::warn!(%error, "views could not be written");
        }
        if stale_posts || round.is_multiple_of(STALE_EVERY) {
            match render::render_old(&app).await {
                Ok(rendered) => stale_posts = rendered > 0,
                Err(error) => tracing::warn!(%error, "old posts could not be rendered again"),
            }
        }
    }
}

/// Writes what is left, before the process ends.
///
/// # Errors
/// When the database cannot be written.
pub async fn finish(app: &App) -> Result<()> {
    views::flush(app).await?;
    add_counts(app).await
}

async fn add_counts(app: &App) -> Result<()> {
    while counts::add_pending(app).await? > 0 {}
    Ok(())
}
