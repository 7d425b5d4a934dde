//! Reacting to posts with single emoji.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::PostId;
use super::queries::places::Place;
use super::queries::{counts, posts, reactions, threads};
use super::send::REFUSED;
use super::{access, edit, events, present, send};
use crate::accounts::{Actor, Permission, Person, UserId, people};
use crate::core::emoji::checked_emoji;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// It is so already, which takes the stream's head back too.
const NOTHING_TO_DO: &str = "nothing_to_do";
/// The most reactions whose people are named.
const MOST_NAMED: i64 = 1000;

/// Who reacted how to a post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ReactionList {
    /// In the order in which the reactions first came.
    pub items: Vec<ReactionPeople>,
}

/// Who reacted so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ReactionPeople {
    /// The emoji.
    pub emoji: String,
    /// In the order in which they did.
    pub people: Vec<Person>,
}

/// Reacts to a post; who has reacted so already changes nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for what is no emoji, `Conflict("too_many_reactions")` when the post has its fill
/// of different ones.
pub async fn react(app: &App, actor: &Actor, id: PostId, emoji: &str) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let (place, version) = open(app, actor, id).await?;
    let emoji = checked_emoji(emoji)?;
    let mut write = begin(&place, me, id, app.now());
    write.push(reactions::insert(id, me, emoji, app.now()).expect_rows(1).or(NOTHING_TO_DO));
    write.push(counts::like(app.new_id()?, id, me, 1));
    write.record(events::post(events::REACTION_CHANGED, place.id, id, version + 1));
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) => Ok(()),
        Err(Ok(NOTHING_TO_DO)) if reactions::is_mine(app.db.primary(), id, me, emoji).await? => Ok(()),
        Err(Ok(NOTHING_TO_DO)) => {
            let why = format!("A post takes at most {} different reactions.", reactions::MOST);
            Err(Error::Conflict("too_many_reactions", why))
        }
        Err(Ok(_)) => Err(edit::refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// Takes a reaction back; who has not reacted so changes nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for what is no emoji.
pub(super) async fn take_back(app: &App, actor: &Actor, id: PostId, emoji: &str) -> Result<()> {
    let me = actor.require(Permission::Write)?.id;
    let (place, version) = open(app, actor, id).await?;
    let emoji = checked_emoji(emoji)?;
    let mut write = begin(&place, me, id, app.now());
    write.push(reactions::delete(id, me, emoji).expect_rows(1).or(NOTHING_TO_DO));
    write.push(counts::like(app.new_id()?, id, me, -1));
    write.record(events::post(events::REACTION_CHANGED, place.id, id, version + 1));
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) | Err(Ok(NOTHING_TO_DO)) => Ok(()),
        Err(Ok(_)) => Err(edit::refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// The thread of a post that this person may react to, and the post's version.
async fn open(app: &App, actor: &Actor, id: PostId) -> Result<(Place, i64)> {
    let (post, place) = access::visible_post(&app.db, actor, id).await?;
    if place.may_on_post(actor, post.author_id).react {
        Ok((place, post.version))
    } else {
        Err(place.refusal())
    }
}

fn begin(place: &Place, me: UserId, post: PostId, now: i64) -> Write {
    let mut write = Write::new(Some(me.0), now);
    write.push(threads::still_open(place.id, me).expect_rows(1).or(REFUSED));
    write.push(posts::touch(post).expect_rows(1).or(REFUSED));
    write
}

/// Who reacted how to a post.
///
/// # Errors
/// `NotFound` when there is none that this person may read.
pub(super) async fn people(app: &App, actor: &Actor, id: PostId) -> Result<ReactionList> {
    access::visible_post(&app.db, actor, id).await?;
    let rows = reactions::people(&app.db, id, MOST_NAMED).await?;
    let ids: Vec<UserId> = rows.iter().map(|(_, user)| *user).collect();
    let people = people::by_ids(&app.db, &ids).await?;
    let mut items: Vec<ReactionPeople> = Vec::new();
    for (emoji, user) in rows {
        let person = present::person(&people, user)?;
        match items.iter_mut().find(|item| item.emoji == emoji) {
            Some(item) => item.people.push(person),
            None => items.push(ReactionPeople { emoji, people: vec![person] }),
        }
    }
    Ok(ReactionList { items })
}
