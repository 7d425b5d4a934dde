//! Live delivery, over real sockets.

mod chaos;
mod delivering;
mod epochs;
mod leaving;
pub(crate) mod nodes;
mod outbox;
mod protocol;
mod redis;
mod resuming;
mod rights;
mod slow;
mod storms;

use std::collections::BTreeMap;

use folkmoot::core::events::{Event, Write};
use folkmoot::core::streams::Stream;

use crate::rig::*;

impl TestApp {
    /// Something happens on a stream that everyone may follow; it needs no slice of its own.
    pub(crate) async fn something_happens(&self) -> i64 {
        let mut write = Write::new(None, self.app.now());
        write.record(Event::new(Stream::Site, "site_changed", 1));
        self.app.commit(write).await.expect("it is committed").appended()[0].seq
    }

    /// The same, so many times.
    pub(crate) async fn much_happens(&self, times: usize) {
        for _ in 0..times {
            self.something_happens().await;
        }
    }
}

/// The types of frames.
pub(crate) fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().expect("a type")).collect()
}

/// The numbers of frames.
pub(crate) fn numbers(frames: &[Value]) -> Vec<i64> {
    frames.iter().filter_map(|frame| frame["seq"].as_i64()).collect()
}

/// The streams that an answer of the API shows, as a client would follow it.
pub(crate) fn place_in(answer: &Value) -> (String, i64) {
    (answer["stream"].as_str().expect("a stream").to_owned(), answer["seq"].as_i64().expect("a number"))
}

/// Cursors as `hello` takes them.
pub(crate) fn as_json(cursors: &BTreeMap<String, i64>) -> Value {
    serde_json::to_value(cursors).expect("numbers by names")
}
