//! One topic, one batch, keyed by its source: all of it is here, or nothing.

use std::collections::BTreeMap;

use folkmoot_markup::{Context, Flavour, MARKUP_VERSION, Mention, Rendered, render};
use folkmoot_store::CommitError;

use super::body::with_own_links;
use super::places::{Account, Places, count};
use super::plan::Plan;
use super::queries;
use super::topic::{Post, Topic};
use crate::core::App;
use crate::core::error::Result;
use crate::core::events::{Event, Write};
use crate::core::slug::slug;
use crate::core::streams::Stream;

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
    let Ready { topic, bodies } = ready;
    let Some(board) = places.boards.get(&topic.category).copied() else {
        return Err(crate::core::Error::internal("a topic's board was not planned"));
    };
    let thread = app.new_id()?;
    let ids = topic.posts.iter().map(|_| app.new_id()).collect::<Result<Vec<i64>>>()?;
    let authors = topic.posts.iter().map(|post| author(places, post)).collect::<Result<Vec<&Account>>>()?;
    let mut write = Write::new(None, app.now());
    write.push(insert_topic(&topic, thread, board, &ids, &authors).expect_rows(1).or(HERE));
    for tag in &topic.tags {
        write.push(queries::INSERT_TAG.with((thread, tag.clone())));
    }
    push_posts(&mut write, &topic, thread, &ids, &authors, bodies);
    push_counts(&mut write, &topic, board, &authors);
    write.record(Event::new(Stream::Board(board), "thread_imported", thread).version(1));
    match app.commit(write).await {
        Ok(_) => Ok(Outcome::Written { posts: count(topic.posts.len()), likes: topic.likes() }),
        Err(CommitError::Missed { code: HERE, .. }) => Ok(Outcome::AlreadyHere),
        Err(error) => Err(error.into()),
    }
}

const HERE: &str = "here";

fn author<'a>(places: &'a Places, post: &Post) -> Result<&'a Account> {
    let account = places.people.get(&post.author.username.to_lowercase());
    account.ok_or_else(|| crate::core::Error::internal("a post's author was not planned"))
}

/// The key of a topic.
pub(super) fn source(topic: i64) -> String {
    format!("discourse:{topic}")
}

fn insert_topic(
    topic: &Topic,
    thread: i64,
    board: i64,
    ids: &[i64],
    authors: &[&Account],
) -> folkmoot_store::Bound<()> {
    let visible = || topic.posts.iter().enumerate().filter(|(_, post)| post.deleted_at.is_none());
    let last = visible().map(|(index, _)| index).next_back().unwrap_or(0);
    let last_at = visible().map(|(_, post)| post.created_at).max().unwrap_or(topic.posts[0].created_at);
    queries::INSERT_TOPIC.with((
        thread,
        board,
        authors[0].id,
        topic.title.clone(),
        slug(&topic.title),
        ids[0],
        ids[last],
        authors[last].id,
        last_at,
        count(visible().count()),
        count(ids.len()) + 1,
        topic.views,
        topic.pinned,
        topic.closed,
        topic.archived,
        topic.posts[0].created_at,
        // A topic whose opening post is gone is gone, as everywhere here.
        topic.deleted_at.or(topic.posts[0].deleted_at),
        topic.likes(),
        source(topic.id),
    ))
}

fn push_posts(
    write: &mut Write,
    topic: &Topic,
    thread: i64,
    ids: &[i64],
    authors: &[&Account],
    bodies: Vec<(String, Rendered)>,
) {
    let by_number: BTreeMap<i64, i64> =
        topic.posts.iter().map(|post| post.number).zip(ids.iter().copied()).collect();
    for (index, (post, (body, rendered))) in topic.posts.iter().zip(bodies).enumerate() {
        write.push(queries::INSERT_POST.with((
            ids[index],
            thread,
            authors[index].id,
            count(index) + 1,
            post.reply_to.and_then(|number| by_number.get(&number).copied()),
            body,
            rendered.html,
            rendered.excerpt,
            MARKUP_VERSION,
            post.likes,
            post.created_at,
            post.edited_at,
            post.edit_count,
            post.deleted_at,
            format!("thread:{thread}"),
            format!("discourse:{}/{}", topic.id, post.number),
        )));
    }
}

fn push_counts(write: &mut Write, topic: &Topic, board: i64, authors: &[&Account]) {
    let thread_gone = topic.deleted_at.is_some() || topic.posts[0].deleted_at.is_some();
    if thread_gone {
        return;
    }
    let visible: Vec<_> =
        topic.posts.iter().zip(authors).filter(|(post, _)| post.deleted_at.is_none()).collect();
    write.push(queries::COUNT_BOARD.with((board, 1, count(visible.len()))));
    let mut people: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for (post, account) in visible {
        let (posts, likes) = people.entry(account.id).or_default();
        *posts += 1;
        *likes += post.likes;
    }
    for (id, (posts, likes)) in people {
        let threads = i64::from(id == authors[0].id);
        write.push(queries::COUNT_PERSON.with((id, threads, posts, likes, board)));
    }
}
