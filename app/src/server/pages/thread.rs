//! A thread: its head, a page of its posts, where one is in it.

use maud::{Markup, html};

use super::icons::icon;
use super::parts::{more, pill};
use super::post::post;
use super::rows::{board_chip, mark, tag_link};
use super::timeline::{WORTH_A_TIMELINE, pager, scrubber, timeline};
use super::words::{count, silence};
use crate::threads::{PostJson, ThreadJson, ThreadPage};

/// The page of a thread as guests see it.
pub(super) fn thread(page: &ThreadPage) -> Markup {
    let ThreadPage { thread, posts, .. } = page;
    let long = posts.total >= WORTH_A_TIMELINE;
    html! {
        div class=(if long { "page with-context" } else { "page" }) {
            div.page-main {
                (head(thread))
                @if posts.previous.is_some() { (more(&format!("?page={}", posts.page - 1), "Earlier posts")) }
                div.posts { (with_lines(&posts.items)) }
                @if posts.next.is_some() { (more(&format!("?page={}", posts.page + 1), "Later posts")) }
                div.posts {}
                (pager(&thread.url, posts.page, posts.pages))
                (pill(true))
                (ending(thread))
            }
            @if long {
                aside.context aria-label="Where you are" { (timeline(thread, posts)) }
                (scrubber(posts))
            }
        }
    }
}

fn head(thread: &ThreadJson) -> Markup {
    html! {
        header.thread-head {
            div.crumbs {
                (board_chip(&thread.board))
                a.tool.find href=(format!("/search?thread={}", thread.id)) title="Search this thread" aria-label="Search this thread" {
                    (icon("search"))
                }
            }
            h1 dir="auto" { (thread.title) }
            div.thread-facts {
                @if thread.pinned { span { (mark("pin", "Pinned")) "pinned" } }
                @if thread.locked && !thread.archived { span { (mark("lock", "Locked")) "locked" } }
                @if thread.archived { span { (mark("archive", "Archived")) "archived" } }
                @for tag in &thread.tags { (tag_link(tag)) }
                span { (count(thread.reply_count, "reply", "replies")) }
                span { (count(thread.view_count, "view", "views")) }
            }
        }
    }
}

/// The posts, with a line where a silence was long.
fn with_lines(posts: &[PostJson]) -> Markup {
    let mut before = None;
    html! {
        @for item in posts {
            @if let PostJson::Living(living) = item {
                @if let Some(words) = before.and_then(|before| silence(before, living.created_at)) {
                    p.gap-of-time { (words) }
                }
            }
            (post(item))
            @if let PostJson::Living(living) = item {
                @let _ = before.replace(living.created_at);
            }
        }
    }
}

fn ending(thread: &ThreadJson) -> Markup {
    html! {
        @if thread.archived {
            p.closing-line { (icon("lock")) "This thread is archived: it can be read but not answered." }
        } @else if thread.locked {
            p.closing-line { (icon("lock")) "This thread is locked. Nobody can reply any more." }
        } @else {
            p.closing-line {
                span { "To reply, sign in." }
                a.button href=(format!("/login?to={}", thread.url)) { "Sign in" }
            }
        }
    }
}
