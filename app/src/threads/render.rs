//! Words to safe HTML: mentions are looked up first, in one query, then `markup` renders.

use folkmoot_markup::{Context, Flavour, MARKUP_VERSION, Mention, Rendered, mentioned_names, render};

use super::model::checked_body;
use super::queries::posts;
use crate::accounts::{names, people};
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// How many posts the job renders in one batch: what moved in may have a megabyte each.
const BATCH: i64 = 20;
/// From how many bytes on a text is rendered beside the threads that answer requests: it takes a millisecond.
const LONG: usize = 64 * 1024;

/// Renders what a person wrote or what was imported.
///
/// # Errors
/// When the database does not answer.
pub async fn rendered(app: &App, source: &str, flavour: Flavour) -> Result<Rendered> {
    // Most posts mention nobody; they need no second look.
    let named = if source.contains('@') { mentioned_names(source, flavour) } else { Vec::new() };
    let found = people::by_nicknames(&app.db, &named).await?;
    let mention = |name: &str| {
        let person = found.get(&names::key(name))?;
        Some(Mention {
            id: person.id.to_string(),
            nickname: person.nickname.clone(),
            url: person.url.clone(),
        })
    };
    let base_urls = [app.config.server.base_url().to_string()];
    let context = Context { flavour, mentions: &mention, base_urls: &base_urls };
    if source.len() < LONG {
        return Ok(render(source, &context));
    }
    Ok(tokio::task::block_in_place(|| render(source, &context)))
}

/// What a text will look like, written as `flavour` says or in Markdown.
///
/// # Errors
/// `Invalid` when it is no body of a post, or there is no such flavour.
pub(super) async fn preview(app: &App, body: &str, flavour: Option<&str>) -> Result<String> {
    let flavour = flavour.map_or(Some(Flavour::Markdown), Flavour::parse);
    let flavour = flavour.ok_or_else(|| Error::invalid("flavour", "markdown or html"))?;
    Ok(rendered(app, &checked_body(body)?, flavour).await?.html)
}

/// Renders again what an older renderer wrote, one batch of it; answers how many posts it looked at. A post that is
/// changed meanwhile is rendered by that change.
///
/// # Errors
/// When the database does not answer.
pub async fn render_old(app: &App) -> Result<usize> {
    let stale = posts::stale(&app.db, MARKUP_VERSION, BATCH).await?;
    if stale.is_empty() {
        return Ok(0);
    }
    let mut write = Write::new(None, app.now());
    for post in &stale {
        let flavour = Flavour::parse(&post.flavour).unwrap_or(Flavour::Markdown);
        let new = rendered(app, &post.body, flavour).await?;
        write.push(posts::rendered(post.id, post.version, &new.html, &new.excerpt));
    }
    app.commit(write).await?;
    Ok(stale.len())
}
