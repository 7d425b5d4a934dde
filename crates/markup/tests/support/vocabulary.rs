//! Looks at rendered HTML as a browser would, with a parser that the renderer does not use.

use scraper::{ElementRef, Html};

/// Everything about the HTML that must not be: elements, attributes or addresses outside the vocabulary, tags that a
/// browser would nest otherwise than they are written, depth over 64. Empty is good.
pub(crate) fn violations(html: &str) -> Vec<String> {
    let document = Html::parse_fragment(html);
    let mut found = Vec::new();
    let mut seen = Vec::new();
    visit(document.root_element(), 0, &mut seen, &mut found);
    let written = written(html);
    if seen != written {
        let place = seen.iter().zip(&written).position(|(seen, written)| seen != written).unwrap_or_default();
        found.push(format!("a browser sees {:?} where {:?} is written", seen.get(place), written.get(place)));
    }
    found
}

fn visit(element: ElementRef, depth: usize, seen: &mut Vec<String>, found: &mut Vec<String>) {
    if depth > 64 {
        found.push("deeper than 64".to_owned());
    }
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            note_text(seen, text);
        } else if let Some(child) = ElementRef::wrap(child) {
            let name = child.value().name();
            seen.push(format!("<{name}"));
            check(child, found);
            visit(child, depth + 1, seen, found);
            if !matches!(name, "br" | "hr" | "img" | "input") {
                seen.push(format!("</{name}"));
            }
        } else {
            found.push("something that is neither text nor element".to_owned());
        }
    }
}

fn note_text(seen: &mut Vec<String>, text: &str) {
    match seen.last_mut() {
        Some(last) if !last.starts_with('<') => last.push_str(text),
        _ if text.is_empty() => {}
        _ => seen.push(text.to_owned()),
    }
}

/// The tags and texts as they are written. Values hold no angle brackets, which makes this easy.
fn written(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (place, part) in html.split('<').enumerate() {
        let (tag, text) = if place == 0 { ("", part) } else { part.split_once('>').unwrap_or((part, "")) };
        if place > 0 {
            out.push(format!("<{}", tag.split(' ').next().unwrap_or_default()));
        }
        let text =
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        note_text(&mut out, &text);
    }
    out
}

fn check(element: ElementRef, found: &mut Vec<String>) {
    let name = element.value().name();
    let allowed: &[&str] = match name {
        "br" | "hr" | "h3" | "h4" | "h5" | "h6" | "strong" | "em" | "b" | "i" | "u" | "s" | "del" | "ins"
        | "mark" | "small" | "sub" | "sup" | "kbd" | "pre" | "ul" | "li" | "dl" | "dt" | "dd" | "table"
        | "thead" | "tbody" | "tr" | "details" | "summary" => &[],
        "p" | "div" | "span" | "code" => &["class"],
        "blockquote" => &["class", "data-post", "data-author", "data-source-topic", "data-source-post"],
        "ol" => &["start"],
        "td" | "th" => &["class", "colspan", "rowspan"],
        "abbr" => &["title"],
        "a" => &["class", "href", "title", "rel", "data-user"],
        "img" => &["src", "alt", "title", "width", "height", "loading", "decoding"],
        "button" => &["type", "class", "title", "data-src", "data-link", "data-width", "data-height"],
        "input" => &["type", "disabled", "checked"],
        _ => {
            found.push(format!("element {name}"));
            return;
        }
    };
    for (attribute, value) in element.value().attrs() {
        if !allowed.contains(&attribute) || !is_good(name, attribute, value) {
            found.push(format!("{name} {attribute}={value:?}"));
        }
    }
    let needs: &[&str] = match name {
        "div" | "button" | "span" => &["class"],
        "input" => &["type", "disabled"],
        "img" => &["src"],
        "a" => &["href"],
        _ => &[],
    };
    for needed in needs.iter().filter(|needed| element.value().attr(needed).is_none()) {
        found.push(format!("{name} without {needed}"));
    }
    let foreign = element.value().attr("href").is_some_and(|href| href.contains("//") && !is_own(href));
    if foreign && element.value().attr("rel") != Some("nofollow noopener ugc") {
        found.push(format!("{:?} without rel", element.value().attr("href")));
    }
}

/// Whether an address is relative or under the one address that the tests take for ours.
fn is_own(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://forum.example") else {
        let start = address.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let scheme = start.is_some_and(|at| address[at..].starts_with(':'));
        return !scheme && !address.starts_with("//");
    };
    rest.is_empty() || rest.starts_with(['/', '?', '#'])
}

fn is_good(name: &str, attribute: &str, value: &str) -> bool {
    let digits = |most| (1..=most).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let web = |value: &str| {
        let start: String = value.chars().take(8).collect::<String>().to_ascii_lowercase();
        value.starts_with("//")
            || start.starts_with("http:")
            || start.starts_with("https:")
            || start.starts_with("mailto:")
    };
    match (name, attribute) {
        ("p", "class") => matches!(value, "cite" | "source" | "title" | "note"),
        ("div", "class") => value == "table",
        ("span", "class") => matches!(value, "alt" | "host" | "mention"),
        ("code", "class") => value.starts_with("language-"),
        ("blockquote", "class") => matches!(value, "quote" | "linkcard" | "poll"),
        ("td" | "th", "class") => matches!(value, "align-left" | "align-center" | "align-right"),
        ("a", "class") => value == "mention",
        ("button", "class") => value == "remote-image",
        (_, "href" | "data-link") => web(value) || is_own(value),
        ("img", "src") => is_own(value),
        (_, "data-src") => !is_own(value) && web(value),
        (_, "data-post" | "data-source-topic" | "data-source-post") => digits(19),
        (_, "start") => digits(10),
        (_, "colspan" | "rowspan") => digits(3),
        (_, "width" | "height" | "data-width" | "data-height") => digits(5),
        ("button", "type") => value == "button",
        ("input", "type") => value == "checkbox",
        ("input", "disabled" | "checked") => value.is_empty(),
        (_, "loading") => value == "lazy",
        (_, "decoding") => value == "async",
        (_, "rel") => value == "nofollow noopener ugc",
        _ => true,
    }
}
