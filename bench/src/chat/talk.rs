//! Conversations and the sockets in them.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::wire::{self, Wire};
use crate::people::{act, name};
use crate::server::Server;

/// How many are named in one request.
const NAMED: usize = 50;
/// How many sockets are opened at the same time, where nothing is measured.
const AT_ONCE: usize = 32;

/// Opens a conversation of these members, given by their numbers: with two it is direct.
pub(crate) async fn gather(server: &Server, members: &[String], among: &[usize]) -> Result<String> {
    let (first, others) = among.split_first().context("nobody")?;
    let names: Vec<String> = others.iter().map(|number| name(*number)).collect();
    let mut chunks = names.chunks(NAMED);
    let mut opening = json!({"members": chunks.next().unwrap_or_default()});
    if others.len() > 1 {
        opening["title"] = json!("Bench");
    }
    let opened = act(server, &members[*first], "/api/conversations", &opening).await?;
    let id = opened["conversation"]["id"].as_str().context("a conversation without id")?.to_owned();
    for chunk in chunks {
        let path = format!("/api/conversations/{id}/members");
        act(server, &members[*first], &path, &json!({"nicknames": chunk})).await?;
    }
    Ok(id)
}

/// A frame that sends a message.
pub(crate) fn sending(conversation: &str, client_id: &str, body: &str) -> String {
    let payload = json!({"conversation_id": conversation, "client_id": client_id, "body": body});
    json!({"type": "send_message", "payload": payload}).to_string()
}

/// The name of a send: different for each sender, round and number.
pub(crate) fn client_id(sender: usize, round: u32, number: u64) -> String {
    format!("{sender:08x}-{:04x}-4000-8000-{number:012x}", round & 0xffff)
}

/// Says hello and hears everything up to where one's own stream is followed; gives `welcome` and that stream's head.
pub(crate) async fn greet(wire: &mut Wire, hello: &Value) -> Result<(Value, String, i64)> {
    wire.say(&json!({"type": "hello", "payload": hello}).to_string()).await?;
    let welcome: Value = serde_json::from_slice(&wire.hear_of("\"welcome\"").await?)?;
    let own = format!("user:{}", welcome["payload"]["user"]["id"].as_str().context("nobody is signed in")?);
    let subscribed: Value = serde_json::from_slice(&wire.hear_of("\"subscribed\"").await?)?;
    let head = subscribed["payload"]["head"].as_i64().context("a stream without a head")?;
    Ok((welcome["payload"].clone(), own, head))
}

/// Opens so many sockets, shared out among members; each follows its person's conversations when this ends.
pub(crate) async fn sockets(server: &Server, members: &[String], count: usize) -> Result<Vec<Wire>> {
    let mut wires = Vec::with_capacity(count);
    let mut opening = JoinSet::new();
    for number in 0..count {
        let (port, member) = (server.port, members[number % members.len()].clone());
        opening.spawn(async move {
            let mut wire = wire::open(port, number, &member).await?;
            greet(&mut wire, &json!({"cursors": {}})).await?;
            anyhow::Ok((number, wire))
        });
        if opening.len() >= AT_ONCE {
            wires.extend(opening.join_next().await.transpose()?.transpose()?);
        }
    }
    while let Some(opened) = opening.join_next().await {
        wires.push(opened??);
    }
    wires.sort_by_key(|(number, _)| *number);
    Ok(wires.into_iter().map(|(_, wire)| wire).collect())
}

/// What everybody does once has been done: what was asked of the server before is not measured.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}
