//! Where in a stream an answer was read, so that its reader can follow from there without a gap.

use std::collections::BTreeMap;
use std::sync::Arc;

use folkmoot_store::{Texts, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::read::Read;
use super::streams::Stream;
use super::{App, Error, Result};

sql! {
    /// A stream's newest number, 0 before its first event.
    static HEAD: (String) -> i64 = "SELECT COALESCE((SELECT head FROM streams WHERE id = $1), 0)";
    /// The newest numbers of several streams that have an event.
    static HEADS: (Texts) -> (String, i64) = "SELECT id, head FROM streams WHERE id IN {texts:$1}";
}

/// The place in a stream at which an answer's content was read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Instant {
    /// The name of this history.
    #[schema(value_type = String)]
    pub epoch: Arc<str>,
    /// The stream that tells what changes afterwards.
    pub stream: String,
    /// The number of its newest event in the content.
    pub seq: i64,
}

impl Instant {
    /// Where `stream` stands in what `read` sees: give the snapshot that the content is read from.
    ///
    /// # Errors
    /// When the database does not answer; `Unavailable` when it is a replica, and clients here were told of more.
    pub async fn of(app: &App, read: &impl Read, stream: Stream) -> Result<Self> {
        let name = stream.to_string();
        let seq = read.one(HEAD.with((name.as_str(),))).await?;
        must_be_new(app, read, stream, seq)?;
        Ok(Self { epoch: app.epoch(), stream: name, seq })
    }
}

/// Where several streams stand in what `read` sees, by their names: what an answer that several of them tell about
/// carries besides its [`Instant`].
///
/// # Errors
/// As [`Instant::of`].
pub async fn heads(app: &App, read: &impl Read, streams: &[Stream]) -> Result<BTreeMap<String, i64>> {
    heads_and(app, read, streams, &[]).await
}

/// As [`heads`], with `more` streams whose numbers do not go along with the answer: nobody follows from there.
///
/// # Errors
/// As [`Instant::of`], for the first ones.
pub async fn heads_and(
    app: &App,
    read: &impl Read,
    streams: &[Stream],
    more: &[Stream],
) -> Result<BTreeMap<String, i64>> {
    let names: Vec<String> = streams.iter().chain(more).map(ToString::to_string).collect();
    let mut heads: BTreeMap<String, i64> = names.iter().map(|name| (name.clone(), 0)).collect();
    heads.extend(read.all(HEADS.with((Texts(names),))).await?);
    for stream in streams {
        must_be_new(app, read, *stream, heads.get(&stream.to_string()).copied().unwrap_or_default())?;
    }
    Ok(heads)
}

/// Who was told of an event and loads the page again must find it there.
fn must_be_new(app: &App, read: &impl Read, stream: Stream, seq: i64) -> Result<()> {
    if read.is_replica() && app.told.is_beyond(stream, seq) {
        let cause = format!("the replica is behind what was told of {stream}");
        return Err(Error::Unavailable { retry_after: 1, cause });
    }
    Ok(())
}
