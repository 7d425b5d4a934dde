//! The client's icons, from the one table that it has itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use maud::{Markup, html};

const TABLE: &str = include_str!("../../../../client/js/components/icons.js");

/// Name → path.
static PATHS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| TABLE.lines().filter_map(entry).collect());

/// `  "name": "path",`.
fn entry(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (name, path) = line.strip_prefix("  \"")?.strip_suffix("\",")?.split_once("\": \"")?;
    Some((name, path))
}

/// An icon beside words.
pub(super) fn icon(name: &str) -> Markup {
    draw(name, "icon")
}

/// An icon in a line of small text.
pub(super) fn small_icon(name: &str) -> Markup {
    draw(name, "icon small")
}

fn draw(name: &str, class: &str) -> Markup {
    let path = PATHS.get(name).copied().unwrap_or_default();
    html! { svg class=(class) viewBox="0 0 24 24" aria-hidden="true" { path d=(path) {} } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_that_the_pages_name_is_in_the_clients_table() {
        let pages = [
            include_str!("shell.rs"),
            include_str!("parts.rs"),
            include_str!("rows.rs"),
            include_str!("post.rs"),
            include_str!("thread.rs"),
            include_str!("timeline.rs"),
            include_str!("person.rs"),
            include_str!("lists.rs"),
            include_str!("search.rs"),
        ];
        for call in pages.iter().flat_map(|source| source.split("icon(\"").skip(1)) {
            let name = call.split('"').next().unwrap();
            assert!(PATHS.contains_key(name), "no icon is called {name}");
        }
        assert!(PATHS.len() > 30);
    }
}
