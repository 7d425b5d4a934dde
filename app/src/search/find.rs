//! Searching: from what somebody typed to what they may see of it.

use std::sync::Arc;
use std::time::Duration;

use folkmoot_store::Snapshot;
use folkmoot_terms::{MAX_CHARS, Plan, Query};
use serde::{Deserialize, Serialize};

use super::density;
use super::fill::indexing;
use super::filters::{self, Resolved};
use super::gather::{Gathered, Looking};
use super::json::{SearchAnswer, SearchQuery, SearchedThread, Sort, Understood};
use super::model::{Kind, in_conversation, in_thread, of_kind};
use super::queries::candidates::{OtherRow, PostRow};
use super::rank::{self, Order, Ranked};
use super::sources::Sources;
use super::terms::{Simple, all, any, term};
use super::{metrics, narrow, show, vocabulary};
use crate::accounts::Actor;
use crate::core::paging::encode;
use crate::core::{App, Error, Result};
use crate::threads::ThreadId;

/// Items on a page when the caller does not say, and the most.
const LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 50;
/// The most items of a kind that a glance shows.
const MAX_EACH: u32 = 10;
/// How long a search may take.
const TIME: Duration = Duration::from_secs(3);
/// The most of one's conversations that are searched: those written to last.
pub(super) const CONVERSATIONS: i64 = 500;
/// An entry's id may be that much greater than the millisecond that it was written in.
pub(super) const STREWN: i64 = 1 << 21;

/// What is asked, as far as it can be checked by itself.
pub(super) struct Question<'a> {
    /// What was typed.
    pub(super) q: &'a str,
    /// What it says.
    pub(super) query: Query,
    /// Which kinds are listed; none: all.
    pub(super) kinds: Vec<Kind>,
    /// In which order.
    pub(super) sort: Sort,
    /// How many on a page.
    pub(super) limit: usize,
    /// At most so many of each kind, without pages.
    pub(super) each: Option<usize>,
    /// Where the page begins.
    pub(super) cursor: Option<Cursor>,
    /// Only in this thread.
    pub(super) thread: Option<ThreadId>,
    /// Only in this conversation.
    pub(super) conversation: Option<i64>,
}

/// Where a page ends: after so many items of what was found at that moment; or, by date, below an entry.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// So many items were shown.
    pub(super) shown: usize,
    /// When it was asked for the first page.
    pub(super) now: i64,
    /// The entry that was shown last.
    pub(super) last: i64,
}

/// Everything that may answer.
#[derive(Default)]
pub(super) struct Candidates {
    /// Posts.
    pub(super) posts: Gathered<PostRow>,
    /// Messages.
    pub(super) messages: Gathered<OtherRow>,
    /// People.
    pub(super) people: Gathered<OtherRow>,
    /// Boards.
    pub(super) boards: Gathered<OtherRow>,
    /// Tags.
    pub(super) tags: Gathered<OtherRow>,
}

/// Searches.
///
/// # Errors
/// `Invalid` naming what cannot be asked; `NotFound` for a thread or conversation that this person may not read;
/// `Unavailable` when it takes too long.
pub async fn find(app: &App, actor: &Actor, asked: &SearchQuery) -> Result<SearchAnswer> {
    let question = Question::of(asked)?;
    let started = std::time::Instant::now();
    let late = |_| Error::Unavailable { retry_after: 2, cause: String::from("a search took too long") };
    let answer = tokio::time::timeout(TIME, answer(app, actor, &question)).await.map_err(late)??;
    metrics::searched(app, started.elapsed())?;
    Ok(answer)
}

impl<'a> Question<'a> {
    fn of(asked: &'a SearchQuery) -> Result<Self> {
        let q = asked.q.as_str();
        if q.trim().is_empty() || q.chars().count() > MAX_CHARS {
            return Err(Error::invalid("q", format!("1 to {MAX_CHARS} characters")));
        }
        let between = |field, value: Option<u32>, most| match value {
            Some(value) if !(1..=most).contains(&value) => {
                Err(Error::invalid(field, format!("from 1 to {most}")))
            }
            other => Ok(other),
        };
        let limit = between("limit", asked.limit, MAX_LIMIT)?.unwrap_or(LIMIT);
        let each = between("each", asked.each, MAX_EACH)?;
        let paging = crate::core::paging::PageQuery { limit: None, cursor: asked.cursor.clone() };
        let query = Query::parse(q);
        let sort = asked.sort.unwrap_or(Sort::Relevance);
        Ok(Self {
            q,
            kinds: kinds(asked.within.as_deref())?,
            sort: if query.has_words() { sort } else { Sort::Date },
            query,
            limit: limit as usize,
            each: each.map(|each| each as usize),
            cursor: paging.after()?,
            thread: asked.thread,
            conversation: asked.conversation.map(|id| id.0),
        })
    }
}

/// The kinds of `in=`.
fn kinds(within: Option<&str>) -> Result<Vec<Kind>> {
    let Some(within) = within else { return Ok(Vec::new()) };
    let kind = |word: &str| match word.trim() {
        "posts" => Ok(Kind::Post),
        "messages" => Ok(Kind::Message),
        "people" => Ok(Kind::Person),
        "boards" => Ok(Kind::Board),
        "tags" => Ok(Kind::Tag),
        _ => Err(Error::invalid("in", "posts, messages, people, boards or tags, with commas between")),
    };
    within.split(',').map(kind).collect()
}

async fn answer(app: &App, actor: &Actor, question: &Question<'_>) -> Result<SearchAnswer> {
    let snapshot = app.db.snapshot().await?;
    let resolved = filters::resolve(&snapshot, actor, &question.query).await?;
    let thread = searched_thread(app, &snapshot, &resolved, question).await?;
    let density = density::lately(app, &snapshot).await?;
    let vocabulary = vocabulary::known(app, &snapshot, &question.query, density.total).await?;
    let plan = question.query.plan(&vocabulary);
    let now = question.cursor.map_or(app.now(), |cursor| cursor.now);
    let below = resolved.before.map_or(now.max(app.now()), |before| before.min(app.now())) + STREWN;
    let looking = Looking { app, snapshot: &snapshot, density, from: resolved.after, below };
    let ranked = ranked(actor, question, &resolved, &plan, &looking, now).await?;
    let wanted =
        |kind| (question.kinds.is_empty() || question.kinds.contains(&kind)) && resolved.leaves(kind);
    let counts = ranked.counts(|kind| resolved.leaves(kind));
    let total = ranked.total(wanted);
    let deeper = match question.cursor {
        // What was found is only the newest of it, and those have been shown.
        Some(cursor) if question.sort == Sort::Date && total.at_least => {
            let below = Looking { below: cursor.last, density: Arc::clone(&looking.density), ..looking };
            Some(self::ranked(actor, question, &resolved, &plan, &below, now).await?)
        }
        _ => None,
    };
    let listed = deeper.as_ref().unwrap_or(&ranked);
    let (page, next) = page(question, listed, wanted, now);
    let narrow = match question.each {
        None => narrow::narrowings(&snapshot, question, &resolved, &ranked).await?,
        Some(_) => Vec::new(),
    };
    Ok(SearchAnswer {
        items: show::items(app, &snapshot, actor, &plan, listed, page).await?,
        next,
        total,
        counts,
        understood: Understood {
            words: question.query.words().into_iter().map(str::to_owned).collect(),
            filters: filters::understood(question.q, &question.query),
            relaxed: ranked.is_relaxed(),
            problems: resolved.problems,
        },
        narrow,
        thread,
        indexing: indexing(&snapshot).await?,
    })
}

/// What was found, in order.
async fn ranked(
    actor: &Actor,
    question: &Question<'_>,
    resolved: &Resolved,
    plan: &Plan,
    looking: &Looking<'_>,
    now: i64,
) -> Result<Ranked> {
    let mut found = Candidates::default();
    if !resolved.nowhere {
        found = gather(actor, question, resolved, plan, looking).await?;
        keep_current(looking.app, looking.snapshot, resolved, &mut found).await?;
    }
    let order = match (question.sort, question.thread) {
        (Sort::Date, _) => Order::Date,
        (Sort::Relevance, Some(_)) => Order::Posts,
        (Sort::Relevance, None) => Order::Threads,
    };
    let mut ranked = rank::ranked(plan.clone(), found, order, now).await?;
    show::verify(looking.app, looking.snapshot, resolved, &mut ranked).await?;
    Ok(ranked)
}

/// The thread that is searched, if it is one: by its opening post, which shows whether this person may read it.
async fn searched_thread(
    app: &App,
    snapshot: &Snapshot,
    resolved: &Resolved,
    question: &Question<'_>,
) -> Result<Option<SearchedThread>> {
    let Some(id) = question.thread else { return Ok(None) };
    let sources = app.part::<Sources>()?;
    let posts = (sources.of_thread)(snapshot, id, 0, 1).await?.into_iter().map(|(post, _)| post);
    let found = (sources.show_posts)(snapshot, posts.collect()).await?.into_values().next();
    let found = found.filter(|found| resolved.boards.iter().any(|board| board.id == found.board.id));
    let found = found.ok_or(Error::NotFound("thread"))?;
    Ok(Some(SearchedThread { id, title: found.title, url: found.thread_url }))
}

/// Candidates of every kind.
async fn gather(
    actor: &Actor,
    question: &Question<'_>,
    resolved: &Resolved,
    plan: &Plan,
    looking: &Looking<'_>,
) -> Result<Candidates> {
    let mut found = Candidates::default();
    let boards: Vec<i64> = resolved.board_ids().iter().map(|board| board.0).collect();
    let me = actor.id().map(|me| me.0);
    let with =
        |more: Vec<Simple>| without(all(resolved.with.iter().cloned().map(term).chain(more)), resolved);
    if question.conversation.is_none() && !boards.is_empty() {
        let place = question.thread.map_or(Simple::Everything, |thread| term(in_thread(thread.0)));
        let so = with(vec![term(of_kind(Kind::Post)), place, resolved.on_boards()]);
        found.posts = looking.posts(plan, &so, &boards, me.filter(|_| resolved.unread)).await?;
    }
    if question.thread.is_some() {
        return Ok(found);
    }
    if let Some(me) = actor.id()
        && !resolved.some_boards
    {
        let sources = looking.app.part::<Sources>()?;
        let own = (sources.conversations)(looking.snapshot, me, CONVERSATIONS).await?;
        let mut own: Vec<i64> = own.into_iter().map(|id| id.0).collect();
        if let Some(only) = question.conversation {
            if !own.contains(&only) {
                return Err(Error::NotFound("conversation"));
            }
            own = vec![only];
        }
        let so = with(vec![any(own.into_iter().map(|id| term(in_conversation(id))))]);
        found.messages = looking.messages(plan, &so, me.0, resolved.unread).await?;
    } else if question.conversation.is_some() {
        return Err(Error::SignInNeeded);
    }
    if question.conversation.is_none() && !resolved.is_about_texts() {
        for (kind, rows) in [
            (Kind::Person, &mut found.people),
            (Kind::Board, &mut found.boards),
            (Kind::Tag, &mut found.tags),
        ] {
            // What has no time of its own is found whenever it was made.
            let always = Looking { from: 0, density: Arc::clone(&looking.density), ..*looking };
            *rows = always.others(plan, &with(vec![term(of_kind(kind))]), kind).await?;
        }
    }
    Ok(found)
}

/// What is so, and has none of the terms that were ruled out.
pub(super) fn without(so: Simple, resolved: &Resolved) -> Simple {
    match so {
        Simple::Those(so) if !resolved.without.is_empty() => {
            Simple::Those(folkmoot_terms::Expression::Without(Box::new(so), resolved.without.clone()))
        }
        other => other,
    }
}

/// Leaves out posts whose entries were made of another title or other tags than their threads have now.
async fn keep_current(
    app: &App,
    snapshot: &Snapshot,
    resolved: &Resolved,
    found: &mut Candidates,
) -> Result<()> {
    let tagged = |row: &&PostRow| !resolved.tags.is_empty() || !row.tags.is_empty();
    let mut threads: Vec<ThreadId> =
        found.posts.rows.iter().filter(tagged).filter_map(|row| row.thread_id).map(ThreadId).collect();
    threads.sort_unstable();
    threads.dedup();
    let tags = match threads.is_empty() {
        true => std::collections::HashMap::new(),
        false => (app.part::<Sources>()?.tags_of)(snapshot, threads).await?,
    };
    let before = resolved.before.unwrap_or(i64::MAX);
    found.posts.rows.retain(|row| {
        let now = tags.get(&ThreadId(row.thread_id.unwrap_or_default())).map_or(&[][..], Vec::as_slice);
        let wanted = resolved.tags.iter().all(|(tag, with)| now.contains(tag) == *with);
        let unchanged = !row.opening
            || (row.title == folkmoot_terms::cut(&row.thread_title).text
                && (row.tags.is_empty() || row.tags == now.join(" ")));
        wanted && unchanged && row.at >= resolved.after && row.at < before
    });
    found.messages.rows.retain(|row| row.at >= resolved.after && row.at < before);
    Ok(())
}

/// The items of the page that is asked for, by their places in what was ranked, and the cursor of the next.
fn page(
    question: &Question<'_>,
    ranked: &Ranked,
    wanted: impl Fn(Kind) -> bool,
    now: i64,
) -> (Vec<usize>, Option<String>) {
    let listed = ranked.hits.iter().enumerate().filter(|(_, hit)| wanted(hit.kind));
    if let Some(each) = question.each {
        let mut shown = [0; 5];
        let few = listed.filter(|(_, hit)| {
            shown[hit.kind as usize] += 1;
            shown[hit.kind as usize] <= each
        });
        return (few.map(|(at, _)| at).collect(), None);
    }
    let shown = question.cursor.map_or(0, |cursor| cursor.shown);
    let (skipped, below) = match question.cursor {
        Some(cursor) if question.sort == Sort::Date => (0, cursor.last),
        _ => (shown, i64::MAX),
    };
    let listed = listed.filter(|(_, hit)| hit.entry < below).map(|(at, _)| at);
    let mut page: Vec<usize> = listed.skip(skipped).take(question.limit + 1).collect();
    let more = page.len() > question.limit;
    page.truncate(question.limit);
    let last = page.last().map_or(0, |at| ranked.hits[*at].entry);
    let next = more.then(|| encode(&Cursor { shown: shown + page.len(), now, last }));
    (page, next)
}
