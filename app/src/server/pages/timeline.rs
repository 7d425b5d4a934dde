//! Where one is in a long thread, and its pages as links.

use maud::{Markup, html};

use super::icons::small_icon;
use super::parts::time;
use crate::core::time::Time;
use crate::threads::{PostJson, PostsPage, ThreadJson};

/// Shorter threads are seen whole.
pub(super) const WORTH_A_TIMELINE: i64 = 8;

/// The post at the top of the page: its position, and when it was written or deleted.
pub(super) fn first_place(posts: &PostsPage) -> (i64, Time) {
    match posts.items.first() {
        Some(PostJson::Living(post)) => (post.position, post.created_at),
        Some(PostJson::Deleted(grave)) => (grave.position, grave.deleted_at),
        None => (1, Time(0)),
    }
}

/// An upright slider beside the posts.
pub(super) fn timeline(thread: &ThreadJson, posts: &PostsPage) -> Markup {
    let (position, at) = first_place(posts);
    html! {
        nav.timeline.stays aria-label="In this thread" {
            a.timeline-end href=(thread.url) { "First, " (time(thread.created_at)) }
            div.timeline-track.needs-script {
                input.timeline-range type="range" min="1" max=(posts.total) aria-label="Post" value=(position);
                div.timeline-here {
                    b { (position) " / " (posts.total) }
                    (time(at))
                }
            }
            a.timeline-end href=(thread.last_post.url) { "Latest, " (time(thread.last_post.created_at)) }
        }
    }
}

/// The same for narrow screens, before it is opened.
pub(super) fn scrubber(posts: &PostsPage) -> Markup {
    let (position, _) = first_place(posts);
    html! {
        button.scrubber.needs-script type="button" aria-haspopup="dialog" {
            (small_icon("chevron-down")) span { (position) " / " (posts.total) }
        }
    }
}

/// Pages as links, for those who read without scripts.
pub(super) fn pager(url: &str, page: i64, pages: i64) -> Markup {
    html! {
        @if pages > 1 {
            nav.pager aria-label="Pages" {
                @for number in near_pages(page, pages) {
                    @match number {
                        Some(number) => a href=(format!("{url}?page={number}"))
                            aria-current=[(number == page).then_some("page")] { (number) },
                        None => span { "…" },
                    }
                }
            }
        }
    }
}

/// First, last, and those around `page`; `None` for what is left out.
fn near_pages(page: i64, pages: i64) -> Vec<Option<i64>> {
    let mut numbers = Vec::new();
    for number in 1..=pages {
        if number == 1 || number == pages || (number - page).abs() <= 2 {
            numbers.push(Some(number));
        } else if numbers.last() != Some(&None) {
            numbers.push(None);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::near_pages;

    #[test]
    fn the_pager_shows_the_ends_and_the_neighbours() {
        let shown = |page, pages| {
            let words =
                near_pages(page, pages).into_iter().map(|n| n.map_or("…".to_owned(), |n| n.to_string()));
            words.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(1, 3), "1 2 3");
        assert_eq!(shown(9, 17), "1 … 7 8 9 10 11 … 17");
        assert_eq!(shown(17, 17), "1 … 15 16 17");
    }
}
