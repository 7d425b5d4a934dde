//! What readers ask for: pages of a community, popular ones often.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::http::{Connection, get};
use crate::load::Next;
use crate::server::Server;

/// How many threads are read.
const THREADS: usize = 300;
/// How many requests a round trip through all has, before it begins again.
const ROUND: usize = 4096;

/// What browsers say that they take.
pub(crate) const BROWSER: &str = "Accept-Encoding: gzip, deflate, br, zstd\r\n";

/// A kind of page, and the addresses of its pages, the most popular first.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) paths: Vec<String>,
}

/// Threads with ids and paths of their pages, the newest first, as they stand on the home feed.
pub(crate) struct Threads {
    pub(crate) ids: Vec<String>,
    pages: Vec<String>,
    boards: Vec<Named>,
    people: Vec<Named>,
}

/// A name with the path of its page.
#[derive(PartialEq)]
struct Named {
    name: String,
    page: String,
}

impl Threads {
    /// Reads the home feed until there are enough.
    pub(crate) async fn of(server: &Server) -> Result<Self> {
        let mut threads = Self { ids: Vec::new(), pages: Vec::new(), boards: Vec::new(), people: Vec::new() };
        let mut path = String::from("/api/posts?limit=50");
        while threads.ids.len() < THREADS {
            let feed = server.json(&path).await?;
            for thread in feed["items"].as_array().context("the feed has no items")? {
                threads.take(thread).context("a thread without id, page, board or author")?;
            }
            let Some(next) = feed["next"].as_str() else { break };
            path = format!("/api/posts?limit=50&cursor={next}");
        }
        Ok(threads)
    }

    fn take(&mut self, thread: &Value) -> Option<()> {
        self.ids.push(thread["id"].as_str()?.to_owned());
        self.pages.push(path(thread["url"].as_str()?).to_owned());
        once(&mut self.boards, &thread["board"], "slug")?;
        once(&mut self.people, &thread["author"], "nickname")
    }

    /// A board with recent threads.
    pub(crate) fn board(&self) -> Option<&str> {
        self.boards.first().map(|board| board.name.as_str())
    }

    /// Somebody who opened a recent thread.
    pub(crate) fn person(&self) -> Option<&str> {
        self.people.first().map(|person| person.name.as_str())
    }

    /// Everything that guests read.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        let threads = self.ids.iter().map(|id| format!("/api/threads/{id}")).collect();
        let boards = self.boards.iter().map(|board| format!("/api/boards/{}/threads", board.name)).collect();
        let people = self.people.iter().map(|person| format!("/api/users/{}", person.name)).collect();
        let pages = |some: &[Named]| some.iter().map(|one| one.page.clone()).collect();
        let kind = |name, paths| Kind { name, paths };
        vec![
            kind("a thread, JSON", threads),
            kind("a thread, HTML", self.pages.clone()),
            kind("a board's threads, JSON", boards),
            kind("a board's page, HTML", pages(&self.boards)),
            kind("the home feed, JSON", vec![String::from("/api/posts")]),
            kind("the home page, HTML", vec![String::from("/")]),
            kind("a profile, JSON", people),
            kind("a profile's page, HTML", pages(&self.people)),
        ]
    }
}

fn once(some: &mut Vec<Named>, one: &Value, name: &str) -> Option<()> {
    let one = Named { name: one[name].as_str()?.to_owned(), page: path(one["url"].as_str()?).to_owned() };
    if !some.contains(&one) {
        some.push(one);
    }
    Some(())
}

/// The path of an address.
fn path(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    url[after..].find('/').map_or(url, |at| &url[after + at..])
}

/// Asks for pages by Zipf's law: the second half as often as the first. Each connection begins elsewhere.
pub(crate) fn requests(port: u16, paths: &[String], headers: &str) -> Arc<Next> {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| get(port, path, headers)).collect();
    let order = zipf(requests.len());
    Arc::new(move |connection, sent| {
        let turn = connection * 61 + usize::try_from(sent).unwrap_or(0);
        requests[order[turn % order.len()]].clone()
    })
}

/// Numbers below `count`, as often as Zipf's law says, well mixed and the same each time.
pub(crate) fn zipf(count: usize) -> Vec<usize> {
    let all: f64 = (1..=count).map(|rank| 1.0 / rank as f64).sum();
    let mut order = Vec::with_capacity(ROUND);
    for rank in 0..count {
        let times = (ROUND as f64 / all / (rank + 1) as f64).round().max(1.0);
        order.extend(std::iter::repeat_n(rank, times as usize));
    }
    // Steps of a prime that does not divide the length reach every place once.
    let length = order.len();
    let step = [2039, 1021, 509].into_iter().find(|prime| length % prime != 0).unwrap_or(1);
    (0..length).map(|place| order[place * step % length]).collect()
}

/// The answers to requests, for a comparison with the same bytes.
pub(crate) async fn answers(server: &Server, paths: &[String], headers: &str) -> Result<Vec<Vec<u8>>> {
    let mut connection = Connection::open(server.port).await?;
    let mut answers = Vec::with_capacity(paths.len());
    for path in paths {
        let answer = connection.ask(&get(server.port, path, headers)).await?;
        anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
        answers.push(answer.body);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::{path, zipf};

    #[test]
    fn an_address_has_a_path() {
        assert_eq!(path("https://example.org:8080/b/cats"), "/b/cats");
        assert_eq!(path("/b/cats"), "/b/cats");
    }

    #[test]
    fn popular_pages_come_often_and_all_of_them_come() {
        for count in [1, 2, 20, 300] {
            let order = zipf(count);
            let times = |rank| order.iter().filter(|one| **one == rank).count();
            assert!((0..count).all(|rank| times(rank) > 0), "{count}");
            if count > 1 {
                assert!(times(0).abs_diff(2 * times(1)) <= 2, "{} {}", times(0), times(1));
                assert!(order[..order.len() / 8].iter().any(|rank| *rank > 0), "well mixed");
            }
        }
    }
}
