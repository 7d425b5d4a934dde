//! Words to safe HTML, and rendering again what an older renderer wrote.

use folkmoot_markup::{Flavour, MARKUP_VERSION, Rendered};

use super::queries::messages::{self, Words};
use crate::accounts::mentions::rendered;
use crate::core::events::Write;
use crate::core::{App, Result};

/// How many messages the job renders in one batch.
const BATCH: i64 = 50;

/// Renders what a person wrote.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn words(app: &App, body: String) -> Result<Words> {
    let Rendered { html, excerpt, .. } = rendered(app, &body, Flavour::Markdown).await?;
    Ok(Words { body, html, excerpt })
}

/// Renders again what an older renderer wrote, one batch of it; answers how many messages it looked at. A message that
/// is changed meanwhile is rendered by that change.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn render_old(app: &App) -> Result<usize> {
    let stale = messages::stale(&app.db, MARKUP_VERSION, BATCH).await?;
    if stale.is_empty() {
        return Ok(0);
    }
    let mut write = Write::new(None, app.now());
    for message in &stale {
        let new = rendered(app, &message.body, Flavour::Markdown).await?;
        write.push(messages::rendered(message.id, message.version, &new.html, &new.excerpt));
    }
    app.commit(write).await?;
    Ok(stale.len())
}
