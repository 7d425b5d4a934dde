//! The SQL of conversations: one's list, single ones, and opening them.

use folkmoot_store::{Bound, Ids, sql};

use super::super::json::UnreadMessages;
use super::super::model::{ConversationId, Kind, MemberRole};
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::time::Time;

/// How far the owner of membership `m` has read, with mark `k`: from when they came on nothing is read by itself.
macro_rules! mark {
    () => {
        "CASE WHEN k.seq > m.joined_seq THEN k.seq ELSE m.joined_seq END"
    };
}

/// Visible messages of others above my mark.
macro_rules! unread {
    () => {
        concat!(
            "FROM messages x WHERE x.conversation_id = m.conversation_id AND x.seq > ",
            mark!(),
            " AND x.deleted_at IS NULL AND x.author_id <> m.user_id ORDER BY x.seq LIMIT "
        )
    };
}

macro_rules! conversation {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.kind, c.title, c.created_at, c.bumped_at, c.version, m.role, m.accepted, m.muted, ",
            mark!(),
            " AS mark, s.head,
                (SELECT COUNT(*) FROM (SELECT 1 AS one ",
            unread!(),
            "100) AS few) AS unread, (SELECT x.seq ",
            unread!(),
            "1) AS first_unread, (SELECT x.created_at ",
            unread!(),
            "1) AS first_unread_at,
                (SELECT COUNT(*) FROM memberships a WHERE a.conversation_id = c.id AND a.to_seq IS NULL)
                    AS member_count,
                o.user_id AS other_id, o.accepted AS other_accepted, other.settings AS other_settings,
                EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = m.user_id AND b.blocked_id = o.user_id) AS i_blocked,
                EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = o.user_id AND b.blocked_id = m.user_id) AS blocks_me
            FROM memberships m JOIN conversations c ON c.id = m.conversation_id
                JOIN streams s ON s.id = 'conversation:' || CAST(c.id AS TEXT)
                LEFT JOIN conversation_marks k ON k.user_id = m.user_id AND k.conversation_id = c.id
                LEFT JOIN memberships o ON c.kind = 'direct' AND o.conversation_id = c.id AND o.user_id <> m.user_id
                    AND o.to_seq IS NULL
                LEFT JOIN users other ON other.id = o.user_id
            WHERE m.user_id = $1 AND m.to_seq IS NULL AND ",
            $rest
        )
    };
}

sql! {
    /// A person's conversations, the last written to first.
    pub(crate) static OF_PERSON: (UserId, i64, ConversationId, i64) -> ConversationRow =
        conversation!("(c.bumped_at, c.id) < ($2, $3) ORDER BY c.bumped_at DESC, c.id DESC LIMIT $4");
    /// One of them.
    pub(crate) static BY_ID: (UserId, ConversationId) -> ConversationRow = conversation!("m.conversation_id = $2");
    /// What is unread in those of a person's conversations that are not muted: how many of them, and how many messages.
    pub(crate) static UNREAD_OF_PERSON: (UserId) -> (i64, i64) = concat!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(of_one.unread), 0) AS BIGINT) FROM (
            SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one ", unread!(), "100) AS few) AS unread
            FROM memberships m LEFT JOIN conversation_marks k
                ON k.user_id = m.user_id AND k.conversation_id = m.conversation_id
            WHERE m.user_id = $1 AND m.to_seq IS NULL AND NOT m.muted) AS of_one
        WHERE of_one.unread > 0");
    /// A person's conversations, and where their streams stand.
    pub(crate) static HEADS_OF_PERSON: (UserId) -> (ConversationId, i64) =
        "SELECT m.conversation_id, s.head FROM memberships m
            JOIN streams s ON s.id = 'conversation:' || CAST(m.conversation_id AS TEXT)
        WHERE m.user_id = $1 AND m.to_seq IS NULL";
    /// The direct conversation of two people.
    static BY_PAIR: (String) -> ConversationId = "SELECT id FROM conversations WHERE pair = $1";
    /// What a person opened under a name.
    static BY_CLIENT_ID: (UserId, String) -> ConversationId =
        "SELECT id FROM conversations WHERE created_by = $1 AND client_id = $2";
    /// What everyone in a conversation may know of it.
    static HEAD: (ConversationId) -> HeadRow = "SELECT id, title, version FROM conversations WHERE id = $1";
    /// What these conversations are called.
    static NAMES: (Ids) -> NameRow = "SELECT id, kind, title FROM conversations WHERE id IN {ids:$1} ORDER BY id";
    /// Opens a conversation, unless the pair has one or its opener opened it before.
    static INSERT: (ConversationId, Kind, Option<String>, Option<String>, UserId, Option<String>, i64) =
        "INSERT INTO conversations (id, kind, pair, title, created_by, client_id, created_at, bumped_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1) ON CONFLICT DO NOTHING";
    /// Gives a group another title, if it is at that version.
    static RENAME: (ConversationId, Option<String>, i64) =
        "UPDATE conversations SET title = $2, version = version + 1 WHERE id = $1 AND version = $3";
}

folkmoot_store::row! {
    /// A conversation as one of its members sees it.
    #[derive(Clone, Debug)]
    pub struct ConversationRow {
        /// The conversation.
        pub id: ConversationId,
        /// What sort it is.
        pub kind: Kind,
        /// Its title.
        pub title: Option<String>,
        /// When it began.
        pub created_at: i64,
        /// When it was last written to.
        pub bumped_at: i64,
        /// Rises with each change of its head.
        pub version: i64,
        /// What the person is there.
        pub role: MemberRole,
        /// Whether they have accepted it.
        pub accepted: bool,
        /// Whether they have muted it.
        pub muted: bool,
        /// How far they have read.
        pub mark: i64,
        /// Where its stream stands.
        pub head: i64,
        /// How many messages are unread, at most 100.
        pub unread: i64,
        /// The first of them.
        pub first_unread: Option<i64>,
        /// When that was written.
        pub first_unread_at: Option<i64>,
        /// How many members there are.
        pub member_count: i64,
        /// The other one, if it is direct.
        pub other_id: Option<UserId>,
        /// Whether they have accepted it.
        pub other_accepted: Option<bool>,
        /// Their settings.
        pub other_settings: Option<String>,
        /// Whether the person has blocked them.
        pub i_blocked: bool,
        /// Whether they have blocked the person.
        pub blocks_me: bool,
    }
}

folkmoot_store::row! {
    /// What everyone in a conversation may know of it.
    pub struct HeadRow {
        /// The conversation.
        pub id: ConversationId,
        /// Its title.
        pub title: Option<String>,
        /// Rises with each change of its head.
        pub version: i64,
    }
}

folkmoot_store::row! {
    /// What a conversation is called.
    pub struct NameRow {
        /// The conversation.
        pub id: ConversationId,
        /// What sort it is.
        pub kind: Kind,
        /// Its title.
        pub title: Option<String>,
    }
}

impl ConversationRow {
    /// What is unread.
    pub(crate) fn unread_messages(&self) -> UnreadMessages {
        UnreadMessages {
            count: self.unread,
            first_seq: self.first_unread,
            first_at: self.first_unread_at.map(Time),
        }
    }
}

/// A conversation that is being opened.
#[derive(Clone, Debug)]
pub(crate) struct NewConversation {
    /// The conversation.
    pub id: ConversationId,
    /// What sort it is.
    pub kind: Kind,
    /// The two people of a direct one ([`pair`]).
    pub pair: Option<String>,
    /// A group's title.
    pub title: Option<String>,
    /// Who opens it.
    pub by: UserId,
    /// Their name for this.
    pub client_id: Option<String>,
    /// When.
    pub at: i64,
}

/// Two people, whoever comes first.
pub(crate) fn pair(one: UserId, other: UserId) -> String {
    format!("{}:{}", one.min(other), one.max(other))
}

/// A person's conversations after a time and an id, the last written to first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_person(
    read: &impl Read,
    user: UserId,
    (at, id): (i64, ConversationId),
    limit: i64,
) -> Result<Vec<ConversationRow>> {
    Ok(read.all(OF_PERSON.with((user, at, id, limit))).await?)
}

/// A conversation that a person is in.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_id(
    read: &impl Read,
    user: UserId,
    id: ConversationId,
) -> Result<Option<ConversationRow>> {
    Ok(read.maybe(BY_ID.with((user, id))).await?)
}

/// How many of a person's conversations have something unread, and how many messages that is; muted ones apart.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn unread_of_person(read: &impl Read, user: UserId) -> Result<(i64, i64)> {
    Ok(read.one(UNREAD_OF_PERSON.with((user,))).await?)
}

/// A person's conversations, and where their streams stand.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn heads_of_person(read: &impl Read, user: UserId) -> Result<Vec<(ConversationId, i64)>> {
    Ok(read.all(HEADS_OF_PERSON.with((user,))).await?)
}

/// The direct conversation of two people.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_pair(read: &impl Read, pair: &str) -> Result<Option<ConversationId>> {
    Ok(read.maybe(BY_PAIR.with((pair,))).await?)
}

/// What a person opened under a name.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_client_id(
    read: &impl Read,
    user: UserId,
    client_id: &str,
) -> Result<Option<ConversationId>> {
    Ok(read.maybe(BY_CLIENT_ID.with((user, client_id))).await?)
}

/// What everyone in a conversation may know of it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn head(read: &impl Read, id: ConversationId) -> Result<Option<HeadRow>> {
    Ok(read.maybe(HEAD.with((id,))).await?)
}

/// What these conversations are called.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn names(read: &impl Read, ids: &[ConversationId]) -> Result<Vec<NameRow>> {
    Ok(read.all(NAMES.with((ConversationId::list(ids.iter().copied()),))).await?)
}

/// Opens a conversation; writes nothing when the pair has one or its opener opened it before.
pub(crate) fn insert(new: &NewConversation) -> Bound<()> {
    INSERT.with((
        new.id,
        new.kind,
        new.pair.as_deref(),
        new.title.as_deref(),
        new.by,
        new.client_id.as_deref(),
        new.at,
    ))
}

/// Gives a group another title; writes nothing when it is at another version.
pub(crate) fn rename(id: ConversationId, title: Option<&str>, version: i64) -> Bound<()> {
    RENAME.with((id, title, version))
}
