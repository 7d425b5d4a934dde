//! What one snapshot says of streams that somebody wants to follow: which they may read, where each stands, and the next
//! events of those that have moved on. A stream costs one query when it has moved on, and none when it has not.

use std::collections::HashMap;

use super::node::Node;
use super::peer::Identity;
use super::queries;
use super::wiring::Period;
use crate::core::Result;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// How many missed events of a stream are read at a time, as the socket takes them.
const PAGE: i64 = 100;
/// A client that missed more than this loads anew.
const MOST: i64 = 500;
/// How many events one snapshot gives; what is left comes with later ones, so that none lasts long.
const AT_ONCE: i64 = 500;

/// A stream of which somebody wants everything after a number; without one, what comes from now on.
pub(super) type Wanted = (Stream, Option<i64>);

/// What a snapshot says to somebody who wants everything after a number.
#[derive(Debug)]
pub(super) enum Seen {
    /// It is not for them, or not there: nobody learns which.
    NotFound,
    /// It cannot be continued from there.
    Resync,
    /// The next events, each with whether it is for them, and the head. There may be more up to it.
    Events(Vec<(Appended, bool)>, i64),
}

/// Looks at streams; for somebody who has just come (`fresh`), a gap may also be too long to be worth closing.
pub(super) async fn look(
    node: &Node,
    who: Identity,
    wanted: &[Wanted],
    fresh: bool,
) -> Result<HashMap<Stream, Seen>> {
    let snapshot = queries::now(&node.app).await?;
    let streams: Vec<Stream> = wanted.iter().map(|(stream, _)| *stream).collect();
    let theirs = (node.wiring.may_read)(&node.app, &snapshot, who, streams.clone()).await?;
    let heads = queries::heads(&snapshot, &streams).await?;
    let (mut all, mut moved) = (HashMap::new(), Vec::new());
    for (stream, at) in wanted.iter().copied() {
        let head = heads.get(&stream).copied().unwrap_or(0);
        let at = at.unwrap_or(head);
        let seen = if !theirs.contains(&stream) {
            Seen::NotFound
        } else if at > head || at < 0 || (fresh && head - at > MOST) {
            Seen::Resync
        } else {
            moved.extend((at < head).then_some((stream, at, head)));
            Seen::Events(Vec::new(), head)
        };
        all.insert(stream, seen);
    }
    let mut periods = HashMap::new();
    if let Some(of) = node.wiring.periods.filter(|_| !moved.is_empty()) {
        let streams = moved.iter().map(|(stream, ..)| *stream).collect();
        periods = of(&node.app, &snapshot, who, streams).await?;
    }
    let mut room = AT_ONCE;
    for (stream, at, head) in moved {
        if room == 0 {
            break;
        }
        let events = queries::events(&snapshot, stream, at, PAGE.min(room)).await?;
        room -= i64::try_from(events.len()).unwrap_or(room);
        all.insert(stream, after(at, events, head, periods.get(&stream)));
    }
    Ok(all)
}

/// The events after a number, unless some of them are not kept any more.
fn after(at: i64, events: Vec<Appended>, head: i64, periods: Option<&Vec<Period>>) -> Seen {
    let is_dense = (at + 1..).zip(&events).all(|(expected, event)| event.seq == expected);
    if events.is_empty() || !is_dense {
        return Seen::Resync;
    }
    let is_theirs = |seq| {
        periods.is_none_or(|all| all.iter().any(|(from, to)| *from < seq && to.is_none_or(|to| seq <= to)))
    };
    let with_whose = |event: Appended| {
        let theirs = is_theirs(event.seq);
        (event, theirs)
    };
    Seen::Events(events.into_iter().map(with_whose).collect(), head)
}
