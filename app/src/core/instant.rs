//! Where in a stream an answer was read, so that its reader can follow from there without a gap.

use std::collections::BTreeMap;
use std::sync::Arc;

use folkmoot_store::{Texts, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::read::Read;
use super::streams::Stream;
use super::{App, Result};

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
    /// When the database does not answer.
    pub async fn of(app: &App, read: &impl Read, stream: Stream) -> Result<Self> {
        let stream = stream.to_string();
        let seq = read.one(HEAD.with((stream.as_str(),))).await?;
        Ok(Self { epoch: app.epoch(), stream, seq })
    }
}

/// Where several streams stand in what `read` sees, by their names: what an answer that several of them tell about
/// carries besides its [`Instant`].
///
/// # Errors
/// When the database does not answer.
pub async fn heads(read: &impl Read, streams: &[Stream]) -> Result<BTreeMap<String, i64>> {
    let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
    let mut heads: BTreeMap<String, i64> = names.iter().map(|name| (name.clone(), 0)).collect();
    heads.extend(read.all(HEADS.with((Texts(names),))).await?);
    Ok(heads)
}
