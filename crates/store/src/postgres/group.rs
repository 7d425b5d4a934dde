//! The statements of the batches that share a transaction: sent all at once, and once more one batch after the other when
//! not all of them hold.

use tokio_postgres::{Client, Statement as Prepared};

use super::{
    convert::Trouble,
    pipeline::{Sent, control, in_order, run},
    pool::Lease,
};
use crate::{
    batch::{Batch, Committed, Done},
    caution::Caution,
    error::CommitError,
};

/// What a batch will hear if the transaction is committed.
pub(super) type Outcome = Result<Committed, CommitError>;

/// Between two batches that run one after the other, when the first of them holds …
const KEEP: &str = "RELEASE SAVEPOINT batch; SAVEPOINT batch";

/// … and when it does not.
const UNDO: &str = "ROLLBACK TO SAVEPOINT batch";

/// The batches of one transaction, with their statements prepared on its connection.
pub(super) struct Group<'a> {
    client: &'a Client,
    batches: &'a [&'a Batch],
    /// What is wrong with a statement, for a batch that cannot run.
    prepared: Vec<Result<Vec<Prepared>, CommitError>>,
    /// The question for the transaction's id.
    which: Prepared,
}

/// A transaction that has run.
pub(super) struct Ran {
    /// What each batch will hear.
    pub(super) outcomes: Vec<Outcome>,
    /// The transaction's id, by which its fate can be asked, if it has written anything.
    pub(super) transaction: Option<String>,
    /// What commits it; nothing when no batch holds and it is rolled back.
    pub(super) end: Option<&'static str>,
}

/// What was answered to all that was sent at once; or why the first batch that does not hold does not.
type Together = Result<(Vec<Outcome>, Option<String>), CommitError>;

impl<'a> Group<'a> {
    pub(super) async fn prepare(
        lease: &'a Lease,
        batches: &'a [&'a Batch],
        which: &str,
    ) -> Result<Self, Trouble> {
        let client = lease.client()?;
        let mut prepared = Vec::with_capacity(batches.len());
        for batch in batches {
            prepared.push(prepare(lease, batch).await?);
        }
        Ok(Self { client, batches, prepared, which: client.prepare_cached(which).await? })
    }

    /// Runs the batches: all of them in one round trip if they hold.
    pub(super) async fn run(&self, caution: &Caution) -> Result<Ran, Trouble> {
        let prepared: Result<Vec<_>, _> = self.prepared.iter().map(Result::as_ref).collect();
        let alone = self.batches.len() == 1;
        if let Ok(prepared) = prepared
            && (alone || !caution.is_due())
        {
            match self.together(&prepared).await? {
                Ok((outcomes, transaction)) => return Ok(Ran { outcomes, transaction, end: Some("COMMIT") }),
                Err(error) => {
                    control(self.client, "ROLLBACK").await?;
                    if alone {
                        return Ok(Ran { outcomes: vec![Err(error)], transaction: None, end: None });
                    }
                }
            }
        }
        let ran = self.one_by_one().await?;
        if ran.outcomes.iter().any(Result::is_err) {
            caution.raise();
        }
        Ok(ran)
    }

    async fn together(&self, prepared: &[&Vec<Prepared>]) -> Result<Together, Trouble> {
        let mut sent = vec![self.control("BEGIN")];
        for (batch, prepared) in self.batches.iter().zip(prepared) {
            self.send(batch, prepared, &mut sent);
        }
        sent.push(Box::pin(run(self.client, &self.which, &[])));
        let mut answers = in_order(sent).await.into_iter();
        answers.next().transpose()?;
        let mut outcomes = Vec::with_capacity(self.batches.len());
        for batch in self.batches {
            match judge(batch, &mut answers)? {
                Ok(committed) => outcomes.push(Ok(committed)),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok((outcomes, id(answers.next())?)))
    }

    async fn one_by_one(&self) -> Result<Ran, Trouble> {
        let mut before = "BEGIN; SAVEPOINT batch";
        let mut begun = false;
        let mut transaction = None;
        let mut outcomes = Vec::with_capacity(self.batches.len());
        for (batch, prepared) in self.batches.iter().zip(&self.prepared) {
            let outcome = match prepared {
                Err(error) => Err(error.clone()),
                Ok(prepared) => {
                    let mut sent = vec![self.control(before)];
                    self.send(batch, prepared, &mut sent);
                    sent.push(Box::pin(run(self.client, &self.which, &[])));
                    let mut answers = in_order(sent).await.into_iter();
                    answers.next().transpose()?;
                    begun = true;
                    let outcome = judge(batch, &mut answers)?;
                    if outcome.is_ok() {
                        transaction = id(answers.next())?.or(transaction);
                    }
                    before = if outcome.is_ok() { KEEP } else { UNDO };
                    outcome
                }
            };
            outcomes.push(outcome);
        }
        if outcomes.iter().all(Result::is_err) {
            if begun {
                control(self.client, "ROLLBACK").await?;
            }
            return Ok(Ran { outcomes, transaction: None, end: None });
        }
        let end = if before == UNDO { "ROLLBACK TO SAVEPOINT batch; COMMIT" } else { "COMMIT" };
        Ok(Ran { outcomes, transaction, end: Some(end) })
    }

    fn control(&'a self, sql: &'a str) -> Sent<'a, Result<Done, Trouble>> {
        Box::pin(async move { control(self.client, sql).await.map(|()| Done::default()) })
    }

    /// Adds the batch's statements to what is sent without waiting in between.
    fn send<'b>(
        &'b self,
        batch: &'b Batch,
        prepared: &'b [Prepared],
        sent: &mut Vec<Sent<'b, Result<Done, Trouble>>>,
    ) {
        for (step, prepared) in batch.steps.iter().zip(prepared) {
            sent.push(Box::pin(run(self.client, prepared, &step.statement.values)));
        }
    }
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

/// Judges the answers to the batch's statements in their order, and takes no more of them than it has statements.
fn judge(
    batch: &Batch,
    answers: &mut impl Iterator<Item = Result<Done, Trouble>>,
) -> Result<Outcome, Trouble> {
    let mut committed = Committed::default();
    for (number, (step, answer)) in batch.steps.iter().zip(answers).enumerate() {
        match answer {
            Ok(done) => {
                if let Some(expected) = step.expected
                    && done.affected != expected.rows
                {
                    return Ok(Err(CommitError::Missed { step: number, code: expected.code }));
                }
                committed.steps.push(done);
            }
            Err(trouble) if trouble.ends_transaction() => return Err(trouble),
            Err(trouble) => return Ok(Err(trouble.into())),
        }
    }
    Ok(Ok(committed))
}

/// The transaction's id, if it has written anything.
fn id(answer: Option<Result<Done, Trouble>>) -> Result<Option<String>, Trouble> {
    let answered = Committed { steps: answer.transpose()?.into_iter().collect() };
    let id = answered.row::<Option<String>>(0).map_err(|error| Trouble::Own(error.into()))?;
    Ok(id.flatten())
}
