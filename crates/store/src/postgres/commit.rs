//! A transaction that carries one batch or several: tried again when that helps, looked up when its COMMIT is in doubt.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};

use super::{
    convert::Trouble,
    group::{Group, Outcome, Ran},
    pipeline::{control, run},
    pool::{Lease, Pool},
    queue::Waiting,
};
use crate::{batch::Batch, caution::Caution, error::CommitError, sql::Statement};

/// How often a transaction is tried that fell to a deadlock or to a connection that was already dead.
const TRIES: u32 = 6;

/// The pause before the second try; doubled before each further one.
const PAUSE: Duration = Duration::from_millis(4);

/// How long to wait for a connection to write on.
const CONNECTION: Duration = Duration::from_secs(5);

/// The id of a transaction, behind the timeline that it ran on; nothing when it has written nothing.
const WHICH: &str = "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
    || '/' || pg_current_xact_id_if_assigned()::text";

/// What became of a transaction: nothing when that was on another timeline, where the id may be another's.
const FATE: &str = "SELECT pg_xact_status(split_part($1, '/', 2)::xid8)
    WHERE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) = split_part($1, '/', 1)";

/// A commit of nothing. It is answered when all commits before it are where the server's settings want them: those
/// that a crash interrupted while they waited for a standby can be seen before they are there.
const CONFIRM: &str = "SELECT pg_logical_emit_message(true, 'folkmoot', '')";

/// How a try at a transaction ended.
enum Tried {
    /// It was committed, or there was nothing to commit.
    Committed(Vec<Outcome>),
    /// Nothing is stored; try again.
    Again(String),
    /// Nothing is stored.
    Failed(CommitError),
    /// COMMIT was sent and not answered: the connection broke, or the server is silent.
    InDoubt { outcomes: Vec<Outcome>, transaction: Option<String>, silent: bool },
}

/// Commits the group, answers everyone in it, and gives how many batches were committed.
pub(super) async fn commit(pool: &Pool, caution: &Caution, group: Vec<Waiting>) -> u64 {
    let mut committed = 0;
    let batches: Vec<&Batch> = group.iter().map(|waiting| &waiting.batch).collect();
    let outcomes = outcomes(pool, caution, &batches).await;
    for (waiting, outcome) in group.into_iter().zip(outcomes) {
        if let (Ok(committed), Some(after)) = (&outcome, waiting.after)
            && catch_unwind(AssertUnwindSafe(|| after(committed))).is_err()
        {
            tracing::error!("what follows a commit panicked");
        }
        committed += u64::from(outcome.is_ok());
        waiting.answer.send(outcome).ok();
    }
    committed
}

async fn outcomes(pool: &Pool, caution: &Caution, batches: &[&Batch]) -> Vec<Outcome> {
    let everyone = |error: CommitError| batches.iter().map(|_| Err(error.clone())).collect();
    let mut pause = PAUSE;
    let mut tries = 1;
    loop {
        match transaction(pool, caution, batches).await {
            Tried::Committed(outcomes) => return outcomes,
            Tried::Failed(error) => return everyone(error),
            Tried::InDoubt { outcomes, transaction, silent } => {
                if silent {
                    tracing::warn!("a COMMIT is not answered; its transaction is looked up elsewhere");
                    pool.look_elsewhere();
                }
                return resolve(pool, batches, outcomes, transaction).await;
            }
            Tried::Again(cause) if tries == TRIES => return everyone(CommitError::Unavailable(cause)),
            Tried::Again(cause) => {
                tracing::debug!(cause, tries, "a transaction is tried again");
                sleep(pause).await;
                (pause, tries) = (pause * 2, tries + 1);
            }
        }
    }
}

async fn transaction(pool: &Pool, caution: &Caution, batches: &[&Batch]) -> Tried {
    let mut lease = match pool.get(CONNECTION).await {
        Ok(lease) => lease,
        Err(error) => return Tried::Failed(error.into()),
    };
    lease.set_busy(true);
    let tried = match attempt(&lease, caution, batches).await {
        Ok(tried) => tried,
        Err(Trouble::Again(cause)) => return Tried::Again(cause),
        Err(Trouble::Lost(cause)) => {
            lease.distrust();
            return Tried::Again(cause);
        }
        Err(Trouble::Stale(cause)) => {
            pool.forget_statements();
            return Tried::Again(cause);
        }
        Err(trouble) => return Tried::Failed(trouble.into()),
    };
    lease.set_busy(!matches!(tried, Tried::Committed(_)));
    tried
}

/// Everything up to the answer to COMMIT. An error here means that nothing is stored.
async fn attempt(lease: &Lease, caution: &Caution, batches: &[&Batch]) -> Result<Tried, Trouble> {
    let Ran { outcomes, transaction, end } =
        Group::prepare(lease, batches, WHICH).await?.run(caution).await?;
    let Some(end) = end else { return Ok(Tried::Committed(outcomes)) };
    let committed = timeout(lease.commit_timeout(), control(lease.client()?, end)).await;
    Ok(match committed.unwrap_or(Err(Trouble::TimedOut)) {
        Ok(()) => Tried::Committed(outcomes),
        Err(Trouble::Again(cause) | Trouble::Stale(cause)) => Tried::Again(cause),
        Err(Trouble::Own(error)) => Tried::Failed(error),
        Err(Trouble::Lost(_)) => Tried::InDoubt { outcomes, transaction, silent: false },
        Err(Trouble::TimedOut) => Tried::InDoubt { outcomes, transaction, silent: true },
    })
}

/// What the batches of a COMMIT in doubt may be told.
async fn resolve(
    pool: &Pool,
    batches: &[&Batch],
    mut outcomes: Vec<Outcome>,
    transaction: Option<String>,
) -> Vec<Outcome> {
    // Without an id nothing was written, so nothing can have been lost.
    let Some(transaction) = transaction else { return outcomes };
    let until = Instant::now() + pool.patience();
    let asked = loop {
        match ask(pool, batches, &transaction).await {
            Ok(Some(verdicts)) => break verdicts,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "what became of a COMMIT cannot be asked yet"),
        }
        if Instant::now() >= until {
            break vec![None; batches.len()];
        }
        sleep(PAUSE * 10).await;
    };
    for (outcome, verdict) in outcomes.iter_mut().zip(asked) {
        if outcome.is_ok() {
            match verdict {
                Some(true) => {}
                Some(false) => *outcome = Err(CommitError::Unavailable("the connection was lost".to_owned())),
                None => *outcome = Err(CommitError::Unknown),
            }
        }
    }
    outcomes
}

/// Asks over another connection whether the transaction took place, and is as safe as an answered one: nothing as long
/// as it still runs.
async fn ask(
    pool: &Pool,
    batches: &[&Batch],
    transaction: &str,
) -> Result<Option<Vec<Option<bool>>>, CommitError> {
    let mut lease = pool.get(CONNECTION).await?;
    lease.set_busy(true);
    let asking = async {
        let verdicts = verdicts(&lease, batches, transaction).await?;
        if verdicts.as_ref().is_some_and(|verdicts| verdicts.contains(&Some(true))) {
            control(lease.client()?, CONFIRM).await?;
        }
        Ok(verdicts)
    };
    let asked: Result<_, Trouble> = timeout(pool.patience(), asking).await.unwrap_or(Err(Trouble::TimedOut));
    lease.set_busy(asked.is_err());
    Ok(asked?)
}

/// What each batch's own probe says, which knows it wherever it is, or else the transaction's fate.
async fn verdicts(
    lease: &Lease,
    batches: &[&Batch],
    transaction: &str,
) -> Result<Option<Vec<Option<bool>>>, Trouble> {
    // An id that this server never gave out, after a crash, is an error and not an answer.
    let fate = lease.client()?.query_opt(FATE, &[&transaction]).await.ok().flatten();
    let fate = fate.map(|row| row.try_get::<_, Option<String>>(0)).transpose()?.flatten();
    let by_fate = match fate.as_deref() {
        Some("in progress") => return Ok(None),
        Some("committed") => Some(true),
        Some("aborted") => Some(false),
        _ => None,
    };
    let mut verdicts = Vec::with_capacity(batches.len());
    for batch in batches {
        verdicts.push(match &batch.probe {
            Some(probe) => probed(lease, probe).await?,
            None => by_fate,
        });
    }
    Ok(Some(verdicts))
}

async fn probed(lease: &Lease, probe: &Statement) -> Result<Option<bool>, Trouble> {
    let prepared = lease.prepare(probe).await?;
    let found = run(lease.client()?, &prepared, &probe.values).await?;
    Ok(Some(found.affected > 0))
}
