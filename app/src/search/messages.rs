//! Messages by their words, for the pages of chat: the newest first.

use folkmoot_store::Snapshot;
use folkmoot_terms::Query;

use super::find::{CONVERSATIONS, STREWN, without};
use super::gather::Looking;
use super::model::in_conversation;
use super::rank::{self, Order};
use super::sources::Sources;
use super::terms::{all, any, term};
use super::{density, filters, find::Candidates, vocabulary};
use crate::accounts::Actor;
use crate::chat::{Looked, MessageId};
use crate::core::{App, Result};

/// The messages that a query finds for a person, the newest first; `None` for a query without words.
///
/// # Errors
/// When the database does not answer.
pub async fn messages(app: &App, snapshot: &Snapshot, looked: Looked<'_>) -> Result<Option<Vec<MessageId>>> {
    let query = Query::parse(looked.q);
    if !query.has_words() {
        return Ok(None);
    }
    let resolved = filters::resolve(snapshot, &Actor::guest(), &query).await?;
    let mut own: Vec<i64> = match looked.conversation {
        Some(only) => vec![only.0],
        None => {
            let sources = app.part::<Sources>()?;
            let own = (sources.conversations)(snapshot, looked.reader, CONVERSATIONS).await?;
            own.into_iter().map(|id| id.0).collect()
        }
    };
    own.sort_unstable();
    let density = density::lately(app, snapshot).await?;
    let vocabulary = vocabulary::known(app, snapshot, &query, density.total).await?;
    let plan = query.plan(&vocabulary);
    let before = looked.before.unwrap_or((i64::MAX, MessageId(i64::MAX)));
    let below = before.0.min(resolved.before.unwrap_or(i64::MAX)).min(app.now()).saturating_add(STREWN);
    let looking = Looking { app, snapshot, density, from: resolved.after, below };
    let own = any(own.into_iter().map(|id| term(in_conversation(id))));
    let with = resolved.with.iter().cloned().map(term);
    let so = without(all(with.chain([own])), &resolved);
    let mut found = Candidates::default();
    if !resolved.nowhere {
        found.messages = looking.messages(&plan, &so, looked.reader.0, false).await?;
    }
    found.messages.rows.retain(|row| (row.at, MessageId(row.subject)) < before);
    let ranked = rank::ranked(plan, found, Order::Date, app.now()).await?;
    let mut found: Vec<(i64, MessageId)> = ranked
        .hits
        .iter()
        .filter_map(|hit| ranked.other(hit))
        .map(|row| (row.at, MessageId(row.subject)))
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.truncate(usize::try_from(looked.limit).unwrap_or(usize::MAX));
    Ok(Some(found.into_iter().map(|(_, message)| message).collect()))
}
