//! The SQL of messages. Whatever a person reads lies in one of their periods.

use folkmoot_markup::MARKUP_VERSION;
use folkmoot_store::{Bound, Ids, sql};

use super::super::model::{ConversationId, MessageId};
use super::in_a_period;
use crate::accounts::UserId;
use crate::core::Result;
use crate::core::read::Read;
use crate::core::streams::Stream;

/// Messages that `$2` reads; what they answer only if `$2` reads that too.
macro_rules! message {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.conversation_id, m.seq, m.author_id, m.html, m.excerpt, m.created_at, m.edited_at,
                m.edit_count, m.deleted_at, m.version, m.client_id, r.id AS reply_to, r.seq AS reply_seq,
                r.author_id AS reply_author, r.excerpt AS reply_excerpt
            FROM messages m LEFT JOIN messages r ON r.id = m.reply_to AND r.deleted_at IS NULL AND ",
            in_a_period!("r", "$2"),
            " WHERE ",
            in_a_period!("m", "$2"),
            " AND ",
            $rest
        )
    };
}

sql! {
    /// Messages below a number, the newest first.
    pub(crate) static BELOW: (ConversationId, UserId, i64, i64) -> MessageRow =
        message!("m.conversation_id = $1 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4");
    /// Messages above a number, the oldest first.
    pub(crate) static ABOVE: (ConversationId, UserId, i64, i64) -> MessageRow =
        message!("m.conversation_id = $1 AND m.seq > $3 ORDER BY m.seq LIMIT $4");
    /// Messages after so many of the newest.
    static AFTER_NEWEST: (ConversationId, UserId, i64, i64) -> MessageRow =
        message!("m.conversation_id = $1 ORDER BY m.seq DESC LIMIT $3 OFFSET $4");
    /// Those of these messages that are not deleted, the newest first.
    static SOME: (Ids, UserId) -> MessageRow =
        message!("m.id IN {ids:$1} AND m.deleted_at IS NULL ORDER BY m.created_at DESC, m.id DESC");
    /// One message.
    static BY_ID: (MessageId, UserId) -> MessageRow = message!("m.id = $1");
    /// The newest message of each of these conversations.
    static NEWEST_OF: (Ids, UserId) -> MessageRow = concat!(message!("m.id IN (SELECT (SELECT x.id FROM messages x
            WHERE x.conversation_id = c.id AND "), in_a_period!("x", "$2"), " ORDER BY x.seq DESC LIMIT 1)
            FROM conversations c WHERE c.id IN {ids:$1})");
    /// One message as everyone in the conversation may read it: what it answers only if all of them read that.
    static FOR_ALL: (MessageId) -> MessageRow =
        "SELECT m.id, m.conversation_id, m.seq, m.author_id, m.html, m.excerpt, m.created_at, m.edited_at,
            m.edit_count, m.deleted_at, m.version, CAST(NULL AS TEXT) AS client_id, r.id AS reply_to,
            r.seq AS reply_seq, r.author_id AS reply_author, r.excerpt AS reply_excerpt
        FROM messages m LEFT JOIN messages r ON r.id = m.reply_to AND r.deleted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM memberships o WHERE o.conversation_id = m.conversation_id AND o.to_seq IS NULL
                AND o.from_seq >= r.seq AND NOT EXISTS (SELECT 1 FROM memberships p
                    WHERE p.conversation_id = r.conversation_id AND p.user_id = o.user_id AND p.from_seq < r.seq
                        AND (p.to_seq IS NULL OR p.to_seq >= r.seq)))
        WHERE m.id = $1";
    /// The first message from a time on.
    pub(crate) static FIRST_FROM: (ConversationId, UserId, i64) -> i64 = concat!(
        "SELECT m.seq FROM messages m WHERE m.conversation_id = $1 AND m.created_at >= $3 AND ",
        in_a_period!("m", "$2"), " ORDER BY m.created_at, m.seq LIMIT 1");
    /// Whether there are messages below one number, and above another.
    static BESIDE: (ConversationId, UserId, i64, i64) -> (bool, bool) = concat!(
        "SELECT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = $1 AND m.seq < $3 AND ",
        in_a_period!("m", "$2"), "),
            EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = $1 AND m.seq > $4 AND ",
        in_a_period!("m", "$2"), ")");
    /// A message with its source.
    static SOURCE: (MessageId, UserId) -> SourceRow = concat!(
        "SELECT m.id, m.conversation_id, m.author_id, m.body, m.deleted_at, m.version FROM messages m
        WHERE m.id = $1 AND ", in_a_period!("m", "$2"));
    /// Adds a message at the head of its conversation's stream, unless its author sent it before.
    /// `folded` is what releases before the index of words searched; they may still run beside this one.
    pub(crate) static INSERT: (MessageId, ConversationId, UserId, Option<MessageId>, String, String, String, i64, i64,
        Option<String>, String) =
        "INSERT INTO messages (id, conversation_id, seq, author_id, reply_to, body, html, excerpt, folded,
            markup_version, created_at, edit_count, version, client_id)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), s.head, CAST($3 AS BIGINT), CAST($4 AS BIGINT),
            CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), '', CAST($8 AS BIGINT), CAST($9 AS BIGINT), 0, 1,
            CAST($10 AS TEXT)
        FROM streams s WHERE s.id = $11 ON CONFLICT (author_id, client_id) DO NOTHING";
    /// Keeps the words that an edit replaces, unless somebody edited since version `$2` was read.
    static KEEP_WORDS: (MessageId, i64, UserId, i64) =
        "INSERT INTO message_edits (message_id, version, body, edited_at)
        SELECT m.id, m.version, m.body, CAST($4 AS BIGINT) FROM messages m
        WHERE m.id = $1 AND m.author_id = $3 AND m.deleted_at IS NULL AND m.version >= $2
            AND NOT EXISTS (SELECT 1 FROM message_edits e WHERE e.message_id = m.id AND e.version >= $2)";
    /// Replaces the words.
    static EDIT: (MessageId, String, String, String, i64, i64) =
        "UPDATE messages SET body = $2, html = $3, excerpt = $4, folded = '', markup_version = $5, edited_at = $6,
            edit_count = edit_count + 1, version = version + 1
        WHERE id = $1";
    /// Deletes a message with its words.
    static DELETE: (MessageId, UserId, i64) =
        "UPDATE messages SET deleted_at = $3, body = '', html = '', excerpt = '', folded = '', version = version + 1
        WHERE id = $1 AND author_id = $2 AND deleted_at IS NULL";
    /// Deletes what a message said before.
    static DELETE_EDITS: (MessageId) = "DELETE FROM message_edits WHERE message_id = $1";
    /// Notes that others may see something new of a message.
    static TOUCH: (MessageId) = "UPDATE messages SET version = version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// What edits replaced, the oldest first.
    static EDITS: (MessageId, i64, i64) -> EditRow = "SELECT version, body, edited_at FROM message_edits
        WHERE message_id = $1 AND version > $2 ORDER BY version LIMIT $3";
    /// Messages that an older renderer wrote.
    static STALE: (i64, i64) -> StaleRow = "SELECT id, body, version FROM messages
        WHERE markup_version < $1 AND deleted_at IS NULL ORDER BY markup_version LIMIT $2";
    /// Writes a message's HTML again, if its words are still those that were rendered.
    static RENDERED: (MessageId, i64, String, String, i64) = "UPDATE messages SET html = $3, excerpt = $4,
            markup_version = $5
        WHERE id = $1 AND version = $2";
}

folkmoot_store::row! {
    /// A message as it is shown.
    #[derive(Clone, Debug)]
    pub struct MessageRow {
        /// The message.
        pub id: MessageId,
        /// Its conversation.
        pub conversation_id: ConversationId,
        /// Its place.
        pub seq: i64,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its words as safe HTML.
        pub html: String,
        /// Its first words.
        pub excerpt: String,
        /// When it was written.
        pub created_at: i64,
        /// When it was last edited.
        pub edited_at: Option<i64>,
        /// How often it was edited.
        pub edit_count: i64,
        /// When it was deleted.
        pub deleted_at: Option<i64>,
        /// Rises with each change.
        pub version: i64,
        /// Its author's name for this send.
        pub client_id: Option<String>,
        /// The visible message that it answers.
        pub reply_to: Option<MessageId>,
        /// That message's place.
        pub reply_seq: Option<i64>,
        /// That message's author.
        pub reply_author: Option<UserId>,
        /// That message's first words.
        pub reply_excerpt: Option<String>,
    }
}

folkmoot_store::row! {
    /// A message with its source.
    #[derive(Clone, Debug)]
    pub struct SourceRow {
        /// The message.
        pub id: MessageId,
        /// Its conversation.
        pub conversation_id: ConversationId,
        /// Who wrote it.
        pub author_id: UserId,
        /// Its source.
        pub body: String,
        /// When it was deleted.
        pub deleted_at: Option<i64>,
        /// Rises with each change.
        pub version: i64,
    }
}

folkmoot_store::row! {
    /// Words that an edit replaced.
    pub struct EditRow {
        /// The version that had them.
        pub version: i64,
        /// The words.
        pub body: String,
        /// When they were replaced.
        pub edited_at: i64,
    }
}

folkmoot_store::row! {
    /// A message that an older renderer wrote.
    pub struct StaleRow {
        /// The message.
        pub id: MessageId,
        /// Its source.
        pub body: String,
        /// Rises with each change.
        pub version: i64,
    }
}

/// A message that is being written.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    /// The message.
    pub id: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Who writes it.
    pub author: UserId,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Its words, and what is made of them.
    pub words: Words,
    /// When.
    pub at: i64,
    /// Its author's name for this send.
    pub client_id: Option<String>,
}

/// Words, and what is made of them.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The source.
    pub body: String,
    /// As safe HTML.
    pub html: String,
    /// The first of them.
    pub excerpt: String,
}

/// Whose messages of which conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who reads it.
    pub reader: UserId,
}

/// Up to `limit` messages below a number, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn below(read: &impl Read, of: Reading, seq: i64, limit: i64) -> Result<Vec<MessageRow>> {
    Ok(read.all(BELOW.with((of.conversation, of.reader, seq, limit))).await?)
}

/// Up to `limit` messages above a number, the newest of them first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn above(read: &impl Read, of: Reading, seq: i64, limit: i64) -> Result<Vec<MessageRow>> {
    let mut rows: Vec<MessageRow> = read.all(ABOVE.with((of.conversation, of.reader, seq, limit))).await?;
    rows.reverse();
    Ok(rows)
}

/// Up to `limit` messages after so many of the newest.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn after_newest(
    read: &impl Read,
    of: Reading,
    offset: i64,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    Ok(read.all(AFTER_NEWEST.with((of.conversation, of.reader, limit, offset))).await?)
}

/// Those of these messages that a person reads and that are not deleted, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn some(read: &impl Read, ids: &[MessageId], reader: UserId) -> Result<Vec<MessageRow>> {
    Ok(read.all(SOME.with((MessageId::list(ids.iter().copied()), reader))).await?)
}

/// One message that a person reads.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn by_id(read: &impl Read, id: MessageId, reader: UserId) -> Result<Option<MessageRow>> {
    Ok(read.maybe(BY_ID.with((id, reader))).await?)
}

/// The newest messages of conversations that a person reads.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn newest_of(
    read: &impl Read,
    conversations: &[ConversationId],
    reader: UserId,
) -> Result<Vec<MessageRow>> {
    Ok(read.all(NEWEST_OF.with((ConversationId::list(conversations.iter().copied()), reader))).await?)
}

/// One message as everyone in the conversation may read it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn for_all(read: &impl Read, id: MessageId) -> Result<Option<MessageRow>> {
    Ok(read.maybe(FOR_ALL.with((id,))).await?)
}

/// The first message from a time on.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn first_from(read: &impl Read, of: Reading, at: i64) -> Result<Option<i64>> {
    Ok(read.maybe(FIRST_FROM.with((of.conversation, of.reader, at))).await?)
}

/// Whether there are messages below one number, and above another.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn beside(read: &impl Read, of: Reading, low: i64, high: i64) -> Result<(bool, bool)> {
    Ok(read.one(BESIDE.with((of.conversation, of.reader, low, high))).await?)
}

/// A message with its source, for who reads it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn source(read: &impl Read, id: MessageId, reader: UserId) -> Result<Option<SourceRow>> {
    Ok(read.maybe(SOURCE.with((id, reader))).await?)
}

/// Adds a message; writes nothing when its author sent it before.
pub(crate) fn insert(new: &NewMessage) -> Bound<()> {
    let Words { body, html, excerpt } = &new.words;
    INSERT.with((
        new.id,
        new.conversation,
        new.author,
        new.reply_to,
        body.as_str(),
        html.as_str(),
        excerpt.as_str(),
        MARKUP_VERSION,
        new.at,
        new.client_id.as_deref(),
        Stream::Conversation(new.conversation.0).to_string(),
    ))
}

/// Keeps the words that an edit replaces; writes nothing when somebody edited since version `read` was read.
pub(crate) fn keep_words(id: MessageId, read: i64, author: UserId, now: i64) -> Bound<()> {
    KEEP_WORDS.with((id, read, author, now))
}

/// Replaces a message's words.
pub(crate) fn edit(id: MessageId, words: &Words, now: i64) -> Bound<()> {
    let Words { body, html, excerpt } = words;
    EDIT.with((id, body.as_str(), html.as_str(), excerpt.as_str(), MARKUP_VERSION, now))
}

/// Deletes a message of this author; writes nothing when it is deleted.
pub(crate) fn delete(id: MessageId, author: UserId, now: i64) -> Bound<()> {
    DELETE.with((id, author, now))
}

/// Deletes what a message said before.
pub(crate) fn delete_edits(id: MessageId) -> Bound<()> {
    DELETE_EDITS.with((id,))
}

/// Notes that others may see something new of a message; writes nothing when it is deleted.
pub(crate) fn touch(id: MessageId) -> Bound<()> {
    TOUCH.with((id,))
}

/// The words that edits replaced, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn edits(read: &impl Read, id: MessageId, after: i64, limit: i64) -> Result<Vec<EditRow>> {
    Ok(read.all(EDITS.with((id, after, limit))).await?)
}

/// Messages whose HTML a renderer older than `version` wrote.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn stale(read: &impl Read, version: i64, limit: i64) -> Result<Vec<StaleRow>> {
    Ok(read.all(STALE.with((version, limit))).await?)
}

/// Writes a message's HTML again; writes nothing when its version is another.
pub(crate) fn rendered(id: MessageId, version: i64, html: &str, excerpt: &str) -> Bound<()> {
    RENDERED.with((id, version, html, excerpt, MARKUP_VERSION))
}
