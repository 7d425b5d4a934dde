//! A person: who they are here, their threads and posts.

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::icons::small_icon;
use super::parts::{empty_state, more, next_address, portrait, role_mark, segments, time};
use super::rows;
use super::words::{count, grouped};
use crate::accounts::people::Profile;
use crate::threads::{PersonPosts, ThreadList};

/// What of theirs is shown, as the API gives it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Wrote {
    /// Threads they opened.
    Threads(ThreadList),
    /// Their posts anywhere.
    Posts(PersonPosts),
}

/// A person's page.
pub(super) fn person(user: &Profile, wrote: &Wrote) -> Markup {
    let posts = matches!(wrote, Wrote::Posts(_));
    let url = &user.person.url;
    html! {
        div.page {
            div.page-main {
                (head(user))
                @if !user.bio_html.is_empty() {
                    // Made safe by `markup` when it was written.
                    div.profile-bio { div.prose dir="auto" { (PreEscaped(&user.bio_html)) } }
                }
                (segments("What they wrote", &[(url, "Threads", !posts), (&format!("{url}?tab=posts"), "Posts", posts)]))
                (list(&user.person.nickname, wrote))
            }
        }
    }
}

fn head(user: &Profile) -> Markup {
    html! {
        header.profile-head {
            (portrait(&user.person, if user.online { "huge online" } else { "huge" }))
            div {
                h1 { span dir="auto" { (user.person.nickname) } (role_mark(&user.person)) }
                p.facts {
                    span { "Joined " (time(user.joined_at)) }
                    @if user.online { span { "here now" } }
                    @else if let Some(seen) = user.last_seen_at { span { "Last seen: " (time(seen)) } }
                    (number(user.thread_count, " thread", " threads"))
                    (number(user.post_count, " post", " posts"))
                    @if user.likes_received > 0 {
                        span title=(format!("{} received", count(user.likes_received, "like", "likes"))) {
                            (small_icon("heart")) " " b { (grouped(user.likes_received)) }
                        }
                    }
                }
                @if !user.claimed { p.quiet { "This account came with an import and waits for its owner." } }
            }
        }
    }
}

fn number(number: i64, one: &str, many: &str) -> Markup {
    html! { span { b { (grouped(number)) } (if number == 1 { one } else { many }) } }
}

fn list(nickname: &str, wrote: &Wrote) -> Markup {
    let (rows, next, title, words) = match wrote {
        Wrote::Threads(list) => (
            html! { @for thread in &list.items { (rows::thread(thread, true)) } },
            list.next.as_deref().map(|next| next_address(next, &[])),
            "No threads",
            format!("{nickname} has not started a thread that you may read."),
        ),
        Wrote::Posts(list) => (
            html! { @for post in &list.items { (rows::post(post)) } },
            list.next.as_deref().map(|next| next_address(next, &[("tab", Some("posts"))])),
            "No posts",
            format!("{nickname} has not written anything that you may read."),
        ),
    };
    html! {
        div.list {
            @let empty = rows.0.is_empty();
            ol.rows.plain { (rows) }
            @if empty { (empty_state("replies", title, &words, None)) }
            @if let Some(next) = next { (more(&next, "Show more")) }
        }
    }
}
