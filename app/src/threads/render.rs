//! Words to safe HTML as drafts and jobs need it: a preview, and rendering again what an older renderer wrote.

use folkmoot_markup::{Flavour, MARKUP_VERSION};

use super::model::checked_body;
use super::queries::posts;
use crate::accounts::mentions::rendered;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// How many posts the job renders in one batch: what moved in may have a megabyte each.
const BATCH: i64 = 20;

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
