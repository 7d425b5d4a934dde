//! Searching: what is found, by whom, how soon after it was written, and on which engine.

mod finding;
mod following;
mod leaks;
mod same;

use folkmoot_store::sql;

pub(crate) use crate::forum::text;
use crate::rig::*;

sql! {
    /// How many events wait, how many kinds have not been looked through, and how many people have no entry.
    static LEFT: () -> (i64, i64, i64) = "SELECT (SELECT COUNT(*) FROM outbox),
        (SELECT COUNT(*) FROM search_progress WHERE NOT finished),
        (SELECT COUNT(*) FROM users u WHERE NOT EXISTS (
            SELECT 1 FROM search_entries e WHERE e.kind = 'person' AND e.subject = u.id))";
}

impl TestApp {
    /// Waits until everything that was written can be found.
    pub(crate) async fn is_indexed(&self) {
        until(async || self.app.db.one(LEFT.with(())).await.unwrap() == (0, 0, 0)).await;
    }
}

/// Text as it stands in an address.
pub(crate) fn escaped(q: &str) -> String {
    q.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

/// Pieces as text, hits in brackets.
pub(crate) fn marked(pieces: &Value) -> String {
    let piece = |piece: &Value| {
        let text = text(&piece["text"]);
        if piece["hit"] == true { format!("[{text}]") } else { text }
    };
    pieces.as_array().unwrap_or_else(|| panic!("pieces, not {pieces}")).iter().map(piece).collect()
}

/// Something that was found, in a word.
pub(crate) fn shown(item: &Value) -> String {
    match item["kind"].as_str().unwrap() {
        "post" if item["opening"] == true => marked(&item["thread"]["title"]),
        "post" => format!("{}: {}", text(&item["author"]["nickname"]), marked(&item["excerpt"])),
        "message" => format!("({})", marked(&item["excerpt"])),
        "person" => format!("@{}", marked(&item["nickname"])),
        "board" => format!("/{}", marked(&item["title"])),
        "tag" => format!("#{}", marked(&item["title"])),
        other => panic!("what is a {other}?"),
    }
}

impl Person {
    /// What a search answers.
    pub(crate) async fn searches(&self, q: &str, more: &str) -> Value {
        self.get(&format!("/api/search?q={}{more}", escaped(q))).await.is(200).json()
    }

    /// What they find, in order.
    pub(crate) async fn finds(&self, q: &str) -> Vec<String> {
        self.searches(q, "").await["items"].as_array().unwrap().iter().map(shown).collect()
    }
}
