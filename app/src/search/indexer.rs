//! Keeping entries: what rows say now is written in place of what their entries had, in small batches, each whole.
//!
//! Batches have numbers ([`progress::turn`]): one that was made while another was written is made again, so that an
//! entry never goes back to what its row said before.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use folkmoot_store::{Batch, CommitError, Step};
use tokio::sync::Mutex;

use super::entry::{self, Made};
use super::metrics;
use super::model::{Kind, ids, key, tag_subject};
use super::queries::{entries, progress, words};
use super::sources::Sources;
use crate::core::parts::Part;
use crate::core::searchable::Searchable;
use crate::core::{App, Error, Result};

/// How many bytes of words a batch takes, about: some milliseconds of the database's writer.
const BYTES: usize = 24 * 1024;
/// How many rows a batch takes at most.
const ROWS: usize = 50;
/// How often a batch is made again when another came first.
const TRIES: usize = 20;
/// The most words that are remembered to be known.
const KNOWN: usize = 200_000;
/// How long indexing rests at a time while writes wait, and how often before it takes its turn all the same.
const REST: Duration = Duration::from_millis(10);
const RESTS: usize = 50;

/// Somebody else wrote the index since this batch was read.
const TURN: &str = "turn";

/// The code of the conflict when somebody else does what was to be done here.
pub(super) const ELSEWHERE: &str = "elsewhere";

/// This process's writer of the index.
#[derive(Default)]
pub(super) struct Indexer {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Hashes of words that the vocabulary has.
    known: HashSet<u64>,
    /// How many more entries have a word than the vocabulary says.
    more: HashMap<String, i64>,
}

impl Part for Indexer {
    fn make(_app: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// A batch, and what is to be remembered once it is written.
struct Prepared {
    batch: Batch,
    taken: usize,
    counts: BTreeMap<String, i64>,
    new_words: HashSet<String>,
}

/// Brings the entries of these rows up to date; `last` is written in the commit that does the last of them.
///
/// # Errors
/// When the database does not answer; `Conflict` when a step of `last` misses what it expects.
pub(super) async fn index(app: &App, rows: &[(Kind, i64)], last: impl Fn() -> Vec<Step>) -> Result<()> {
    let indexer = app.part::<Indexer>()?;
    let mut left = rows;
    loop {
        rest(app).await;
        let mut state = indexer.state.lock().await;
        let taken = write(app, &mut state, left, &last).await?;
        left = &left[taken..];
        if left.is_empty() {
            return Ok(());
        }
    }
}

/// Waits while writes wait, but not for ever.
async fn rest(app: &App) {
    for _ in 0..RESTS {
        if app.db.stats().waiting_batches == 0 {
            return;
        }
        tokio::time::sleep(REST).await;
    }
}

/// Writes the first of these rows' entries; answers how many.
async fn write(
    app: &App,
    state: &mut State,
    rows: &[(Kind, i64)],
    last: &impl Fn() -> Vec<Step>,
) -> Result<usize> {
    let mut tried = 0;
    loop {
        tried += 1;
        let mut prepared = prepare(app, state, rows).await?;
        if prepared.taken == rows.len() {
            for step in last() {
                prepared.batch.push(step);
            }
        }
        match app.db.commit(prepared.batch).await {
            Ok(_) => {
                state.remember(prepared.counts, &prepared.new_words);
                metrics::indexed(app, prepared.taken)?;
                return Ok(prepared.taken);
            }
            Err(CommitError::Missed { code: TURN, .. }) if tried < TRIES => {}
            Err(CommitError::Missed { code, .. }) => {
                return Err(Error::Conflict(ELSEWHERE, format!("{code}: somebody else does it")));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn prepare(app: &App, state: &State, rows: &[(Kind, i64)]) -> Result<Prepared> {
    let sources = app.part::<Sources>()?;
    let snapshot = app.db.snapshot().await?;
    let turn = progress::turn(&snapshot).await?;
    let rows = &rows[..rows.len().min(ROWS)];
    let mut found: HashMap<(Kind, i64), Searchable> = HashMap::new();
    for (kind, ids) in by_kind(rows.iter().copied()) {
        let Some(source) = sources.of(kind) else { continue };
        let told = (source.load)(&snapshot, ids).await?;
        found.extend(told.into_iter().map(|row| ((kind, row.subject), row)));
    }
    let taken = first_of(rows, &found);
    let mut wanted: Vec<(Kind, i64)> = rows[..taken].to_vec();
    for tag in new_tags(&snapshot, &wanted, &found).await? {
        wanted.push((Kind::Tag, tag.subject));
        found.insert((Kind::Tag, tag.subject), tag);
    }
    let mut old: HashMap<(Kind, i64), entries::KeptRow> = HashMap::new();
    for (kind, ids) in by_kind(wanted.iter().copied()) {
        let kept = entries::of(&snapshot, kind, &ids).await?;
        old.extend(kept.into_iter().map(|row| ((kind, row.subject), row)));
    }
    let mut new: Vec<(Kind, Searchable)> = Vec::with_capacity(wanted.len());
    for (kind, subject) in &wanted {
        new.extend(found.remove(&(*kind, *subject)).map(|row| (*kind, row)));
    }
    let chosen = choose_ids(&snapshot, &new, &old).await?;
    let made: Vec<Made> = new
        .iter()
        .zip(chosen)
        .map(|((kind, row), id)| entry::made(app.db.engine(), id, *kind, row))
        .collect();
    let counts = counts(&old, &made);
    let unknown: Vec<String> = counts
        .iter()
        .filter(|(word, more)| **more > 0 && !state.known.contains(&hash(word)))
        .map(|(word, _)| word.clone())
        .collect();
    let known: HashSet<String> =
        words::exact(&snapshot, unknown.clone()).await?.into_iter().map(|(word, _)| word).collect();
    let new_words: HashSet<String> = unknown.into_iter().filter(|word| !known.contains(word)).collect();
    let last_word = words::last(&snapshot).await?;
    let mut batch = Batch::new();
    batch.lock("search");
    batch.push(progress::take_turn(turn).expect_rows(1).or(TURN));
    write_entries(&mut batch, &old, made);
    write_words(&mut batch, &counts, &new_words, last_word);
    Ok(Prepared { batch, taken, counts, new_words })
}

/// How many of the rows fit into one batch: at least one.
fn first_of(rows: &[(Kind, i64)], found: &HashMap<(Kind, i64), Searchable>) -> usize {
    let mut bytes = 0;
    let fits = rows.iter().take_while(|row| {
        let fits = bytes < BYTES;
        bytes += found.get(row).map_or(0, |row| row.body.len() + row.title.len());
        fits
    });
    fits.count()
}

/// The tags of these rows that have no entry yet.
async fn new_tags(
    read: &folkmoot_store::Snapshot,
    wanted: &[(Kind, i64)],
    found: &HashMap<(Kind, i64), Searchable>,
) -> Result<Vec<Searchable>> {
    let tags = wanted.iter().filter_map(|row| found.get(row)).flat_map(|row| &row.tags);
    let mut tags: BTreeMap<i64, &String> = tags.map(|tag| (tag_subject(tag), tag)).collect();
    if !tags.is_empty() {
        let subjects: Vec<i64> = tags.keys().copied().collect();
        for known in entries::done(read, Kind::Tag, &subjects, folkmoot_terms::VERSION).await? {
            tags.remove(&known);
        }
    }
    let row =
        |(subject, tag): (i64, &String)| Searchable { subject, title: tag.clone(), ..Searchable::default() };
    Ok(tags.into_iter().map(row).collect())
}

/// An id for each: the one that it has, or the first that is free.
async fn choose_ids(
    read: &folkmoot_store::Snapshot,
    new: &[(Kind, Searchable)],
    old: &HashMap<(Kind, i64), entries::KeptRow>,
) -> Result<Vec<i64>> {
    /// So many of the ids that an entry may have are looked at together.
    const AT_ONCE: usize = 24;
    let fresh = |(kind, row): &&(Kind, Searchable)| !old.contains_key(&(*kind, row.subject));
    let may_have = |(kind, row): &(Kind, Searchable)| ids(row.at, key(*kind, row.subject)).take(AT_ONCE);
    let asked: Vec<i64> = new.iter().filter(fresh).flat_map(may_have).collect();
    let mut taken: HashSet<i64> = entries::taken(read, asked).await?.into_iter().collect();
    let mut chosen = Vec::with_capacity(new.len());
    for (kind, row) in new {
        if let Some(kept) = old.get(&(*kind, row.subject)) {
            chosen.push(kept.id);
            continue;
        }
        let mut may_have = ids(row.at, key(*kind, row.subject));
        let mut free = may_have.by_ref().take(AT_ONCE).find(|id| !taken.contains(id));
        while free.is_none() {
            let further: Vec<i64> = may_have.by_ref().take(AT_ONCE).collect();
            taken.extend(entries::taken(read, further.clone()).await?);
            free = further.into_iter().find(|id| !taken.contains(id));
        }
        taken.extend(free);
        chosen.extend(free);
    }
    Ok(chosen)
}

/// How many more entries have each word afterwards.
fn counts(old: &HashMap<(Kind, i64), entries::KeptRow>, made: &[Made]) -> BTreeMap<String, i64> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for made in made {
        for word in &made.words {
            *counts.entry(word.clone()).or_default() += 1;
        }
    }
    for kept in old.values() {
        for word in folkmoot_terms::Document::vocabulary_of(&kept.title, &kept.text) {
            *counts.entry(word).or_default() -= 1;
        }
    }
    counts.retain(|_, more| *more != 0);
    counts
}

fn write_entries(batch: &mut Batch, old: &HashMap<(Kind, i64), entries::KeptRow>, made: Vec<Made>) {
    let mut replaced: Vec<i64> = old.values().map(|row| row.id).collect();
    if !replaced.is_empty() {
        replaced.sort_unstable();
        for step in entries::delete(&replaced) {
            batch.push(step);
        }
    }
    let mut made = made;
    // FTS5 takes rows in the order of their ids together.
    made.sort_unstable_by_key(|made| made.entry.id);
    for made in made {
        for step in entries::insert(made.entry) {
            batch.push(step);
        }
    }
}

fn write_words(
    batch: &mut Batch,
    counts: &BTreeMap<String, i64>,
    new_words: &HashSet<String>,
    last_word: i64,
) {
    let new = counts.iter().filter(|(word, _)| new_words.contains(*word));
    for ((word, count), id) in new.zip(last_word + 1..) {
        for step in words::insert(word.clone(), id, *count, &folkmoot_terms::trigrams(word)) {
            batch.push(step);
        }
    }
}

fn by_kind(rows: impl Iterator<Item = (Kind, i64)>) -> BTreeMap<Kind, Vec<i64>> {
    let mut kinds: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
    for (kind, id) in rows {
        kinds.entry(kind).or_default().push(id);
    }
    kinds
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

impl State {
    fn remember(&mut self, counts: BTreeMap<String, i64>, new_words: &HashSet<String>) {
        if self.known.len() > KNOWN {
            self.known.clear();
        }
        for (word, more) in counts {
            self.known.insert(hash(&word));
            if !new_words.contains(&word) {
                *self.more.entry(word).or_default() += more;
            }
        }
    }
}

/// How many words one batch counts.
const WORDS: usize = 500;

/// Writes what was only counted in memory: how many entries have which word.
///
/// # Errors
/// When the database cannot be written; what was counted is kept then.
pub(super) async fn flush(app: &App) -> Result<()> {
    let indexer = app.part::<Indexer>()?;
    loop {
        rest(app).await;
        let mut state = indexer.state.lock().await;
        let mut some: Vec<(String, i64)> =
            state.more.iter().take(WORDS).map(|(word, more)| (word.clone(), *more)).collect();
        if some.is_empty() {
            return Ok(());
        }
        // In one order, so that two nodes never wait for each other.
        some.sort_unstable();
        let mut batch = Batch::new();
        batch.lock("search");
        let step = batch.push(words::add(&some));
        let now: Vec<(String, i64, i64)> = app.db.commit(batch).await?.rows(step)?;
        for (word, _) in some {
            state.more.remove(&word);
        }
        forget(app, &mut state, now.into_iter().filter(|(.., entries)| *entries <= 0).collect()).await?;
    }
}

/// Takes words that no entry has; where the count was wrong, it begins anew.
async fn forget(app: &App, state: &mut State, words: Vec<(String, i64, i64)>) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let mut tried = 0;
    loop {
        tried += 1;
        let snapshot = app.db.snapshot().await?;
        let mut batch = Batch::new();
        batch.lock("search");
        batch.push(progress::take_turn(progress::turn(&snapshot).await?).expect_rows(1).or(TURN));
        for (word, id, _) in &words {
            if words::is_used(&snapshot, entry::term_query(app, word)).await? {
                batch.push(words::set(*id, 1));
            } else {
                state.known.remove(&hash(word));
                for step in words::delete(*id) {
                    batch.push(step);
                }
            }
        }
        match app.db.commit(batch).await {
            Err(CommitError::Missed { code: TURN, .. }) if tried < TRIES => {}
            other => return Ok(other.map(drop)?),
        }
    }
}
