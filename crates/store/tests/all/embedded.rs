//! What SQLite alone promises: one server a file, neighbours that are seen, a log that stays short.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use folkmoot_store::{
    Batch, Db, Error, Options,
    migrate::{Migration, Migrations},
    sql,
    testing::temp_sqlite,
};

const SCHEMA: Migration = Migration {
    name: "1_notes",
    up: "CREATE TABLE notes (id ID, body BYTES NOT NULL);",
    down: "DROP TABLE notes;",
};

sql! {
    static PUT: (i64, Vec<u8>) = "INSERT INTO notes (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    static PUT_OR_END: (i64, Vec<u8>) = "INSERT OR ROLLBACK INTO notes (id, body) VALUES ($1, $2)";
    static COUNT: () -> i64 = "SELECT count(*) FROM notes";
    static FOREVER: () -> i64 = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
}

async fn open(url: &str, options: Options) -> Db {
    let db = Db::open(url, options).await.unwrap();
    db.migrations(&Migrations::embedded(&[SCHEMA]).unwrap()).up(None).await.unwrap();
    db
}

fn server() -> Options {
    Options { exclusive: true, ..Options::default() }
}

async fn put(db: &Db, id: i64, bytes: usize) {
    put_byte(db, id, 7, bytes).await;
}

async fn put_byte(db: &Db, id: i64, byte: u8, bytes: usize) {
    let mut batch = Batch::new();
    batch.push(PUT.with((id, vec![byte; bytes])));
    db.commit(batch).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_refuses_to_start() {
    let place = temp_sqlite();
    let first = open(&place.url(), server()).await;
    let second = Db::open(&place.url(), server()).await;
    assert!(matches!(second, Err(Error::Unavailable(cause)) if cause.contains("another server")));
    let import = Db::open(&place.url(), Options::default()).await.unwrap();
    put(&import, 1, 10).await;
    import.close().await;
    first.close().await;
    let next = Db::open(&place.url(), server()).await.unwrap();
    assert_eq!(next.one(COUNT.with(())).await.unwrap(), 1);
    next.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sees_that_another_process_has_written() {
    let place = temp_sqlite();
    let server = open(&place.url(), server()).await;
    let mut watch = server.written_elsewhere();
    // The migration had a connection of its own, which the writer takes for a stranger.
    tokio::time::sleep(Duration::from_millis(700)).await;
    watch.mark_unchanged();
    put(&server, 1, 10).await;
    let own = tokio::time::timeout(Duration::from_millis(1200), watch.changed()).await;
    assert!(own.is_err(), "its own writes are not from elsewhere");
    let import = Db::open(&place.url(), Options::default()).await.unwrap();
    put(&import, 2, 10).await;
    tokio::time::timeout(Duration::from_secs(2), watch.changed()).await.unwrap().unwrap();
    import.close().await;
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_beside_a_server_leaves_room_for_its_writes() {
    let place = temp_sqlite();
    let server = open(&place.url(), server()).await;
    let import = Db::open(&place.url(), Options::default()).await.unwrap();
    let ends = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&ends);
    let imports = tokio::spawn(async move {
        let mut batches = 0;
        while !ended.load(Ordering::Relaxed) {
            let mut batch = Batch::new();
            for id in 0..300 {
                batch.push(PUT.with((1000 + id, vec![1; 2000])));
            }
            import.commit(batch).await.unwrap();
            batches += 1;
        }
        import.close().await;
        batches
    });
    let mut slowest = Duration::ZERO;
    for id in 0..40 {
        let started = Instant::now();
        put(&server, id, 100).await;
        slowest = slowest.max(started.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    ends.store(true, Ordering::Relaxed);
    assert!(imports.await.unwrap() > 3);
    assert!(slowest < Duration::from_secs(2), "a post beside the import took {slowest:?}");
    server.close().await;
}

#[tokio::test]
async fn a_read_that_takes_long_holds_up_nobody_who_shares_the_thread() {
    let place = temp_sqlite();
    let limit = Duration::from_millis(500);
    let db = open(&place.url(), Options { read_timeout: limit, ..Options::default() }).await;
    for _ in 0..3 {
        let (mut ticks, mut read) = (0, Box::pin(db.one(FOREVER.with(()))));
        let answer = loop {
            tokio::select! {
                answer = &mut read => break answer,
                () = tokio::time::sleep(Duration::from_millis(5)) => ticks += 1,
            }
        };
        assert_eq!(answer, Err(Error::TimedOut));
        assert!(ticks >= 10, "{ticks} ticks of five milliseconds in {limit:?}");
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_takes_too_long_is_broken_off() {
    let place = temp_sqlite();
    let limit = Duration::from_millis(300);
    let db = open(&place.url(), Options { readers: 1, read_timeout: limit, ..Options::default() }).await;
    let started = Instant::now();
    assert_eq!(db.one(FOREVER.with(())).await, Err(Error::TimedOut));
    assert!(started.elapsed() < limit * 3);
    assert_eq!(db.one(COUNT.with(())).await.unwrap(), 0, "the reader is free again");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_after_a_transaction_that_sqlite_itself_rolled_back() {
    let place = temp_sqlite();
    let db = open(&place.url(), Options::default()).await;
    put(&db, 1, 10).await;
    let tx = db.begin().await.unwrap();
    tx.execute(PUT.with((2, vec![2]))).await.unwrap();
    // As a full disk would, this ends the whole transaction.
    tx.execute(PUT_OR_END.with((1, vec![1]))).await.unwrap_err();
    tx.execute(PUT.with((3, vec![3]))).await.unwrap_err();
    tx.commit().await.unwrap_err();
    assert_eq!(db.one(COUNT.with(())).await.unwrap(), 1);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_leaves_one_whole_file() {
    let place = temp_sqlite();
    let db = open(&place.url(), server()).await;
    put(&db, 1, 100_000).await;
    db.close().await;
    drop(db);
    assert_eq!(size(&log_of(&place.path())), 0, "the log was copied");
    let copy = place.path().with_extension("copy");
    std::fs::copy(place.path(), &copy).unwrap();
    let copied = Db::open(&format!("sqlite:{}", copy.display()), Options::default()).await.unwrap();
    assert_eq!(copied.one(COUNT.with(())).await.unwrap(), 1);
    copied.close().await;
}

fn log_of(database: &Path) -> std::path::PathBuf {
    database.with_extension("db-wal")
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// How much is written; `FOLKMOOT_LOG_MB=1000` is the long form.
fn megabytes() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
    std::env::var("FOLKMOOT_LOG_MB").map_or(150, |megabytes| megabytes.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_stays_short_although_readers_never_rest() {
    let place = temp_sqlite();
    let db = open(&place.url(), server()).await;
    let written = Arc::new(AtomicU64::new(0));
    let goal = megabytes() << 20;
    let done = move |written: &AtomicU64| written.load(Ordering::Relaxed) >= goal;
    let mut tasks = Vec::new();
    for task in 0..16 {
        let (db, written) = (db.clone(), Arc::clone(&written));
        tasks.push(tokio::spawn(async move {
            for number in 0.. {
                if done(&written) {
                    return;
                }
                // Not the same bytes again: SQLite does not write a page that stays as it is.
                put_byte(&db, task * 100 + number % 100, (number / 100 % 256) as u8, 20_000).await;
                written.fetch_add(20_000, Ordering::Relaxed);
            }
        }));
    }
    // More snapshots than there are readers, so that there is no moment without one.
    for _ in 0..24 {
        let (db, written) = (db.clone(), Arc::clone(&written));
        tasks.push(tokio::spawn(async move {
            while !done(&written) {
                let snapshot = db.snapshot().await.unwrap();
                snapshot.one(COUNT.with(())).await.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
                snapshot.one(COUNT.with(())).await.unwrap();
            }
        }));
    }
    let (mut longest, log) = (0, log_of(&place.path()));
    while !done(&written) {
        longest = longest.max(size(&log));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    println!("{} MB written, the log was {:.1} MB at most", megabytes(), longest as f64 / 1e6);
    assert!(longest < 96 << 20, "the log grew to {longest} bytes");
    assert!(longest > 4 << 20, "too little was written to prove anything");
    db.close().await;
}

#[tokio::test]
async fn settings_in_an_address_are_refused_rather_than_made_a_files_name() {
    let file = temp_sqlite();
    for address in [format!("{}?mode=ro", file.url()), "sqlite://?x".to_owned()] {
        let refused = Db::open(&address, Options::default()).await.err();
        assert!(matches!(refused, Some(Error::Invalid(_))), "{address}");
    }
}
