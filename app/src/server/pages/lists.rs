//! Pages that are lists: home, boards, a board, a tag, people.

use maud::{Markup, html};

use super::icons::{icon, small_icon};
use super::parts::{empty_state, more, next_address, page_head, pill, segments};
use super::rows;
use super::words::{count, encoded};
use crate::accounts::people::Profile;
use crate::boards::BoardJson;
use crate::boards::pages::BoardList;
use crate::core::paging::Page;
use crate::threads::{BoardThreads, Feed, ThreadJson, ThreadList};

/// What stands where a list has nothing.
type Empty<'a> = (&'a str, &'a str, &'a str, Option<(&'a str, &'a str)>);

/// Home: threads of all boards. `by_activity`: not by when they were opened.
pub(super) fn home(name: &str, tagline: &str, feed: &Feed, by_activity: bool) -> Markup {
    let sort = by_activity.then_some("activity");
    let threads: Vec<&ThreadJson> = feed.items.iter().map(|item| &item.thread).collect();
    let empty = (
        "replies",
        "Nothing has been said yet",
        "New threads from every board appear here.",
        Some(("/login", "Sign in to start the first one")),
    );
    page(&html! {
        (page_head(name, tagline))
        (segments("Order", &[("/", "Newest", !by_activity), ("/?sort=activity", "Active", by_activity)]))
        (thread_list(&threads, true, feed.next.as_deref().map(|next| next_address(next, &[("sort", sort)])), empty))
    })
}

/// All boards.
pub(super) fn boards(list: &BoardList) -> Markup {
    page(&html! {
        (page_head("Boards", "Each has its own subject, and its own rules on who may read and write."))
        ol.rows.plain { @for board in &list.items { (rows::board(board)) } }
        @if list.items.is_empty() {
            (empty_state("boards", "No boards yet", "Whoever runs this community has not opened a board that you may read.", None))
        }
    })
}

/// One board, or those of its threads that carry a tag.
pub(super) fn board(list: &BoardThreads, tag: Option<&str>) -> Markup {
    let board = &list.board;
    let threads: Vec<&ThreadJson> = list.items.iter().collect();
    let elsewhere =
        tag.map(|tag| (format!("Nothing here is tagged {tag}"), format!("/tags/{}", encoded(tag))));
    let empty = match &elsewhere {
        Some((title, address)) => (
            "search",
            title.as_str(),
            "Other boards may have threads with this tag.",
            Some((address.as_str(), "Look on all boards")),
        ),
        None => ("replies", "No threads yet", "Ask something, show something, tell something.", None),
    };
    html! {
        div.page.with-context {
            div.page-main {
                (page_head(&board.title, &board.description))
                @if let Some(tag) = tag {
                    p.finder {
                        span.tag-chosen {
                            "#" (tag)
                            a href=(board.url) aria-label="Show all threads" { (small_icon("x")) }
                        }
                    }
                }
                (thread_list(&threads, false, list.next.as_deref().map(|next| next_address(next, &[("tag", tag)])), empty))
            }
            aside.context aria-label="About this board" { (about(board)) }
        }
    }
}

fn about(board: &BoardJson) -> Markup {
    let slow = board.policy.slow_mode_seconds;
    let wrote = format!(
        "{}, {}",
        count(board.thread_count, "thread", "threads"),
        count(board.post_count, "post", "posts")
    );
    let rights = format!(
        "{} may read, {} may reply.",
        who(&board.rights.read),
        who(&board.rights.reply).to_lowercase()
    );
    html! {
        section {
            h2 { "About this board" }
            p { (wrote) }
            p.quiet { (rights) }
            @if slow > 0 { p.quiet { "Slow mode: one post each " (count(slow, "second", "seconds")) "." } }
        }
    }
}

fn who(right: &str) -> &'static str {
    match right {
        "everyone" => "Everyone",
        "members" => "Members",
        "staff" => "Staff",
        _ => "A group",
    }
}

/// Threads of all boards with a tag.
pub(super) fn tag(tag: &str, list: &ThreadList) -> Markup {
    let threads: Vec<&ThreadJson> = list.items.iter().collect();
    let empty = (
        "search",
        "No thread has this tag",
        "Tags are given by whoever starts a thread.",
        Some(("/", "See what is new")),
    );
    page(&html! {
        (page_head(&format!("#{tag}"), "Threads of all boards with this tag."))
        (thread_list(&threads, true, list.next.as_deref().map(|next| next_address(next, &[])), empty))
    })
}

/// The directory, or those whose name holds some letters.
pub(super) fn people(list: &Page<Profile>, q: &str) -> Markup {
    page(&html! {
        (page_head("People", ""))
        form.finder role="search" action="/people" {
            input.input type="search" name="q" placeholder="Find by name" aria-label="Find people by name"
                autocomplete="off" value=[(!q.is_empty()).then_some(q)];
        }
        ol.rows.plain { @for person in &list.items { (rows::person(person)) } }
        @if list.items.is_empty() { (empty_state("users", "Nobody of that name", "Try fewer letters.", None)) }
        @if let Some(next) = &list.next { (more(&next_address(next, &[("q", Some(q))]), "Show more")) }
    })
}

/// What is not here, or not for the one who asks: the two look the same.
pub(super) fn nothing_here() -> Markup {
    html! {
        div.empty {
            (icon("search"))
            h1 { "There is nothing here" }
            p {
                "The address may be mistyped, the page may have been removed, or it may be open only to some people. "
                "If you have an account, signing in may help."
            }
            a.button href="/" { "Go home" }
        }
    }
}

/// An address that asks for something that cannot be.
pub(super) fn unreadable(why: &str) -> Markup {
    html! {
        div.empty {
            (icon("alert"))
            h1 { "This page did not load" }
            p { (why) }
            a.button href="/" { "Go home" }
        }
    }
}

fn page(content: &Markup) -> Markup {
    html! { div.page { div.page-main { (content) } } }
}

/// Threads as rows, with the way to more.
fn thread_list(threads: &[&ThreadJson], board: bool, next: Option<String>, empty: Empty) -> Markup {
    let (name, title, words, link) = empty;
    html! {
        div.list {
            (pill(false))
            ol.rows.plain { @for thread in threads { (rows::thread(thread, board)) } }
            @if threads.is_empty() { (empty_state(name, title, words, link)) }
            @if let Some(next) = next { (more(&next, "Show more")) }
        }
    }
}
