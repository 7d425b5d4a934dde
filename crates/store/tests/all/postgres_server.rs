//! What PostgreSQL alone promises: hot streams, lost connections, deadlocks, COMMITs in doubt.

use std::time::{Duration, Instant};

use folkmoot_store::{
    Batch, CommitError, Db, Error, Options,
    migrate::{Migration, Migrations},
    sql,
    testing::{Postgres, Running, TempDatabase},
};
use futures_util::FutureExt;
use tokio_postgres::{Client, NoTls};

use crate::proxy::{Break, Proxy};

const SCHEMA: Migration = Migration {
    name: "1_streams",
    up: "CREATE TABLE streams (id ID, head BIGINT NOT NULL);
         INSERT INTO streams (id, head) VALUES (1, 0), (2, 0), (3, 0);
         CREATE TABLE events (id ID);",
    down: "DROP TABLE events; DROP TABLE streams;",
};

sql! {
    static ADVANCE: (i64) -> i64 = "UPDATE streams SET head = head + 1 WHERE id = $1 RETURNING head";
    static HEAD: (i64) -> i64 = "SELECT head FROM streams WHERE id = $1";
    static EVENT: (i64) = "INSERT INTO events (id) VALUES ($1)";
    static FOUND: (i64) -> i64 = "SELECT id FROM events WHERE id = $1";
    static SLEEP: (f64) -> bool = dialect! {
        sqlite: "SELECT ?1 > 0",
        postgres: "SELECT pg_sleep($1) IS NOT NULL",
    };
    static OPEN_TRANSACTIONS: () -> i64 = dialect! {
        sqlite: "SELECT 0",
        postgres: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                   AND (state LIKE 'idle in transaction%' OR query LIKE '%pg_sleep%' AND state = 'active')",
    };
    static SYNCHRONOUS: () -> String = dialect! {
        sqlite: "SELECT 'on'",
        postgres: "SELECT current_setting('synchronous_commit')",
    };
}

async fn database() -> (TempDatabase, Db) {
    let place = Postgres::start().database().await;
    let db = open(&place.url(), Options { connections: 6, ..Options::default() }).await;
    (place, db)
}

async fn open(url: &str, options: Options) -> Db {
    let db = Db::open(url, options).await.unwrap();
    db.migrations(&Migrations::embedded(&[SCHEMA]).unwrap()).up(None).await.unwrap();
    db
}

fn advance(streams: &[i64]) -> Batch {
    let mut batch = Batch::new();
    for stream in streams {
        batch.lock(&format!("stream:{stream}"));
        batch.push(ADVANCE.with((*stream,)).expect_rows(1).or("gone"));
    }
    batch
}

/// Somebody else's connection.
async fn stranger(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_stream_holds_one_connection_and_its_batches_go_together() {
    let (place, db) = database().await;
    let stranger = stranger(&place.url()).await;
    stranger.batch_execute("BEGIN; UPDATE streams SET head = 0 WHERE id = 1").await.unwrap();
    let before = db.stats();
    let hot: Vec<_> = (0..200)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.commit(advance(&[1])).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(db.stats().in_use, 1, "the rest waits in memory");
    assert!(db.stats().waiting_batches >= 199 - 64);
    db.commit(advance(&[2])).await.unwrap();
    stranger.batch_execute("COMMIT").await.unwrap();
    for commit in hot {
        commit.await.unwrap().unwrap();
    }
    assert_eq!(db.one(HEAD.with((1,))).await.unwrap(), 200);
    let groups = db.stats().groups - before.groups;
    assert!(groups < 20, "{groups} transactions for 200 batches");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_other_streams_go_together_and_one_that_misses_harms_none_of_them() {
    let (place, db) = database().await;
    let stranger = stranger(&place.url()).await;
    let before = db.stats();
    for _ in 0..5 {
        stranger.batch_execute("BEGIN; UPDATE streams SET head = head WHERE id = 1").await.unwrap();
        // The first waits for the stranger, and the others for the first; of stream 9 there is none.
        let mut commits =
            [1, 3, 2, 9, 3, 2, 9, 2, 3, 9].map(|stream| Box::pin(db.commit(advance(&[stream]))));
        assert!(commits.iter_mut().all(|commit| commit.now_or_never().is_none()), "submitted in this order");
        stranger.batch_execute("COMMIT").await.unwrap();
        for (number, outcome) in futures_util::future::join_all(commits).await.into_iter().enumerate() {
            match outcome {
                Ok(_) => assert!(![3, 6, 9].contains(&number)),
                Err(error) => {
                    assert!([3, 6, 9].contains(&number));
                    assert_eq!(error, CommitError::Missed { step: 0, code: "gone" });
                }
            }
        }
    }
    for (stream, head) in [(1, 5), (2, 15), (3, 15)] {
        assert_eq!(db.one(HEAD.with((stream,))).await.unwrap(), head);
    }
    let groups = db.stats().groups - before.groups;
    assert!(groups < 25, "{groups} transactions for 50 batches");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_while_every_writer_waits() {
    let (place, db) = database().await;
    let stranger = stranger(&place.url()).await;
    stranger.batch_execute("BEGIN; LOCK TABLE events IN SHARE MODE").await.unwrap();
    let writers: Vec<_> = (0..50)
        .map(|id| {
            let db = db.clone();
            let mut batch = Batch::new();
            batch.push(EVENT.with((id,)));
            tokio::spawn(async move { db.commit(batch).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    assert_eq!(db.one(HEAD.with((1,))).await.unwrap(), 0);
    assert!(started.elapsed() < Duration::from_secs(1), "the read took {:?}", started.elapsed());
    stranger.batch_execute("COMMIT").await.unwrap();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlocks_are_tried_again() {
    let (_place, db) = database().await;
    let crossing = |first, second| {
        // Without lock names and in both orders: a deadlock is certain.
        let mut batch = Batch::new();
        batch.push(ADVANCE.with((first,)));
        batch.push(SLEEP.with((0.1,)));
        batch.push(ADVANCE.with((second,)));
        db.commit(batch)
    };
    for _ in 0..3 {
        let (one, other) = futures_util::future::join(crossing(1, 2), crossing(2, 1)).await;
        one.unwrap();
        other.unwrap();
    }
    assert_eq!(db.one(HEAD.with((1,))).await.unwrap(), 6);
    assert_eq!(db.one(HEAD.with((2,))).await.unwrap(), 6);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_not_given_up_is_not_waited_for_for_ever() {
    let place = Postgres::start().database().await;
    let db =
        open(&place.url(), Options { lock_timeout: Duration::from_millis(200), ..Options::default() }).await;
    let stranger = stranger(&place.url()).await;
    stranger.batch_execute("BEGIN; UPDATE streams SET head = 0 WHERE id = 1").await.unwrap();
    let started = Instant::now();
    assert!(matches!(db.commit(advance(&[1])).await, Err(CommitError::Unavailable(_))));
    assert!(started.elapsed() < Duration::from_secs(1));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_leaves_no_transaction_open() {
    let (_place, db) = database().await;
    for _ in 0..20 {
        let snapshot = db.snapshot().await.unwrap();
        let tx = db.begin().await.unwrap();
        let tasks = [
            tokio::spawn(async move { snapshot.all(SLEEP.with((30.0,))).await.map(drop) }),
            tokio::spawn(async move { tx.all(SLEEP.with((30.0,))).await.map(drop) }),
        ];
        tokio::time::sleep(Duration::from_millis(10)).await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
    let until = Instant::now() + Duration::from_secs(10);
    while db.one(OPEN_TRANSACTIONS.with(())).await.unwrap() > 0 {
        assert!(Instant::now() < until, "transactions are left open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    db.commit(advance(&[1])).await.unwrap();
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_server_ended_are_replaced() {
    let (place, db) = database().await;
    let warm: Vec<_> = (0..6).map(|_| db.all(SLEEP.with((0.05,)))).collect();
    futures_util::future::join_all(warm).await;
    let stranger = stranger(&place.url()).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    stranger.query(end, &[]).await.unwrap();
    db.commit(advance(&[1])).await.unwrap();
    stranger.query(end, &[]).await.unwrap();
    assert_eq!(db.one(HEAD.with((1,))).await.unwrap(), 1);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_acknowledges_too_early_is_made_to_wait() {
    let place = Postgres::start().database().await;
    let alter = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$";
    stranger(&place.url()).await.batch_execute(alter).await.unwrap();
    let db = open(&place.url(), Options::default()).await;
    assert_eq!(db.one(SYNCHRONOUS.with(())).await.unwrap(), "on");
    db.close().await;
}

/// One server for the proofs below, whose port must be known.
async fn behind_a_proxy() -> (Running, Proxy, Db) {
    let server = Running::start(&[]);
    let proxy = Proxy::to(server.port()).await;
    let options = Options { read_timeout: Duration::from_secs(1), ..Options::default() };
    let db = open(&proxy.url(&server.url(), server.port()), options).await;
    (server, proxy, db)
}

fn event(id: i64, probed: bool) -> Batch {
    let mut batch = advance(&[1]);
    batch.push(EVENT.with((id,)));
    if probed {
        batch.probe(FOUND.with((id,)));
    }
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_looked_up() {
    let (_server, proxy, db) = behind_a_proxy().await;
    for (id, probed) in [(1, true), (2, false)] {
        proxy.break_next(Break::Answer);
        let committed = db.commit(event(id, probed)).await.unwrap();
        assert_eq!(committed.row::<i64>(0).unwrap(), Some(id), "it took place, once, with its answers");
    }
    for (id, probed) in [(3, true), (4, false)] {
        proxy.break_next(Break::Question);
        let refused = db.commit(event(id, probed)).await;
        assert!(matches!(refused, Err(CommitError::Unavailable(_))), "{refused:?}");
        assert_eq!(db.maybe(FOUND.with((id,))).await.unwrap(), None);
    }
    assert_eq!(db.one(HEAD.with((1,))).await.unwrap(), 2);
    proxy.break_next(Break::Everything);
    assert_eq!(db.commit(event(5, true)).await.unwrap_err(), CommitError::Unknown);
    assert!(matches!(db.one(HEAD.with((1,))).await, Err(Error::Unavailable(_))));
}
