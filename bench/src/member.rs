//! Members read with their marks, beside guests who read the same; and the history of their own conversations.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::json;

use crate::bench::{Bench, Place, keep_memory};
use crate::chat::talk::{client_id, gather};
use crate::figures::Row;
use crate::load;
use crate::pages::{BROWSER, Kind, Threads, requests};
use crate::people::act;
use crate::process::Watch;
use crate::report::Series;
use crate::server::Server;

/// Who reads.
const READERS: usize = 8;
/// Threads in which each of them has read already.
const MARKED: usize = 50;
/// Messages of the conversation.
const SAID: u64 = 60;
/// What is read.
const READ: [&str; 4] = ["a thread, JSON", "a thread, HTML", "the home feed, JSON", "the home page, HTML"];

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let place = bench.lived_in().await?;
    let server = Server::start(&bench.options, place.path()).await?;
    let readers: Vec<String> =
        place.members[..READERS].iter().map(|member| format!("{member}{BROWSER}")).collect();
    let threads = Threads::of(&server).await?;
    mark(&server, &place, &threads).await?;
    server.settle().await?;
    for kind in threads.kinds().iter().filter(|kind| READ.contains(&kind.name)) {
        let (mut members, mut guests) = (Series::default(), Series::default());
        for _ in 0..bench.options.rounds {
            turn(bench, &mut members, &format!("member   {}", kind.name), &server, kind, &readers).await?;
            turn(
                bench,
                &mut guests,
                &format!("guest    {}", kind.name),
                &server,
                kind,
                &[BROWSER.to_owned()],
            )
            .await?;
        }
        keep_memory(&mut members, server.pid())?;
        let (members, guests) = (members.side("member"), guests.side("guest"));
        bench.results.add(Row::beside(
            "member",
            &format!("{}, with marks", kind.name),
            members,
            guests,
            "CPU each",
        ));
    }
    let talk = talk(&server, &place).await?;
    let history =
        Kind { name: "history", paths: vec![format!("/api/conversations/{talk}/messages?limit=50")] };
    let mut series = Series::default();
    for _ in 0..bench.options.rounds {
        turn(bench, &mut series, "member   fifty messages, JSON", &server, &history, &readers[..2]).await?;
    }
    bench.results.add(Row::alone("member", "fifty messages of a conversation, JSON", series.side("member")));
    Ok(())
}

async fn turn(
    bench: &Bench,
    series: &mut Series,
    name: &str,
    server: &Server,
    kind: &Kind,
    headers: &[String],
) -> Result<()> {
    let of_each: Vec<_> = headers.iter().map(|headers| requests(server.port, &kind.paths, headers)).collect();
    let next: Arc<load::Next> =
        Arc::new(move |connection, sent| of_each[connection % of_each.len()](connection, sent));
    let watch = Watch::of(server.pid())?;
    let turn = load::run(server.port, bench.options.connections, bench.options.turn(), next).await?;
    series.add(name, &turn, watch.used()?);
    Ok(())
}

/// The readers have read the beginnings of threads.
async fn mark(server: &Server, place: &Place, threads: &Threads) -> Result<()> {
    for thread in threads.ids.iter().take(MARKED) {
        let read = server.json(&format!("/api/threads/{thread}")).await?;
        let post = read["posts"]["items"][0]["id"].as_str().context("a thread without posts")?;
        for member in &place.members[..READERS] {
            act(server, member, &format!("/api/threads/{thread}/read"), &json!({"post_id": post})).await?;
        }
    }
    Ok(())
}

/// Two of them have talked.
async fn talk(server: &Server, place: &Place) -> Result<String> {
    let talk = gather(server, &place.members, &[0, 1]).await?;
    for number in 0..SAID {
        let message =
            json!({"body": "A line or two, as people say them.", "client_id": client_id(0, 0, number)});
        act(server, &place.members[0], &format!("/api/conversations/{talk}/messages"), &message).await?;
    }
    Ok(talk)
}
