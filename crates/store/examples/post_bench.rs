//! How fast posts of four statements are committed, next to bare single-row commits of SQLite on the
//! same disk in the same run.
//!
//! `post_bench [seconds a run] [runs] [folder or postgres URL]`, in a release build.

use std::{
    error::Error,
    io::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use folkmoot_store::{
    Batch, Db, Options,
    migrate::{Migration, Migrations},
    sql,
};

const SCHEMA: Migration = Migration {
    name: "1_bench",
    up: "CREATE TABLE streams (id ID, head BIGINT NOT NULL);
         CREATE TABLE threads (id ID, replies BIGINT NOT NULL);
         CREATE TABLE posts (id ID, thread BIGINT NOT NULL REFERENCES threads (id), author BIGINT NOT NULL,
             client_id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (author, client_id));
         CREATE INDEX posts_by_thread ON posts (thread, id);
         CREATE TABLE events (stream BIGINT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL,
             subject BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (stream, seq));",
    down: "DROP TABLE events; DROP TABLE posts; DROP TABLE threads; DROP TABLE streams;",
};

sql! {
    static OPEN_STREAM: (i64) = "INSERT INTO streams (id, head) VALUES ($1, 0)";
    static OPEN_THREAD: (i64) = "INSERT INTO threads (id, replies) VALUES ($1, 0)";
    static ADVANCE: (i64) = "UPDATE streams SET head = head + 1 WHERE id = $1";
    static POST: (i64, i64, i64, String, String) =
        "INSERT INTO posts (id, thread, author, client_id, body) VALUES ($1, $2, $3, $4, $5)";
    static COUNT: (i64) = "UPDATE threads SET replies = replies + 1 WHERE id = $1";
    static EVENT: (i64, i64, i64) = "INSERT INTO events (stream, seq, kind, subject, at)
        SELECT id, head, 'new_post', CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM streams WHERE id = $1";
    static PAGE: (i64, i64) -> (i64, i64, String) =
        "SELECT id, author, body FROM posts WHERE thread = $1 AND id > $2 ORDER BY id LIMIT 20";
}

/// Threads that the writers spread over.
const THREADS: i64 = 100;

/// What a short post looks like.
const BODY: &str = "I think the second of your two ways is the better one: it keeps the scene graph as it is, and the \
                    cost of the extra draw call can be measured before anything else has to change.";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let seconds = args.next().map_or(Ok(3), |arg| arg.parse())?;
    let runs = args.next().map_or(Ok(3), |arg| arg.parse())?;
    let place = args.next().unwrap_or_else(|| ".".to_owned());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(bench(Duration::from_secs(seconds), runs, &place))
}

async fn bench(time: Duration, runs: usize, place: &str) -> Result<(), Box<dyn Error>> {
    let out = &mut std::io::stdout();
    if place.starts_with("postgres") {
        let db = Db::open(place, Options::default()).await?;
        prepare(&db).await?;
        for _ in 0..runs {
            posts(&db, 64, time, out).await?;
        }
        db.close().await;
        return Ok(());
    }
    for _ in 0..runs {
        let folder = tempfile::tempdir_in(place)?;
        writeln!(
            out,
            "bare rusqlite, one row a commit: {:>8.0}/s",
            bare(&folder.path().join("bare.db"), time)?
        )?;
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let db = Db::open(&url, Options { exclusive: true, ..Options::default() }).await?;
        prepare(&db).await?;
        for tasks in [1, 64, 256] {
            posts(&db, tasks, time, out).await?;
        }
        pages(&db, 1, time, out).await?;
        pages(&db, 16, time, out).await?;
        db.close().await;
    }
    Ok(())
}

async fn prepare(db: &Db) -> Result<(), Box<dyn Error>> {
    let migrations = Migrations::embedded(&[SCHEMA])?;
    db.migrations(&migrations).down(0).await?;
    db.migrations(&migrations).up(None).await?;
    let mut batch = Batch::new();
    for id in 1..=THREADS {
        batch.push(OPEN_STREAM.with((id,)));
        batch.push(OPEN_THREAD.with((id,)));
    }
    db.commit(batch).await?;
    Ok(())
}

static IDS: AtomicI64 = AtomicI64::new(1);

fn post(id: i64) -> Batch {
    let thread = id % THREADS + 1;
    let mut batch = Batch::new();
    batch.lock(&format!("thread:{thread}"));
    batch.push(ADVANCE.with((thread,)).expect_rows(1).or("gone"));
    batch
        .push(POST.with((id, thread, id % 1000, format!("client-{id}"), BODY)).expect_rows(1).or("replayed"));
    batch.push(COUNT.with((thread,)));
    batch.push(EVENT.with((thread, id, 1_700_000_000_000)).expect_rows(1).or("gone"));
    batch
}

async fn posts(db: &Db, tasks: usize, time: Duration, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let (before, done) = (db.stats(), Arc::new(AtomicU64::new(0)));
    let (started, spent) = (Instant::now(), cpu());
    let writers: Vec<_> = (0..tasks)
        .map(|_| {
            let (db, done) = (db.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                while started.elapsed() < time {
                    let began = Instant::now();
                    db.commit(post(IDS.fetch_add(1, Ordering::Relaxed))).await?;
                    slowest = slowest.max(began.elapsed());
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, folkmoot_store::CommitError>(slowest)
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for writer in writers {
        slowest = slowest.max(writer.await??);
    }
    let (after, rate) = (db.stats(), rate(&done, started));
    writeln!(
        out,
        "posts of four statements, {tasks:>3} tasks:  {rate:>8.0}/s   {:.1} µs of CPU, {:.1} a commit, slowest {slowest:.1?}, log {:.1} MB",
        (cpu() - spent) / done.load(Ordering::Relaxed) as f64,
        (after.committed - before.committed) as f64 / (after.groups - before.groups).max(1) as f64,
        after.wal_bytes as f64 / 1e6,
    )?;
    Ok(())
}

async fn pages(db: &Db, tasks: usize, time: Duration, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let done = Arc::new(AtomicU64::new(0));
    let (started, spent) = (Instant::now(), cpu());
    let readers: Vec<_> = (0..tasks)
        .map(|_| {
            let (db, done) = (db.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while started.elapsed() < time {
                    let thread = IDS.fetch_add(1, Ordering::Relaxed) % THREADS + 1;
                    db.all(PAGE.with((thread, 0))).await?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, folkmoot_store::Error>(())
            })
        })
        .collect();
    for reader in readers {
        reader.await??;
    }
    let cost = (cpu() - spent) / done.load(Ordering::Relaxed) as f64;
    writeln!(
        out,
        "pages of 20 posts, {tasks:>3} tasks:         {:>8.0}/s   {cost:.1} µs of CPU",
        rate(&done, started)
    )?;
    Ok(())
}

/// The processor time of this process so far, in microseconds; /proc counts in hundredths of a second.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() * 10_000.0
}

fn rate(done: &AtomicU64, since: Instant) -> f64 {
    done.load(Ordering::Relaxed) as f64 / since.elapsed().as_secs_f64()
}

/// What SQLite itself does, as plainly as it can be used.
fn bare(path: &Path, time: Duration) -> Result<f64, Box<dyn Error>> {
    let conn = rusqlite::Connection::open(path)?;
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    )?;
    let mut insert = conn.prepare("INSERT INTO rows (id, body) VALUES (?1, ?2)")?;
    let started = Instant::now();
    let mut done = 0_u64;
    while started.elapsed() < time {
        done += 1;
        insert.execute((i64::try_from(done)?, BODY))?;
    }
    Ok(done as f64 / started.elapsed().as_secs_f64())
}
