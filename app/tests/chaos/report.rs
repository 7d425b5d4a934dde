//! What a run says of itself: faults by kind, what was checked, and what does not hold.

use std::fmt;
use std::time::Duration;

use crate::checks::Outcome;
use crate::faults::Tally;

/// How much there was of everything.
pub(crate) struct Counts {
    pub(crate) people: usize,
    pub(crate) devices: usize,
    pub(crate) conversations: usize,
    pub(crate) acknowledged: usize,
    pub(crate) refused: usize,
    pub(crate) given_up: usize,
    pub(crate) repeated: u64,
    pub(crate) changes: u64,
    pub(crate) comings_and_goings: u64,
    pub(crate) deliveries: usize,
    pub(crate) events: u64,
    pub(crate) dropped: u64,
    pub(crate) lost: u64,
    pub(crate) lagged: u64,
    pub(crate) resyncs: u64,
    pub(crate) unread: usize,
}

/// The report of a run.
pub(crate) struct Report {
    pub(crate) faults: Tally,
    pub(crate) counts: Counts,
    pub(crate) outcome: Outcome,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { people, devices, conversations, acknowledged, refused, given_up, .. } = self.counts;
        let Counts { repeated, changes, comings_and_goings, deliveries, events, .. } = self.counts;
        let Counts { dropped, lost, lagged, resyncs, unread, .. } = self.counts;
        let faults: Vec<_> = self.faults.0.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
        writeln!(f, "  {people} people with {devices} devices in {conversations} conversations")?;
        writeln!(f, "  faults: {}; sockets dropped {dropped}, lost {lost}", faults.join(", "))?;
        writeln!(
            f,
            "  messages acknowledged {acknowledged}, refused {refused}, given up {given_up}; said again {repeated}"
        )?;
        writeln!(f, "  edits and deletions {changes}, comings and goings {comings_and_goings}")?;
        writeln!(
            f,
            "  deliveries checked {deliveries}, events heard {events}, unread counts checked {unread}"
        )?;
        writeln!(f, "  streams told to lag {lagged}, to load anew {resyncs}")?;
        write!(f, "  {}", self.outcome)
    }
}

impl Report {
    /// Fails when too little happened to prove anything.
    pub(crate) fn proves_something(&self, length: Duration, faults: &[&str]) {
        let seconds = usize::try_from(length.as_secs()).expect("a small number");
        let Counts { acknowledged, deliveries, dropped, lost, .. } = self.counts;
        assert!(acknowledged > 5 * seconds, "only {acknowledged} messages in {seconds} s");
        assert!(deliveries > acknowledged, "only {deliveries} deliveries of {acknowledged} messages");
        assert!(dropped > 0 && dropped + lost > 20, "only {dropped} sockets dropped and {lost} lost");
        for fault in faults {
            assert!(self.faults.0.contains_key(fault), "no {fault}");
        }
    }
}
