//! Conversations that come whole, with all their messages: nothing live, nobody is told.
//!
//! Their streams have heads and no events, as if all of them had been forgotten after their time.

use folkmoot_markup::{MARKUP_VERSION, Rendered};
use folkmoot_store::{Batch, sql};

use super::model::{ConversationId, Kind, MemberRole, MessageId};
use super::queries::conversations::{self, NewConversation};
use super::queries::{marks, members};
use crate::accounts::UserId;
use crate::core::streams::Stream;

sql! {
    /// Sets where a stream stands that nobody has followed yet.
    static SET_HEAD: (String, i64) = "INSERT INTO streams (id, head) VALUES ($1, $2)";
    /// A message at its place.
    static INSERT: (MessageId, ConversationId, i64, UserId, String, String, String, i64, i64) =
        "INSERT INTO messages (id, conversation_id, seq, author_id, body, html, excerpt, folded, markup_version,
            created_at, edit_count, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, 0, 1)";
    /// When it was last written to.
    static BUMP: (ConversationId, i64) = "UPDATE conversations SET bumped_at = $2 WHERE id = $1";
}

/// A conversation with all its messages.
pub struct Imported {
    /// Its id here.
    pub id: ConversationId,
    /// Who is in it from its beginning, at least two, each once; the first has opened it.
    pub members: Vec<UserId>,
    /// A group's title; a conversation of two without one is direct.
    pub title: Option<String>,
    /// When it was opened, in milliseconds since 1970.
    pub opened_at: i64,
    /// In their order.
    pub messages: Vec<ImportedMessage>,
    /// Who has not read the last so many messages.
    pub unread: Vec<(UserId, i64)>,
}

/// A message, rendered.
pub struct ImportedMessage {
    /// Its id here.
    pub id: MessageId,
    /// Who wrote it: a member.
    pub author: UserId,
    /// Markdown.
    pub body: String,
    /// What `markup` made of it.
    pub rendered: Rendered,
    /// When it was sent, in milliseconds since 1970.
    pub at: i64,
}

impl Imported {
    /// Everything that makes it, to be committed together. The code of a miss, when two people have a direct
    /// conversation already, is `exists`.
    pub fn into_batch(self) -> Batch {
        let mut batch = Batch::new();
        let [by, others @ ..] = &self.members[..] else { return batch };
        let (kind, pair) = match (others, &self.title) {
            ([other], None) => (Kind::Direct, Some(conversations::pair(*by, *other))),
            _ => (Kind::Group, None),
        };
        let new = NewConversation {
            id: self.id,
            kind,
            pair,
            title: self.title,
            by: *by,
            client_id: None,
            at: self.opened_at,
        };
        batch.push(conversations::insert(&new).expect_rows(1).or("exists"));
        let role = if kind == Kind::Group { MemberRole::Owner } else { MemberRole::Member };
        batch.push(members::found(self.id, &[*by], role, true, self.opened_at));
        batch.push(members::found(self.id, others, MemberRole::Member, true, self.opened_at));
        // The first number is that of its opening.
        let mut head = 1;
        let mut last_at = self.opened_at;
        for message in self.messages {
            head += 1;
            last_at = message.at;
            batch.push(message.at_place(self.id, head));
        }
        batch.push(SET_HEAD.with((Stream::Conversation(self.id.0).to_string(), head)));
        batch.push(BUMP.with((self.id, last_at)));
        for member in &self.members {
            let unread = self.unread.iter().find(|(who, _)| who == member).map_or(0, |(_, unread)| *unread);
            batch.push(marks::set(*member, self.id, (head - unread).max(1), last_at));
        }
        batch
    }
}

impl ImportedMessage {
    fn at_place(self, to: ConversationId, seq: i64) -> folkmoot_store::Bound<()> {
        let Self { id, author, body, rendered, at } = self;
        INSERT.with((id, to, seq, author, body, rendered.html, rendered.excerpt, MARKUP_VERSION, at))
    }
}
