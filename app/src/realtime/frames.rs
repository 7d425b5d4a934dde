//! From an event to the frame that everyone who follows its stream gets: built once, shared by all.

use axum::extract::ws::Utf8Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
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
    /// What it does to those who follow the stream.
    pub(super) effect: Effect,
}

/// What an event does to those who follow its stream, before they get it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Effect {
    /// Nothing.
    #[default]
    None,
    /// The stream may be for fewer people from here on: each follower's right is asked again.
    Gate,
    /// From here on it is not for this person.
    Removes(i64),
    /// Its followers also follow this stream from now on, after this number.
    Begins(Stream, i64),
}

/// Builds the frame of an event from the rows as they are now.
pub(super) async fn build(app: &App, wiring: &Wiring, event: &Appended) -> Result<Frame> {
    let Appended { stream, seq, .. } = *event;
    let payload = match (stream, wiring.shows.get(event.kind.as_str())) {
        // Between nodes the fact itself is the message.
        (Stream::Rights, _) => Some(fact(event)),
        (_, Some(show)) => shown(app, *show, event).await?,
        // A kind of a newer release.
        (_, None) => None,
    };
    let text = match &payload {
        Some(payload) => protocol::event(&event.kind, stream, seq, Some(payload)),
        None => protocol::event("nothing", stream, seq, None),
    };
    Ok(Frame { stream, seq, text, effect: effect(wiring, event, payload.as_ref()) })
}

impl Frame {
    /// An event that is not for whoever gets this.
    pub(super) fn nothing(event: &Appended) -> Self {
        let Appended { stream, seq, .. } = *event;
        Self { stream, seq, text: protocol::event("nothing", stream, seq, None), effect: Effect::None }
    }
}

fn effect(wiring: &Wiring, event: &Appended, payload: Option<&Value>) -> Effect {
    let kind = event.kind.as_str();
    let removes = || wiring.removes.get(kind).and_then(|removes| removes(event));
    let begins = || wiring.begins.get(kind).and_then(|begins| begins(event, payload?));
    if wiring.gates.contains(kind) {
        Effect::Gate
    } else if let Some(person) = removes() {
        Effect::Removes(person)
    } else if let Some((stream, seq)) = begins() {
        Effect::Begins(stream, seq)
    } else {
        Effect::None
    }
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
