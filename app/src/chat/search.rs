//! Messages that hold some words: in one conversation, and in all of one's own.

use std::collections::HashMap;

use folkmoot_store::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::MessageJson;
use super::model::{ConversationId, Kind, MessageId, conversation_url};
use super::queries::messages::{self, MessageRow};
use super::queries::{conversations, members};
use super::{access, present};
use crate::accounts::{Actor, Person, UserId, people};
use crate::core::paging::{Page, PageQuery, searched};
use crate::core::parts::Part;
use crate::core::read::Read;
use crate::core::searchable::Boxed;
use crate::core::{App, Error, Result};

/// What is searched for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, "phrases", -without, and filters as in `GET /api/search`.
    pub q: String,
    /// How many, 1 to 100.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// Messages that hold some words, and where they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundMessages {
    /// The messages, the newest first.
    pub items: Vec<MessageJson>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The conversations that they are in.
    pub conversations: Vec<FoundIn>,
}

/// A conversation in which something was found: what it takes to name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundIn {
    /// Its id.
    pub id: ConversationId,
    /// The address of its page.
    pub url: String,
    /// What sort it is.
    pub kind: Kind,
    /// Its title, if it is a group that has one.
    pub title: Option<String>,
    /// Where there is no title: the other one, or the first 50 members.
    pub people: Vec<Person>,
}

/// Which messages are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    /// The words, and what may stand with them in a query.
    pub q: &'a str,
    /// Who looks.
    pub reader: UserId,
    /// In this conversation alone.
    pub conversation: Option<ConversationId>,
    /// Written before this time and, at that time, with a lower id.
    pub before: Option<(i64, MessageId)>,
    /// How many at most.
    pub limit: i64,
}

/// The messages that have some words, the newest first; `None` for a query without words.
pub type Find = for<'a> fn(&'a App, &'a Snapshot, Looked<'a>) -> Boxed<'a, Option<Vec<MessageId>>>;

/// Who knows which messages have some words.
#[derive(Clone, Copy)]
pub struct Finder(pub Find);

impl Part for Finder {
    fn make(_app: &App) -> Result<Self> {
        Err(Error::internal("nobody knows which messages have some words"))
    }
}

/// Messages of one conversation that hold some words, the newest first.
///
/// # Errors
/// `NotFound` for who is not in it; `Invalid` naming what cannot be asked.
pub(super) async fn in_one(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    query: SearchQuery,
) -> Result<Page<MessageJson>> {
    let snapshot = app.db.snapshot().await?;
    access::place(&snapshot, actor, id).await?;
    let me = actor.signed_in()?.id;
    let page = rows(app, &snapshot, me, Some(id), query).await?;
    let items = present::messages(&snapshot, me, page.items).await?;
    Ok(Page { items, next: page.next })
}

/// Messages of all conversations that one is in that hold some words, the newest first.
///
/// # Errors
/// `SignInNeeded`; `Invalid` naming what cannot be asked.
pub(super) async fn in_all(app: &App, actor: &Actor, query: SearchQuery) -> Result<FoundMessages> {
    let me = actor.signed_in()?.id;
    let snapshot = app.db.snapshot().await?;
    let page = rows(app, &snapshot, me, None, query).await?;
    let mut ids: Vec<ConversationId> = page.items.iter().map(|row| row.conversation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(FoundMessages {
        conversations: named(&snapshot, me, &ids).await?,
        items: present::messages(&snapshot, me, page.items).await?,
        next: page.next,
    })
}

/// A page of what was found.
async fn rows(
    app: &App,
    snapshot: &Snapshot,
    me: UserId,
    conversation: Option<ConversationId>,
    query: SearchQuery,
) -> Result<Page<MessageRow>> {
    searched(&query.q)?;
    let paging = PageQuery { limit: query.limit, cursor: query.cursor };
    let (limit, before) = (paging.limit()?, paging.after()?);
    let looked = Looked { q: &query.q, reader: me, conversation, before, limit: limit + 1 };
    let found = (app.part::<Finder>()?.0)(app, snapshot, looked).await?;
    let found = found.ok_or_else(|| Error::invalid("q", "some words"))?;
    let rows = messages::some(snapshot, &found, me).await?;
    Ok(Page::of(rows, limit, |row| (row.created_at, row.id), |row| row))
}

/// What it takes to name these conversations.
pub(super) async fn named(read: &impl Read, me: UserId, ids: &[ConversationId]) -> Result<Vec<FoundIn>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let names = conversations::names(read, ids).await?;
    let untitled: Vec<_> = names.iter().filter(|name| name.title.is_none()).map(|name| name.id).collect();
    let mut members: HashMap<ConversationId, Vec<UserId>> = HashMap::new();
    for row in members::of(read, &untitled).await? {
        members.entry(row.conversation_id).or_default().push(row.user_id);
    }
    let all: Vec<UserId> = members.values().flatten().copied().collect();
    let people = people::by_ids(read, &all).await?;
    let named = names.into_iter().map(|name| {
        let there = members.remove(&name.id).unwrap_or_default().into_iter();
        let shown = there.filter(|id| name.kind == Kind::Group || *id != me);
        let people = shown.map(|id| present::person(&people, id)).collect::<Result<_>>()?;
        Ok(FoundIn {
            url: conversation_url(name.id),
            id: name.id,
            kind: name.kind,
            title: name.title,
            people,
        })
    });
    named.collect()
}
