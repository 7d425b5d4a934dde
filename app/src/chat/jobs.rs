//! What runs beside requests: old HTML is rendered again.

use std::time::Duration;

use super::words;
use crate::core::App;

/// How long to rest between two batches.
const REST: Duration = Duration::from_secs(1);
/// How long until old HTML is looked for again: an older node beside this one may have written some.
const LATER: Duration = Duration::from_secs(5 * 60);

/// Runs until it is dropped. A failure is logged and tried again.
pub async fn run(app: App) {
    loop {
        let rest = match words::render_old(&app).await {
            Ok(0) => LATER,
            Ok(_) => REST,
            Err(error) => {
                tracing::warn!(%error, "old messages could not be rendered again");
                LATER
            }
        };
        tokio::time::sleep(rest).await;
    }
}
