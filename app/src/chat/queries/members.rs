//! The SQL of memberships: who is in, who came, who went. What writes here reads the head of the conversation's
//! stream, so the batch must append an event there.

use folkmoot_store::{Bound, Ids, sql};

use super::super::model::{ConversationId, MAX_MEMBERS, MEMBERS_SHOWN, MemberRole};
use super::blocks_between;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::streams::Stream;

sql! {
    /// The first members of conversations: who runs them, then as they came.
    static OF: (Ids, i64) -> MemberRow =
        "SELECT conversation_id, user_id, role, accepted, seq, settings FROM (
            SELECT m.conversation_id, m.user_id, m.role, m.accepted, k.seq, u.settings, m.joined_at,
                CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END AS rank,
                ROW_NUMBER() OVER (PARTITION BY m.conversation_id ORDER BY
                    CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END, m.joined_at, m.user_id) AS place
            FROM memberships m JOIN users u ON u.id = m.user_id
                LEFT JOIN conversation_marks k ON k.user_id = m.user_id AND k.conversation_id = m.conversation_id
            WHERE m.conversation_id IN {ids:$1} AND m.to_seq IS NULL) AS ranked
        WHERE place <= $2 ORDER BY conversation_id, rank, joined_at, user_id";
    /// A person's open period.
    static OPEN: (ConversationId, UserId) -> OpenRow =
        "SELECT joined_seq, role, accepted FROM memberships
        WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NULL";
    /// In which of these conversations a person is.
    static AMONG: (Ids, UserId) -> ConversationId = "SELECT conversation_id FROM memberships
        WHERE conversation_id IN {ids:$1} AND user_id = $2 AND to_seq IS NULL";
    /// All of a person's periods in those of these conversations in which one of them is open.
    static PERIODS: (Ids, UserId) -> (ConversationId, i64, Option<i64>) =
        "SELECT p.conversation_id, p.from_seq, p.to_seq FROM memberships p
        WHERE p.conversation_id IN {ids:$1} AND p.user_id = $2
            AND EXISTS (SELECT 1 FROM memberships o
                WHERE o.conversation_id = p.conversation_id AND o.user_id = $2 AND o.to_seq IS NULL)
        ORDER BY p.conversation_id, p.from_seq";
    /// Who of these is in a conversation.
    static PRESENT: (ConversationId, Ids) -> UserId = "SELECT user_id FROM memberships
        WHERE conversation_id = $1 AND user_id IN {ids:$2} AND to_seq IS NULL";
    /// What somebody must know of each of these people to write to them: their settings, whether they share a
    /// conversation that both have accepted, and whether one has blocked the other.
    static TOWARDS: (Ids, UserId) -> TowardsRow = concat!(
        "SELECT u.id, u.nickname, u.settings,
            EXISTS (SELECT 1 FROM memberships a JOIN memberships b ON b.conversation_id = a.conversation_id
                WHERE a.user_id = u.id AND a.to_seq IS NULL AND a.accepted
                    AND b.user_id = $2 AND b.to_seq IS NULL AND b.accepted) AS knows, ",
        blocks_between!("u.id", "$2"), " AS is_blocked
        FROM users u WHERE u.id IN {ids:$1}");
    /// A guard: those of these people between whom and somebody there is no block.
    static UNBLOCKED: (Ids, UserId) -> UserId = concat!(
        "SELECT u.id FROM users u WHERE u.id IN {ids:$1} AND NOT ", blocks_between!("u.id", "$2"));
    /// Those who open a conversation, and those who are in it from its first event on.
    static FOUND: (ConversationId, Ids, MemberRole, bool, i64) =
        "INSERT INTO memberships (conversation_id, user_id, from_seq, joined_seq, role, accepted, muted, joined_at)
        SELECT CAST($1 AS BIGINT), u.id, 0, 1, CAST($3 AS TEXT), CAST($4 AS BOOLEAN), FALSE, CAST($5 AS BIGINT)
        FROM users u WHERE u.id IN {ids:$2}";
    /// Begins a period at the head of the conversation's stream, reading from there or (`$4` is 0) from the beginning.
    static JOIN: (ConversationId, UserId, bool, i64, i64, String, i64) =
        "INSERT INTO memberships (conversation_id, user_id, from_seq, joined_seq, role, accepted, muted, joined_at)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), s.head * $4, s.head, 'member', CAST($3 AS BOOLEAN), FALSE,
            CAST($5 AS BIGINT)
        FROM streams s WHERE s.id = $6
            AND NOT EXISTS (SELECT 1 FROM memberships o
                WHERE o.conversation_id = $1 AND o.user_id = $2 AND o.to_seq IS NULL)
            AND (SELECT COUNT(*) FROM memberships o WHERE o.conversation_id = $1 AND o.to_seq IS NULL) < $7";
    /// Forgets the closed periods of somebody who is to read everything.
    static FORGET_PERIODS: (ConversationId, UserId) =
        "DELETE FROM memberships WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NOT NULL";
    /// Ends a person's open period at the head of the conversation's stream; an owner only when nobody else is there.
    static LEAVE: (ConversationId, UserId, String) =
        "UPDATE memberships SET to_seq = (SELECT head FROM streams WHERE id = $3)
        WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NULL
            AND (role <> 'owner' OR NOT EXISTS (SELECT 1 FROM memberships o
                WHERE o.conversation_id = $1 AND o.user_id <> $2 AND o.to_seq IS NULL))";
    /// A guard: a row while this person, in good standing, may add members and change the title.
    static STILL_MANAGES: (ConversationId, UserId) -> UserId =
        "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.to_seq IS NULL AND m.role IN ('owner', 'admin')
            AND u.standing = 'good'";
    /// A guard: a row while one person may remove another.
    static STILL_OVER: (ConversationId, UserId, UserId) -> UserId =
        "SELECT t.user_id FROM memberships a JOIN users u ON u.id = a.user_id
            JOIN memberships t ON t.conversation_id = a.conversation_id
        WHERE a.conversation_id = $1 AND a.user_id = $2 AND a.to_seq IS NULL AND u.standing = 'good'
            AND t.user_id = $3 AND t.to_seq IS NULL
            AND (a.role = 'owner' OR (a.role = 'admin' AND t.role = 'member'))";
    /// A guard: a row while this person, in good standing, owns the group.
    static STILL_OWNS: (ConversationId, UserId) -> UserId =
        "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.to_seq IS NULL AND m.role = 'owner'
            AND u.standing = 'good'";
    /// Gives a member another role.
    static SET_ROLE: (ConversationId, UserId, MemberRole) =
        "UPDATE memberships SET role = $3
        WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NULL AND role <> $3";
    /// Mutes a conversation, or lets it be heard again.
    static MUTE: (ConversationId, UserId, bool) =
        "UPDATE memberships SET muted = $3
        WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NULL AND muted <> $3";
    /// Accepts a request.
    static ACCEPT: (ConversationId, UserId) =
        "UPDATE memberships SET accepted = TRUE
        WHERE conversation_id = $1 AND user_id = $2 AND to_seq IS NULL AND NOT accepted";
    /// Those of these people whom somebody may see: nobody who blocked them, nobody who has not accepted their request.
    static IN_SIGHT: (Ids, UserId) -> UserId =
        "SELECT u.id FROM users u WHERE u.id IN {ids:$1}
            AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = u.id AND b.blocked_id = $2)
            AND NOT EXISTS (SELECT 1 FROM memberships mine JOIN conversations c ON c.id = mine.conversation_id
                JOIN memberships theirs ON theirs.conversation_id = c.id
                WHERE mine.user_id = $2 AND mine.to_seq IS NULL AND c.kind = 'direct' AND theirs.user_id = u.id
                    AND theirs.to_seq IS NULL AND NOT theirs.accepted)";
}

folkmoot_store::row! {
    /// A member of a conversation.
    #[derive(Clone, Debug)]
    pub struct MemberRow {
        /// The conversation.
        pub conversation_id: ConversationId,
        /// Who.
        pub user_id: UserId,
        /// What they are there.
        pub role: MemberRole,
        /// Whether they have accepted it.
        pub accepted: bool,
        /// How far they have read.
        pub seq: Option<i64>,
        /// Their settings.
        pub settings: String,
    }
}

folkmoot_store::row! {
    /// A person's open period.
    #[derive(Clone, Debug)]
    pub struct OpenRow {
        /// The number of the event by which they came.
        pub joined_seq: i64,
        /// What they are there.
        pub role: MemberRole,
        /// Whether they have accepted it.
        pub accepted: bool,
    }
}

folkmoot_store::row! {
    /// What somebody must know of a person to write to them.
    #[derive(Clone, Debug)]
    pub struct TowardsRow {
        /// Who.
        pub id: UserId,
        /// As they spell it.
        pub nickname: String,
        /// Their settings, as they are stored.
        pub settings: String,
        /// Whether the two share a conversation that both have accepted.
        pub knows: bool,
        /// Whether one has blocked the other.
        pub is_blocked: bool,
    }
}

/// The first members of conversations.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of(read: &impl Read, conversations: &[ConversationId]) -> Result<Vec<MemberRow>> {
    let ids = ConversationId::list(conversations.iter().copied());
    Ok(read.all(OF.with((ids, MEMBERS_SHOWN))).await?)
}

/// A person's open period.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn open(read: &impl Read, id: ConversationId, user: UserId) -> Result<Option<OpenRow>> {
    Ok(read.maybe(OPEN.with((id, user))).await?)
}

/// In which of these conversations a person is.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn among(
    read: &impl Read,
    ids: &[ConversationId],
    user: UserId,
) -> Result<Vec<ConversationId>> {
    Ok(read.all(AMONG.with((ConversationId::list(ids.iter().copied()), user))).await?)
}

/// A person's periods in those of these conversations that they are in: from above a number up to another, or on and on.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn periods(
    read: &impl Read,
    ids: &[ConversationId],
    user: UserId,
) -> Result<Vec<(ConversationId, i64, Option<i64>)>> {
    Ok(read.all(PERIODS.with((ConversationId::list(ids.iter().copied()), user))).await?)
}

/// Who of these is in a conversation.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn present(read: &impl Read, id: ConversationId, users: &[UserId]) -> Result<Vec<UserId>> {
    Ok(read.all(PRESENT.with((id, UserId::list(users.iter().copied())))).await?)
}

/// What somebody must know of these people to write to them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn towards(read: &impl Read, users: &[UserId], from: UserId) -> Result<Vec<TowardsRow>> {
    Ok(read.all(TOWARDS.with((UserId::list(users.iter().copied()), from))).await?)
}

/// A guard: a row for each of these people between whom and somebody there is no block.
pub(crate) fn unblocked(users: &[UserId], from: UserId) -> Bound<UserId> {
    UNBLOCKED.with((UserId::list(users.iter().copied()), from))
}

/// Puts people into a conversation that is being opened.
pub(crate) fn found(
    id: ConversationId,
    users: &[UserId],
    role: MemberRole,
    accepted: bool,
    at: i64,
) -> Bound<()> {
    FOUND.with((id, UserId::list(users.iter().copied()), role, accepted, at))
}

/// Puts a person into a group; writes nothing when they are in it, or it is full.
pub(crate) fn join(id: ConversationId, user: UserId, accepted: bool, reads_all: bool, at: i64) -> Bound<()> {
    JOIN.with((id, user, accepted, i64::from(!reads_all), at, stream(id), MAX_MEMBERS))
}

/// Forgets the closed periods of somebody who is to read everything.
pub(crate) fn forget_periods(id: ConversationId, user: UserId) -> Bound<()> {
    FORGET_PERIODS.with((id, user))
}

/// Ends a person's open period; writes nothing for an owner who would leave others without one.
pub(crate) fn leave(id: ConversationId, user: UserId) -> Bound<()> {
    LEAVE.with((id, user, stream(id)))
}

/// A guard: a row while this person may add members and change the title.
pub(crate) fn still_manages(id: ConversationId, user: UserId) -> Bound<UserId> {
    STILL_MANAGES.with((id, user))
}

/// A guard: a row while one person may remove another.
pub(crate) fn still_over(id: ConversationId, user: UserId, other: UserId) -> Bound<UserId> {
    STILL_OVER.with((id, user, other))
}

/// A guard: a row while this person owns the group.
pub(crate) fn still_owns(id: ConversationId, user: UserId) -> Bound<UserId> {
    STILL_OWNS.with((id, user))
}

/// Gives a member another role; writes nothing when they have it.
pub(crate) fn set_role(id: ConversationId, user: UserId, role: MemberRole) -> Bound<()> {
    SET_ROLE.with((id, user, role))
}

/// Mutes a conversation or lets it be heard again; writes nothing when it is so already.
pub(crate) fn mute(id: ConversationId, user: UserId, muted: bool) -> Bound<()> {
    MUTE.with((id, user, muted))
}

/// Accepts a request; writes nothing when it is accepted.
pub(crate) fn accept(id: ConversationId, user: UserId) -> Bound<()> {
    ACCEPT.with((id, user))
}

/// Those of these people whom somebody may see.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn in_sight(read: &impl Read, users: &[UserId], of: UserId) -> Result<Vec<UserId>> {
    Ok(read.all(IN_SIGHT.with((UserId::list(users.iter().copied()), of))).await?)
}

fn stream(id: ConversationId) -> String {
    Stream::Conversation(id.0).to_string()
}
