//! Bodies: links to the old forum's own pages become links within this one.

use std::collections::BTreeSet;

/// The body with links to topics and people of the forum itself as paths of ours. Old topic paths stay as they are,
/// because `/t/…` redirects, also to topics that are imported later.
///
/// Only the start tags of links are touched: in cooked HTML a `<` of a writer's text is always escaped.
pub(super) fn with_own_links(cooked: &str, bases: &BTreeSet<String>) -> String {
    let mut out = String::with_capacity(cooked.len());
    let mut rest = cooked;
    while let Some(at) = rest.find("<a ") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        out.push_str(&rest[..at]);
        out.push_str(&link(&rest[at..end], bases));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn link(tag: &str, bases: &BTreeSet<String>) -> String {
    const HREF: &str = "href=\"";
    let Some(at) = tag.find(HREF).map(|at| at + HREF.len()) else { return tag.to_owned() };
    let (before, target) = tag.split_at(at);
    let path = bases.iter().find_map(|base| own_path(target, base)).unwrap_or(target);
    match path.strip_prefix("/u/").or_else(|| path.strip_prefix("/users/")) {
        Some(person) => format!("{before}/people/{person}"),
        None => format!("{before}{path}"),
    }
}

/// The path on `base`, if it leads to a topic or a person: other pages of the old forum have no counterpart here.
fn own_path<'a>(target: &'a str, base: &str) -> Option<&'a str> {
    let path = target.strip_prefix(base)?;
    ["/t/", "/u/", "/users/"].iter().any(|start| path.starts_with(start)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_the_forum_itself_become_ours_and_others_stay() {
        let bases = BTreeSet::from([String::from("https://old.example")]);
        let cases = [
            (
                r#"<a href="https://old.example/t/cats/7/2" rel="x">a</a>"#,
                r#"<a href="/t/cats/7/2" rel="x">a</a>"#,
            ),
            (
                r#"<a class="mention" href="/u/ann">@ann</a>"#,
                r#"<a class="mention" href="/people/ann">@ann</a>"#,
            ),
            (
                r#"<a href="https://old.example/uploads/x.png">p</a>"#,
                r#"<a href="https://old.example/uploads/x.png">p</a>"#,
            ),
            (
                r#"<a href="https://old.example.org/t/cats/7">o</a>"#,
                r#"<a href="https://old.example.org/t/cats/7">o</a>"#,
            ),
            (
                r#"<code>&lt;a href="https://old.example/t/1"</code>"#,
                r#"<code>&lt;a href="https://old.example/t/1"</code>"#,
            ),
            ("<a href=\"https://old.example/t/1", "<a href=\"/t/1"),
            ("<a name=\"x\">y</a> ä", "<a name=\"x\">y</a> ä"),
        ];
        for (given, wanted) in cases {
            assert_eq!(with_own_links(given, &bases), wanted);
        }
    }
}
