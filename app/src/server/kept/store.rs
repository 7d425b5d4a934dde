//! All kept answers, and what becomes of them.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;

use super::counters::Counters;
use super::entry::Entry;
use super::past::{Moment, Past};
use super::shelf::Shelf;
use crate::core::basis::Ends;
use crate::core::changes::Hears;
use crate::core::events::Appended;
use crate::core::streams::Stream;

/// No answer takes more than this part of all memory.
const PART: usize = 8;
/// How many streams are remembered to have been committed here.
const MANY: usize = 4096;

/// Kept answers, by their addresses.
#[derive(Debug)]
pub struct Store {
    /// The most that all may take, in bytes; 0 keeps nothing.
    most: usize,
    entries: RwLock<HashMap<Box<str>, Arc<Entry>>>,
    books: Mutex<Books>,
    makings: Mutex<HashMap<Box<str>, Arc<Making>>>,
    /// Whoever makes a coding has one.
    pub(super) turns: Arc<Semaphore>,
    pub(super) counters: Counters,
}

/// What is looked at when something changes.
#[derive(Debug, Default)]
struct Books {
    past: Past,
    shelf: Shelf,
    weight: usize,
    /// The newest number of streams that this process wrote, as far as is remembered.
    committed: HashMap<Stream, i64>,
}

/// What one maker leaves to those who waited.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) entry: Arc<Entry>,
    /// When its making began.
    pub(super) from: Moment,
}

/// The place where those wait who ask for the same.
pub(super) type Making = tokio::sync::Mutex<Option<Made>>;

impl Store {
    /// Keeps at most so many bytes; with 0, nothing.
    pub fn new(most: usize) -> Self {
        let counters = Counters::default();
        Self {
            most,
            entries: RwLock::default(),
            books: Mutex::default(),
            makings: Mutex::default(),
            turns: Arc::new(Semaphore::new(1)),
            counters,
        }
    }

    /// Adds what is counted to the metrics.
    pub fn register(&self, registry: &mut Registry) {
        self.counters.register(registry);
    }

    /// Whether anything is kept at all.
    pub(super) fn is_on(&self) -> bool {
        self.most > 0
    }

    /// The answer that is kept for an address, whether or not it must be asked first if it holds.
    pub(super) fn get(&self, address: &str) -> Option<Arc<Entry>> {
        self.entries().get(address).cloned()
    }

    /// Now.
    pub(super) fn now(&self) -> Moment {
        self.books().past.now()
    }

    /// Whether an answer whose making began at one moment is good for who asked at another.
    pub(super) fn is_good_for(&self, made: &Made, asked: Moment) -> bool {
        self.books().past.is_quiet(made.from, asked, &made.entry.ends)
    }

    /// Keeps an answer whose making began at `from`, unless something ended it meanwhile or it is too large.
    pub(super) fn put(&self, entry: &Arc<Entry>, from: Moment) {
        let weight = entry.weight();
        let mut books = self.books();
        let now = books.past.now();
        if weight > self.most / PART || !books.past.is_quiet(from, now, &entry.ends) {
            return;
        }
        if let Some(old) = self.entries_mut().insert(entry.address.clone(), Arc::clone(entry)) {
            self.gone(&mut books, &old);
        }
        books.shelf.put(entry);
        entry.counted.store(weight, Ordering::Relaxed);
        books.weight += weight;
        self.make_room(&mut books);
        self.show(&books);
    }

    /// An entry has taken more memory.
    pub(super) fn weigh(&self, entry: &Arc<Entry>) {
        let mut books = self.books();
        if !entry.has_ended() {
            let weight = entry.weight();
            books.weight =
                books.weight.saturating_sub(entry.counted.swap(weight, Ordering::Relaxed)) + weight;
            self.make_room(&mut books);
            self.show(&books);
        }
    }

    /// An answer holds no more.
    pub(super) fn drop_entry(&self, entry: &Arc<Entry>) {
        let mut books = self.books();
        self.end(&mut books, entry);
        self.show(&books);
    }

    /// The place to wait in for an address.
    pub(super) fn making(&self, address: &str) -> Arc<Making> {
        let mut makings = self.makings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(making) = makings.get(address) {
            return Arc::clone(making);
        }
        Arc::clone(makings.entry(address.into()).or_default())
    }

    /// Takes the place away when nobody waits in it.
    pub(super) fn leave(&self, address: &str, making: Arc<Making>) {
        let mut makings = self.makings.lock().unwrap_or_else(PoisonError::into_inner);
        drop(making);
        if makings.get(address).is_some_and(|making| Arc::strong_count(making) == 1) {
            makings.remove(address);
        }
    }

    fn entries(&self) -> RwLockReadGuard<'_, HashMap<Box<str>, Arc<Entry>>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn entries_mut(&self) -> RwLockWriteGuard<'_, HashMap<Box<str>, Arc<Entry>>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make_room(&self, books: &mut Books) {
        while books.weight > self.most {
            let Some(entry) = books.shelf.next_to_go() else { return };
            self.counters.evictions.inc();
            self.remove(books, &entry);
        }
    }

    fn end(&self, books: &mut Books, entry: &Arc<Entry>) {
        if !entry.has_ended() {
            self.counters.drops.inc();
            self.remove(books, entry);
        }
    }

    fn remove(&self, books: &mut Books, entry: &Arc<Entry>) {
        let mut entries = self.entries_mut();
        if entries.get(&entry.address).is_some_and(|held| Arc::ptr_eq(held, entry)) {
            entries.remove(&entry.address);
            drop(entries);
            self.gone(books, entry);
        }
    }

    /// It is in the map no more.
    fn gone(&self, books: &mut Books, entry: &Arc<Entry>) {
        entry.end();
        books.shelf.take(entry);
        books.weight = books.weight.saturating_sub(entry.counted.load(Ordering::Relaxed));
    }

    fn happened(&self, books: &mut Books, what: Ends) {
        if what == Ends::Event(Stream::Site) {
            return self.all_end(books);
        }
        books.past.note(Some(what));
        for entry in books.shelf.ended_by(what) {
            self.end(books, &entry);
        }
    }

    fn all_end(&self, books: &mut Books) {
        books.past.note(None);
        let mut entries = self.entries_mut();
        self.counters.drops.inc_by(entries.len() as u64);
        entries.drain().for_each(|(_, entry)| entry.end());
        books.shelf.clear();
        books.weight = 0;
    }

    fn show(&self, books: &Books) {
        self.counters.bytes.set(i64::try_from(books.weight).unwrap_or(i64::MAX));
        self.counters.entries.set(i64::try_from(self.entries().len()).unwrap_or(i64::MAX));
    }
}

impl Hears for Store {
    fn committed(&self, events: &[Appended], stirred: &[Stream]) {
        let mut books = self.books();
        for event in events {
            if books.committed.len() >= MANY {
                books.committed.clear();
            }
            books.committed.insert(event.stream, event.seq);
            self.happened(&mut books, Ends::Event(event.stream));
        }
        for stream in stirred {
            self.happened(&mut books, Ends::Stir(*stream));
        }
        self.show(&books);
    }

    fn told(&self, stream: Stream, seq: i64) {
        let mut books = self.books();
        // What was committed here has ended answers already, and those made since know of it.
        if books.committed.get(&stream).is_none_or(|committed| *committed < seq) {
            self.happened(&mut books, Ends::Event(stream));
            self.show(&books);
        }
    }

    fn begun_anew(&self) {
        let mut books = self.books();
        books.committed.clear();
        self.all_end(&mut books);
        self.show(&books);
    }
}
