//! What the database holds at the end, read past the product.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use tokio_postgres::{NoTls, SimpleQueryMessage};

/// A message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) conversation: String,
    pub(crate) seq: i64,
    pub(crate) author: String,
    pub(crate) client_id: String,
    pub(crate) body: String,
    pub(crate) deleted: bool,
    pub(crate) version: i64,
}

/// A time during which somebody was in a conversation: above `from`, up to `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub(crate) from: i64,
    pub(crate) to: Option<i64>,
    /// The event by which it began: nothing up to there counts as unread.
    pub(crate) joined: i64,
}

impl Period {
    /// Whether it holds a number.
    pub(crate) fn holds(&self, seq: i64) -> bool {
        self.from < seq && self.to.is_none_or(|to| seq <= to)
    }
}

/// Everything.
#[derive(Debug)]
pub(crate) struct Tables {
    /// By conversation and place.
    pub(crate) messages: Vec<Message>,
    /// By person and conversation.
    pub(crate) periods: BTreeMap<(String, String), Vec<Period>>,
    /// By person and conversation.
    pub(crate) marks: BTreeMap<(String, String), i64>,
    /// Streams whose events are not numbered from 1 to the head without gaps.
    pub(crate) broken: Vec<String>,
}

impl Tables {
    /// How far somebody has read, and at least up to where they came.
    pub(crate) fn mark(&self, key: &(String, String)) -> i64 {
        let joined = self.periods.get(key).into_iter().flatten().map(|period| period.joined);
        joined.chain(self.marks.get(key).copied()).max().unwrap_or(0)
    }

    /// Reads all of it.
    pub(crate) async fn read(url: &str) -> Self {
        let messages = rows(
            url,
            "SELECT id, conversation_id, seq, author_id, COALESCE(client_id, ''), body,
                CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END, version
             FROM messages ORDER BY conversation_id, seq",
        );
        let periods = "SELECT user_id, conversation_id, from_seq, to_seq, joined_seq FROM memberships ORDER BY from_seq";
        let marks = "SELECT user_id, conversation_id, seq FROM conversation_marks";
        let broken = "SELECT s.id FROM streams s LEFT JOIN events e ON e.stream = s.id
            GROUP BY s.id, s.head HAVING COUNT(e.seq) <> s.head OR COALESCE(MAX(e.seq), 0) <> s.head";
        let mut of_person: BTreeMap<(String, String), Vec<Period>> = BTreeMap::new();
        for row in rows(url, periods).await {
            let [person, conversation, from, to, joined] = columns(row);
            let to = (!to.is_empty()).then(|| number(&to));
            let period = Period { from: number(&from), to, joined: number(&joined) };
            of_person.entry((person, conversation)).or_default().push(period);
        }
        let marks = rows(url, marks).await.into_iter().map(|row| {
            let [person, conversation, seq] = columns(row);
            ((person, conversation), number(&seq))
        });
        Self {
            messages: messages.await.into_iter().map(message).collect(),
            periods: of_person,
            marks: marks.collect(),
            broken: rows(url, broken).await.into_iter().flatten().collect(),
        }
    }

    /// How far the streams of conversations have come.
    pub(crate) async fn heads(url: &str) -> BTreeMap<String, i64> {
        let heads = rows(url, "SELECT id, head FROM streams WHERE id LIKE 'conversation:%'").await;
        heads.into_iter().map(columns).map(|[stream, head]| (stream, number(&head))).collect()
    }
}

fn message(row: Vec<String>) -> Message {
    let [id, conversation, seq, author, client_id, body, deleted, version] = columns(row);
    let (seq, deleted, version) = (number(&seq), deleted == "1", number(&version));
    Message { id, conversation, seq, author, client_id, body, deleted, version }
}

fn columns<const N: usize>(row: Vec<String>) -> [String; N] {
    row.try_into().expect("as many columns as were asked for")
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

/// Rows as text; what is NULL is empty.
async fn rows(url: &str, query: &str) -> Vec<Vec<String>> {
    match url.strip_prefix("sqlite:") {
        Some(path) => of_sqlite(path, query),
        None => of_postgres(url, query).await,
    }
}

fn of_sqlite(path: &str, query: &str) -> Vec<Vec<String>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file");
    let mut prepared = connection.prepare(query).expect(query);
    let columns = prepared.column_count();
    let read = prepared.query_map([], |row| (0..columns).map(|at| Ok(as_text(row.get_ref(at)?))).collect());
    read.and_then(Iterator::collect).expect(query)
}

fn as_text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Null => String::new(),
        other => panic!("a number or text, not {other:?}"),
    }
}

async fn of_postgres(url: &str, query: &str) -> Vec<Vec<String>> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    let connection = tokio::spawn(connection);
    let answers = client.simple_query(query).await.expect(query);
    connection.abort();
    let read = answers.iter().filter_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).unwrap_or_default().to_owned()).collect())
        }
        _ => None,
    });
    read.collect()
}
