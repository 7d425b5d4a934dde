//! Words to safe HTML: the people they mention are looked up first, in one query, then `markup` renders.

use folkmoot_markup::{Context, Flavour, Mention, Rendered, mentioned_names, render};

use super::{names, people};
use crate::core::{App, Result};

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
