//! Members post: 64 of them reply over HTTP as fast as they are acknowledged, beside bare SQLite single-row commits.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::baseline::sqlite_commits;
use crate::http::{Connection, post};
use crate::report::Series;
use crate::server::{Server, folder};
use crate::{Options, load, process};

/// Threads that the members reply in.
const THREADS: usize = 16;

/// Runs the scenario.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let folder = folder(options)?;
    let server = Server::start(options, folder.path()).await?;
    let members = members(options, &server, folder.path()).await?;
    let threads = threads(&server, &members[0]).await?;
    let (mut product, mut baseline) = (Series::default(), Series::default());
    for round in 0..options.rounds {
        let before = process::cpu(server.pid())?;
        let requests = replies(server.port, members.clone(), threads.clone(), round);
        let turn = load::run(server.port, members.len(), options.turn(), requests).await?;
        product.add("folkmoot replies", &turn, process::cpu(server.pid())? - before);
        let path = folder.path().to_owned();
        let turn = options.turn();
        baseline.add_rate(
            "SQLite single-row commits",
            tokio::task::spawn_blocking(move || sqlite_commits(&path, turn)).await??,
        );
    }
    println!(
        "{} members over HTTP: {}, {:.1} µs CPU each; SQLite {}; ratio {:.2}",
        members.len(),
        product.told(),
        product.cpu(),
        baseline.told(),
        product.rate() / baseline.rate(),
    );
    println!("resident: {} KB now", process::memory_kb(server.pid(), "VmRSS")?);
    Ok(())
}

/// Makes the members with the command line, as an operator would, and signs each in; gives their headers.
async fn members(options: &Options, server: &Server, folder: &std::path::Path) -> Result<Vec<String>> {
    let mut members = Vec::new();
    for number in 0..options.connections {
        let name = format!("member{number}");
        let mut create = crate::server::command(&options.binary, folder, 0);
        create.args([
            "admin",
            "create",
            "--nickname",
            &name,
            "--email",
            &format!("{name}@example.org"),
            "--password",
            PASSWORD,
        ]);
        if !create.stdout(std::process::Stdio::null()).status()?.success() {
            bail!("{name} could not be made");
        }
        let login = json!({"identifier": name, "password": PASSWORD}).to_string();
        let answer = Connection::open(server.port)
            .await?
            .ask(&post(server.port, "/api/auth/login", "", &login))
            .await?;
        if answer.status != 200 {
            bail!("{name} could not sign in: {}", String::from_utf8_lossy(&answer.body));
        }
        members.push(format!("Cookie: {}\r\n", cookie(&answer.head)?));
    }
    Ok(members)
}

const PASSWORD: &str = "correct-horse-battery";

fn cookie(head: &str) -> Result<String> {
    let pairs = head.split("\r\n").filter_map(|line| line.split_once(": "));
    let set = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value);
    let cookie =
        set.filter_map(|value| value.split(';').next()).find(|pair| pair.starts_with("folkmoot_session="));
    cookie.map(str::to_owned).context("no session cookie")
}

/// Opens threads to reply in, on a board of the bench's own.
async fn threads(server: &Server, member: &str) -> Result<Vec<String>> {
    let port = server.port;
    let mut connection = Connection::open(port).await?;
    let board = json!({"slug": "bench", "title": "Bench"}).to_string();
    let answer = connection.ask(&post(port, "/api/boards", member, &board)).await?;
    anyhow::ensure!(answer.status == 201, "no board: {}", String::from_utf8_lossy(&answer.body));
    let mut threads = Vec::new();
    for number in 0..THREADS {
        let body = json!({"title": format!("Thread {number}"), "body": "Begin."}).to_string();
        let answer = connection.ask(&post(port, "/api/boards/bench/threads", member, &body)).await?;
        anyhow::ensure!(answer.status == 201, "no thread: {}", String::from_utf8_lossy(&answer.body));
        let json: serde_json::Value = serde_json::from_slice(&answer.body)?;
        threads.push(json["thread"]["id"].as_str().context("a thread without id")?.to_owned());
    }
    Ok(threads)
}

fn replies(port: u16, members: Vec<String>, threads: Vec<String>, round: u32) -> Arc<load::Next> {
    let words = "A reply of an ordinary length, as people write them: two or three lines of words, now and then a `name`. ".repeat(2);
    Arc::new(move |connection, sent| {
        let path = format!("/api/threads/{}/posts", threads[connection % threads.len()]);
        let client_id = format!("{round:08x}-0000-4000-8000-{:012x}", (connection as u64) << 32 | sent);
        post(port, &path, &members[connection], &json!({"body": words, "client_id": client_id}).to_string())
    })
}
