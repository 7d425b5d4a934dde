//! What follows from events: entries are brought up to date, of a whole thread a part at a time.

use folkmoot_store::Step;

use super::indexer::{ELSEWHERE, index};
use super::model::Kind;
use super::sources::Sources;
use crate::core::outbox::Entry;
use crate::core::{App, Error, Result};
use crate::threads::ThreadId;
use crate::{accounts, boards, chat, threads};

/// How many posts of a thread are looked at in one part.
const PART: i64 = 200;

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

/// Brings up to date what these events say has changed.
///
/// # Errors
/// When the database does not answer.
pub async fn follow(app: &App, events: &[Entry]) -> Result<()> {
    let (mut rows, mut done): (Vec<(Kind, i64)>, Vec<&Entry>) = (Vec::new(), Vec::new());
    for event in events {
        if WHOLE.contains(&event.kind.as_str()) {
            whole_thread(app, event).await?;
            continue;
        }
        if let Some((_, kind)) = ROWS.iter().find(|(name, _)| *name == event.kind) {
            rows.extend(event.subject.map(|subject| (*kind, subject)));
        }
        done.push(event);
    }
    if done.is_empty() {
        return Ok(());
    }
    rows.sort_unstable();
    rows.dedup();
    match index(app, &rows, || done.iter().map(|event| event.done()).collect()).await {
        // Somebody else has it by now.
        Err(Error::Conflict(ELSEWHERE, _)) if events.len() == 1 => Ok(()),
        other => other,
    }
}

/// Brings the next part of a thread up to date.
async fn whole_thread(app: &App, event: &Entry) -> Result<()> {
    let thread = ThreadId(event.subject.unwrap_or_default());
    let above = event.progress.as_deref().and_then(|position| position.parse().ok()).unwrap_or(0);
    let part = posts(app, thread, above, PART).await?;
    let rows: Vec<(Kind, i64)> = part.iter().map(|(post, _)| (Kind::Post, *post)).collect();
    let more = i64::try_from(part.len()).is_ok_and(|length| length == PART);
    let last = part.last().map(|(_, position)| position.to_string());
    let end = || -> Step {
        match &last {
            Some(position) if more => event.goes_on(position.clone()),
            _ => event.done(),
        }
    };
    match index(app, &rows, || vec![end()]).await {
        Err(Error::Conflict(ELSEWHERE, _)) => Ok(()),
        other => other,
    }
}

/// Posts of a thread above a position, each with its own.
async fn posts(app: &App, thread: ThreadId, above: i64, limit: i64) -> Result<Vec<(i64, i64)>> {
    let snapshot = app.db.snapshot().await?;
    let posts = (app.part::<Sources>()?.of_thread)(&snapshot, thread, above, limit).await?;
    Ok(posts.into_iter().map(|(post, position)| (post.0, position)).collect())
}
