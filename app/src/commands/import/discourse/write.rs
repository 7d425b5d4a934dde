//! One topic, one batch, keyed by its source: all of it is here, or nothing.

use std::collections::BTreeMap;

use folkmoot_markup::{Context, Flavour, Mention, Rendered, render};

use super::body::with_own_links;
use super::places::{Account, Places};
use super::plan::Plan;
use super::topic::{Post, Topic};
use crate::commands::bulk::{self, count};
use crate::core::App;
use crate::core::error::Result;

/// A topic with its bodies rendered, ready to be written.
pub(super) struct Ready {
    topic: Topic,
    bodies: Vec<(String, Rendered)>,
}

/// Renders a topic's bodies: the costly part, done away from the database.
pub(super) fn prepare(topic: Topic, plan: &Plan, places: &Places) -> Ready {
    let mention = |name: &str| {
        let account = places.people.get(&name.to_lowercase())?;
        Some(Mention {
            id: account.id.to_string(),
            nickname: account.nickname.clone(),
            url: format!("/people/{}", account.nickname),
        })
    };
    let context = Context { flavour: Flavour::Html, mentions: &mention, base_urls: &[] };
    let bodies = topic.posts.iter().map(|post| {
        let body = with_own_links(&post.cooked, &plan.bases);
        let rendered = render(&body, &context);
        (body, rendered)
    });
    Ready { bodies: bodies.collect(), topic }
}

/// What became of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Written { posts: i64, likes: i64 },
    AlreadyHere,
}

/// Writes a topic, unless it is here.
pub(super) async fn write(app: &App, ready: Ready, places: &Places) -> Result<Outcome> {
    let thread = thread(app, ready, places)?;
    let (posts, likes) = (count(thread.posts.len()), thread.likes());
    Ok(if thread.write(app).await? { Outcome::Written { posts, likes } } else { Outcome::AlreadyHere })
}

/// The topic as a thread of ours.
fn thread(app: &App, ready: Ready, places: &Places) -> Result<bulk::Thread> {
    let Ready { topic, bodies } = ready;
    let Some(board) = places.boards.get(&topic.category).copied() else {
        return Err(crate::core::Error::internal("a topic's board was not planned"));
    };
    let ids = topic.posts.iter().map(|_| app.new_id()).collect::<Result<Vec<i64>>>()?;
    let by_number: BTreeMap<i64, i64> =
        topic.posts.iter().map(|post| post.number).zip(ids.iter().copied()).collect();
    let posts = topic.posts.into_iter().zip(ids).zip(bodies).map(|((post, id), (body, rendered))| {
        Ok(bulk::Post {
            id,
            author: author(places, &post)?.id,
            reply_to: post.reply_to.and_then(|number| by_number.get(&number).copied()),
            flavour: Flavour::Html.as_str(),
            body,
            rendered,
            likes: post.likes,
            reactions: Vec::new(),
            created_at: post.created_at,
            edited_at: post.edited_at,
            edit_count: post.edit_count,
            deleted_at: post.deleted_at,
            source: Some(format!("discourse:{}/{}", topic.id, post.number)),
        })
    });
    Ok(bulk::Thread {
        id: app.new_id()?,
        board,
        posts: posts.collect::<Result<_>>()?,
        title: topic.title,
        tags: topic.tags,
        views: topic.views,
        pinned: topic.pinned,
        locked: topic.closed,
        archived: topic.archived,
        deleted_at: topic.deleted_at,
        source: Some(source(topic.id)),
    })
}

fn author<'a>(places: &'a Places, post: &Post) -> Result<&'a Account> {
    let account = places.people.get(&post.author.username.to_lowercase());
    account.ok_or_else(|| crate::core::Error::internal("a post's author was not planned"))
}

/// The key of a topic.
pub(super) fn source(topic: i64) -> String {
    format!("discourse:{topic}")
}
