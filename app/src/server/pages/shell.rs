//! What stands on every page: skip link, rail, bottom bar, and `<main>` around the page's own words.

use maud::{Markup, html};

use super::icons::icon;
use super::words::hue_class;
use crate::accounts::site::{Registration, Site};
use crate::boards::BoardRef;

/// The rail names so many boards; the rest are behind "Boards".
const BOARDS_SHOWN: usize = 14;

const PLACES: [(&str, &str, &str); 4] = [
    ("/", "home", "Home"),
    ("/boards", "boards", "Boards"),
    ("/chat", "chat", "Chat"),
    ("/people", "users", "People"),
];

/// What the frame of a guest's page needs to know.
pub(super) struct Frame<'a> {
    /// The community.
    pub(super) site: &'a Site,
    /// The boards that guests may read, in their order.
    pub(super) boards: &'a [BoardRef],
    /// The path of the page.
    pub(super) path: &'a str,
}

/// The page of a guest around `main`.
pub(super) fn shell(frame: &Frame, main: &Markup) -> Markup {
    html! {
        div.shell {
            a.skip href="#main" { "Skip to the content" }
            (rail(frame))
            main id="main" tabindex="-1" { (main) }
            (tabs(frame))
        }
    }
}

fn rail(frame: &Frame) -> Markup {
    html! {
        header.rail {
            a.brand href="/" { (mark()) span.brand-name dir="auto" { (frame.site.name) } }
            nav.rail-nav aria-label="Main" {
                @for (href, name, words) in PLACES { (rail_link(frame, href, name, words)) }
                a.rail-link.find href="/search" title="Search (/ or Ctrl-K)" aria-current=[here(frame, "/search")] {
                    (icon("search")) span { "Search" } kbd { "/" }
                }
            }
            nav.rail-boards aria-label="Boards" {
                @if !frame.boards.is_empty() { h2.rail-title { "Boards" } }
                @for board in frame.boards.iter().take(BOARDS_SHOWN) {
                    a.rail-link href=(board.url) aria-current=[here(frame, &board.url)] {
                        span class=(format!("swatch {}", hue_class(board.hue))) {}
                        span.one-line dir="auto" { (board.title) }
                    }
                }
                @if frame.boards.len() > BOARDS_SHOWN { a.rail-link href="/boards" { "All boards" } }
            }
            div.rail-foot {
                button.rail-link.theme.needs-script type="button" title="Light or dark" {
                    (icon("sun-moon")) span { "Light or dark" }
                }
                (rail_link(frame, "/login", "log-in", "Sign in"))
                @if frame.site.registration == Registration::Open { (rail_link(frame, "/register", "user", "Create an account")) }
            }
        }
    }
}

fn rail_link(frame: &Frame, href: &str, name: &str, words: &str) -> Markup {
    html! {
        a.rail-link href=(href) title=(words) aria-current=[here(frame, href)] { (icon(name)) span { (words) } }
    }
}

fn tabs(frame: &Frame) -> Markup {
    html! {
        nav.tabs aria-label="Places" {
            @for (href, name, words) in PLACES.into_iter().chain([("/login", "log-in", "Sign in")]) {
                a.tab href=(href) aria-current=[here(frame, href)] { (icon(name)) (words) }
            }
        }
    }
}

fn here(frame: &Frame, href: &str) -> Option<&'static str> {
    (frame.path == href).then_some("page")
}

/// Seats around a fire.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" aria-hidden="true" {
            path d="M12 1.5v4M19.4 4.6l-2.8 2.8M22.5 12h-4M19.4 19.4l-2.8-2.8M12 22.5v-4M4.6 19.4l2.8-2.8M1.5 12h4M4.6 4.6l2.8 2.8"
                fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" {}
            circle cx="12" cy="12" r="2.6" fill="currentColor" {}
        }
    }
}
