//! Where entries stand: by what ends them, and in the order in which they make room for others.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};

use super::entry::Entry;
use crate::core::basis::Ends;

/// Dead places in the line that are not worth tidying up for.
const FEW: usize = 64;

/// The order of entries, and their index. Entries themselves are held by the map of the store.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Each as often as it stands in the line.
    line: VecDeque<Weak<Entry>>,
    ended_by: HashMap<Ends, Vec<Weak<Entry>>>,
    living: usize,
}

impl Shelf {
    /// Puts an entry at the end of the line.
    pub(super) fn put(&mut self, entry: &Arc<Entry>) {
        self.living += 1;
        if self.line.len() > 2 * self.living + FEW {
            self.line.retain(|entry| entry.strong_count() > 0);
        }
        self.line.push_back(Arc::downgrade(entry));
        for ends in &entry.ends {
            self.ended_by.entry(*ends).or_default().push(Arc::downgrade(entry));
        }
    }

    /// Takes an entry out of the index.
    pub(super) fn take(&mut self, entry: &Arc<Entry>) {
        self.living = self.living.saturating_sub(1);
        for ends in &entry.ends {
            if let Some(entries) = self.ended_by.get_mut(ends) {
                let address = Arc::as_ptr(entry);
                entries.retain(|other| !std::ptr::eq(other.as_ptr(), address) && other.strong_count() > 0);
                if entries.is_empty() {
                    self.ended_by.remove(ends);
                }
            }
        }
    }

    /// The entries that this ends.
    pub(super) fn ended_by(&self, ends: Ends) -> Vec<Arc<Entry>> {
        let entries = self.ended_by.get(&ends).map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter_map(Weak::upgrade).collect()
    }

    /// The entry that makes room next: the first in the line that nobody asked for since it was put there.
    pub(super) fn next_to_go(&mut self) -> Option<Arc<Entry>> {
        // Each is passed over once at most, and then nobody can have asked for all of them again.
        for _ in 0..=2 * self.line.len() {
            let entry = self.line.pop_front()?.upgrade();
            match entry {
                Some(entry) if entry.has_ended() => {}
                Some(entry) if entry.was_wanted() => self.line.push_back(Arc::downgrade(&entry)),
                Some(entry) => return Some(entry),
                None => {}
            }
        }
        None
    }

    /// Everything goes.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
