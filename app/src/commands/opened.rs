//! The product's parts for a command that reads and writes beside a running server, or without one.

use std::future::Future;
use std::sync::Arc;

use super::Context;
use crate::core::App;
use crate::core::app::Deliver;
use crate::core::clock::Clock;
use crate::core::random::Random;
use crate::server::database;

/// Runs `act` over the database that the settings name, brought up to date. A serving node finds what was appended by
/// its sweep.
///
/// # Errors
/// When the settings are wrong, the database cannot be opened, or `act` fails.
pub(super) fn with_app<T, F: Future<Output = anyhow::Result<T>>>(
    context: &Context,
    act: impl FnOnce(App) -> F,
) -> anyhow::Result<T> {
    super::runtime()?.block_on(async {
        let config = Arc::new(context.load()?.config);
        let db = database::open(&config, false).await?;
        database::migrate(&db).await?;
        let app = App::new(db.clone(), Clock::System, Random::System, config, Deliver::nowhere()).await?;
        let ids = app.ids.clone();
        let lease = tokio::spawn(ids.clone().keep_lease(db.clone()));
        let done = act(app).await;
        lease.abort();
        ids.give_back(&db).await;
        db.close().await;
        done
    })
}
