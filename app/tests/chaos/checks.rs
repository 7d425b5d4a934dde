//! What must hold in the end: what was acknowledged is stored once, everybody heard everything that was for them once
//! and in order and nothing else, and what is shown as unread is the recount.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::Ordering;

use crate::community::Community;
use crate::ledger::{Fate, Ledger, Send};
use crate::reception::Reception;
use crate::report::Counts;
use crate::tables::{Message, Period, Tables};

/// How many of each sort of complaint are shown.
const SHOWN: usize = 5;
/// What `unread` counts up to.
const MOST_UNREAD: usize = 100;

/// Everything that is known.
pub(crate) struct Evidence<'a> {
    pub(crate) tables: Tables,
    pub(crate) receptions: Vec<Reception>,
    /// What the API shows as unread, by person and conversation.
    pub(crate) shown: BTreeMap<(String, String), i64>,
    pub(crate) community: &'a Community,
    pub(crate) ledger: &'a Ledger,
}

/// What does not hold, by sort.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) lost: Vec<String>,
    pub(crate) doubled: Vec<String>,
    pub(crate) out_of_order: Vec<String>,
    pub(crate) overheard: Vec<String>,
    pub(crate) wrong_unread: Vec<String>,
    pub(crate) strange: Vec<String>,
}

impl Outcome {
    fn sorts(&self) -> [(&'static str, &Vec<String>); 6] {
        [
            ("lost", &self.lost),
            ("doubled", &self.doubled),
            ("out of order", &self.out_of_order),
            ("overheard", &self.overheard),
            ("unread wrong", &self.wrong_unread),
            ("strange", &self.strange),
        ]
    }

    /// Whether everything holds.
    pub(crate) fn is_well(&self) -> bool {
        self.sorts().iter().all(|(_, complaints)| complaints.is_empty())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorts = self.sorts();
        let figures: Vec<_> = sorts.iter().map(|(sort, all)| format!("{sort} {}", all.len())).collect();
        write!(f, "{}", figures.join(", "))?;
        for (sort, complaints) in sorts {
            for complaint in complaints.iter().take(SHOWN) {
                write!(f, "\n    {sort}: {complaint}")?;
            }
        }
        Ok(())
    }
}

/// Checks all of it.
pub(crate) fn check(evidence: &Evidence) -> Outcome {
    let mut outcome = Outcome { strange: evidence.ledger.strange(), ..Outcome::default() };
    let broken = evidence.tables.broken.iter();
    outcome.strange.extend(broken.map(|stream| format!("{stream} is not numbered without gaps")));
    what_was_acknowledged_is_stored_once(evidence, &mut outcome);
    what_was_sent_in_turn_stands_in_turn(evidence, &mut outcome);
    for reception in &evidence.receptions {
        let heard = Hearing { reception, tables: &evidence.tables };
        heard.is_whole(&mut outcome);
        heard.is_in_order(&mut outcome);
        heard.is_allowed(&mut outcome);
        outcome
            .strange
            .extend(reception.strange.iter().map(|what| format!("{}: {what}", reception.nickname)));
    }
    what_is_shown_as_unread_is_the_recount(evidence, &mut outcome);
    outcome
}

fn what_was_acknowledged_is_stored_once(evidence: &Evidence, outcome: &mut Outcome) {
    let mut stored: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in &evidence.tables.messages {
        stored.entry(&message.client_id).or_default().push(message);
    }
    let sends = evidence.ledger.sends();
    for send in &sends {
        let rows = stored.remove(send.client_id.as_str()).unwrap_or_default();
        if rows.len() > 1 {
            outcome.doubled.push(format!("stored {} times: {send:?}", rows.len()));
        }
        match (&send.fate, rows.first()) {
            (Fate::Acknowledged { id, seq }, Some(row)) => {
                if (id, seq) != (&row.id, &row.seq) {
                    outcome.strange.push(format!("stored elsewhere: {send:?} as {row:?}"));
                }
                let words = if send.deleted { "" } else { &send.words };
                if (send.deleted, words) != (row.deleted, row.body.as_str()) {
                    outcome.lost.push(format!("a change of {send:?}: {row:?}"));
                }
            }
            (Fate::Acknowledged { .. }, None) => outcome.lost.push(format!("not stored: {send:?}")),
            (Fate::Refused(_) | Fate::GivenUp, _) => {}
        }
    }
    let mut said = BTreeSet::new();
    let living = evidence.tables.messages.iter().filter(|message| !message.deleted);
    let again = living.filter(|message| !said.insert(&message.body));
    outcome.doubled.extend(again.map(|message| format!("said again: {message:?}")));
    outcome.strange.extend(stored.into_values().flatten().map(|row| format!("nobody sent {row:?}")));
    for (key, seq) in evidence.ledger.marks() {
        let mark = evidence.tables.mark(&key);
        if mark < seq {
            outcome.lost.push(format!("the mark {seq} of {key:?}: {mark}"));
        }
    }
}

fn what_was_sent_in_turn_stands_in_turn(evidence: &Evidence, outcome: &mut Outcome) {
    let mut last: BTreeMap<(usize, String), i64> = BTreeMap::new();
    for Send { client_id, device, conversation, fate, .. } in evidence.ledger.sends() {
        let Fate::Acknowledged { seq, .. } = fate else { continue };
        let before = last.insert((device, conversation), seq);
        if before.is_some_and(|before| before >= seq) {
            outcome.out_of_order.push(format!("{client_id} stands at {seq}, the one before at {before:?}"));
        }
    }
}

fn what_is_shown_as_unread_is_the_recount(evidence: &Evidence, outcome: &mut Outcome) {
    let tables = &evidence.tables;
    let open = tables.periods.iter().filter(|(_, periods)| periods.iter().any(|period| period.to.is_none()));
    for (key, periods) in open {
        let (person, conversation) = key;
        let mark = tables.mark(key);
        let unread = tables.messages.iter().filter(|message| {
            let of_others = &message.conversation == conversation && &message.author != person;
            of_others && !message.deleted && message.seq > mark && is_in(periods, message.seq)
        });
        let recount = i64::try_from(unread.count().min(MOST_UNREAD)).expect("a small number");
        let shown = evidence.shown.get(key);
        if shown != Some(&recount) {
            let where_to = format!("{person} in {conversation}");
            outcome.wrong_unread.push(format!("{where_to} is shown {shown:?}, the recount is {recount}"));
        }
    }
}

fn is_in(periods: &[Period], seq: i64) -> bool {
    periods.iter().any(|period| period.holds(seq))
}

/// What one device heard, beside what there is.
struct Hearing<'a> {
    reception: &'a Reception,
    tables: &'a Tables,
}

impl<'a> Hearing<'a> {
    /// Conversations that its person is in at the end, and since when.
    fn present(&self) -> impl Iterator<Item = (&'a str, Period)> {
        let own = self.tables.periods.iter().filter(|((person, _), _)| *person == self.reception.person);
        own.filter_map(|((_, conversation), periods)| {
            Some((conversation.as_str(), *periods.iter().find(|period| period.to.is_none())?))
        })
    }

    /// The messages that it should have.
    fn expected(&self) -> impl Iterator<Item = &'a Message> {
        let since: BTreeMap<&str, Period> = self.present().collect();
        let messages = self.tables.messages.iter();
        messages.filter(move |message| {
            since.get(message.conversation.as_str()).is_some_and(|period| period.holds(message.seq))
        })
    }

    fn is_whole(&self, outcome: &mut Outcome) {
        let Reception { nickname, messages, pages, versions, .. } = self.reception;
        let mut heard: BTreeSet<(&str, i64)> = BTreeSet::new();
        for (conversation, of_it) in messages {
            heard.extend(of_it.iter().map(|message| (conversation.as_str(), message.seq)));
        }
        for (conversation, read) in pages {
            heard.extend(read.iter().map(|seq| (conversation.as_str(), *seq)));
        }
        for message in self.expected() {
            if !heard.contains(&(message.conversation.as_str(), message.seq)) {
                let journal = self.reception.journal.get(&format!("conversation:{}", message.conversation));
                outcome.lost.push(format!("{nickname} did not hear {message:?}; {journal:#?}"));
            }
            let newest = versions.get(&message.id);
            if newest != Some(&(message.version, message.deleted)) {
                outcome.lost.push(format!("{nickname} knows {newest:?} of {message:?}"));
            }
        }
    }

    fn is_in_order(&self, outcome: &mut Outcome) {
        let Reception { nickname, messages, doubled, skipped, .. } = self.reception;
        outcome.doubled.extend(doubled.iter().map(|what| format!("{nickname} heard {what}")));
        outcome.out_of_order.extend(skipped.iter().map(|what| format!("{nickname} heard {what}")));
        for (conversation, heard) in messages {
            for pair in heard.windows(2).filter(|pair| pair[0].seq >= pair[1].seq) {
                outcome.out_of_order.push(format!("{nickname} in {conversation}: {pair:?}"));
            }
        }
    }

    /// Nothing from outside of its person's periods.
    fn is_allowed(&self, outcome: &mut Outcome) {
        let Reception { nickname, person, messages, .. } = self.reception;
        for (conversation, heard) in messages {
            let periods = self.tables.periods.get(&(person.clone(), conversation.clone()));
            let periods = periods.map(Vec::as_slice).unwrap_or_default();
            for message in heard.iter().filter(|message| !is_in(periods, message.seq)) {
                outcome
                    .overheard
                    .push(format!("{nickname} heard {message:?} in {conversation}, {periods:?}"));
            }
        }
    }
}

impl Evidence<'_> {
    /// How much there was.
    pub(crate) fn counts(&self) -> Counts {
        let sends = self.ledger.sends();
        let of = |fate: fn(&Fate) -> bool| sends.iter().filter(|send| fate(&send.fate)).count();
        let all = |count: fn(&Reception) -> u64| self.receptions.iter().map(count).sum();
        let hearings = self.receptions.iter().map(|reception| Hearing { reception, tables: &self.tables });
        Counts {
            people: self.community.people.len(),
            devices: self.receptions.len(),
            conversations: self.community.talks.len() + self.community.doors.len(),
            acknowledged: of(|fate| matches!(fate, Fate::Acknowledged { .. })),
            refused: of(|fate| matches!(fate, Fate::Refused(_))),
            given_up: of(|fate| *fate == Fate::GivenUp),
            repeated: self.ledger.repeated.load(Ordering::Relaxed),
            changes: self.ledger.changes.load(Ordering::Relaxed),
            comings_and_goings: self.ledger.comings_and_goings.load(Ordering::Relaxed),
            deliveries: hearings.map(|hearing| hearing.expected().count()).sum(),
            events: all(|reception| reception.durable),
            dropped: all(|reception| reception.dropped),
            lost: all(|reception| reception.lost),
            lagged: all(|reception| reception.lagged),
            resyncs: all(|reception| reception.resyncs),
            unread: self.shown.len(),
        }
    }
}
