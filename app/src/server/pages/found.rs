//! One thing that was found, as a row: the same as `client/js/components/FoundRow.js`.

use maud::{Markup, html};

use super::parts::{portrait, role_mark, time};
use super::rows::{board_chip, board_sign, tag_link};
use super::search::Asked;
use super::words::count;
use crate::search::{FoundBoard, FoundItem, FoundPerson, FoundPost, FoundTag, Piece};

/// A row, whatever it is of.
pub(super) fn found(item: &FoundItem, asked: &Asked) -> Markup {
    match item {
        FoundItem::Post(found) => post(found, asked),
        FoundItem::Person(found) => person(found),
        FoundItem::Board(found) => board(found),
        FoundItem::Tag(found) => tag(found),
        // Guests, for whom pages have words, have no messages.
        FoundItem::Message(_) => html! {},
    }
}

fn post(found: &FoundPost, asked: &Asked) -> Markup {
    let thread = &found.thread;
    let within = Asked { q: asked.q.clone(), thread: Some(thread.id), ..Asked::default() };
    html! {
        li.row.post-row {
            (title(&found.url, &thread.title))
            (excerpt(&found.excerpt))
            p.row-sub.found-sub {
                (board_chip(&thread.board))
                a.one-line href=(found.author.url) dir="auto" { (found.author.nickname) }
                span {
                    @if found.opening { (count(thread.post_count - 1, "reply", "replies")) }
                    @else { "reply #" (found.position) }
                }
                (time(found.at))
                @if found.more_in_thread > 0 {
                    a.link href=(within.address()) { (found.more_in_thread) " more in this thread" }
                }
                @for tag in thread.tags.iter().take(3) { (tag_link(tag)) }
            }
        }
    }
}

fn person(found: &FoundPerson) -> Markup {
    html! {
        li.row.sign-row {
            (portrait(&found.person, "large"))
            div.row-main {
                h2.row-title {
                    a.row-link href=(found.url) dir="auto" { (pieces(&found.nickname)) }
                    (role_mark(&found.person))
                }
                @if !found.excerpt.is_empty() { (excerpt(&found.excerpt)) }
            }
        }
    }
}

fn board(found: &FoundBoard) -> Markup {
    html! {
        li.row.sign-row {
            (board_sign(&found.board.title, found.board.hue))
            div.row-main {
                (title(&found.url, &found.title))
                @if !found.excerpt.is_empty() { (excerpt(&found.excerpt)) }
            }
        }
    }
}

fn tag(found: &FoundTag) -> Markup {
    html! {
        li.row.sign-row {
            span.tag-sign aria-hidden="true" { "#" }
            div.row-main {
                (title(&found.url, &found.title))
                p.post-row-words { (count(found.thread_count, "thread", "threads")) }
            }
        }
    }
}

fn title(url: &str, words: &[Piece]) -> Markup {
    html! { h2.row-title { a.row-link href=(url) dir="auto" { (pieces(words)) } } }
}

fn excerpt(words: &[Piece]) -> Markup {
    html! { p.post-row-words dir="auto" { (pieces(words)) } }
}

/// A part of a text in which what was looked for is marked.
fn pieces(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @if piece.hit { mark { (piece.text) } } @else { (piece.text) }
        }
    }
}
