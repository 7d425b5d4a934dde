//! What runs beside the requests, and which event leads where.

use tokio::sync::mpsc;

use super::{Server, releases};
use crate::accounts;
use crate::core::events::Appended;

/// Starts what runs as long as the server does.
///
/// # Errors
/// When a part cannot be made.
pub async fn start(server: &Server, events: mpsc::UnboundedReceiver<Vec<Appended>>) -> anyhow::Result<()> {
    let app = server.app.clone();
    server.lifecycle.spawn_until_stopped(app.ids.clone().keep_lease(app.db.clone()));
    server.lifecycle.spawn_until_stopped(publish_release(server.clone()));
    accounts::prepare(&app)?;
    server.lifecycle.spawn_until_stopped(accounts::jobs::keep_tidy(app));
    drop(events);
    Ok(())
}

/// Puts this binary's client into the database once. A failure costs only tabs of this release that meet another node.
async fn publish_release(server: Server) {
    if server.assets.is_changing() {
        return;
    }
    if let Err(error) = releases::publish(&server.app.db, &server.app.clock, &server.assets.release).await {
        tracing::warn!(cause = %error, "the client's files could not be put into the database");
    }
}
