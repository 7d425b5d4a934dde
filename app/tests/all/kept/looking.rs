//! What a guest sees, so that it can be compared with what was true, and when.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use folkmoot::server::kept::HOLD;
use folkmoot::threads;

use crate::rig::*;

/// How often an answer that counts changed under is compared again.
pub(super) const TRIES: usize = 5;

/// What a guest sees at an address, without what is only counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sight {
    status: u16,
    words: String,
    facts: Value,
}

/// What is counted by a job and told by nothing: it may be as old as on any node.
const COUNTED: [&str; 3] = ["view_count", "thread_count", "post_count"];

impl Sight {
    /// Of an answer.
    pub(super) fn of(path: &str, answer: &Answer) -> Self {
        let status = answer.status.as_u16();
        let text = answer.text();
        if path.starts_with("/api/") {
            let facts = if status == 200 { scrubbed(path, answer.json()) } else { Value::Null };
            return Self { status, words: String::new(), facts };
        }
        let (page, rest) =
            text.split_once("<script type=\"application/json\" id=\"data\">").unwrap_or((&text, ""));
        let (data, _) = rest.split_once("</script>").unwrap_or(("null", ""));
        let data = serde_json::from_str(data).expect("the page holds JSON");
        // Numbers are compared in the JSON that goes along.
        let words = page.replace(|c: char| c.is_ascii_digit() || c == ',', "").replace("threads", "thread");
        let words = words.replace("posts", "post").replace("views", "view");
        Self { status, words, facts: scrubbed(path, data) }
    }
}

fn scrubbed(path: &str, mut facts: Value) -> Value {
    // A thread's page says beside it what happened elsewhere on its board.
    let beside = path.contains("/threads/").then_some("last_thread");
    scrub(&mut facts, &COUNTED.into_iter().chain(beside).collect::<Vec<_>>());
    facts
}

fn scrub(facts: &mut Value, names: &[&str]) {
    match facts {
        Value::Object(fields) => {
            fields.retain(|name, _| !names.contains(&name.as_str()));
            fields.values_mut().for_each(|value| scrub(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| scrub(item, names)),
        _ => {}
    }
}

/// What was to be seen at each address.
pub(super) struct Truth {
    /// The newest last.
    seen: HashMap<String, Vec<Seen>>,
}

/// What was to be seen for a time.
struct Seen {
    sight: Sight,
    /// When it was acknowledged that it was over, and by which node.
    over: Option<(Instant, usize)>,
}

impl Truth {
    /// What a server that keeps nothing shows now.
    pub(super) async fn of(anew: &TestApp, paths: &[String]) -> Self {
        let mut truth = Self { seen: HashMap::new() };
        truth.look(anew, paths, (Instant::now(), 0)).await;
        truth
    }

    /// Looks again after a change that a node acknowledged.
    pub(super) async fn look(&mut self, anew: &TestApp, paths: &[String], acknowledged: (Instant, usize)) {
        let guest = anew.guest();
        for path in paths {
            let sight = Sight::of(path, &guest.get(path).await);
            let history = self.seen.entry(path.clone()).or_default();
            match history.last_mut() {
                Some(last) if last.sight == sight => {}
                last => {
                    if let Some(last) = last {
                        last.over = Some(acknowledged);
                    }
                    history.push(Seen { sight, over: None });
                }
            }
        }
    }

    /// What is true now.
    pub(super) fn now(&self, path: &str) -> &Sight {
        &self.seen[path].last().expect("it was looked at").sight
    }

    /// Whether a node may still have shown this when somebody asked: what the node itself ended it may not, and what
    /// another ended for a short time.
    pub(super) fn allows(&self, node: usize, path: &str, sight: &Sight, asked: Instant) -> bool {
        let mut later = self.seen[path].iter().rev();
        loop {
            let Some(Seen { sight: seen, over }) = later.next() else { return false };
            match over {
                Some((_, by)) if *by == node => return false,
                Some((at, _)) if *at + HOLD < asked => return false,
                _ if seen == sight => return true,
                _ => {}
            }
        }
    }
}

/// A refusal carries the request's own id.
fn alike(one: &Answer, other: &Answer) -> bool {
    one.status == other.status && (one.status != 200 || one.body == other.body)
}

/// After nobody wrote for long enough, every node gives the very bytes that one gives which keeps nothing.
pub(super) async fn all_bytes_are_equal(nodes: &[&TestApp], anew: &TestApp, paths: &[String]) {
    for app in nodes.iter().chain([&anew]) {
        threads::jobs::finish(&app.app).await.expect("counts are written");
    }
    tokio::time::sleep(HOLD + Duration::from_millis(50)).await;
    for path in paths {
        for node in nodes {
            let mut differences = Vec::new();
            for _ in 0..TRIES {
                let before = anew.guest().get(path).await;
                let kept = node.guest().get(path).await;
                let again = node.guest().get(path).await;
                let after = anew.guest().get(path).await;
                if alike(&again, &kept) && (alike(&before, &kept) || alike(&after, &kept)) {
                    differences.clear();
                    break;
                }
                // A job may have written counts between; that is over when it is compared again.
                differences = vec![before.text(), kept.text(), again.text(), after.text()];
                tokio::time::sleep(HOLD).await;
            }
            assert!(differences.is_empty(), "{path}:\n{}", differences.join("\n\n"));
        }
    }
}
