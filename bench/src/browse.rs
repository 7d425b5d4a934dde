//! Guests read: the home feed, a board's list and thread pages, as JSON and as HTML, beside nginx with the same bytes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::baseline::Nginx;
use crate::http::{Connection, get};
use crate::report::Series;
use crate::server::{Server, folder};
use crate::{Options, load, process};

/// Runs the scenario.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let folder = folder(options)?;
    let server = Server::start(options, folder.path()).await?;
    let kinds = kinds(&server).await?;
    let files = folder.path().join("files");
    fs::create_dir_all(&files)?;
    for (name, paths) in &kinds {
        let copies = copies(&server, name, paths, &files).await?;
        let nginx = Nginx::start(folder.path()).await?;
        let (mut product, mut baseline) = (Series::default(), Series::default());
        for _ in 0..options.rounds {
            let before = process::cpu(server.pid())?;
            let turn =
                load::run(server.port, options.connections, options.turn(), requests(server.port, paths))
                    .await?;
            product.add(&format!("folkmoot {name}"), &turn, process::cpu(server.pid())? - before);
            let before = nginx.cpu()?;
            let turn =
                load::run(nginx.port, options.connections, options.turn(), requests(nginx.port, &copies))
                    .await?;
            baseline.add(&format!("nginx    {name}"), &turn, nginx.cpu()? - before);
        }
        println!(
            "{name}: folkmoot {}, {:.1} µs CPU each; nginx {}, {:.1} µs; ratio of CPU {:.1}\n",
            product.told(),
            product.cpu(),
            baseline.told(),
            baseline.cpu(),
            product.cpu() / baseline.cpu(),
        );
    }
    println!("resident: {} KB now", process::memory_kb(server.pid(), "VmRSS")?);
    Ok(())
}

/// The kinds of reading, each with the addresses it goes round.
async fn kinds(server: &Server) -> Result<Vec<(&'static str, Vec<String>)>> {
    let feed = server.json("/api/posts?limit=50").await?;
    let threads = feed["items"].as_array().context("the feed has no items")?;
    let json = threads.iter().filter_map(|t| Some(format!("/api/threads/{}", t["id"].as_str()?))).collect();
    let html = threads.iter().filter_map(page).collect();
    Ok(vec![
        ("thread JSON", json),
        ("thread HTML", html),
        ("list JSON", vec![String::from("/api/posts")]),
        ("list HTML", vec![String::from("/")]),
    ])
}

fn page(thread: &Value) -> Option<String> {
    let url = thread["url"].as_str()?;
    Some(url.find("/threads/").map_or(url, |at| &url[at..]).to_owned())
}

/// Saves what the server answers, so that nginx serves the same bytes.
async fn copies(server: &Server, name: &str, paths: &[String], files: &Path) -> Result<Vec<String>> {
    let mut connection = Connection::open(server.port).await?;
    let mut copies = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let answer = connection.ask(&get(server.port, path, "")).await?;
        anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
        let file = format!("{}-{number}", name.replace(' ', "-"));
        fs::write(files.join(&file), &answer.body)?;
        copies.push(format!("/{file}"));
    }
    Ok(copies)
}

fn requests(port: u16, paths: &[String]) -> Arc<load::Next> {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| get(port, path, "")).collect();
    Arc::new(move |connection, sent| {
        let turn = connection + usize::try_from(sent).unwrap_or(0);
        requests[turn % requests.len()].clone()
    })
}
