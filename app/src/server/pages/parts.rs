//! Small parts that pages share: times, faces, heads, ways. Each has its twin in `client/js/components`.

use maud::{Markup, html};

use super::icons::icon;
use super::words::{encoded, hue_class};
use crate::accounts::{Person, Role};
use crate::core::time::Time;

/// A moment as the day in UTC; the client makes it how long ago that was.
pub(super) fn time(at: Time) -> Markup {
    html! { time datetime=(at.rfc3339()) { (at.date()) } }
}

fn face_class(person: &Person, size: &str) -> String {
    let hue = hue_class(i64::from(person.hue));
    if size.is_empty() { format!("face {hue}") } else { format!("face {size} {hue}") }
}

/// A face beside a name that is already a link.
pub(super) fn face(person: &Person, size: &str) -> Markup {
    html! {
        a class=(face_class(person, size)) href=(person.url) tabindex="-1" aria-hidden="true" { (person.initials) }
    }
}

/// A face that only shows.
pub(super) fn portrait(person: &Person, size: &str) -> Markup {
    html! { span class=(face_class(person, size)) aria-hidden="true" { (person.initials) } }
}

/// Up to three faces, the first in front.
pub(super) fn faces(people: &[Person]) -> Markup {
    let words = people.iter().map(|person| person.nickname.as_str()).collect::<Vec<_>>().join(", ");
    html! {
        span.faces role="img" aria-label=(words) title=(words) {
            @for person in people.iter().take(3).rev() { (portrait(person, "")) }
        }
    }
}

/// `moderator` or `admin` beside a name.
pub(super) fn role_mark(person: &Person) -> Markup {
    html! { @if person.role != Role::Member { span.role { (person.role.as_str()) } } }
}

/// The head of a page; `acts` is empty for guests.
pub(super) fn page_head(title: &str, lead: &str) -> Markup {
    html! {
        header.page-head {
            div {
                h1 dir="auto" { (title) }
                @if !lead.is_empty() { p.lead dir="auto" { (lead) } }
            }
            div.page-acts {}
        }
    }
}

/// Links over a list: address, words, whether one is there.
pub(super) fn segments(label: &str, ways: &[(&str, &str, bool)]) -> Markup {
    html! {
        nav.segments aria-label=(label) {
            @for (href, words, here) in ways {
                a.segment href=(href) aria-current=[here.then_some("page")] { (words) }
            }
        }
    }
}

/// A list with nothing in it says what to do.
pub(super) fn empty_state(name: &str, title: &str, words: &str, link: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            (icon(name))
            h2 { (title) }
            p { (words) }
            @if let Some((href, words)) = link { a.button href=(href) { (words) } }
        }
    }
}

/// The end of a list that has more.
pub(super) fn more(href: &str, words: &str) -> Markup {
    html! { div.more { a.button href=(href) { (words) } } }
}

/// The address of the next rows: what the address says already, and the cursor.
pub(super) fn next_address(next: &str, query: &[(&str, Option<&str>)]) -> String {
    let kept = query.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let parts = kept.chain([("cursor", next)]).filter(|(_, value)| !value.is_empty());
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("?{}", parts.join("&"))
}

/// Where news waits until the client is there.
pub(super) fn pill(below: bool) -> Markup {
    html! { div class=(if below { "pill below" } else { "pill" }) aria-live="polite" {} }
}
