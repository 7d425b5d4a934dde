//! Rows of lists: threads, boards, people, posts away from their thread.

use maud::{Markup, html};

use super::icons::small_icon;
use super::parts::{faces, portrait, role_mark, time};
use super::words::{count, encoded, hue_class, short};
use crate::accounts::people::Profile;
use crate::boards::{BoardJson, BoardRef};
use crate::threads::{PersonPost, ThreadJson};

/// A thread; `board` says whether the row names its board.
pub(super) fn thread(thread: &ThreadJson, board: bool) -> Markup {
    html! {
        li.row data-id=(thread.id) {
            div.row-main {
                h2.row-title {
                    @if thread.pinned { (mark("pin", "Pinned")) }
                    @if thread.locked && !thread.archived { (mark("lock", "Locked")) }
                    @if thread.archived { (mark("archive", "Archived")) }
                    a.row-link href=(thread.url) dir="auto" { (thread.title) }
                }
                p.row-sub {
                    @if board { (board_chip(&thread.board)) }
                    @for tag in thread.tags.iter().take(3) { (tag_link(tag)) }
                    span.excerpt dir="auto" { (thread.excerpt) }
                }
            }
            div.row-faces { (faces(&thread.faces)) }
            span.row-count title=(count(thread.reply_count, "reply", "replies")) {
                (small_icon("replies")) (short(thread.reply_count))
            }
            a.row-time href=(thread.last_post.url) aria-label="Last post" { (time(thread.bumped_at)) }
        }
    }
}

/// The name of a board beside its colour.
pub(super) fn board_chip(board: &BoardRef) -> Markup {
    html! {
        a.chip href=(board.url) {
            span class=(format!("swatch {}", hue_class(board.hue))) {}
            span dir="auto" { (board.title) }
        }
    }
}

/// A tag that leads to its threads.
pub(super) fn tag_link(tag: &str) -> Markup {
    html! { a.tag href=(format!("/tags/{}", encoded(tag))) dir="auto" { (tag) } }
}

/// A small mark whose words only screen readers and pointers find.
pub(super) fn mark(name: &str, words: &str) -> Markup {
    html! { span.state-mark title=(words) { (small_icon(name)) span.unseen { (words) } } }
}

/// A board with what was said last.
pub(super) fn board(board: &BoardJson) -> Markup {
    html! {
        li.row.board-row data-id=(board.id) {
            (board_sign(&board.title, board.hue))
            div.row-main {
                h2.row-title {
                    a.row-link href=(board.url) dir="auto" { (board.title) }
                    (readers(&board.rights.read))
                }
                p.row-sub { span.excerpt dir="auto" { (board.description) } }
            }
            div.board-last {
                @if let Some(last) = &board.last_thread {
                    a.one-line.board-last-title href=(last.url) dir="auto" { (last.title) }
                    div { (time(last.bumped_at)) }
                }
            }
            span.row-count title=(count(board.thread_count, "thread", "threads")) {
                (small_icon("replies")) (short(board.thread_count))
            }
        }
    }
}

/// The first letter of a board's name on its hue.
pub(super) fn board_sign(title: &str, hue: i64) -> Markup {
    let letter: String = title.trim().chars().take(1).flat_map(char::to_uppercase).collect();
    html! { span class=(format!("board-sign {}", hue_class(hue))) aria-hidden="true" { (letter) } }
}

/// Who may read, where it is not everyone.
fn readers(read: &str) -> Markup {
    let words = match read {
        "everyone" => return html! {},
        "members" => "members only",
        "staff" => "staff only",
        _ => "private",
    };
    html! { span.role { (words) } }
}

/// A person of the directory.
pub(super) fn person(profile: &Profile) -> Markup {
    let person = &profile.person;
    let wrote = format!(
        "{}, {}",
        count(profile.thread_count, "thread", "threads"),
        count(profile.post_count, "post", "posts")
    );
    html! {
        li.row.person-row data-id=(person.id) {
            (portrait(person, if profile.online { "large online" } else { "large" }))
            div.row-main {
                h2.row-title {
                    a.row-link href=(person.url) dir="auto" { (person.nickname) }
                    (role_mark(person))
                    @if profile.online { span.unseen { "online" } }
                }
                p.row-sub { span.excerpt { (wrote) } }
            }
            span.row-time { span.quiet { "joined " } (time(profile.joined_at)) }
        }
    }
}

/// A post on its author's page.
pub(super) fn post(row: &PersonPost) -> Markup {
    let PersonPost { post, thread } = row;
    html! {
        li.row.post-row data-id=(post.id) {
            h2.row-title { a.row-link href=(post.url) dir="auto" { (thread.title) } }
            p.post-row-words dir="auto" { (post.excerpt) }
            p.row-sub {
                (board_chip(&thread.board))
                span { "#" (post.position) }
                (time(post.created_at))
            }
        }
    }
}
