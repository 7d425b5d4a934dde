//! What follows from events: entries are brought up to date, of a whole thread a part at a time.

use folkmoot_store::Step;
use folkmoot_terms::VERSION;

use super::indexer::{ELSEWHERE, index};
use super::model::Kind;
use super::queries::entries;
use super::sources::Sources;
use crate::core::outbox::Entry;
use crate::core::{App, Error, Result};
use crate::threads::ThreadId;
use crate::{accounts, boards, chat, threads};

/// How many posts of a thread are looked at in one part.
const PART: i64 = 200;
/// How many rows are brought up to date before more events are looked at.
const TOGETHER: usize = 200;

/// Events about one row.
const ROWS: [(&str, Kind); 9] = [
    (threads::events::NEW_POST, Kind::Post),
    (threads::events::POST_EDITED, Kind::Post),
    (threads::events::POST_DELETED, Kind::Post),
    (threads::events::POST_RESTORED, Kind::Post),
    (chat::events::NEW_MESSAGE, Kind::Message),
    (chat::events::MESSAGE_EDITED, Kind::Message),
    (chat::events::MESSAGE_DELETED, Kind::Message),
    (accounts::events::PERSON_CHANGED, Kind::Person),
    (boards::BOARD_CHANGED, Kind::Board),
];

/// Events about a thread after which all its posts' entries change: each has the thread's board and tags.
const WHOLE: [&str; 7] = [
    threads::events::NEW_THREAD,
    threads::events::THREAD_EDITED,
    threads::events::THREAD_LOCKED,
    threads::events::THREAD_MOVED,
    threads::events::THREAD_DELETED,
    threads::events::THREAD_RESTORED,
    threads::events::THREAD_IMPORTED,
];

/// The kinds of events that searching follows.
pub fn kinds() -> Vec<&'static str> {
    ROWS.iter().map(|(kind, _)| *kind).chain(WHOLE).collect()
}

/// How an event's row of the outbox ends.
enum End<'a> {
    Done(&'a Entry),
    GoesOn(&'a Entry, i64),
}

impl End<'_> {
    fn step(&self) -> Step {
        match self {
            Self::Done(event) => event.done(),
            Self::GoesOn(event, position) => event.goes_on(position.to_string()),
        }
    }
}

/// Brings up to date what these events say has changed.
///
/// # Errors
/// When the database does not answer.
pub async fn follow(app: &App, events: &[Entry]) -> Result<()> {
    let (mut rows, mut ends) = (Vec::new(), Vec::new());
    for event in events {
        ends.push(changed(app, event, &mut rows).await?);
        if rows.len() >= TOGETHER {
            write(app, &mut rows, &mut ends).await?;
        }
    }
    match write(app, &mut rows, &mut ends).await {
        // Somebody else has it by now.
        Err(Error::Conflict(ELSEWHERE, _)) if events.len() == 1 => Ok(()),
        other => other,
    }
}

async fn write(app: &App, rows: &mut Vec<(Kind, i64)>, ends: &mut Vec<End<'_>>) -> Result<()> {
    let mut rows = std::mem::take(rows);
    let ends = std::mem::take(ends);
    rows.sort_unstable();
    rows.dedup();
    index(app, &rows, || ends.iter().map(End::step).collect()).await
}

/// Adds the rows that an event changed, or the next part of them.
async fn changed<'a>(app: &App, event: &'a Entry, rows: &mut Vec<(Kind, i64)>) -> Result<End<'a>> {
    if let Some((_, kind)) = ROWS.iter().find(|(name, _)| *name == event.kind) {
        rows.extend(event.subject.map(|subject| (*kind, subject)));
        return Ok(End::Done(event));
    }
    let thread = ThreadId(event.subject.unwrap_or_default());
    let above = event.progress.as_deref().and_then(|position| position.parse().ok()).unwrap_or(0);
    let snapshot = app.db.snapshot().await?;
    let part = (app.part::<Sources>()?.of_thread)(&snapshot, thread, above, PART).await?;
    let posts: Vec<i64> = part.iter().map(|(post, _)| post.0).collect();
    let have = match event.kind.as_str() {
        // Somebody may have looked through everything since.
        threads::events::THREAD_IMPORTED => entries::done(&snapshot, Kind::Post, &posts, VERSION).await?,
        _ => Vec::new(),
    };
    rows.extend(posts.into_iter().filter(|post| !have.contains(post)).map(|post| (Kind::Post, post)));
    Ok(match part.last() {
        Some((_, position)) if i64::try_from(part.len()).is_ok_and(|length| length == PART) => {
            End::GoesOn(event, *position)
        }
        _ => End::Done(event),
    })
}
