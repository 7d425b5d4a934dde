//! What was acknowledged outlives the primary: a synchronous standby takes over, and the store finds it by itself.

use std::{
    collections::BTreeSet,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use folkmoot_store::{
    Batch, CommitError, Constraint, Db, Options,
    migrate::{Migration, Migrations},
    sql,
    testing::{Running, together},
};
use tokio_postgres::NoTls;

const SCHEMA: Migration = Migration {
    name: "1_notes",
    up: "CREATE TABLE stream (id ID, head BIGINT NOT NULL); INSERT INTO stream (id, head) VALUES (1, 0);
         CREATE TABLE notes (id ID);",
    down: "DROP TABLE notes; DROP TABLE stream;",
};

sql! {
    static ADVANCE_STREAM: () = "UPDATE stream SET head = head + 1 WHERE id = 1";
    static STREAM_HEAD: () -> i64 = "SELECT head FROM stream WHERE id = 1";
    static NOTE: (i64) = "INSERT INTO notes (id) VALUES ($1)";
    static NOTES: () -> i64 = "SELECT id FROM notes ORDER BY id";
    static NOTED: (i64) -> i64 = "SELECT id FROM notes WHERE id = $1";
}

/// A primary that acknowledges nothing before its standby has it.
async fn synchronous() -> (Running, Running) {
    let primary = Running::start(&[]);
    let standby = primary.standby("standby", &[]);
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'").await;
    primary.execute("SELECT pg_reload_conf()").await;
    (primary, standby)
}

async fn open(url: &str, options: Options) -> Db {
    let db = Db::open(url, Options { connections: 6, ..options }).await.unwrap();
    db.migrations(&Migrations::embedded(&[SCHEMA]).unwrap()).up(None).await.unwrap();
    db
}

fn note(id: i64, probed: bool) -> Batch {
    let mut batch = Batch::new();
    batch.lock("stream");
    batch.push(ADVANCE_STREAM.with(()).expect_rows(1).or("gone"));
    batch.push(NOTE.with((id,)));
    if probed {
        batch.probe(NOTED.with((id,)));
    }
    batch
}

/// Writes notes until told to stop, each again until it is acknowledged.
async fn write(db: Db, first: i64, acknowledged: Arc<Mutex<Vec<(i64, Instant)>>>, stop: Arc<AtomicBool>) {
    let mut id = first;
    while !stop.load(Ordering::Relaxed) {
        match db.commit(note(id, id % 2 == 0)).await {
            // What was in doubt and is there after all.
            Ok(_) | Err(CommitError::Constraint { kind: Constraint::Unique, .. }) => {
                acknowledged.lock().unwrap().push((id, Instant::now()));
                id += 1;
            }
            Err(CommitError::Unavailable(_) | CommitError::Unknown) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_has_all_that_was_acknowledged_and_takes_what_comes() {
    let (primary, standby) = synchronous().await;
    let db = open(&together(&[&primary, &standby]), Options::default()).await;
    let (acknowledged, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            tokio::spawn(write(db.clone(), writer * 1_000_000, Arc::clone(&acknowledged), Arc::clone(&stop)))
        })
        .collect();
    let count = || acknowledged.lock().unwrap().len();
    let at_least = async |wanted: usize| {
        let began = Instant::now();
        while count() < wanted {
            assert!(began.elapsed() < Duration::from_secs(60), "writing does not go on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    at_least(200).await;
    primary.kill();
    let killed = Instant::now();
    tokio::time::sleep(Duration::from_millis(500)).await;
    standby.promote().await;
    let promoted = killed.elapsed();
    at_least(count() + 400).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }

    let written = std::mem::take(&mut *acknowledged.lock().unwrap());
    let again = written.iter().map(|(_, at)| *at).find(|at| *at > killed + promoted).unwrap();
    println!(
        "{} writes acknowledged; promoted {promoted:?} after the kill, the first write {:?} after it",
        written.len(),
        again - killed
    );
    let notes: Vec<i64> = db.all(NOTES.with(())).await.unwrap();
    let there: BTreeSet<i64> = notes.iter().copied().collect();
    let lost: Vec<i64> = written.iter().map(|(id, _)| *id).filter(|id| !there.contains(id)).collect();
    assert_eq!(lost, Vec::<i64>::new(), "acknowledged and lost");
    assert_eq!(db.one(STREAM_HEAD.with(())).await.unwrap(), i64::try_from(notes.len()).unwrap(), "each once");
    assert_eq!(there.len(), written.len(), "and nothing that nobody was told of");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_another_has_taken_over_from_gets_nothing_acknowledged() {
    let (primary, standby) = synchronous().await;
    let options = Options { commit_timeout: Duration::from_secs(1), ..Options::default() };
    let db = open(&together(&[&primary, &standby]), options).await;
    db.commit(note(1, true)).await.unwrap();
    standby.promote().await;
    // It still runs and takes connections, but nobody is there who could confirm.
    let refused = db.commit(note(2, true)).await.unwrap_err();
    assert!(matches!(refused, CommitError::Unavailable(_)), "{refused:?}");
    assert_eq!(db.all(NOTES.with(())).await.unwrap(), [1], "reads are from the new one");
    db.commit(note(2, true)).await.unwrap();
    let new = Db::open(&standby.url(), Options::default()).await.unwrap();
    assert_eq!(new.all(NOTES.with(())).await.unwrap(), [1, 2]);
    new.close().await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_probe_nothing_is_said_of_a_transaction_of_another_timeline() {
    let (primary, standby) = synchronous().await;
    let options = Options {
        commit_timeout: Duration::from_secs(1),
        read_timeout: Duration::from_secs(1),
        ..Options::default()
    };
    let db = open(&together(&[&primary, &standby]), options).await;
    standby.promote().await;
    assert_eq!(db.commit(note(1, false)).await.unwrap_err(), CommitError::Unknown);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_made_visible_before_the_standby_had_it_is_not_acknowledged() {
    let (primary, standby) = synchronous().await;
    let options = Options {
        commit_timeout: Duration::from_secs(1),
        read_timeout: Duration::from_secs(4),
        ..Options::default()
    };
    let db = open(&primary.url(), options).await;
    let (client, connection) = tokio_postgres::connect(&primary.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    standby.kill();
    // What it was sent while it died it may have confirmed.
    let followers = || async {
        let row = client.query_one("SELECT COUNT(*) FROM pg_stat_replication", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    while followers().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let committing = tokio::spawn({
        let db = db.clone();
        async move { db.commit(note(1, true)).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    // A process of the server is killed, and the server starts over: from its log, where the note is committed.
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    assert!(Command::new("kill").args(["-s", "KILL", &pid.to_string()]).status().unwrap().success());
    assert_eq!(committing.await.unwrap().unwrap_err(), CommitError::Unknown);
    assert_eq!(db.all(NOTES.with(())).await.unwrap(), [1], "although it can be seen");
}
