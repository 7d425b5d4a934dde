//! Whom one wants nothing of: no messages, and they do not see one come and go.

use serde::Serialize;
use utoipa::ToSchema;

use super::events;
use super::queries::blocks;
use crate::accounts::{Actor, Person, people};
use crate::core::error::missed;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// It is so already.
const NOTHING_TO_DO: &str = "nothing_to_do";

/// Whom one has blocked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct BlockList {
    /// The people, the last blocked first.
    pub items: Vec<Person>,
}

/// Whom one has blocked.
///
/// # Errors
/// `SignInNeeded`.
pub(super) async fn list(app: &App, actor: &Actor) -> Result<BlockList> {
    let me = actor.signed_in()?.id;
    let ids = blocks::of(&app.db, me).await?;
    let mut people = people::by_ids(&app.db, &ids).await?;
    Ok(BlockList { items: ids.iter().filter_map(|id| people.remove(id)).collect() })
}

/// Blocks somebody, or does so no more; what is so already stays.
///
/// # Errors
/// `SignInNeeded`; `NotFound` when nobody is called so; `Invalid` for oneself.
pub(super) async fn set(app: &App, actor: &Actor, nickname: &str, blocked: bool) -> Result<()> {
    let me = actor.signed_in()?.id;
    let who = people::by_nickname(&app.db, nickname).await?.id;
    if who == me {
        return Err(Error::invalid("nickname", "somebody else"));
    }
    let change = match blocked {
        true => blocks::insert(me, who, app.now()),
        false => blocks::delete(me, who),
    };
    let mut write = Write::new(Some(me.0), app.now());
    write.push(change.expect_rows(1).or(NOTHING_TO_DO));
    write.record(events::blocks_changed(me));
    write.record(events::sight_changed(who));
    match app.commit(write).await.map_err(missed) {
        Ok(_) | Err(Ok(_)) => Ok(()),
        Err(Err(error)) => Err(error),
    }
}
