//! The replica: how far behind the primary it is, and who may read from it.
//!
//! Twice a second the primary is asked where its log stands, and the replica how far it has come. A place that the
//! replica has reached says that everything acknowledged before the primary was asked for it is there: by our own clock,
//! without a row that somebody has to write, and without trusting anybody's time of day.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant as StdInstant},
};

use tokio::time::{Instant, sleep, timeout};

use super::{
    convert::Trouble,
    pool::{Lease, Pool},
    session::{BEGIN_SNAPSHOT, Session},
};
use crate::{
    db::{Options, SNAPSHOT_LIMIT},
    error::Error,
    seen::{Position, ReplicaStats, Seen, Standing},
};

/// How often the replica is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How long the servers may take to answer a look.
const LOOK_LIMIT: Duration = Duration::from_secs(2);

/// How long a read waits for the replica to come as far as its reader has seen: usually it is a few milliseconds behind.
const WAIT: Duration = Duration::from_millis(50);

/// The pause between two questions how far it has come.
const PAUSE: Duration = Duration::from_millis(4);

/// How long a read waits for a connection to the replica, before it goes to the primary.
const CONNECTION: Duration = Duration::from_millis(500);

/// Where the primary's log stands: timeline and bytes.
const HEAD: &str =
    "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::bigint,
    (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint";

/// How far a replica has come. The receiver of the log knows its timeline at once, but tells it only to members of
/// `pg_read_all_stats`; without that it is the one of the last restart point.
const REACHED: &str = "SELECT COALESCE((SELECT received_tli FROM pg_stat_wal_receiver),
        (SELECT timeline_id FROM pg_control_checkpoint()))::bigint,
    CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END";

/// How many places of the primary are waited for: two minutes of them.
const MOST_AHEAD: usize = 240;

/// A server that follows the primary.
pub(super) struct Replica {
    pool: Pool,
    /// The most that anybody's read may be behind.
    limit: Duration,
    state: Mutex<State>,
    taken: AtomicU64,
    passed: AtomicU64,
}

#[derive(Default)]
struct State {
    standing: Standing,
    /// How far it had come when it was last asked.
    reached: Option<Position>,
    /// Everything acknowledged before this is there.
    fresh: Option<Instant>,
    /// Places of the primary that it has not reached yet, and when they were asked for.
    ahead: VecDeque<(Instant, Position)>,
    /// What the log says: whether anybody may read from it.
    said: Option<bool>,
}

impl Replica {
    /// Does not connect yet.
    pub(super) fn new(url: &str, options: &Options) -> Result<Self, Error> {
        Ok(Self {
            pool: Pool::replica(url, options)?,
            limit: options.replica_limit,
            state: Mutex::default(),
            taken: AtomicU64::new(0),
            passed: AtomicU64::new(0),
        })
    }

    /// An instant of the replica for somebody who has seen so much, and since when all that was acknowledged is in it;
    /// `None` when it must be the primary.
    pub(super) async fn snapshot(&self, seen: Seen) -> Option<(Session, StdInstant)> {
        if seen == Seen::Everything {
            return None;
        }
        // Before it begins: it goes on from there.
        let fresh = self.state().fresh;
        let session = self.begin(seen).await;
        let counter = if session.is_some() { &self.taken } else { &self.passed };
        counter.fetch_add(1, Ordering::Relaxed);
        Some((session?, fresh?.into_std()))
    }

    async fn begin(&self, seen: Seen) -> Option<Session> {
        let (standing, reached) = {
            let state = self.state();
            (self.standing(&state), state.reached)
        };
        let missing = match seen {
            Seen::UpTo(goal) if !reached.is_some_and(|reached| reached.reaches(goal)) => Some(goal),
            _ => None,
        };
        if standing == Standing::Away || missing.is_some() && standing != Standing::Prompt {
            return None;
        }
        match self.session(missing).await {
            Ok(session) => session,
            Err(cause) => {
                self.went_away(&cause);
                None
            }
        }
    }

    /// A snapshot begun after the replica has come as far as `missing`. Nothing when that takes too long; who comes
    /// until the next look does not wait then.
    async fn session(&self, missing: Option<Position>) -> Result<Option<Session>, Error> {
        let mut lease = self.pool.get(CONNECTION).await?;
        lease.set_busy(true);
        if let Some(goal) = missing
            && !self.reaches(&lease, goal).await?
        {
            lease.set_busy(false);
            self.state().standing = Standing::Behind;
            return Ok(None);
        }
        Ok(Some(Session::begin(lease, BEGIN_SNAPSHOT, SNAPSHOT_LIMIT, None).await?))
    }

    /// Whether the replica comes as far as `goal` within a moment.
    async fn reaches(&self, lease: &Lease, goal: Position) -> Result<bool, Error> {
        let until = Instant::now() + WAIT;
        loop {
            let answer = timeout(LOOK_LIMIT, reached(lease)).await.unwrap_or(Err(Trouble::TimedOut));
            let Some(reached) = answer? else {
                self.pool.look_elsewhere();
                return Err(Error::Unavailable("it has been promoted".to_owned()));
            };
            self.state().reached = Some(reached);
            if reached.reaches(goal) {
                return Ok(true);
            }
            if reached.timeline != goal.timeline || Instant::now() >= until {
                return Ok(false);
            }
            sleep(PAUSE).await;
        }
    }

    /// Looks at the replica until it is dropped.
    pub(super) async fn look_after(replica: Weak<Self>, primary: Arc<Pool>) {
        while let Some(replica) = replica.upgrade().filter(|replica| !replica.pool.is_closed()) {
            replica.look(&primary).await;
            drop(replica);
            sleep(LOOK).await;
        }
    }

    /// When the primary does not answer nothing is learned, and what is known of the replica grows old.
    async fn look(&self, primary: &Pool) {
        let asked = Instant::now();
        let limited = timeout(LOOK_LIMIT, primary_stands(primary)).await;
        match limited.unwrap_or(Err(Error::TimedOut)) {
            Ok((cluster, goal)) => {
                let limited = timeout(LOOK_LIMIT, self.compare(cluster, asked, goal)).await;
                if let Err(cause) = limited.unwrap_or(Err(Error::TimedOut)) {
                    self.went_away(&cause);
                }
            }
            Err(cause) => tracing::debug!(%cause, "the primary does not say where its log stands"),
        }
        self.say("it is too far behind, or the primary does not answer");
    }

    /// Finds out whether the replica has come as far as the primary was when it was `asked`.
    async fn compare(&self, cluster: i64, asked: Instant, goal: Position) -> Result<(), Error> {
        let mut lease = self.pool.get(LOOK_LIMIT).await?;
        lease.set_busy(true);
        if cluster_of(&lease).await? != cluster {
            return Err(Error::Invalid("it belongs to another cluster than the primary".to_owned()));
        }
        let prompt = self.reaches(&lease, goal).await?;
        lease.set_busy(false);
        let mut state = self.state();
        if state.reached.is_none_or(|reached| reached.timeline != goal.timeline) {
            state.ahead.clear();
            return Err(Error::Invalid("it is not on the primary's timeline".to_owned()));
        }
        state.ahead.push_back((asked, goal));
        state.keep();
        state.standing = if prompt { Standing::Prompt } else { Standing::Behind };
        Ok(())
    }

    /// The standing, as time has gone on since the last look.
    fn standing(&self, state: &State) -> Standing {
        match state.fresh {
            Some(fresh) if fresh.elapsed() <= self.limit => state.standing,
            _ => Standing::Away,
        }
    }

    /// From here until a look finds it again nobody reads from it.
    fn went_away(&self, cause: &Error) {
        self.state().standing = Standing::Away;
        self.say(&cause.to_string());
    }

    /// Says in the log, once, that reads may go there or may not.
    fn say(&self, cause: &str) {
        let mut state = self.state();
        let usable = self.standing(&state) != Standing::Away;
        if state.said.replace(usable) == Some(usable) {
            return;
        }
        drop(state);
        if usable {
            tracing::info!("the replica of the database takes reads");
        } else {
            tracing::warn!(cause, "the replica of the database takes no reads; the primary takes them");
        }
    }

    pub(super) fn stats(&self) -> ReplicaStats {
        let state = self.state();
        ReplicaStats {
            standing: self.standing(&state),
            behind_ms: state
                .fresh
                .map(|fresh| u64::try_from(fresh.elapsed().as_millis()).unwrap_or(u64::MAX)),
            taken: self.taken.load(Ordering::Relaxed),
            passed: self.passed.load(Ordering::Relaxed),
        }
    }

    pub(super) fn close(&self) {
        self.pool.close();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes note of the places that it has reached by now.
    fn keep(&mut self) {
        while let (Some(reached), Some((asked, goal))) = (self.reached, self.ahead.front().copied())
            && reached.reaches(goal)
        {
            self.fresh = Some(asked);
            self.ahead.pop_front();
        }
        if self.ahead.len() > MOST_AHEAD {
            self.ahead.pop_front();
        }
    }
}

/// The primary's cluster, and where its log stands.
async fn primary_stands(primary: &Pool) -> Result<(i64, Position), Error> {
    let mut lease = primary.get(LOOK_LIMIT).await?;
    lease.set_busy(true);
    let stands = (cluster_of(&lease).await?, head(&lease).await?);
    lease.set_busy(false);
    Ok(stands)
}

/// Where the log of the primary stands.
pub(super) async fn head(lease: &Lease) -> Result<Position, Trouble> {
    let row = ask(lease, HEAD).await?;
    Ok(Position { timeline: row.try_get(0)?, bytes: row.try_get(1)? })
}

/// How far a replica has come; nothing when it is a replica no more.
async fn reached(lease: &Lease) -> Result<Option<Position>, Trouble> {
    let row = ask(lease, REACHED).await?;
    let (timeline, bytes): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(bytes.map(|bytes| Position { timeline, bytes }))
}

/// Which cluster a server belongs to.
async fn cluster_of(lease: &Lease) -> Result<i64, Trouble> {
    let row = ask(lease, "SELECT system_identifier FROM pg_control_system()").await?;
    Ok(row.try_get(0)?)
}

async fn ask(lease: &Lease, sql: &str) -> Result<tokio_postgres::Row, Trouble> {
    let client = lease.client()?;
    let prepared = client.prepare_cached(sql).await?;
    Ok(client.query_one(&prepared, &[]).await?)
}
