//! One's conversations, and one of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::json::ConversationJson;
use super::model::ConversationId;
use super::present;
use super::queries::conversations;
use crate::accounts::{Actor, UserId};
use crate::core::instant::Instant;
use crate::core::paging::{Page, PageQuery};
use crate::core::read::Read;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// One's conversations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationList {
    /// The conversations, the last written to first.
    pub items: Vec<ConversationJson>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What is unread in all of them, muted ones apart.
    pub unread: UnreadInAll,
    /// Where one's own stream stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// What is unread in all conversations that are not muted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct UnreadInAll {
    /// In how many conversations.
    pub conversations: i64,
    /// How many messages, of each conversation at most 100.
    pub messages: i64,
}

/// One conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OneConversation {
    /// The conversation.
    pub conversation: ConversationJson,
    /// Where its stream stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// One's conversations, the last written to first.
///
/// # Errors
/// `SignInNeeded`; `Invalid` for the limit or the cursor.
pub async fn list(app: &App, actor: &Actor, query: &PageQuery) -> Result<ConversationList> {
    let me = actor.signed_in()?.id;
    let limit = query.limit()?;
    let after = query.after()?.unwrap_or((i64::MAX, ConversationId(i64::MAX)));
    let snapshot = app.db.snapshot().await?;
    let rows = conversations::of_person(&snapshot, me, after, limit + 1).await?;
    let page = Page::of(rows, limit, |row| (row.bumped_at, row.id), |row| row);
    let (conversations, messages) = conversations::unread_of_person(&snapshot, me).await?;
    Ok(ConversationList {
        items: present::conversations(&snapshot, me, page.items).await?,
        next: page.next,
        unread: UnreadInAll { conversations, messages },
        instant: Instant::of(app, &snapshot, Stream::User(me.0)).await?,
    })
}

/// One conversation.
///
/// # Errors
/// `SignInNeeded`; `NotFound` for who is not in it.
pub async fn one(app: &App, actor: &Actor, id: ConversationId) -> Result<OneConversation> {
    let me = actor.signed_in()?.id;
    let conversation = one_of(app, me, id).await?;
    let (stream, seq) = (conversation.stream.clone(), conversation.seq);
    let instant = Instant { epoch: app.epoch(), stream, seq };
    Ok(OneConversation { conversation, instant })
}

/// A conversation as one of its members sees it now.
///
/// # Errors
/// `NotFound` for who is not in it.
pub(super) async fn one_of(app: &App, me: UserId, id: ConversationId) -> Result<ConversationJson> {
    let snapshot = app.db.primary().snapshot().await?;
    let row = conversations::by_id(&snapshot, me, id).await?.ok_or(Error::NotFound("conversation"))?;
    let conversation = present::conversations(&snapshot, me, vec![row]).await?.pop();
    conversation.ok_or(Error::NotFound("conversation"))
}

/// The streams of one's conversations, and where they stand: what a socket follows by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn heads(read: &impl Read, actor: &Actor) -> Result<Vec<(Stream, i64)>> {
    let Some(me) = actor.id() else { return Ok(Vec::new()) };
    let heads = conversations::heads_of_person(read, me).await?;
    Ok(heads.into_iter().map(|(id, head)| (Stream::Conversation(id.0), head)).collect())
}
