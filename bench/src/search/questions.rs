//! Whether people find what they look for: questions with the topics that answer them, which must be among the first five
//! results.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::first;
use crate::figures::{Better, Figure, Row, Side};
use crate::http::{Connection, get, header};
use crate::server::Server;

#[derive(Deserialize)]
struct List {
    question: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    q: String,
    /// The numbers that the topics had where they come from; any one of them is right.
    topics: Vec<u64>,
}

/// Asks all of them.
///
/// # Errors
/// When the list cannot be read, or a topic is not here.
pub(super) async fn ask(server: &Server, list: &Path) -> Result<Row> {
    let text = std::fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let List { question } = toml::from_str(&text)?;
    let (mut first_of_all, mut among_five) = (0, 0);
    for Asked { q, topics } in &question {
        let mut threads = Vec::new();
        for topic in topics {
            threads.push(thread_of(server, *topic).await?);
        }
        let found = first(server, q).await?;
        let found: Vec<&str> = found.iter().filter_map(|item| item["thread"]["id"].as_str()).collect();
        let place = found.iter().position(|id| threads.iter().any(|thread| thread == id));
        match place {
            Some(0) => first_of_all += 1,
            Some(_) => {}
            None => println!("not among the first five: {q}"),
        }
        among_five += u32::from(place.is_some());
    }
    let all = format!("of {}", question.len());
    let figures = [
        Figure::once("among the first five", &all, Better::Higher, f64::from(among_five)),
        Figure::once("the very first", &all, Better::Higher, f64::from(first_of_all)),
    ];
    let what = format!("{} questions of members, on SQLite", question.len());
    Ok(Row::alone("search", &what, Side::new("folkmoot", figures.map(Some))))
}

/// The thread that a topic became: its old address leads there.
async fn thread_of(server: &Server, topic: u64) -> Result<String> {
    let request = get(server.port, &format!("/t/{topic}"), "");
    let answer = Connection::open(server.port).await?.ask(&request).await?;
    let place = header(&answer.head, "location").and_then(|place| place.split("/threads/").nth(1));
    let id = place.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    id.filter(|id| !id.is_empty()).with_context(|| format!("topic {topic} is not here"))
}
