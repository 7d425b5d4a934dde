//! What this node counts of chat, for `/metrics`.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

use crate::core::parts::Part;
use crate::core::{App, Result};

/// Sums since the node started.
#[derive(Default)]
struct Counts {
    sent: Counter,
}

impl Part for Counts {
    fn make(_app: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// A message was sent.
///
/// # Errors
/// When the counters cannot be had.
pub(super) fn sent(app: &App) -> Result<()> {
    app.part::<Counts>()?.sent.inc();
    Ok(())
}

/// What adds these sums to a registry.
///
/// # Errors
/// When the counters cannot be had.
pub fn register(app: &App) -> Result<impl FnOnce(&mut Registry) + use<>> {
    let sent = app.part::<Counts>()?.sent.clone();
    Ok(move |registry: &mut Registry| {
        registry.register("messages_sent", "Private messages that were accepted", sent);
    })
}
