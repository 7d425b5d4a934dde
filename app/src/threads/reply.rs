//! Replying: the commonest write of all. One read, one batch, one event; nothing is read again for the answer.

use folkmoot_markup::{Flavour, Rendered};
use serde::Deserialize;
use utoipa::ToSchema;

use super::json::{LivingPost, PostJson, ReplyTo};
use super::model::{PostId, ThreadId, checked_body, post_url};
use super::queries::places::Place;
use super::queries::posts::{self, NewPost, PostRow};
use super::queries::{counts, places, threads};
use super::send::{self, Posted, REFUSED, REPLAYED, TOO_SOON};
use super::{access, events, present};
use crate::accounts::mentions::rendered;
use crate::accounts::{Actor, Permission, people};
use crate::boards::thread_url;
use crate::core::events::Write;
use crate::core::streams::Stream;
use crate::core::time::Time;
use crate::core::written::no_attachments;
use crate::core::{App, Error, Result};

/// What is said of a reply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The words, in Markdown, at most 100,000 characters.
    pub body: String,
    /// The post that is answered.
    pub reply_to: Option<PostId>,
    /// Files that come with it: none, where the board takes no files.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Whether the thread stays where it is in its list; only where the board's threads are bumped.
    #[serde(default)]
    pub sage: bool,
    /// The sender's name for this send (a UUID): sent again, it answers the same post.
    pub client_id: Option<String>,
}

/// Replies in a thread. `reply.client_id` is checked by the caller, who also reads the header.
///
/// # Errors
/// `NotFound`, `Forbidden` (`locked`, `not_allowed`), `TooMany` in slow mode, `Invalid` naming the field,
/// `Conflict("sent_elsewhere")`. What was accepted before is answered again before any of these.
pub async fn reply(app: &App, actor: &Actor, thread: ThreadId, reply: Reply) -> Result<Posted<PostJson>> {
    let me = actor.require(Permission::Write)?.id;
    let client_id = reply.client_id.as_deref();
    let (place, sent) = places::place_and_sent(app.db.primary(), thread, me, client_id).await?;
    let to = Stream::Thread(thread.0);
    if let Some(sent) = sent {
        return Ok(Posted::Before(send::first(app, actor, &sent, to).await?.0));
    }
    let place = access::visible(place, actor)?;
    if !place.may_reply(actor) {
        return Err(place.refusal());
    }
    let body = checked_body(&reply.body)?;
    no_attachments(&reply.attachments)?;
    if reply.sage {
        return Err(Error::invalid("sage", "the threads of this board are not bumped"));
    }
    let answered = send::answered(app, &place, reply.reply_to).await?;
    let Rendered { html, excerpt, .. } = rendered(app, &body, Flavour::Markdown).await?;
    let (id, at) = (PostId(app.new_id()?), app.now());
    let client_id = reply.client_id.clone();
    let sent_to = to.to_string();
    let new = NewPost {
        id,
        thread,
        author: me,
        reply_to: reply.reply_to,
        body,
        html,
        excerpt,
        at,
        client_id,
        sent_to,
    };

    let mut write = Write::new(Some(me.0), at);
    let room = threads::take_position(thread, id, me, at).expect_rows(1).or(REFUSED);
    let room = write.push(room);
    write.push(posts::insert(&new).expect_rows(1).or(REPLAYED));
    send::slow_down(&mut write, actor, place.board, &place.policy, place.may_moderate(actor), at);
    write.push(counts::replied(app.new_id()?, me, thread));
    write.record(events::post(events::NEW_POST, thread, id, 1));
    write.stir(Stream::Board(place.board.0));
    match app.commit(write).await {
        Ok(done) => {
            let position = done.row(room)?.unwrap_or_default();
            Ok(Posted::Now(posted(app, actor, &place, new, position, answered).await?))
        }
        Err(error) => {
            let code = send::missed(error)?;
            refused(app, actor, place, &new, code).await
        }
    }
}

/// What to answer when the batch was refused: the same send may have been accepted while this one waited.
async fn refused(
    app: &App,
    actor: &Actor,
    place: Place,
    new: &NewPost,
    code: &'static str,
) -> Result<Posted<PostJson>> {
    if let Some(client_id) = &new.client_id
        && let Some(sent) = places::sent(app.db.primary(), new.author, client_id).await?
    {
        let to = Stream::Thread(place.id.0);
        return Ok(Posted::Before(send::first(app, actor, &sent, to).await?.0));
    }
    if code == TOO_SOON {
        return Err(send::too_soon(app, actor, place.board, &place.policy).await?);
    }
    // What was true when it was read is not any more; say what is.
    let actor = send::again(app, actor).await?;
    Err(access::thread(app.db.primary(), &actor, place.id).await?.refusal())
}

/// The post as its author is answered: from what was written, with nothing read again.
async fn posted(
    app: &App,
    actor: &Actor,
    place: &Place,
    new: NewPost,
    position: i64,
    answered: Option<PostRow>,
) -> Result<PostJson> {
    let thread_url = thread_url(place.id.0, &place.slug);
    Ok(PostJson::Living(Box::new(LivingPost {
        url: post_url(&thread_url, position, new.id),
        id: new.id,
        thread_id: new.thread,
        position,
        author: actor.signed_in()?.person(),
        html: new.html,
        excerpt: new.excerpt,
        created_at: Time(new.at),
        edited_at: None,
        edit_count: 0,
        reply_to: match answered {
            Some(row) => Some(reply_to(app, &thread_url, row).await?),
            None => None,
        },
        reactions: Vec::new(),
        imported_likes: 0,
        deleted: false,
        version: 1,
        may: place.may_on_post(actor, new.author),
    })))
}

async fn reply_to(app: &App, thread_url: &str, row: PostRow) -> Result<ReplyTo> {
    let people = people::by_ids(&app.db, &[row.author_id]).await?;
    let author = present::person(&people, row.author_id)?;
    let url = post_url(thread_url, row.position, row.id);
    Ok(ReplyTo { id: row.id, url, position: row.position, author, excerpt: row.excerpt })
}
