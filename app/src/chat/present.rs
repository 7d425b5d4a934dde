//! From rows to what the API gives: a fixed number of queries, however many rows.

use std::collections::HashMap;

use super::access;
use super::json::{
    AnsweredMessage, ConversationJson, LivingMessage, MayOnMessage, MemberJson, MessageJson, MessageReaction,
    MessageTombstone,
};
use super::model::{ConversationId, Kind, MessageId, RECEIPTS_UP_TO, conversation_url, message_url};
use super::queries::conversations::ConversationRow;
use super::queries::members::{self, MemberRow};
use super::queries::messages::{self, MessageRow};
use super::queries::places::Other;
use super::queries::reactions;
use crate::accounts::{Person, Settings, UserId, people};
use crate::core::read::Read;
use crate::core::streams::Stream;
use crate::core::time::Time;
use crate::core::{Error, Result};

/// People by their ids.
type People = HashMap<UserId, Person>;

/// Conversations, in the order of `rows`, for the person whose they are.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn conversations(
    read: &impl Read,
    me: UserId,
    rows: Vec<ConversationRow>,
) -> Result<Vec<ConversationJson>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ConversationId> = rows.iter().map(|row| row.id).collect();
    let members = members::of(read, &ids).await?;
    let newest = messages(read, me, messages::newest_of(read, &ids, me).await?).await?;
    let mut newest: HashMap<_, _> =
        newest.into_iter().map(|message| (conversation_of(&message), message)).collect();
    let named: Vec<UserId> = members.iter().map(|row| row.user_id).collect();
    let people = people::by_ids(read, &named).await?;
    let mut of_each: HashMap<ConversationId, Vec<MemberRow>> = HashMap::new();
    for row in members {
        of_each.entry(row.conversation_id).or_default().push(row);
    }
    rows.into_iter()
        .map(|row| {
            let (members, newest) = (of_each.remove(&row.id), newest.remove(&row.id));
            conversation(row, members.unwrap_or_default(), newest, &people)
        })
        .collect()
}

fn conversation_of(message: &MessageJson) -> ConversationId {
    match message {
        MessageJson::Living(living) => living.conversation_id,
        MessageJson::Deleted(tombstone) => tombstone.conversation_id,
    }
}

fn conversation(
    row: ConversationRow,
    members: Vec<MemberRow>,
    last_message: Option<MessageJson>,
    people: &People,
) -> Result<ConversationJson> {
    let other = other(&row);
    let writable = match (row.kind, &other) {
        (Kind::Group, _) => true,
        (Kind::Direct, other) => other.as_ref().is_some_and(|other| other.writable().is_ok()),
    };
    let receipts = row.member_count <= RECEIPTS_UP_TO;
    let members = members.into_iter().map(|member| {
        let shown = receipts && member.accepted && Settings::load(&member.settings).receipts;
        let read_seq = member.seq.filter(|_| shown);
        Ok(MemberJson { person: person(people, member.user_id)?, role: member.role, read_seq })
    });
    Ok(ConversationJson {
        url: conversation_url(row.id),
        with: other.as_ref().map(|other| person(people, other.id)).transpose()?,
        members: members.collect::<Result<_>>()?,
        member_count: row.member_count,
        last_message,
        unread: row.unread_messages(),
        mark: row.mark,
        muted: row.muted,
        request: !row.accepted,
        blocked: row.i_blocked,
        may: access::may(row.kind, row.role, writable),
        created_at: Time(row.created_at),
        bumped_at: Time(row.bumped_at),
        version: row.version,
        stream: Stream::Conversation(row.id.0).to_string(),
        seq: row.head,
        id: row.id,
        kind: row.kind,
        title: row.title,
    })
}

fn other(row: &ConversationRow) -> Option<Other> {
    Some(Other {
        id: row.other_id?,
        accepted: row.other_accepted?,
        settings: row.other_settings.clone()?,
        i_blocked: row.i_blocked,
        blocks_me: row.blocks_me,
    })
}

/// Messages, in the order of `rows`, for the person who asked; nobody's id for a frame that many get.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn messages(
    read: &impl Read,
    viewer: UserId,
    rows: Vec<MessageRow>,
) -> Result<Vec<MessageJson>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let named: Vec<UserId> =
        rows.iter().flat_map(|row| [Some(row.author_id), row.reply_author]).flatten().collect();
    let people = people::by_ids(read, &named).await?;
    let living: Vec<MessageId> =
        rows.iter().filter(|row| row.deleted_at.is_none()).map(|row| row.id).collect();
    let mut reactions = reactions_to(read, viewer, &living).await?;
    rows.into_iter()
        .map(|row| {
            let reactions = reactions.remove(&row.id).unwrap_or_default();
            message(row, reactions, viewer, &people)
        })
        .collect()
}

/// One message, for the person who asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn one_message(read: &impl Read, viewer: UserId, row: MessageRow) -> Result<MessageJson> {
    messages(read, viewer, vec![row]).await?.pop().ok_or(Error::NotFound("message"))
}

/// The reactions to messages, by message.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn reactions_to(
    read: &impl Read,
    viewer: UserId,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, Vec<MessageReaction>>> {
    let mut all: HashMap<MessageId, Vec<MessageReaction>> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    for row in reactions::of_messages(read, ids, viewer).await? {
        let reaction = MessageReaction { emoji: row.emoji, count: row.count, mine: row.mine == 1 };
        all.entry(row.message_id).or_default().push(reaction);
    }
    Ok(all)
}

fn message(
    row: MessageRow,
    reactions: Vec<MessageReaction>,
    viewer: UserId,
    people: &People,
) -> Result<MessageJson> {
    let author = person(people, row.author_id)?;
    if let Some(deleted_at) = row.deleted_at {
        return Ok(MessageJson::Deleted(MessageTombstone {
            id: row.id,
            conversation_id: row.conversation_id,
            seq: row.seq,
            author,
            deleted: true,
            deleted_at: Time(deleted_at),
            created_at: Time(row.created_at),
            version: row.version,
        }));
    }
    let own = row.author_id == viewer;
    Ok(MessageJson::Living(Box::new(LivingMessage {
        url: message_url(row.conversation_id, row.seq),
        reply_to: answered(&row, people)?,
        id: row.id,
        conversation_id: row.conversation_id,
        seq: row.seq,
        author,
        html: row.html,
        excerpt: row.excerpt,
        created_at: Time(row.created_at),
        edited_at: row.edited_at.map(Time),
        edit_count: row.edit_count,
        reactions,
        deleted: false,
        version: row.version,
        client_id: row.client_id.filter(|_| own),
        may: MayOnMessage { edit: own, delete: own },
    })))
}

fn answered(row: &MessageRow, people: &People) -> Result<Option<AnsweredMessage>> {
    let (Some(id), Some(seq), Some(author)) = (row.reply_to, row.reply_seq, row.reply_author) else {
        return Ok(None);
    };
    let excerpt = row.reply_excerpt.clone().unwrap_or_default();
    Ok(Some(AnsweredMessage { id, seq, author: person(people, author)?, excerpt }))
}

/// One of the people who were read together.
///
/// # Errors
/// When they are not among them: every author and member has a row.
pub(super) fn person(people: &People, id: UserId) -> Result<Person> {
    people.get(&id).cloned().ok_or_else(|| Error::internal(format_args!("person {id} has no row")))
}
