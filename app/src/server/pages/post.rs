//! A post of a thread, as guests see it.

use maud::{Markup, PreEscaped, html};

use super::icons::small_icon;
use super::parts::{face, portrait, role_mark, time};
use super::words::count;
use crate::threads::{LivingPost, PostJson, Reaction, ReplyTo, Tombstone};

/// One post.
pub(super) fn post(post: &PostJson) -> Markup {
    match post {
        PostJson::Living(post) => living(post),
        PostJson::Deleted(grave) => tombstone(grave),
    }
}

fn living(post: &LivingPost) -> Markup {
    html! {
        article.post id=(format!("post-{}", post.id)) data-position=(post.position) tabindex="-1"
            aria-label=(format!("Post {}", post.position)) {
            (face(&post.author, "large"))
            div.post-body {
                (head(post))
                @if let Some(answered) = &post.reply_to { (reply_line(answered)) }
                // Made safe by `markup` when it was written.
                div.prose dir="auto" { (PreEscaped(&post.html)) }
                footer.post-foot { (reactions(post)) }
            }
        }
    }
}

fn head(post: &LivingPost) -> Markup {
    html! {
        header.post-head {
            a.post-name href=(post.author.url) dir="auto" { (post.author.nickname) }
            (role_mark(&post.author))
            a.post-when href=(post.url) { (time(post.created_at)) }
            @if post.edit_count > 0 { span.post-edited title=(edited(post.edit_count)) { "edited" } }
            a.post-number href=(post.url) aria-label=(format!("Permalink of post {}", post.position)) {
                "#" (post.position)
            }
        }
    }
}

fn edited(times: i64) -> String {
    if times == 1 { "Edited once".to_owned() } else { format!("Edited {}", count(times, "time", "times")) }
}

fn reply_line(answered: &ReplyTo) -> Markup {
    let label = format!("In reply to {}, post {}", answered.author.nickname, answered.position);
    html! {
        div.reply-to {
            a.reply-to-line href=(answered.url) aria-label=(label) {
                (small_icon("reply"))
                (portrait(&answered.author, ""))
                b dir="auto" { (answered.author.nickname) }
                span.excerpt dir="auto" { (answered.excerpt) }
            }
        }
    }
}

fn reactions(post: &LivingPost) -> Markup {
    html! {
        div.reactions {
            @if post.imported_likes > 0 { (old_likes(post.imported_likes)) }
            @for Reaction { emoji, count, .. } in &post.reactions {
                span.reaction { (emoji) span { (count) } }
            }
        }
    }
}

/// Likes that came with an import: only their number is known.
fn old_likes(likes: i64) -> Markup {
    html! {
        span.reaction.old title=(format!("{} from before the move", count(likes, "like", "likes"))) {
            (small_icon("heart")) (likes) span.unseen { " likes" }
        }
    }
}

fn tombstone(grave: &Tombstone) -> Markup {
    let words = if grave.by_author { "Deleted by its author " } else { "Removed by a moderator " };
    html! {
        article.tombstone id=(format!("post-{}", grave.id)) data-position=(grave.position) tabindex="-1"
            aria-label=(format!("Post {}", grave.position)) {
            (small_icon("trash"))
            span { (words) (time(grave.deleted_at)) }
            span.post-number { "#" (grave.position) }
        }
    }
}
