//! The outbox: what must still follow from events that are committed already.
//!
//! A worker claims rows for a time, only of kinds it knows, so that any number of workers and nodes may run. What
//! follows is written in the commit that deletes the row; if that commit does not happen, somebody claims it again.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use folkmoot_store::{Batch, CommitError, Step, Texts, row, sql};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use super::events::Write;
use super::{App, Error, Result};

/// For how long a worker has a row, in milliseconds: much longer than a reaction takes.
const CLAIM: i64 = 60_000;
/// How many rows are claimed at once.
const AT_ONCE: i64 = 50;
/// How often it is looked for rows that nobody announced: another node's, or those whose time has come again.
const EVERY: Duration = Duration::from_secs(5);
/// After some work the worker rests so many times as long as it took: whoever writes meanwhile comes first, and what
/// gathers is done in one commit …
const REST_TIMES: u32 = 3;
/// … but at least so long …
const REST_AT_LEAST: Duration = Duration::from_millis(20);
/// … and at most so long.
const REST_AT_MOST: Duration = Duration::from_millis(500);
/// The row is not this worker's any more.
const CLAIMED: &str = "claimed";
/// How long a row rests after its first failure, in milliseconds; twice as long after each further one.
const FIRST_REST: i64 = 1_000;
/// How long it rests at most, in milliseconds.
const LONGEST_REST: i64 = 10 * 60_000;

sql! {
    /// Claims rows that nobody has. Who waits here for another's claim sees it, and passes over the row.
    static CLAIM_ROWS: (i64, i64, Texts, i64) -> Entry =
        "UPDATE outbox SET claimed_until = $2, attempts = attempts + 1
        WHERE claimed_until <= $1 AND id IN (
            SELECT id FROM outbox WHERE claimed_until <= $1 AND kind IN {texts:$3} ORDER BY claimed_until, id LIMIT $4)
        RETURNING id, stream, seq, kind, subject, claimed_until, attempts, progress";
    /// Deletes a row that is still ours.
    static DELETE: (i64, i64, i64) = "DELETE FROM outbox WHERE id = $1 AND claimed_until = $2 AND attempts = $3";
    /// Puts a row that is still ours back, to be claimed from a time on.
    static PUT_BACK: (i64, i64, i64, i64, i64, Option<String>) =
        "UPDATE outbox SET claimed_until = $4, attempts = $5, progress = $6
        WHERE id = $1 AND claimed_until = $2 AND attempts = $3";
}

row! {
    /// An event from which something must still follow.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Entry {
        /// The row.
        pub id: i64,
        /// The event's stream.
        pub stream: String,
        /// Its number there.
        pub seq: i64,
        /// What happened.
        pub kind: String,
        /// To which row.
        pub subject: Option<i64>,
        /// Until when this worker has it.
        pub claimed_until: i64,
        /// How often it was claimed since it last got on.
        pub attempts: i64,
        /// Where the reaction left off, in its own words.
        pub progress: Option<String>,
    }
}

impl Entry {
    /// Nothing follows any more: deletes the row, and misses `claimed` if somebody else has it by now.
    pub fn done(&self) -> Step {
        DELETE.with((self.id, self.claimed_until, self.attempts)).expect_rows(1).or(CLAIMED)
    }

    /// More follows, from where `progress` says; misses `claimed` if somebody else has it by now.
    pub fn goes_on(&self, progress: String) -> Step {
        let mine = (self.id, self.claimed_until, self.attempts, 0, 0, Some(progress));
        PUT_BACK.with(mine).expect_rows(1).or(CLAIMED)
    }
}

/// What follows from an event.
pub enum Follows {
    /// This, and then the event is done with.
    Last(Write),
    /// This, and then more from where `progress` says, at once.
    More {
        /// A bounded part of what follows.
        write: Write,
        /// Where the next part begins.
        progress: String,
    },
    /// Nothing before this time (milliseconds since 1970).
    NotBefore(i64),
}

/// Says what follows from an event; it writes nothing by itself.
pub type Reaction =
    for<'a> fn(&'a App, &'a Entry) -> Pin<Box<dyn Future<Output = Result<Follows>> + Send + 'a>>;

/// Writes what follows from several events at once, and in the same commits [`Entry::done`] or [`Entry::goes_on`] of each.
pub type ReactionToMany =
    for<'a> fn(&'a App, &'a [Entry]) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What follows from which kinds of events.
#[derive(Clone, Default)]
pub struct Reactions {
    each: HashMap<&'static str, Reaction>,
    many: Vec<(Vec<&'static str>, ReactionToMany)>,
}

impl Reactions {
    /// From each event of this kind follows this.
    pub fn to_each(&mut self, kind: &'static str, reaction: Reaction) {
        self.each.insert(kind, reaction);
    }

    /// From events of these kinds, as many as there are, follows this together.
    pub fn to_many(&mut self, kinds: &[&'static str], reaction: ReactionToMany) {
        self.many.push((kinds.to_vec(), reaction));
    }

    fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.each.keys().chain(self.many.iter().flat_map(|(kinds, _)| kinds)).copied()
    }
}

/// The worker of this node; cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    app: App,
    reactions: Arc<Reactions>,
    news: Arc<Notify>,
}

impl Outbox {
    /// A worker that knows these kinds.
    pub fn new(app: App, reactions: Reactions) -> Self {
        Self { app, reactions: Arc::new(reactions), news: Arc::default() }
    }

    /// An event of this kind was committed here.
    pub fn note(&self, kind: &str) {
        if self.reactions.kinds().any(|known| known == kind) {
            self.news.notify_one();
        }
    }

    /// Works until the task is ended.
    pub async fn run(self) {
        if self.reactions.kinds().next().is_none() {
            return;
        }
        loop {
            let began = Instant::now();
            match self.work().await {
                Ok(0) => {
                    // A time-out means that nobody announced anything.
                    let _announced = timeout(EVERY, self.news.notified()).await;
                }
                Ok(_) => sleep((began.elapsed() * REST_TIMES).clamp(REST_AT_LEAST, REST_AT_MOST)).await,
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be read");
                    sleep(EVERY).await;
                }
            }
        }
    }

    /// Claims some rows and does what follows from them. Answers how many were claimed.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn work(&self) -> Result<usize> {
        let now = self.app.now();
        let kinds = Texts(self.reactions.kinds().map(str::to_owned).collect());
        let mut batch = Batch::new();
        let step = batch.push(CLAIM_ROWS.with((now, now + CLAIM, kinds, AT_ONCE)));
        let mut entries: Vec<Entry> = self.app.db.commit(batch).await?.rows(step)?;
        entries.sort_unstable_by_key(|entry| entry.id);
        for (kinds, reaction) in &self.reactions.many {
            let theirs: Vec<Entry> =
                entries.iter().filter(|entry| kinds.contains(&entry.kind.as_str())).cloned().collect();
            self.follow_many(*reaction, &theirs).await;
        }
        for entry in &entries {
            if let Some(reaction) = self.reactions.each.get(entry.kind.as_str()) {
                self.follow(*reaction, entry).await;
            }
        }
        Ok(entries.len())
    }

    async fn follow(&self, reaction: Reaction, entry: &Entry) {
        let result = match reaction(&self.app, entry).await {
            Ok(follows) => self.write(entry, follows).await,
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            self.rest(entry, &error).await;
        }
    }

    /// What follows from all of these; if that cannot be done, from each alone.
    async fn follow_many(&self, reaction: ReactionToMany, entries: &[Entry]) {
        if entries.is_empty() || reaction(&self.app, entries).await.is_ok() {
            return;
        }
        for entry in entries {
            if let Err(error) = reaction(&self.app, std::slice::from_ref(entry)).await {
                self.rest(entry, &error).await;
            }
        }
    }

    async fn rest(&self, entry: &Entry, error: &Error) {
        let rest = rest_after(entry.attempts);
        tracing::warn!(%error, kind = entry.kind, stream = entry.stream, seq = entry.seq, attempts = entry.attempts,
            rest_ms = rest, "what follows from an event could not be done yet");
        self.put_back(entry, self.app.now() + rest).await;
    }

    async fn write(&self, entry: &Entry, follows: Follows) -> Result<()> {
        let write = match follows {
            Follows::Last(mut write) => {
                write.push(entry.done());
                write
            }
            Follows::More { mut write, progress } => {
                write.push(entry.goes_on(progress));
                write
            }
            Follows::NotBefore(time) => {
                self.put_back(entry, time).await;
                return Ok(());
            }
        };
        match self.app.commit(write).await {
            Ok(_) => Ok(()),
            // It took so long that somebody else has it now, and does what follows.
            Err(CommitError::Missed { code: CLAIMED, .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Should this fail too, the row is free again when the claim runs out.
    async fn put_back(&self, entry: &Entry, from: i64) {
        let mut batch = Batch::new();
        let progress = entry.progress.clone();
        let Entry { id, claimed_until, attempts, .. } = *entry;
        batch.push(PUT_BACK.with((id, claimed_until, attempts, from, attempts, progress)));
        if let Err(error) = self.app.db.commit(batch).await {
            tracing::warn!(%error, "a row of the outbox could not be put back");
        }
    }
}

/// How long a row rests after so many tries, in milliseconds.
fn rest_after(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 30) - 1).unwrap_or(0);
    FIRST_REST.saturating_mul(1 << doublings).min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_REST, rest_after};

    #[test]
    fn failures_are_tried_again_ever_more_slowly() {
        assert_eq!([1, 2, 3, 4].map(rest_after), [1_000, 2_000, 4_000, 8_000]);
        assert_eq!([11, 1_000_000].map(rest_after), [LONGEST_REST, LONGEST_REST]);
    }
}
