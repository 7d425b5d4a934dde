//! Batches wait here, in memory, and not each on a connection: one transaction takes all those of one lock name, or a
//! number of those that have one lock name each.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{
    batch::{Batch, Committed},
    db::After,
    error::CommitError,
};

/// At most so many batches in one transaction.
const GROUP: usize = 64;

/// Which part of the transactions may carry batches of one lock name each. A transaction of many costs the server little
/// more than one of few, and with each further one at the same time fewer wait to join the next.
const PLAIN_PART: usize = 4;

/// A transaction that takes as long waits for a lock: it keeps nobody else from beginning.
const STUCK: Duration = Duration::from_millis(50);

/// A batch that waits for its answer.
pub(super) struct Waiting {
    pub(super) batch: Batch,
    pub(super) after: Option<After>,
    pub(super) answer: oneshot::Sender<Result<Committed, CommitError>>,
}

enum Entry {
    Batch(Waiting),
    /// A `Tx` waits for the right to write.
    Tx(oneshot::Sender<Slot>),
}

/// Runs a group that may write now.
pub(super) type Run = Box<dyn Fn(Vec<Waiting>, Slot) + Send + Sync>;

pub(super) struct Queue {
    state: Mutex<State>,
    /// How many transactions write at once: the rest of the connections is for reads.
    writers: usize,
    /// How many of them carry batches of one name each: fewer, so that more of those go together when many wait.
    plain: usize,
    /// How many may wait.
    room: usize,
    run: Run,
    me: Weak<Queue>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Entry>,
    /// Lock names of the transactions that run.
    held: HashSet<Arc<str>>,
    running: usize,
    /// Since when those run that carry plain batches.
    plain: Vec<Instant>,
    closing: bool,
}

/// The right to write on one connection, and the lock names that go with it, until it is dropped.
pub(super) struct Slot {
    locks: Vec<Arc<str>>,
    /// Since when plain batches have it.
    plain: Option<Instant>,
    queue: Arc<Queue>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.running -= 1;
        if let Some(index) = state.plain.iter().position(|since| Some(*since) == self.plain) {
            state.plain.swap_remove(index);
        }
        for lock in &self.locks {
            state.held.remove(lock);
        }
        drop(state);
        self.queue.start_what_may();
    }
}

impl Queue {
    pub(super) fn new(writers: usize, room: usize, run: Run) -> Arc<Self> {
        let plain = writers.div_ceil(PLAIN_PART);
        Arc::new_cyclic(|me| Self { state: Mutex::default(), writers, plain, room, run, me: me.clone() })
    }

    pub(super) fn submit(&self, waiting: Waiting) -> Result<(), String> {
        self.push(Entry::Batch(waiting))
    }

    /// The right to write, for a `Tx`.
    pub(super) fn slot(&self) -> Result<oneshot::Receiver<Slot>, String> {
        let (slot, given) = oneshot::channel();
        self.push(Entry::Tx(slot)).map(|()| given)
    }

    fn push(&self, entry: Entry) -> Result<(), String> {
        let mut state = self.state();
        if state.closing {
            return Err("shutting down".to_owned());
        }
        if state.waiting.len() >= self.room {
            return Err("too many writes wait".to_owned());
        }
        state.waiting.push_back(entry);
        drop(state);
        self.start_what_may();
        Ok(())
    }

    /// Starts every group whose locks are free, as long as there are writers.
    fn start_what_may(&self) {
        while let Some((group, slot)) = self.next() {
            match group {
                Group::Batches(batches) => (self.run)(batches, slot),
                // When the one who asked has gone, the slot comes back at once.
                Group::Tx(answer) => drop(answer.send(slot)),
            }
        }
    }

    fn next(&self) -> Option<(Group, Slot)> {
        let queue = self.me.upgrade()?;
        let mut state = self.state();
        if state.running >= self.writers {
            return None;
        }
        let at_work = state.plain.iter().filter(|since| since.elapsed() < STUCK).count();
        let Taken { group, locks, plain } = state.take_group(at_work < self.plain)?;
        let plain = plain.then(Instant::now);
        state.running += 1;
        state.plain.extend(plain);
        state.held.extend(locks.iter().cloned());
        drop(state);
        Some((group, Slot { locks, plain, queue }))
    }

    pub(super) fn waiting(&self) -> usize {
        self.state().waiting.len()
    }

    /// Whether nothing waits or runs.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && state.running == 0
    }

    /// Refuses what comes from now on.
    pub(super) fn close(&self) {
        self.state().closing = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Group {
    Batches(Vec<Waiting>),
    Tx(oneshot::Sender<Slot>),
}

struct Taken {
    group: Group,
    locks: Vec<Arc<str>>,
    plain: bool,
}

/// Whether a batch has one lock name and so fits with any other that has one.
fn is_plain(waiting: &Waiting) -> bool {
    waiting.batch.locks.len() == 1
}

impl State {
    /// The first entry that need not wait for a lock, with those behind it that go with it: if it is plain, all others
    /// that are; else those that share one of its names. None overtakes another of the same name.
    fn take_group(&mut self, may_be_plain: bool) -> Option<Taken> {
        let mut taken = HashSet::<Arc<str>>::new();
        let mut passed_by = HashSet::<Arc<str>>::new();
        let mut group: Vec<Waiting> = Vec::new();
        let mut plain = false;
        let mut index = 0;
        while index < self.waiting.len() && group.len() < GROUP {
            let fits = match &self.waiting[index] {
                Entry::Tx(_) => group.is_empty(),
                Entry::Batch(waiting) => {
                    let locks = &waiting.batch.locks;
                    let goes_with = match group.first() {
                        None => may_be_plain || !is_plain(waiting),
                        Some(_) if plain => is_plain(waiting),
                        Some(_) => locks.iter().any(|lock| taken.contains(lock)),
                    };
                    goes_with
                        && !locks.iter().any(|lock| self.held.contains(lock) || passed_by.contains(lock))
                }
            };
            if !fits {
                if let Entry::Batch(waiting) = &self.waiting[index] {
                    passed_by.extend(waiting.batch.locks.iter().cloned());
                }
                index += 1;
                continue;
            }
            match self.waiting.remove(index)? {
                Entry::Tx(answer) => {
                    return Some(Taken { group: Group::Tx(answer), locks: Vec::new(), plain: false });
                }
                Entry::Batch(waiting) => {
                    plain = if group.is_empty() { is_plain(&waiting) } else { plain };
                    taken.extend(waiting.batch.locks.iter().cloned());
                    group.push(waiting);
                    if taken.is_empty() {
                        break;
                    }
                }
            }
        }
        if plain {
            // Everybody takes locks in the order of their names, so that no two transactions wait for each other.
            group.sort_by(|one, other| one.batch.locks.cmp(&other.batch.locks));
        }
        let locks = taken.into_iter().collect();
        (!group.is_empty()).then_some(Taken { group: Group::Batches(group), locks, plain })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{Sql, Text};

    type Running = Arc<Mutex<Vec<(Vec<Waiting>, Slot)>>>;

    fn queue(writers: usize, room: usize) -> (Arc<Queue>, Running) {
        let running = Running::default();
        let started = Arc::clone(&running);
        let run: Run = Box::new(move |group, slot| started.lock().unwrap().push((group, slot)));
        (Queue::new(writers, room, run), running)
    }

    fn waiting(locks: &[String]) -> Waiting {
        let mut batch = Batch::new();
        locks.iter().for_each(|lock| batch.lock(lock));
        Waiting { batch, after: None, answer: oneshot::channel().0 }
    }

    static NOTHING: Sql<(), i64> = Sql::new("NOTHING", "", Text::Both("SELECT 1"));

    /// The number that a test gave the batch by so many steps.
    fn number(waiting: &Waiting) -> usize {
        waiting.batch.len()
    }

    fn submit(queue: &Queue, number: usize, names: &[u8]) {
        let locks: Vec<String> = names.iter().map(|name| format!("stream {name}")).collect();
        let mut waiting = waiting(&locks);
        for _ in 0..number {
            waiting.batch.push(NOTHING.with(()));
        }
        queue.submit(waiting).unwrap();
    }

    /// The numbers of the batches in each running group.
    fn groups(running: &Running) -> Vec<Vec<usize>> {
        running.lock().unwrap().iter().map(|(group, _)| group.iter().map(number).collect()).collect()
    }

    /// Ends a group as if it had been committed; gives how many were in it.
    fn end(running: &Running, at: prop::sample::Index) -> usize {
        let mut groups = running.lock().unwrap();
        let at = at.index(groups.len());
        let (group, slot) = groups.remove(at);
        drop(groups);
        drop(slot);
        group.len()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_name_is_held_twice_and_nobody_overtakes(
            batches in vec(vec(0..5_u8, 0..3), 1..60),
            ends in vec(any::<prop::sample::Index>(), 120),
        ) {
            let (queue, running) = queue(3, 1000);
            let mut begun: Vec<Vec<usize>> = vec![Vec::new(); 5];
            let mut seen = 0;
            let mut submitted = batches.iter().enumerate();
            for (turn, at) in ends.into_iter().enumerate() {
                // Two come for each that goes, so that some always wait.
                for (number, names) in submitted.by_ref().take(2) {
                    submit(&queue, number, names);
                }
                let running_now = groups(&running);
                prop_assert!(running_now.len() <= 3);
                let mut held = HashSet::new();
                for (_, slot) in running.lock().unwrap().iter() {
                    prop_assert!(slot.locks.iter().all(|lock| held.insert(Arc::clone(lock))), "held twice");
                }
                for number in running_now.into_iter().flatten() {
                    for name in &batches[number] {
                        let begun = &mut begun[usize::from(*name)];
                        if !begun.contains(&number) {
                            prop_assert!(begun.last().is_none_or(|last| *last < number), "turn {turn}: {number} overtook");
                            begun.push(number);
                        }
                    }
                }
                if !running.lock().unwrap().is_empty() {
                    seen += end(&running, at);
                }
            }
            prop_assert_eq!(seen, batches.len());
            prop_assert!(queue.is_idle());
        }
    }

    fn end_first(running: &Running) {
        let first = running.lock().unwrap().remove(0);
        drop(first);
    }

    #[test]
    fn those_that_share_a_name_go_together_and_others_go_beside_them() {
        let (queue, running) = queue(2, 1000);
        for number in 0..5 {
            submit(&queue, number, &[1, 3]);
        }
        submit(&queue, 5, &[2, 4]);
        assert_eq!(groups(&running), [vec![0], vec![5]]);
        end_first(&running);
        assert_eq!(groups(&running), [vec![5], vec![1, 2, 3, 4]]);
    }

    #[test]
    fn those_of_one_name_each_go_together_in_the_order_of_names() {
        let (queue, running) = queue(5, 1000);
        for (number, name) in [3, 2, 1, 2, 4].into_iter().enumerate() {
            submit(&queue, number, &[name]);
        }
        submit(&queue, 5, &[1, 5]);
        assert_eq!(groups(&running), [vec![0], vec![1]], "two at once, and nobody overtakes");
        end_first(&running);
        assert_eq!(groups(&running), [vec![1], vec![2, 4]], "1 before 4, and 2 is held");
        end_first(&running);
        assert_eq!(groups(&running), [vec![2, 4], vec![3]]);
        end_first(&running);
        assert_eq!(groups(&running), [vec![3], vec![5]]);
    }

    #[test]
    fn a_full_or_closed_queue_refuses() {
        let (queue, _running) = queue(0, 1);
        submit(&queue, 0, &[]);
        assert_eq!(queue.submit(waiting(&[])).unwrap_err(), "too many writes wait");
        queue.close();
        assert_eq!(queue.submit(waiting(&[])).unwrap_err(), "shutting down");
    }
}
