//! From an event to the frame that everyone who follows its stream gets: built once, shared by all.

use axum::extract::ws::Utf8Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::protocol;
use super::wiring::{Boxed, Show, Wiring};
use crate::core::events::Appended;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// How many events are built at the same time for one reader.
const AT_ONCE: usize = 8;

/// A durable event, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) stream: Stream,
    pub(super) seq: i64,
    pub(super) text: Utf8Bytes,
    /// Whether fewer people may follow the stream from here on.
    pub(super) gate: bool,
}

/// Builds the frame of an event from the rows as they are now.
pub(super) async fn build(app: &App, wiring: &Wiring, event: &Appended) -> Result<Frame> {
    let Appended { stream, seq, .. } = *event;
    let text = match (stream, wiring.shows.get(event.kind.as_str())) {
        // Between nodes the fact itself is the message.
        (Stream::Rights, _) => protocol::event(&event.kind, stream, seq, Some(&fact(event))),
        (_, Some(show)) => match shown(app, *show, event).await? {
            Some(payload) => protocol::event(&event.kind, stream, seq, Some(&payload)),
            None => protocol::event("nothing", stream, seq, None),
        },
        // A kind of a newer release.
        (_, None) => protocol::event("nothing", stream, seq, None),
    };
    Ok(Frame { stream, seq, text, gate: wiring.gates.contains(event.kind.as_str()) })
}

/// A mistake of ours in showing one event must not hold up the stream for ever; a database that is away may.
async fn shown(app: &App, show: Show, event: &Appended) -> Result<Option<Value>> {
    match show(app, event).await {
        Err(error) if !matches!(error, Error::Unavailable { .. }) => {
            let Appended { stream, seq, kind, .. } = event;
            tracing::error!(%error, %stream, seq, kind, "an event cannot be shown");
            Ok(None)
        }
        other => other,
    }
}

fn fact(event: &Appended) -> Value {
    json!({"subject": event.subject, "facts": event.facts})
}

/// Builds the frames of several events, in their order.
pub(super) async fn build_all(app: &App, wiring: &Wiring, events: &[Appended]) -> Result<Vec<Frame>> {
    let building: Vec<Boxed<'_, Frame>> =
        events.iter().map(|event| Box::pin(build(app, wiring, event)) as Boxed<'_, Frame>).collect();
    stream::iter(building).buffered(AT_ONCE).try_collect().await
}
