//! Sending several statements without waiting for the answers between them.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use futures_util::TryStreamExt;
use tokio_postgres::{Client, Statement as Prepared};

use super::convert::{Trouble, column};
use crate::{
    batch::Done,
    row::{FromRow, Row, Source},
    value::{Value, ValueRef},
};

pub(super) type Sent<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs the futures so that each has sent its statement before the next one does, and gives their
/// answers in order. tokio-postgres sends when a future is polled for the first time.
pub(super) async fn in_order<T>(futures: Vec<Sent<'_, T>>) -> Vec<T> {
    let mut under_way = Vec::with_capacity(futures.len());
    for mut future in futures {
        let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
        under_way.push((future, first));
    }
    let mut answers = Vec::with_capacity(under_way.len());
    for (future, first) in under_way {
        answers.push(match first {
            Poll::Ready(answer) => answer,
            Poll::Pending => future.await,
        });
    }
    answers
}

/// Runs a statement and keeps what it answers.
pub(super) async fn run(client: &Client, prepared: &Prepared, values: &[Value]) -> Result<Done, Trouble> {
    let mut stream = pin!(client.query_raw(prepared, values).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        let values: Result<Vec<Value>, _> =
            (0..row.len()).map(|index| column(&row, index).map(ValueRef::to_value)).collect();
        rows.push(values.map_err(|error| Trouble::Own(error.into()))?);
    }
    Ok(Done { affected: stream.rows_affected().unwrap_or(0), rows })
}

/// Runs a read and reads its rows into `R`.
pub(super) async fn fetch<R: FromRow>(
    client: &Client,
    prepared: &Prepared,
    values: &[Value],
) -> Result<Vec<R>, Trouble> {
    let mut stream = pin!(client.query_raw(prepared, values).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(R::from_row(&Row(Source::Postgres(&row))).map_err(|error| Trouble::Own(error.into()))?);
    }
    Ok(rows)
}

/// A statement of control, such as COMMIT.
pub(super) async fn control(client: &Client, sql: &str) -> Result<(), Trouble> {
    Ok(client.batch_execute(sql).await?)
}
