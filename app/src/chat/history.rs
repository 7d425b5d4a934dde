//! What was said: messages before, after or around a place, from a time on, or after so many of the newest.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::MessageJson;
use super::model::ConversationId;
use super::queries::messages::{self, MessageRow, Reading};
use super::{access, present};
use crate::accounts::Actor;
use crate::core::instant::Instant;
use crate::core::read::Read;
use crate::core::streams::Stream;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// How many messages when the caller does not say.
const LIMIT: u32 = 10;
/// The most messages at once.
const MAX_LIMIT: u32 = 100;

/// Which messages are asked for; without any of these the newest.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// How many, 1 to 100; 10 when it is left out.
    pub limit: Option<u32>,
    /// Those below this number.
    pub before: Option<i64>,
    /// Those above this number.
    pub after: Option<i64>,
    /// Those about this number, which need not be a message's.
    pub around: Option<i64>,
    /// Those about the first from this time on (RFC 3339).
    pub at: Option<String>,
    /// Those after so many of the newest.
    pub offset: Option<i64>,
}

/// A part of a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessagesPage {
    /// The messages, the newest first.
    pub items: Vec<MessageJson>,
    /// Whether there are older ones.
    pub older: bool,
    /// Whether there are newer ones.
    pub newer: bool,
    /// Where the conversation's stream stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// Messages of a conversation.
///
/// # Errors
/// `NotFound` for who is not in it; `Invalid` naming what cannot be asked.
pub(super) async fn history(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    query: &HistoryQuery,
) -> Result<MessagesPage> {
    let limit = match query.limit.unwrap_or(LIMIT) {
        limit @ 1..=MAX_LIMIT => i64::from(limit),
        _ => return Err(Error::invalid("limit", format!("from 1 to {MAX_LIMIT}"))),
    };
    let snapshot = app.db.snapshot().await?;
    access::place(&snapshot, actor, id).await?;
    let of = Reading { conversation: id, reader: actor.signed_in()?.id };
    let (rows, empty_at) = rows(&snapshot, of, query, limit).await?;
    let low = rows.last().map_or(empty_at, |row| row.seq);
    let high = rows.first().map_or(empty_at.saturating_sub(1), |row| row.seq);
    let (older, newer) = messages::beside(&snapshot, of, low, high).await?;
    let items = present::messages(&snapshot, of.reader, rows).await?;
    let instant = Instant::of(app, &snapshot, Stream::Conversation(id.0)).await?;
    Ok(MessagesPage { items, older, newer, instant })
}

/// The rows, the newest first, and the number that they are below should there be none.
async fn rows(
    read: &impl Read,
    of: Reading,
    query: &HistoryQuery,
    limit: i64,
) -> Result<(Vec<MessageRow>, i64)> {
    let HistoryQuery { before, after, around, at, offset, .. } = query;
    match (before, after, around, at, offset) {
        (None, None, None, None, None) => Ok((messages::below(read, of, i64::MAX, limit).await?, i64::MAX)),
        (Some(seq), None, None, None, None) => Ok((messages::below(read, of, *seq, limit).await?, *seq)),
        (None, Some(seq), None, None, None) => {
            Ok((messages::above(read, of, *seq, limit).await?, seq.saturating_add(1)))
        }
        (None, None, Some(seq), None, None) => about(read, of, *seq, limit).await,
        (None, None, None, Some(at), None) => {
            let time = Time::parse(at).ok_or_else(|| Error::invalid("at", "a time as in RFC 3339"))?;
            match messages::first_from(read, of, time.0).await? {
                Some(seq) => about(read, of, seq, limit).await,
                None => Ok((messages::below(read, of, i64::MAX, limit).await?, i64::MAX)),
            }
        }
        (None, None, None, None, Some(offset @ 0..)) => {
            Ok((messages::after_newest(read, of, *offset, limit).await?, 0))
        }
        (None, None, None, None, Some(_)) => Err(Error::invalid("offset", "0 or more")),
        _ => Err(Error::invalid("before", "one of before, after, around, at and offset")),
    }
}

/// A place with as many messages before it as from it on.
async fn about(read: &impl Read, of: Reading, seq: i64, limit: i64) -> Result<(Vec<MessageRow>, i64)> {
    let mut rows = messages::above(read, of, seq.saturating_sub(1), limit - limit / 2).await?;
    rows.extend(messages::below(read, of, seq, limit / 2).await?);
    Ok((rows, seq))
}
