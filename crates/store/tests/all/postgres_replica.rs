//! What a replica may be asked: real streaming replication, that lags, pauses, dies and is promoted.

use std::time::{Duration, Instant};

use folkmoot_store::{
    Batch, Db, Error, Options, Seen, Standing,
    migrate::{Migration, Migrations},
    sql,
    testing::Running,
};

const SCHEMA: Migration = Migration {
    name: "1_counter",
    up: "CREATE TABLE counter (id ID, value BIGINT NOT NULL); INSERT INTO counter (id, value) VALUES (1, 0);",
    down: "DROP TABLE counter;",
};

sql! {
    static COUNT: () = "UPDATE counter SET value = value + 1 WHERE id = 1";
    static VALUE: () -> i64 = "SELECT value FROM counter WHERE id = 1";
    static FOLLOWS: () -> bool = dialect! {
        sqlite: "SELECT 1 = 0",
        postgres: "SELECT pg_is_in_recovery()",
    };
}

/// A primary, its standby, and the store on both.
async fn replicated(limit: Duration) -> (Running, Running, Db) {
    let primary = Running::start(&[]);
    let standby = primary.standby("standby", &[]);
    let options = Options { connections: 6, replica_limit: limit, ..Options::default() };
    let db = Db::open(&primary.url(), options).await.unwrap();
    db.migrations(&Migrations::embedded(&[SCHEMA]).unwrap()).up(None).await.unwrap();
    db.follow(&standby.url()).unwrap();
    stands(&db, Standing::Prompt).await;
    (primary, standby, db)
}

/// Waits until the replica is so far behind.
async fn stands(db: &Db, standing: Standing) {
    until(async || db.stats().replica.unwrap().standing == standing).await;
}

async fn until(holds: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not come to hold");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Writes, and gives what the writer must see from then on.
async fn count(db: &Db) -> Seen {
    let mut batch = Batch::new();
    batch.push(COUNT.with(()).expect_rows(1).or("gone"));
    db.commit(batch).await.unwrap();
    db.all_seen(VALUE.with(())).await.unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_to_the_replica_and_find_what_their_reader_has_seen() {
    let (_primary, _standby, db) = replicated(Duration::from_secs(60)).await;
    assert!(!db.one(FOLLOWS.with(())).await.unwrap(), "whoever does not say so reads from the primary");
    let anybody = db.replica(Seen::Nothing).await.expect("it is near");
    assert!(anybody.one(FOLLOWS.with(())).await.unwrap());
    assert!(db.replica(Seen::Everything).await.is_none());
    let (mut taken, before) = (0, db.stats().replica.unwrap());
    for expected in 1..=100 {
        let seen = count(&db).await;
        // Where it would have to be waited for too long the primary is to be read.
        if let Some(snapshot) = db.replica(seen).await {
            assert_eq!(snapshot.one(VALUE.with(())).await.unwrap(), expected);
            taken += 1;
        }
    }
    let after = db.stats().replica.unwrap();
    println!("the replica took {taken} of 100 reads right after a write");
    assert!(taken > 0, "it never was near enough");
    assert_eq!((after.taken - before.taken, after.passed - before.passed), (taken, 100 - taken));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_lags_hides_from_nobody_what_they_have_seen() {
    let (_primary, standby, db) = replicated(Duration::from_secs(60)).await;
    standby.pause_replay().await;
    let before = count(&db).await;
    for _ in 0..20 {
        let seen = count(&db).await;
        assert!(db.replica(seen).await.is_none());
        assert!(db.replica(before).await.is_none());
    }
    let old = db.replica(Seen::Nothing).await.expect("it is not too far behind for a guest");
    assert_eq!(old.one(VALUE.with(())).await.unwrap(), 0);
    drop(old);
    stands(&db, Standing::Behind).await;
    standby.resume_replay().await;
    stands(&db, Standing::Prompt).await;
    until(async || match db.replica(before).await {
        Some(snapshot) => snapshot.one(VALUE.with(())).await.unwrap() == 21,
        None => false,
    })
    .await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_lags_too_far_is_read_by_nobody() {
    let (_primary, standby, db) = replicated(Duration::from_secs(2)).await;
    standby.pause_replay().await;
    count(&db).await;
    stands(&db, Standing::Away).await;
    assert!(db.replica(Seen::Nothing).await.is_none());
    assert!(db.stats().replica.unwrap().behind_ms.unwrap() >= 2000);
    standby.resume_replay().await;
    stands(&db, Standing::Prompt).await;
    assert!(db.replica(Seen::Nothing).await.is_some());
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_dies_is_read_by_nobody() {
    let (_primary, standby, db) = replicated(Duration::from_secs(60)).await;
    let reading = db.replica(Seen::Nothing).await.unwrap();
    standby.kill();
    stands(&db, Standing::Away).await;
    assert!(matches!(reading.one(VALUE.with(())).await, Err(Error::Unavailable(_))));
    assert!(db.replica(Seen::Nothing).await.is_none());
    count(&db).await;
    assert_eq!(db.one(VALUE.with(())).await.unwrap(), 1);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_was_promoted_is_no_replica_any_more() {
    let (_primary, standby, db) = replicated(Duration::from_secs(60)).await;
    standby.promote().await;
    stands(&db, Standing::Away).await;
    assert!(db.replica(Seen::Nothing).await.is_none());
    count(&db).await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_of_another_cluster_is_no_replica() {
    let (primary, _standby, _) = replicated(Duration::from_secs(60)).await;
    let other = Running::start(&[]);
    let foreign = other.standby("foreign", &[]);
    // Its log is ahead, as that of one that lacks nothing would be.
    for _ in 0..2 {
        other.execute("CREATE TEMPORARY TABLE nothing ()").await;
        other.execute("SELECT pg_switch_wal()").await;
    }
    let db = Db::open(&primary.url(), Options::default()).await.unwrap();
    db.follow(&foreign.url()).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let replica = db.stats().replica.unwrap();
    assert_eq!((replica.standing, replica.behind_ms), (Standing::Away, None));
    assert!(matches!(db.follow(&foreign.url()), Err(Error::Invalid(_))), "there is one already");
    db.close().await;
}
