//! A transaction that carries one batch or several, each behind its savepoint.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Statement as Prepared};

use super::{
    convert::Trouble,
    pipeline::{Sent, control, in_order, run},
    pool::{Lease, Pool},
    queue::Waiting,
};
use crate::{
    batch::{Batch, Committed, Done},
    error::CommitError,
    sql::Statement,
};

/// How often a transaction is tried that fell to a deadlock or to a connection that was already dead.
const TRIES: u32 = 6;

/// The pause before the second try; doubled before each further one.
const PAUSE: Duration = Duration::from_millis(4);

/// How long to wait for a connection to write on.
const CONNECTION: Duration = Duration::from_secs(5);

/// How long a COMMIT may go unanswered before it is in doubt.
pub(super) const COMMIT_LIMIT: Duration = Duration::from_secs(30);

type Outcome = Result<Committed, CommitError>;

/// How a try at a transaction ended.
enum Tried {
    /// It was committed, or there was nothing to commit.
    Committed(Vec<Outcome>),
    /// Nothing is stored; try again.
    Again(String),
    /// Nothing is stored.
    Failed(CommitError),
    /// COMMIT was sent and not answered.
    InDoubt { outcomes: Vec<Outcome>, transaction: Option<String> },
}

/// Commits the group, answers everyone in it, and gives how many batches were committed.
pub(super) async fn commit(pool: &Pool, group: Vec<Waiting>) -> u64 {
    let mut committed = 0;
    let batches: Vec<&Batch> = group.iter().map(|waiting| &waiting.batch).collect();
    let outcomes = outcomes(pool, &batches).await;
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

async fn outcomes(pool: &Pool, batches: &[&Batch]) -> Vec<Outcome> {
    let everyone = |error: CommitError| batches.iter().map(|_| Err(error.clone())).collect();
    let mut pause = PAUSE;
    let mut tries = 1;
    loop {
        match transaction(pool, batches).await {
            Tried::Committed(outcomes) => return outcomes,
            Tried::Failed(error) => return everyone(error),
            Tried::InDoubt { outcomes, transaction } => {
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

async fn transaction(pool: &Pool, batches: &[&Batch]) -> Tried {
    let mut lease = match pool.get(CONNECTION).await {
        Ok(lease) => lease,
        Err(error) => return Tried::Failed(error.into()),
    };
    lease.set_busy(true);
    let tried = match attempt(&lease, batches).await {
        Ok(tried) => tried,
        Err(Trouble::Again(cause) | Trouble::Lost(cause)) => return Tried::Again(cause),
        Err(Trouble::Stale(cause)) => {
            pool.forget_statements();
            return Tried::Again(cause);
        }
        Err(trouble) => return Tried::Failed(trouble.into()),
    };
    lease.set_busy(!matches!(tried, Tried::Committed(_)));
    tried
}

/// Between two batches of one transaction, when the first of them holds …
const KEEP: &str = "RELEASE SAVEPOINT batch; SAVEPOINT batch";

/// … and when it does not.
const UNDO: &str = "ROLLBACK TO SAVEPOINT batch";

/// Everything up to the answer to COMMIT. An error here means that nothing is stored.
async fn attempt(lease: &Lease, batches: &[&Batch]) -> Result<Tried, Trouble> {
    let client = lease.client()?;
    let which = client.prepare_cached("SELECT pg_current_xact_id_if_assigned()::text").await?;
    let mut prepared = Vec::with_capacity(batches.len());
    for batch in batches {
        prepared.push(prepare(lease, batch).await?);
    }
    let mut before = if batches.len() == 1 { "BEGIN" } else { "BEGIN; SAVEPOINT batch" };
    let mut begun = false;
    let mut transaction = None;
    let mut outcomes = Vec::with_capacity(batches.len());
    for (batch, prepared) in batches.iter().zip(prepared) {
        let outcome = match prepared {
            Err(error) => Err(error),
            Ok(prepared) => {
                let (outcome, id) = steps(client, before, batch, &prepared, &which).await?;
                begun = true;
                before = if outcome.is_ok() { KEEP } else { UNDO };
                transaction = id.or(transaction);
                outcome
            }
        };
        outcomes.push(outcome);
    }
    if outcomes.iter().all(Result::is_err) {
        if begun {
            control(client, "ROLLBACK").await?;
        }
        return Ok(Tried::Committed(outcomes));
    }
    let end = if before == UNDO { "ROLLBACK TO SAVEPOINT batch; COMMIT" } else { "COMMIT" };
    Ok(match timeout(COMMIT_LIMIT, control(client, end)).await {
        Ok(Ok(())) => Tried::Committed(outcomes),
        Ok(Err(Trouble::Again(cause) | Trouble::Stale(cause))) => Tried::Again(cause),
        Ok(Err(Trouble::Own(error))) => Tried::Failed(error),
        Ok(Err(Trouble::Lost(_) | Trouble::TimedOut)) | Err(_) => Tried::InDoubt { outcomes, transaction },
    })
}

/// The batch's statements, prepared on this connection; or what is wrong with one.
async fn prepare(lease: &Lease, batch: &Batch) -> Result<Result<Vec<Prepared>, CommitError>, Trouble> {
    let mut prepared = Vec::with_capacity(batch.steps.len());
    for step in &batch.steps {
        match lease.prepare(&step.statement).await {
            Ok(statement) => prepared.push(statement),
            Err(Trouble::Own(error)) => return Ok(Err(error)),
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(Ok(prepared))
}

/// Sends the batch's statements without waiting between them and judges the answers in their order.
/// Also gives the transaction's id, if it has written anything, by which its fate can be asked.
async fn steps(
    client: &Client,
    before: &str,
    batch: &Batch,
    prepared: &[Prepared],
    which: &Prepared,
) -> Result<(Outcome, Option<String>), Trouble> {
    let mut sent: Vec<Sent<'_, Result<Done, Trouble>>> = Vec::with_capacity(prepared.len() + 2);
    sent.push(Box::pin(async { control(client, before).await.map(|()| Done::default()) }));
    for (step, prepared) in batch.steps.iter().zip(prepared) {
        sent.push(Box::pin(run(client, prepared, &step.statement.values)));
    }
    sent.push(Box::pin(run(client, which, &[])));
    let mut answers = in_order(sent).await;
    let transaction = answers.pop();
    let mut answers = answers.into_iter();
    if let Some(begun) = answers.next() {
        begun?;
    }
    let mut committed = Committed::default();
    for (number, (step, answer)) in batch.steps.iter().zip(answers).enumerate() {
        match answer {
            Ok(done) => {
                if let Some(expected) = step.expected
                    && done.affected != expected.rows
                {
                    return Ok((Err(CommitError::Missed { step: number, code: expected.code }), None));
                }
                committed.steps.push(done);
            }
            Err(trouble) if trouble.ends_transaction() => return Err(trouble),
            Err(trouble) => return Ok((Err(trouble.into()), None)),
        }
    }
    let transaction = Committed { steps: transaction.transpose()?.into_iter().collect() };
    let id = transaction.row::<Option<String>>(0).map_err(|error| Trouble::Own(error.into()))?;
    Ok((Ok(committed), id.flatten()))
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

/// Asks over another connection whether the transaction took place: nothing as long as it still runs.
/// A batch's own probe has the last word, because after a fail-over ids may have been given out anew.
async fn ask(
    pool: &Pool,
    batches: &[&Batch],
    transaction: &str,
) -> Result<Option<Vec<Option<bool>>>, CommitError> {
    let lease = pool.get(CONNECTION).await?;
    let status = lease.client()?.query_one("SELECT pg_xact_status($1::text::xid8)", &[&transaction]).await;
    // An id that this server never gave out, after a fail-over, is an error and not an answer.
    let status = status.ok().and_then(|row| row.try_get::<_, Option<String>>(0).ok().flatten());
    let by_status = match status.as_deref() {
        Some("in progress") => return Ok(None),
        Some("committed") => Some(true),
        Some("aborted") => Some(false),
        _ => None,
    };
    let mut verdicts = Vec::with_capacity(batches.len());
    for batch in batches {
        verdicts.push(match &batch.probe {
            Some(probe) => probed(&lease, probe).await?,
            None => by_status,
        });
    }
    Ok(Some(verdicts))
}

async fn probed(lease: &Lease, probe: &Statement) -> Result<Option<bool>, CommitError> {
    let prepared = lease.prepare(probe).await?;
    let found = run(lease.client()?, &prepared, &probe.values).await?;
    Ok(Some(found.affected > 0))
}
