//! Ids: 41 bits of milliseconds since 2025-01-01, 6 of node, 6 of counter. Below 2^53, so that JavaScript can hold them.
//!
//! A node leases its number with a `reserved_until` that is written before any id below it is made, and a new holder
//! starts at the old one, so that no clock is trusted. Ids are never sorted by: imports and clocks disagree.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use folkmoot_store::{Batch, CommitError, Db, sql};

use super::clock::Clock;
use super::random::Random;
use super::{Error, Result};

/// 2025-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 6;
const COUNTER_BITS: u32 = 6;
const NODES: i64 = 1 << NODE_BITS;
const COUNTERS: i64 = 1 << COUNTER_BITS;

/// How far ahead of the clock a lease reaches, in milliseconds.
const LEASE: i64 = 60_000;
/// How often a lease is renewed: three tries before it runs out.
const RENEW_EVERY: Duration = Duration::from_secs(15);

sql! {
    /// The lease of every number that was ever taken.
    static LEASES: () -> LeaseRow = "SELECT number, holder, reserved_until FROM nodes ORDER BY reserved_until, number";
    /// The lease of one number.
    static LEASE_OF: (i64) -> LeaseRow = "SELECT number, holder, reserved_until FROM nodes WHERE number = $1";
    /// Takes a number that nobody had.
    static TAKE_NEW: (i64, String, i64) =
        "INSERT INTO nodes (number, holder, reserved_until) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING";
    /// Takes, renews or gives back a number, if its lease is still the one that was read.
    static TAKE: (i64, String, i64, String, i64) =
        "UPDATE nodes SET holder = $2, reserved_until = $3 WHERE number = $1 AND holder = $4 AND reserved_until = $5";
}

folkmoot_store::row! {
    struct LeaseRow { number: i64, holder: String, reserved_until: i64 }
}

/// The first id of a millisecond (since 1970): every id that is made then or later is as great.
pub fn first_at(time: i64) -> i64 {
    (time - EPOCH).max(0) << (NODE_BITS + COUNTER_BITS)
}

/// Makes ids; cheap to clone.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

struct State {
    node: i64,
    holder: String,
    /// Milliseconds since 1970; no id is made at or above it.
    reserved_until: i64,
    /// The millisecond of the newest id: it runs ahead of the clock when a counter is full, and never goes back.
    last: i64,
    counter: i64,
}

impl Ids {
    /// Leases a node number.
    ///
    /// # Errors
    /// `Unavailable` when all 64 numbers are taken, or the database cannot be written.
    pub async fn lease(db: &Db, clock: &Clock, random: &Random) -> Result<Self> {
        let holder = random.uuid()?.to_string();
        let state = any_lease(db, clock, &holder).await?;
        Ok(Self { clock: clock.clone(), state: Arc::new(Mutex::new(state)) })
    }

    /// A new id.
    ///
    /// # Errors
    /// `Unavailable` when the lease could not be renewed in time.
    pub fn next(&self) -> Result<i64> {
        let now = self.clock.now();
        let mut state = self.lock();
        state.advance(now);
        if state.last >= state.reserved_until {
            let cause = String::from("the lease of this node's number has run out");
            return Err(Error::Unavailable { retry_after: 5, cause });
        }
        Ok(((state.last - EPOCH) << (NODE_BITS + COUNTER_BITS))
            | (state.node << COUNTER_BITS)
            | state.counter)
    }

    /// The number that this node has leased: no other node has it at the same time.
    pub fn node(&self) -> i64 {
        self.lock().node
    }

    /// Whether ids can be made now: the lease has not run out.
    pub fn is_leased(&self) -> bool {
        let state = self.lock();
        self.clock.now().max(state.last) < state.reserved_until
    }

    /// Renews the lease until the task is dropped. A failure is logged and tried again.
    pub async fn keep_lease(self, db: Db) {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            if let Err(error) = self.renew(&db).await {
                tracing::warn!(error = %error, "the lease of this node's number could not be renewed");
            }
        }
    }

    /// Reserves the time up to a minute ahead. When the lease in the database is not the one that was last known, it is
    /// looked at: a renewal may have been committed without a word, or a fail-over may have lost one. If it is another's
    /// by now, this node leases another number.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be read or written, or all numbers are leased.
    pub async fn renew(&self, db: &Db) -> Result<()> {
        let known = self.lock().reserved_until;
        if self.extend(db, known).await? {
            return Ok(());
        }
        let (node, holder) = {
            let state = self.lock();
            (state.node, state.holder.clone())
        };
        let lease = db.primary().maybe(LEASE_OF.with((node,))).await?;
        if let Some(lease) = lease.filter(|lease| lease.holder == holder)
            && self.extend(db, lease.reserved_until).await?
        {
            return Ok(());
        }
        tracing::warn!(node, "another node has taken this node's number; it takes another");
        self.lock().reserved_until = 0;
        *self.lock() = any_lease(db, &self.clock, &holder).await?;
        Ok(())
    }

    /// Reserves the time up to a minute ahead if the lease in the database is ours and ends at `known`.
    async fn extend(&self, db: &Db, known: i64) -> Result<bool> {
        let (node, holder, until) = {
            let state = self.lock();
            let until = self.clock.now().max(state.last) + LEASE;
            (state.node, state.holder.clone(), until.max(state.reserved_until).max(known))
        };
        let mut batch = Batch::new();
        batch.push(TAKE.with((node, holder.clone(), until, holder, known)).expect_rows(1).or("lost"));
        match db.commit(batch).await {
            Ok(_) => {
                self.lock().reserved_until = until;
                Ok(true)
            }
            Err(CommitError::Missed { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the number back, so that whoever leases it next need not wait for the lease to run out: a script may run
    /// many commands within a minute. No id of a later millisecond is made afterwards. A failure is logged: the lease then runs out by itself.
    pub async fn give_back(&self, db: &Db) {
        let (node, holder, old, until) = {
            let mut state = self.lock();
            let old = state.reserved_until;
            state.reserved_until = old.min(state.last + 1);
            (state.node, state.holder.clone(), old, state.reserved_until)
        };
        let mut batch = Batch::new();
        batch.push(TAKE.with((node, holder.clone(), until, holder, old)).expect_rows(1).or("lost"));
        if let Err(error) = db.commit(batch).await {
            tracing::warn!(error = %error, "the lease of this node's number could not be given back");
        }
    }
}

impl State {
    fn advance(&mut self, now: i64) {
        if now > self.last {
            self.last = now;
            self.counter = 0;
        } else if self.counter + 1 < COUNTERS {
            self.counter += 1;
        } else {
            self.last += 1;
            self.counter = 0;
        }
    }
}

/// A lease of the number that has been free for longest.
async fn any_lease(db: &Db, clock: &Clock, holder: &str) -> Result<State> {
    for _ in 0..NODES {
        if let Some(state) = try_lease(db, clock, holder).await? {
            return Ok(state);
        }
    }
    Err(Error::Unavailable { retry_after: 60, cause: String::from("all 64 node numbers are leased") })
}

/// One try to lease the number that has been free for longest; `None` when somebody was faster.
async fn try_lease(db: &Db, clock: &Clock, holder: &str) -> Result<Option<State>> {
    let leases = db.all(LEASES.with(())).await?;
    let now = clock.now();
    let free = leases.iter().find(|lease| lease.reserved_until <= now);
    let mut batch = Batch::new();
    let (node, from) = if let Some(lease) = free {
        let taken = TAKE.with((
            lease.number,
            holder.to_owned(),
            now + LEASE,
            lease.holder.clone(),
            lease.reserved_until,
        ));
        batch.push(taken.expect_rows(1).or("taken"));
        (lease.number, lease.reserved_until)
    } else {
        let Some(number) = (0..NODES).find(|number| leases.iter().all(|lease| lease.number != *number))
        else {
            return Err(Error::Unavailable {
                retry_after: 60,
                cause: String::from("all node numbers are leased"),
            });
        };
        batch.push(TAKE_NEW.with((number, holder.to_owned(), now + LEASE)).expect_rows(1).or("taken"));
        (number, EPOCH)
    };
    match db.commit(batch).await {
        Ok(_) => Ok(Some(State {
            node,
            holder: holder.to_owned(),
            reserved_until: now + LEASE,
            last: from,
            counter: COUNTERS,
        })),
        Err(CommitError::Missed { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{COUNTERS, EPOCH, State};

    fn state(last: i64) -> State {
        State { node: 1, holder: String::new(), reserved_until: i64::MAX, last, counter: COUNTERS }
    }

    #[test]
    fn a_full_counter_runs_on_into_the_next_millisecond_and_time_never_goes_back() {
        let mut state = state(EPOCH);
        let mut seen = HashSet::new();
        for step in 0..1000 {
            state.advance(EPOCH + 5 - step % 3);
            assert!(seen.insert((state.last, state.counter)));
            assert!(state.counter < COUNTERS);
        }
        assert_eq!(state.last, EPOCH + 5 + 999 / COUNTERS);
    }
}
