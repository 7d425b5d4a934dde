//! Editing a post: the words it had are kept, and an edit made from old words is refused.

use folkmoot_markup::{Flavour, Rendered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{LivingPost, PostJson};
use super::model::{PostId, checked_body};
use super::queries::{places, posts, threads};
use super::{access, events, present, send};
use crate::accounts::mentions::rendered;
use crate::accounts::{Actor, Permission, Person, people};
use crate::core::events::Write;
use crate::core::instant::Instant;
use crate::core::paging::{Page, PageQuery};
use crate::core::streams::Stream;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// What a post is to say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// The words, at most 100,000 characters.
    pub body: String,
    /// How they are written: `markdown` or, only where the post is, `html`. Left out: as the post is.
    pub flavour: Option<String>,
    /// The version that was read: words that somebody else changed since are left alone. Left out: whatever they are.
    pub version: Option<i64>,
}

/// A post with its source, for an editor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SourcePage {
    /// The post.
    pub post: PostSource,
    /// Where its thread's stream stood.
    #[serde(flatten)]
    pub instant: Instant,
}

/// A post with its source.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PostSource {
    /// The post.
    #[serde(flatten)]
    pub post: LivingPost,
    /// Its source.
    pub body: String,
    /// How the source is written: `markdown` or `html`.
    pub flavour: String,
}

/// Words that an edit replaced.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct EditJson {
    /// The version that had them.
    pub version: i64,
    /// The words.
    pub body: String,
    /// How they are written: `markdown` or `html`.
    pub flavour: String,
    /// When they were replaced.
    #[schema(value_type = String, format = DateTime)]
    pub edited_at: Time,
    /// By whom.
    pub edited_by: Person,
}

/// Edits a post.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` naming the field, `Conflict("edited_meanwhile")` with the version that is now.
pub(super) async fn edit(app: &App, actor: &Actor, id: PostId, edit: &Edit) -> Result<PostJson> {
    let me = actor.require(Permission::Write)?.id;
    let (post, place) = access::visible_post(&app.db, actor, id).await?;
    if !place.may_on_post(actor, post.author_id).edit {
        return Err(place.refusal());
    }
    let body = checked_body(&edit.body)?;
    let flavour = checked_flavour(edit.flavour.as_deref(), &post.flavour)?;
    if body == post.body && post.flavour == flavour.as_str() {
        return shown(app, actor, id).await;
    }
    let Rendered { html, excerpt, .. } = rendered(app, &body, flavour).await?;
    let now = app.now();
    let mut write = Write::new(Some(me.0), now);
    write.push(threads::still_open(place.id, me).expect_rows(1).or(send::REFUSED));
    if place.may_moderate(actor) {
        write.push(threads::still_moderated(place.id, me).expect_rows(1).or(send::REFUSED));
    } else {
        write.push(posts::still_author(id, me).expect_rows(1).or(send::REFUSED));
    }
    write.push(
        posts::keep_words(id, edit.version.unwrap_or(post.version), me, now)
            .expect_rows(1)
            .or("edited_meanwhile"),
    );
    write.push(posts::edit(id, &body, flavour, (&html, &excerpt), now));
    write.record(events::post(events::POST_EDITED, place.id, id, post.version + 1));
    match app.commit(write).await.map_err(send::missed) {
        Ok(_) => shown(app, actor, id).await,
        Err(Ok("edited_meanwhile")) => Err(edited_meanwhile(app, id).await?),
        Err(Ok(_)) => Err(refusal(app, actor, id).await?),
        Err(Err(error)) => Err(error),
    }
}

/// How an edit is written: as its post is, unless it says `markdown`. Only what moved in is written in HTML.
fn checked_flavour(asked: Option<&str>, of_post: &str) -> Result<Flavour> {
    let flavour = asked.unwrap_or(of_post);
    let allowed = flavour == of_post || flavour == Flavour::Markdown.as_str();
    let flavour = Flavour::parse(flavour).filter(|_| allowed);
    flavour.ok_or_else(|| Error::invalid("flavour", "markdown, or html where the post is written in it"))
}

/// The version that is now, for who edited an older one; a post that was deleted meanwhile is not there.
async fn edited_meanwhile(app: &App, id: PostId) -> Result<Error> {
    let post = places::post(app.db.primary(), id).await?.filter(|post| post.deleted_at.is_none());
    let post = post.ok_or(Error::NotFound("post"))?;
    let why = format!("This post was edited meanwhile; its version is {} now.", post.version);
    Ok(Error::Conflict("edited_meanwhile", why))
}

/// Why a change of a post was refused that had looked possible.
///
/// # Errors
/// `NotFound` when that is why.
pub(super) async fn refusal(app: &App, actor: &Actor, id: PostId) -> Result<Error> {
    let actor = send::again(app, actor).await?;
    let (_, place) = access::visible_post(app.db.primary(), &actor, id).await?;
    Ok(place.refusal())
}

/// A post as it is now, for the person who changed it.
///
/// # Errors
/// `NotFound` when this person may not read it any more.
pub(super) async fn shown(app: &App, actor: &Actor, id: PostId) -> Result<PostJson> {
    let (_, place) = access::post(&app.db, actor, id).await?;
    let row = posts::by_id(&app.db, id).await?.ok_or(Error::NotFound("post"))?;
    present::one_post(&app.db, actor, &place, row).await
}

/// A post with its source.
///
/// # Errors
/// `NotFound` when there is none that this person may read.
pub(super) async fn source(app: &App, actor: &Actor, id: PostId) -> Result<SourcePage> {
    let snapshot = app.db.snapshot().await?;
    let (post, place) = access::visible_post(&snapshot, actor, id).await?;
    let row = posts::by_id(&snapshot, id).await?.ok_or(Error::NotFound("post"))?;
    let instant = Instant::of(app, &snapshot, Stream::Thread(place.id.0)).await?;
    match present::one_post(&snapshot, actor, &place, row).await? {
        PostJson::Living(living) => {
            let post = PostSource { post: *living, body: post.body, flavour: post.flavour };
            Ok(SourcePage { post, instant })
        }
        PostJson::Deleted(_) => Err(Error::NotFound("post")),
    }
}

/// The words that edits of a post replaced, the oldest first, for its author and for who keeps order.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub(super) async fn history(
    app: &App,
    actor: &Actor,
    id: PostId,
    paging: &PageQuery,
) -> Result<Page<EditJson>> {
    let me = actor.signed_in()?.id;
    let (post, place) = access::visible_post(&app.db, actor, id).await?;
    if post.author_id != me && !place.may_moderate(actor) {
        let why = "Only its author and moderators may see what a post said before.";
        return Err(Error::Forbidden("not_allowed", why.to_owned()));
    }
    let limit = paging.limit()?;
    let rows = posts::edits(&app.db, id, paging.after()?.unwrap_or(0), limit + 1).await?;
    let editors: Vec<_> = rows.iter().map(|row| row.edited_by).collect();
    let people = people::by_ids(&app.db, &editors).await?;
    let page = Page::of(rows, limit, |row| row.version, |row| row);
    let items = page.items.into_iter().map(|row| {
        let edited_by = present::person(&people, row.edited_by)?;
        Ok(EditJson {
            version: row.version,
            body: row.body,
            flavour: row.flavour,
            edited_at: Time(row.edited_at),
            edited_by,
        })
    });
    Ok(Page { items: items.collect::<Result<_>>()?, next: page.next })
}
