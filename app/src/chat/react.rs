//! Reacting to messages with single emoji.

use super::model::MessageId;
use super::queries::{messages, places, reactions};
use super::send::REFUSED;
use super::{access, edit, events};
use crate::accounts::{Actor, Permission, UserId};
use crate::core::emoji::checked_emoji;
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// It is so already, which takes the stream's head back too.
const NOTHING_TO_DO: &str = "nothing_to_do";

/// Reacts to a message, or takes a reaction back; what is so already stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for what is no emoji, `Conflict("too_many_reactions")` when the message has its
/// fill of different ones.
pub(super) async fn react(app: &App, actor: &Actor, id: MessageId, emoji: &str, reacts: bool) -> Result<()> {
    let me: UserId = actor.require(Permission::Write)?.id;
    let (message, place) = access::living(&app.db, actor, id).await?;
    let emoji = checked_emoji(emoji)?;
    place.writable()?;
    let mut write = Write::new(Some(me.0), app.now());
    write.push(places::still_in(place.id, me).expect_rows(1).or(REFUSED));
    write.push(messages::touch(id).expect_rows(1).or(REFUSED));
    let change = match reacts {
        true => reactions::insert(id, me, emoji, app.now()),
        false => reactions::delete(id, me, emoji),
    };
    write.push(change.expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::message(events::REACTION_CHANGED, place.id, id, message.version + 1));
    match app.commit(write).await.map_err(missed) {
        Ok(_) => Ok(()),
        Err(Ok(NOTHING_TO_DO)) if !reacts || reactions::is_mine(app.db.primary(), id, me, emoji).await? => {
            Ok(())
        }
        Err(Ok(NOTHING_TO_DO)) => {
            let why = format!("A message takes at most {} different reactions.", reactions::MOST);
            Err(Error::Conflict("too_many_reactions", why))
        }
        Err(Ok(_)) => Err(edit::refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}
