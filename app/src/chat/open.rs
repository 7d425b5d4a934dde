//! Opening conversations: a direct one with one person, a group with any number.

use serde::Deserialize;
use utoipa::ToSchema;

use super::json::ConversationJson;
use super::model::{ConversationId, Kind, MAX_NAMED, MemberRole, checked_title};
use super::queries::conversations::{self, NewConversation};
use super::queries::members::{self, TowardsRow};
use super::queries::places;
use super::send::{REFUSED, Taken};
use super::{access, events, list};
use crate::accounts::{Actor, MessagesFrom, Permission, Settings, UserId, names, people};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// The pair has a conversation, or this was opened before.
const EXISTS: &str = "exists";

/// What is said of a new conversation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationOpening {
    /// The nicknames of the others, at most 50. One of them and no title makes a direct conversation.
    pub members: Vec<String>,
    /// A group's title.
    pub title: Option<String>,
    /// The opener's name for this (a UUID): sent again, it answers the same conversation.
    pub client_id: Option<String>,
}

/// Opens a conversation. `opening.client_id` is checked by the caller, who also reads the header.
///
/// # Errors
/// `Invalid` naming the field, `Forbidden` (`blocked`, `not_accepted_here`).
pub async fn open(app: &App, actor: &Actor, opening: ConversationOpening) -> Result<Taken<ConversationJson>> {
    let me = actor.require(Permission::Write)?.id;
    let title = checked_title(opening.title.as_deref().unwrap_or_default())?;
    let others = named(app, me, "members", &opening.members).await?;
    let (kind, pair) = match (&others[..], &title) {
        ([], None) => return Err(Error::invalid("members", "somebody else")),
        ([other], None) => (Kind::Direct, Some(conversations::pair(me, *other))),
        _ => (Kind::Group, None),
    };
    let by = NewConversation {
        id: ConversationId(app.new_id()?),
        kind,
        pair,
        title,
        by: me,
        client_id: opening.client_id,
        at: app.now(),
    };
    if let Some(before) = opened_before(app, &by).await? {
        return Ok(Taken::Before(before));
    }
    let towards = willing(app, me, &others).await?;
    match app.commit(written(&by, &towards)).await {
        Ok(_) => Ok(Taken::Now(list::one_of(app, me, by.id).await?)),
        Err(error) => {
            missed(error)?;
            match opened_before(app, &by).await? {
                Some(before) => Ok(Taken::Before(before)),
                None => Err(refusal(app, me, &others).await?),
            }
        }
    }
}

/// What the pair has, or what this person opened under this name.
async fn opened_before(app: &App, by: &NewConversation) -> Result<Option<ConversationJson>> {
    let primary = app.db.primary();
    let id = match (&by.pair, &by.client_id) {
        (Some(pair), _) => conversations::by_pair(primary, pair).await?,
        (None, Some(client_id)) => conversations::by_client_id(primary, by.by, client_id).await?,
        (None, None) => None,
    };
    match id {
        Some(id) => Ok(Some(list::one_of(app, by.by, id).await?)),
        None => Ok(None),
    }
}

/// People by their nicknames, each once, without the one who names them.
///
/// # Errors
/// `Invalid` naming the field when somebody is not there, or there are too many.
pub(super) async fn named(
    app: &App,
    me: UserId,
    field: &'static str,
    nicknames: &[String],
) -> Result<Vec<UserId>> {
    if nicknames.len() > MAX_NAMED {
        return Err(Error::invalid(field, format!("at most {MAX_NAMED} at a time")));
    }
    let found = people::by_nicknames(&app.db, nicknames).await?;
    let mut ids: Vec<UserId> = Vec::new();
    for nickname in nicknames {
        let person = found.get(&names::key(nickname));
        let id = person.ok_or_else(|| Error::invalid(field, format!("nobody is called {nickname}")))?.id;
        if id != me && !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// These people, if all of them may be written to.
///
/// # Errors
/// `Forbidden` (`blocked`, `not_accepted_here`).
pub(super) async fn willing(app: &App, me: UserId, others: &[UserId]) -> Result<Vec<TowardsRow>> {
    let towards = members::towards(app.db.primary(), others, me).await?;
    for other in &towards {
        if other.is_blocked {
            return Err(access::blocked());
        }
        let takes = match Settings::load(&other.settings).messages_from {
            MessagesFrom::Everyone => true,
            MessagesFrom::Known => other.knows,
            MessagesFrom::Nobody => false,
        };
        if !takes {
            return Err(access::not_accepted_here());
        }
    }
    Ok(towards)
}

/// The guards of a batch that brings somebody to these people.
pub(super) fn guard(write: &mut Write, me: UserId, towards: &[TowardsRow]) {
    let ids: Vec<UserId> = towards.iter().map(|other| other.id).collect();
    let all = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    write.push(places::still_good(me).expect_rows(1).or(REFUSED));
    write.push(members::unblocked(&ids, me).expect_rows(all).or(REFUSED));
    for other in towards {
        write.push(places::still_chosen(other.id, &other.settings).expect_rows(1).or(REFUSED));
    }
}

fn written(new: &NewConversation, towards: &[TowardsRow]) -> Write {
    let mut write = Write::new(Some(new.by.0), new.at);
    guard(&mut write, new.by, towards);
    write.push(conversations::insert(new).expect_rows(1).or(EXISTS));
    let role = if new.kind == Kind::Group { MemberRole::Owner } else { MemberRole::Member };
    write.push(members::found(new.id, &[new.by], role, true, new.at));
    for accepted in [true, false] {
        let ids: Vec<UserId> =
            towards.iter().filter(|other| other.knows == accepted).map(|other| other.id).collect();
        if !ids.is_empty() {
            write.push(members::found(new.id, &ids, MemberRole::Member, accepted, new.at));
        }
    }
    write.record(events::conversation(events::CONVERSATION_OPENED, new.id, 1));
    for who in towards.iter().map(|other| other.id).chain([new.by]) {
        write.record(events::own(events::CONVERSATION_JOINED, who, new.id));
    }
    if new.kind == Kind::Direct && towards.iter().any(|other| !other.knows) {
        write.record(events::sight_changed(new.by));
    }
    write
}

/// Why a batch was refused that had looked possible.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refusal(app: &App, me: UserId, others: &[UserId]) -> Result<Error> {
    Ok(match willing(app, me, others).await {
        Ok(_) => access::not_allowed("You may not do this any more."),
        Err(error) => error,
    })
}
