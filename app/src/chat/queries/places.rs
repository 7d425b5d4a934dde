//! Where a write or a page belongs: a conversation as one of its members stands in it, in one read.

use folkmoot_store::{Bound, sql};

use super::super::model::{ConversationId, Kind, MemberRole, MessageId};
use super::blocks_between;
use crate::accounts::{MessagesFrom, Settings, UserId};
use crate::core::Result;
use crate::core::read::Read;

sql! {
    /// A person's place in a conversation they are in, and what they sent before under a name.
    pub(crate) static PLACE_AND_SENT: (ConversationId, UserId, Option<String>) -> PlaceRow =
        "SELECT c.id AS conversation_id, c.kind, c.version, m.role, m.accepted, me.settings, o.user_id AS other_id,
            o.accepted AS other_accepted, other.settings AS other_settings,
            EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = me.id AND b.blocked_id = o.user_id) AS i_blocked,
            EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = o.user_id AND b.blocked_id = me.id) AS blocks_me,
            s.id AS sent_message, s.conversation_id AS sent_to
        FROM users me
            LEFT JOIN memberships m ON m.user_id = me.id AND m.conversation_id = $1 AND m.to_seq IS NULL
            LEFT JOIN conversations c ON c.id = m.conversation_id
            LEFT JOIN memberships o ON c.kind = 'direct' AND o.conversation_id = c.id AND o.user_id <> me.id
                AND o.to_seq IS NULL
            LEFT JOIN users other ON other.id = o.user_id
            LEFT JOIN messages s ON s.author_id = me.id AND s.client_id = $3
        WHERE me.id = $2";
    /// A guard that also says when the conversation was last written to: a row while this person may write there.
    pub(crate) static BUMP: (ConversationId, UserId, i64) = concat!(
        "UPDATE conversations SET bumped_at = $3 WHERE id = $1
            AND EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
                WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.to_seq IS NULL AND u.standing = 'good')
            AND (kind = 'group' OR NOT EXISTS (SELECT 1 FROM memberships o
                WHERE o.conversation_id = $1 AND o.user_id <> $2 AND o.to_seq IS NULL AND ",
        blocks_between!("o.user_id", "$2"), "))");
    /// A guard: a row while this person is in the conversation and in good standing.
    static STILL_IN: (ConversationId, UserId) -> UserId =
        "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.to_seq IS NULL AND u.standing = 'good'";
    /// A guard: a row while a person's settings are what was read.
    static STILL_CHOSEN: (UserId, String) -> UserId = "SELECT id FROM users WHERE id = $1 AND settings = $2";
    /// A guard: a row while this person is in good standing.
    static STILL_GOOD: (UserId) -> UserId = "SELECT id FROM users WHERE id = $1 AND standing = 'good'";
}

folkmoot_store::row! {
    /// A place, and what was sent before; nothing of the place for who is not in the conversation.
    pub struct PlaceRow {
        conversation_id: Option<ConversationId>,
        kind: Option<Kind>,
        version: Option<i64>,
        role: Option<MemberRole>,
        accepted: Option<bool>,
        settings: String,
        other_id: Option<UserId>,
        other_accepted: Option<bool>,
        other_settings: Option<String>,
        i_blocked: bool,
        blocks_me: bool,
        sent_message: Option<MessageId>,
        sent_to: Option<ConversationId>,
    }
}

/// A conversation as one of its members stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The conversation.
    pub id: ConversationId,
    /// What sort it is.
    pub kind: Kind,
    /// Rises with each change of its head.
    pub version: i64,
    /// What the person is there.
    pub role: MemberRole,
    /// Whether they have accepted it.
    pub accepted: bool,
    /// Their own settings.
    pub settings: Settings,
    /// The other one, if it is direct.
    pub other: Option<Other>,
}

/// The other one of a direct conversation.
#[derive(Clone, Debug)]
pub(crate) struct Other {
    /// Who.
    pub id: UserId,
    /// Whether they have accepted it.
    pub accepted: bool,
    /// Their settings as they are stored, for a guard.
    pub settings: String,
    /// Whether the person has blocked them.
    pub i_blocked: bool,
    /// Whether they have blocked the person.
    pub blocks_me: bool,
}

impl Other {
    /// Who may begin to write to them.
    pub(crate) fn takes_from(&self) -> MessagesFrom {
        Settings::load(&self.settings).messages_from
    }
}

/// What somebody sent before under the same name, and where to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// What it became.
    pub message: MessageId,
    /// Where it was sent.
    pub to: ConversationId,
}

impl PlaceRow {
    fn split(self) -> (Option<Place>, Option<Sent>) {
        let sent = self.sent_message.zip(self.sent_to).map(|(message, to)| Sent { message, to });
        let other = match (self.other_id, self.other_accepted, self.other_settings) {
            (Some(id), Some(accepted), Some(settings)) => {
                let Self { i_blocked, blocks_me, .. } = self;
                Some(Other { id, accepted, settings, i_blocked, blocks_me })
            }
            _ => None,
        };
        let place = match (self.conversation_id, self.kind, self.version, self.role, self.accepted) {
            (Some(id), Some(kind), Some(version), Some(role), Some(accepted)) => {
                let settings = Settings::load(&self.settings);
                Some(Place { id, kind, version, role, accepted, settings, other })
            }
            _ => None,
        };
        (place, sent)
    }
}

/// A person's place in a conversation they are in.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn place(read: &impl Read, id: ConversationId, user: UserId) -> Result<Option<Place>> {
    Ok(place_and_sent(read, id, user, None).await?.0)
}

/// The same, with what they sent before under a name.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn place_and_sent(
    read: &impl Read,
    id: ConversationId,
    user: UserId,
    client_id: Option<&str>,
) -> Result<(Option<Place>, Option<Sent>)> {
    let row: Option<PlaceRow> = read.maybe(PLACE_AND_SENT.with((id, user, client_id))).await?;
    Ok(row.map_or((None, None), PlaceRow::split))
}

/// A guard that also says when the conversation was last written to.
pub(crate) fn bump(id: ConversationId, user: UserId, at: i64) -> Bound<()> {
    BUMP.with((id, user, at))
}

/// A guard: a row while this person is in the conversation and in good standing.
pub(crate) fn still_in(id: ConversationId, user: UserId) -> Bound<UserId> {
    STILL_IN.with((id, user))
}

/// A guard: a row while a person's settings are what was read.
pub(crate) fn still_chosen(user: UserId, settings: &str) -> Bound<UserId> {
    STILL_CHOSEN.with((user, settings))
}

/// A guard: a row while this person is in good standing.
pub(crate) fn still_good(user: UserId) -> Bound<UserId> {
    STILL_GOOD.with((user,))
}
