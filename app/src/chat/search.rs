//! Messages that hold some words: in one conversation, and in all of one's own.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::MessageJson;
use super::model::{ConversationId, Kind, MessageId, conversation_url, folded};
use super::queries::messages::{self, Reading};
use super::queries::{conversations, members};
use super::{access, present};
use crate::accounts::{Actor, Person, UserId, people};
use crate::core::paging::{Page, PageQuery, searched};
use crate::core::read::Read;
use crate::core::{App, Error, Result};

/// What is searched for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words that follow each other in the message's source.
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

/// The words as what searching compares, with the page that is asked for.
struct Wanted {
    pattern: String,
    limit: i64,
    paging: PageQuery,
}

impl SearchQuery {
    /// # Errors
    /// `Invalid` naming what cannot be asked.
    fn wanted(self) -> Result<Wanted> {
        let paging = PageQuery { limit: self.limit, cursor: self.cursor };
        let words = folded(searched(&self.q)?);
        if words.is_empty() {
            return Err(Error::invalid("q", "some words"));
        }
        Ok(Wanted { pattern: pattern(&words), limit: paging.limit()?, paging })
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
    let Wanted { pattern, limit, paging } = query.wanted()?;
    let below = paging.after()?.unwrap_or(i64::MAX);
    let of = Reading { conversation: id, reader: actor.signed_in()?.id };
    let rows = messages::holding(&snapshot, of, &pattern, below, limit + 1).await?;
    let page = Page::of(rows, limit, |row| row.seq, |row| row);
    let items = present::messages(&snapshot, of.reader, page.items).await?;
    Ok(Page { items, next: page.next })
}

/// Messages of all conversations that one is in that hold some words, the newest first.
///
/// # Errors
/// `SignInNeeded`; `Invalid` naming what cannot be asked.
pub(super) async fn in_all(app: &App, actor: &Actor, query: SearchQuery) -> Result<FoundMessages> {
    let me = actor.signed_in()?.id;
    let Wanted { pattern, limit, paging } = query.wanted()?;
    let before = paging.after()?.unwrap_or((i64::MAX, MessageId(i64::MAX)));
    let snapshot = app.db.snapshot().await?;
    let rows = messages::holding_anywhere(&snapshot, me, &pattern, before, limit + 1).await?;
    let page = Page::of(rows, limit, |row| (row.created_at, row.id), |row| row);
    let mut ids: Vec<ConversationId> = page.items.iter().map(|row| row.conversation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(FoundMessages {
        conversations: named(&snapshot, me, &ids).await?,
        items: present::messages(&snapshot, me, page.items).await?,
        next: page.next,
    })
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

/// The words as a pattern for LIKE.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn letters_that_mean_something_to_like_are_only_letters() {
        assert_eq!(pattern("50%_\\"), "%50\\%\\_\\\\%");
    }
}
