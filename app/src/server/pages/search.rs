//! The page of results: the same as `client/js/views/SearchView.js`.

use std::iter::once;

use maud::{Markup, html};
use serde::Serialize;

use super::found::found;
use super::icons::small_icon;
use super::parts::{empty_state, more, next_address, page_head};
use super::search_words::{FILTERS, KINDS, filter_words, indexing_words, result_count};
use super::words::{encoded, grouped, short};
use crate::search::{SearchAnswer, Sort, Understood};
use crate::threads::ThreadId;

/// What an address asks for.
#[derive(Clone, Default, Serialize)]
pub(super) struct Asked {
    /// The words and filters; empty when nothing is asked yet.
    pub(super) q: String,
    /// One of the kinds, or all.
    #[serde(rename = "in")]
    pub(super) kind: Option<&'static str>,
    /// By date, or by relevance when it is left out.
    pub(super) sort: Option<Sort>,
    /// Only in this thread.
    pub(super) thread: Option<ThreadId>,
}

impl Asked {
    /// The address of the page that answers it.
    pub(super) fn address(&self) -> String {
        let parts: Vec<String> = self
            .parts()
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))))
            .collect();
        if parts.is_empty() { "/search".to_owned() } else { format!("/search?{}", parts.join("&")) }
    }

    /// The names and values of the address, in its order.
    fn parts(&self) -> [(&'static str, Option<String>); 4] {
        [
            ("q", Some(self.q.clone()).filter(|q| !q.is_empty())),
            ("in", self.kind.map(str::to_owned)),
            ("sort", self.sort.map(|sort| sort.as_str().to_owned())),
            ("thread", self.thread.map(|thread| thread.to_string())),
        ]
    }

    fn with_q(&self, q: &str) -> Self {
        Self { q: q.to_owned(), ..self.clone() }
    }
}

/// What stands over the page.
pub(super) fn title(asked: &Asked, answer: Option<&SearchAnswer>) -> String {
    match answer {
        Some(answer) => format!("{} for {}", result_count(answer.total), asked.q),
        None => "Search".to_owned(),
    }
}

/// The page; without an answer before anything was asked.
pub(super) fn search(asked: &Asked, answer: Option<&SearchAnswer>) -> Markup {
    html! {
        div.page {
            div.page-main {
                (page_head("Search", ""))
                (field(asked))
                (filters(asked, answer))
                @if let Some(answer) = answer { (results(asked, answer)) }
                (help(asked))
            }
        }
    }
}

fn field(asked: &Asked) -> Markup {
    let empty = asked.q.is_empty();
    html! {
        form.finder.search-field role="search" action="/search" {
            input.input type="search" name="q" aria-label="Search" placeholder="Words, \"a phrase\", author:name"
                maxlength="256" autocomplete="off" spellcheck="false" enterkeyhint="search" dir="auto"
                autofocus[empty] value=[(!empty).then_some(&asked.q)];
            @for (name, value) in asked.parts().into_iter().skip(1) {
                @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
            }
            button.button type="submit" { "Search" }
        }
    }
}

/// What the answer is limited to, each with the way to do without.
fn filters(asked: &Asked, answer: Option<&SearchAnswer>) -> Markup {
    let filters = answer.map(|answer| answer.understood.filters.as_slice()).unwrap_or_default();
    if filters.is_empty() && asked.thread.is_none() {
        return html! {};
    }
    let within = answer.and_then(|answer| answer.thread.as_ref());
    html! {
        ul.search-chips.plain aria-label="Filters" {
            @if asked.thread.is_some() {
                @let words = within.map_or_else(|| "in one thread".to_owned(), |thread| format!("in “{}”", thread.title));
                (set_chip(&words, &Asked { thread: None, ..asked.clone() }))
            }
            @for filter in filters {
                (set_chip(&filter_words(&filter.name, &filter.value), &asked.with_q(&filter.without)))
            }
        }
    }
}

fn set_chip(words: &str, without: &Asked) -> Markup {
    html! {
        li {
            a.search-chip.is-set href=(without.address()) aria-label=(format!("Search without {words}")) {
                span dir="auto" { (words) }
                (small_icon("x"))
            }
        }
    }
}

fn results(asked: &Asked, answer: &SearchAnswer) -> Markup {
    let next = answer.next.as_deref().map(|next| {
        let parts = asked.parts();
        let kept: Vec<(&str, Option<&str>)> =
            parts.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        next_address(next, &kept)
    });
    html! {
        (tabs(asked, answer))
        div.search-line {
            p { (result_count(answer.total)) }
            @if answer.total.count > 1 { (sorting(asked)) }
        }
        (notes(answer))
        (narrow(asked, answer))
        ol.rows.plain { @for item in &answer.items { (found(item, asked)) } }
        @if answer.items.is_empty() { (nothing(asked, answer)) }
        @if let Some(next) = next { (more(&next, "Show more")) }
    }
}

/// What of it one looks at.
fn tabs(asked: &Asked, answer: &SearchAnswer) -> Markup {
    let all = (None, "All", 0);
    let kinds = KINDS
        .into_iter()
        .map(|(kind, words, count)| (Some(kind), words, count(&answer.counts)))
        .filter(|(kind, _, count)| *count > 0 || *kind == asked.kind);
    html! {
        nav.segments aria-label="Kinds" {
            @for (kind, words, count) in once(all).chain(kinds) {
                a.segment href=(Asked { kind, ..asked.clone() }.address())
                    aria-current=[(kind == asked.kind).then_some("page")] {
                    (words)
                    @if kind.is_some() { " " span.number.quiet { (short(count)) } }
                }
            }
        }
    }
}

fn sorting(asked: &Asked) -> Markup {
    html! {
        nav.search-sorting aria-label="Order" {
            @for (sort, words) in [(None, "Best first"), (Some(Sort::Date), "Newest first")] {
                a href=(Asked { sort, ..asked.clone() }.address())
                    aria-current=[(sort == asked.sort).then_some("page")] { (words) }
            }
        }
    }
}

/// What one should know of the answer.
fn notes(answer: &SearchAnswer) -> Markup {
    let Understood { problems, relaxed, .. } = &answer.understood;
    html! {
        @for problem in problems {
            p.note { (small_icon("alert")) span dir="auto" { (filter_words(&problem.field, &problem.why)) } }
        }
        @if *relaxed && !answer.items.is_empty() {
            p.note {
                (small_icon("alert"))
                span { "Little or nothing has all of the words: these have most of them." }
            }
        }
        @if let Some(indexing) = answer.indexing {
            p.note { (small_icon("history")) span { (indexing_words(indexing)) } }
        }
    }
}

/// Questions that find less.
fn narrow(asked: &Asked, answer: &SearchAnswer) -> Markup {
    if answer.narrow.is_empty() {
        return html! {};
    }
    html! {
        nav.search-narrow aria-label="Narrow the search" {
            ul.search-chips.plain {
                @for narrowing in &answer.narrow {
                    li {
                        a.search-chip href=(asked.with_q(&narrowing.q).address()) {
                            span dir="auto" { (narrowing.label) } " "
                            span.number.quiet { (grouped(narrowing.count)) }
                        }
                    }
                }
            }
        }
    }
}

/// What one may do when nothing was found.
fn nothing(asked: &Asked, answer: &SearchAnswer) -> Markup {
    let elsewhere = KINDS.iter().any(|(_, _, count)| count(&answer.counts) > 0);
    if asked.kind.is_some() && elsewhere {
        let all = Asked { kind: None, ..asked.clone() }.address();
        let link = Some((all.as_str(), "Show all results"));
        return empty_state("search", "Nothing of this kind", "There are results of another kind.", link);
    }
    if asked.thread.is_some() {
        let everywhere = Asked { thread: None, ..asked.clone() }.address();
        let link = Some((everywhere.as_str(), "Search everywhere"));
        return empty_state("search", "Nothing in this thread", "It may have been said elsewhere.", link);
    }
    let Some(filter) = answer.understood.filters.first() else {
        let words = "Fewer or other words may find it: the beginning of a word is enough.";
        return empty_state("search", "Nothing was found", words, None);
    };
    let address = asked.with_q(&filter.without).address();
    let words = format!("Search without {}", filter_words(&filter.name, &filter.value));
    empty_state("search", "Nothing was found", "Fewer filters find more.", Some((&address, &words)))
}

fn help(asked: &Asked) -> Markup {
    html! {
        details.search-help open[asked.q.is_empty()] {
            summary { "How to search" }
            dl {
                @for (example, words) in FILTERS {
                    div { dt { code { (example) } } dd { (words) } }
                }
            }
        }
    }
}
