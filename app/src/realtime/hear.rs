//! What a client says, and what is done about it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Instant;

use axum::extract::ws::Utf8Bytes;
use serde_json::json;

use super::close::Close;
use super::follow::follow_all;
use super::greet::greet;
use super::look::Wanted;
use super::presence;
use super::protocol::{self, Asked, Said, Subscribe, Unsubscribe, Watch};
use super::socket::{End, Socket};
use super::wiring::Relay;
use crate::core::streams::Stream;
use crate::core::{Error, id_types};

/// What following one stream costs of the allowance: a few reads of the database. Leaving one costs the same, so that
/// a frame with thousands of names is not had for the price of one.
const COST_OF_STREAM: f32 = 0.125;

/// Does what one frame asks for.
///
/// # Errors
/// When the connection ends: on purpose after garbage or too much.
pub(super) fn hear(socket: &mut Socket, text: Utf8Bytes) -> Hearing<'_> {
    Box::pin(heard(socket, text))
}

/// Boxed, because a socket that hears nothing should not keep room for what it might.
pub(super) type Hearing<'a> = Pin<Box<dyn Future<Output = Result<(), End>> + Send + 'a>>;

async fn heard(socket: &mut Socket, text: Utf8Bytes) -> Result<(), End> {
    socket.peer.act(socket.node.seconds());
    if !socket.allowance.spend(1.0, Instant::now()) {
        return Err(End::Close(Close::TOO_MANY));
    }
    let said = Said::read(&text).ok_or(End::Close(Close::MALFORMED))?;
    drop(text);
    match (said.kind == "hello", socket.peer.is_greeted()) {
        (true, true) => return deny(socket, "hello_again", "You have said hello already.").await,
        (false, false) => return deny(socket, "hello_first", "Say hello first.").await,
        _ => {}
    }
    match said.understood() {
        Ok(Asked::Hello(hello)) => greet(socket, hello).await,
        Ok(Asked::Subscribe(subscribe)) => follow_after(socket, subscribe).await,
        Ok(Asked::Unsubscribe(unsubscribe)) => leave(socket, unsubscribe).await,
        Ok(Asked::Watch(shown)) => watch(socket, shown).await,
        Ok(Asked::Other(said)) => pass_on(socket, said).await,
        Err(why) => deny(socket, "malformed", &why).await,
    }
}

async fn deny(socket: &mut Socket, code: &str, why: &str) -> Result<(), End> {
    socket.send(vec![protocol::error(code, why, None)]).await
}

async fn follow_after(socket: &mut Socket, subscribe: Subscribe) -> Result<(), End> {
    let same = subscribe.epoch.is_none_or(|theirs| *theirs == *socket.node.app.epoch());
    let wanted = named(socket, subscribe.streams, same).await?;
    follow_all(socket, &wanted).await
}

/// The streams of these names, from numbers of this epoch; what is none, or of another epoch, is told.
pub(super) async fn named(
    socket: &mut Socket,
    streams: BTreeMap<String, i64>,
    same: bool,
) -> Result<Vec<Wanted>, End> {
    let mut wanted = Vec::with_capacity(streams.len());
    for (name, seq) in streams {
        if !socket.allowance.spend(COST_OF_STREAM, Instant::now()) {
            return Err(End::Close(Close::TOO_MANY));
        }
        match Stream::parse(&name) {
            Some(stream) if same => wanted.push((stream, Some(seq))),
            Some(_) => {
                socket.node.counters.resynced.inc();
                socket.send(vec![protocol::about_name("resync", &name)]).await?;
            }
            None => {
                let why = "There is no such stream, or it is not for you.";
                socket.refuse("not_found", why, &name).await?;
            }
        }
    }
    Ok(wanted)
}

async fn leave(socket: &mut Socket, unsubscribe: Unsubscribe) -> Result<(), End> {
    for name in unsubscribe.streams {
        if !socket.allowance.spend(COST_OF_STREAM, Instant::now()) {
            return Err(End::Close(Close::TOO_MANY));
        }
        if let Some(stream) = Stream::parse(&name) {
            socket.node.hub.leave(stream, &socket.peer);
        }
    }
    Ok(())
}

/// Who is on screen: whether these are here is told from now on.
async fn watch(socket: &mut Socket, shown: Watch) -> Result<(), End> {
    let ids: Option<Vec<i64>> = shown.people.iter().map(|id| id_types::parse(id).ok()).collect();
    let Some(ids) = ids else { return deny(socket, "malformed", "watch: ids are numbers as text").await };
    if ids.len() > presence::MOST {
        return deny(socket, "too_many_people", "Watch fewer at a time.").await;
    }
    let (node, peer) = (socket.node.clone(), socket.peer.clone());
    match presence::watch(&node, &peer, ids).await {
        Ok(()) => Ok(()),
        Err(error) => tell(socket, "watch", error).await,
    }
}

/// What another slice understands.
async fn pass_on(socket: &mut Socket, said: Said) -> Result<(), End> {
    if let Some(relay) = socket.node.wiring.relays.get(said.kind.as_str()).copied() {
        return pass_to_others(socket, relay, said).await;
    }
    let Some(hear) = socket.node.wiring.hears.get(said.kind.as_str()).copied() else {
        let why = format!("Frames of type {:?} mean nothing here.", said.kind);
        return deny(socket, "unknown_type", &why).await;
    };
    let answer = hear(socket.node.app.clone(), socket.peer.identity, said.payload).await;
    match answer {
        Ok(Some((kind, payload))) => socket.send(vec![protocol::frame(kind, &payload)]).await,
        Ok(None) => Ok(()),
        Err(error) => tell(socket, &said.kind, error).await,
    }
}

/// What is not kept, and not answered.
async fn pass_to_others(socket: &mut Socket, relay: Relay, said: Said) -> Result<(), End> {
    match relay(socket.node.app.clone(), socket.peer.identity, said.payload).await {
        Ok(Some((stream, payload))) => {
            socket.node.flash(stream, &protocol::frame_on(&said.kind, stream, &payload));
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(error) => tell(socket, &said.kind, error).await,
    }
}

/// Tells that something was not done.
async fn tell(socket: &mut Socket, kind: &str, error: Error) -> Result<(), End> {
    let problem = error.problem();
    if let Some(cause) = &problem.cause {
        tracing::error!(%cause, kind, "a frame could not be answered");
    }
    let mut payload = json!({"code": problem.code, "detail": problem.detail});
    if !problem.errors.is_empty() {
        payload["errors"] = json!(problem.errors);
    }
    socket.send(vec![protocol::frame("error", &payload)]).await
}
