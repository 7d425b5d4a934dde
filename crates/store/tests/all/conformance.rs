//! What every caller may rely on, on both engines alike.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use folkmoot_store::{
    Batch, CommitError, Committed, Constraint, Db, Engine, Error, Ids, Options, SNAPSHOT_LIMIT, STATEMENTS,
    SqlInfo, Step, Texts, check,
    migrate::{Migration, Migrations},
    newtype, row, sql,
};

crate::both::engines! {
    reads_find_what_was_committed,
    one_row_is_asked_for_and_two_are_a_mistake,
    what_does_not_fit_a_type_is_refused,
    a_missed_expectation_rolls_its_batch_back_and_says_which,
    a_constraint_says_its_kind_and_harms_no_other_batch,
    a_guard_sees_what_the_batch_before_it_wrote,
    a_snapshot_shows_one_instant,
    a_snapshot_ends_in_time,
    a_transaction_reads_then_writes_or_leaves_nothing,
    a_transaction_with_a_failed_statement_is_not_committed,
    what_follows_a_commit_runs_in_order_although_nobody_waits,
    a_panic_in_what_follows_a_commit_harms_nobody,
    closing_commits_what_waits_and_refuses_the_rest,
    a_full_queue_refuses_at_once,
    every_statement_prepares,
    a_statement_that_believes_wrong_types_is_found,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PostId(i64);
newtype!(PostId);

row! {
    #[derive(Debug, PartialEq)]
    struct Post {
        id: PostId,
        body: String,
        shown: bool,
        score: Option<f64>,
        picture: Option<Vec<u8>>,
    }
}

sql! {
    static INSERT: (PostId, String, Option<f64>, Option<Vec<u8>>) =
        "INSERT INTO posts (id, body, score, picture) VALUES ($1, $2, $3, $4)";
    static POST: (PostId) -> Post = "SELECT id, body, shown, score, picture FROM posts WHERE id = $1";
    static IDS: (Ids) -> i64 = "SELECT id FROM posts WHERE id IN {ids:$1} ORDER BY id";
    static BODIES: (Texts) -> String = "SELECT body FROM posts WHERE body IN {texts:$1} ORDER BY id";
    static ADD: (i64, String) = "INSERT INTO posts (id, body) VALUES ($1, $2)";
    static ADD_NEW: (i64, String) = "INSERT INTO posts (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    static ADD_NULL: (i64, Option<String>) = "INSERT INTO posts (id, body) VALUES ($1, $2)";
    static LIKE: (i64, i64) = "INSERT INTO likes (id, post) VALUES ($1, $2)";
    static ALL_BODIES: () -> String = "SELECT body FROM posts ORDER BY id";
    static SHOWN: (i64) -> i64 = "SELECT id FROM posts WHERE id = $1 AND shown";
    static FLOAT: (f64) = "UPDATE posts SET score = $1";
    static BODY_AS_NUMBER: () -> i64 = "SELECT body FROM posts ORDER BY id LIMIT 1";
    static NUMBER_AS_BODY: (i64) -> String = "SELECT id FROM posts WHERE id = $1";
    static WRONG: () -> i64 = "SELECT id FROM nowhere";
    static HIDE: (i64) -> (i64, bool) = "UPDATE posts SET shown = false WHERE id = $1 RETURNING id, shown";
}

const SCHEMA: Migration = Migration {
    name: "1_posts",
    up: "CREATE TABLE posts (id ID, body TEXT NOT NULL UNIQUE, shown BOOLEAN NOT NULL DEFAULT true,
             score DOUBLE PRECISION CHECK (score >= 0), picture BYTES);
         CREATE TABLE likes (id ID, post BIGINT NOT NULL REFERENCES posts (id));",
    down: "DROP TABLE likes; DROP TABLE posts;",
};

async fn prepared(db: &Db) {
    db.migrations(&Migrations::embedded(&[SCHEMA]).unwrap()).up(None).await.unwrap();
}

fn add(id: i64, body: &str) -> Batch {
    let mut batch = Batch::new();
    batch.lock("posts");
    batch.push(ADD.with((id, body)));
    batch
}

async fn bodies(db: &Db) -> Vec<String> {
    db.all(ALL_BODIES.with(())).await.unwrap()
}

async fn reads_find_what_was_committed(db: Db) {
    prepared(&db).await;
    let mut batch = Batch::new();
    batch.push(INSERT.with((PostId(1), "hello", 0.5, vec![1, 0, 255])));
    batch.push(INSERT.with((PostId(2), "it's \"me\" \u{1F600}\n", None, None)).expect_rows(1).or("taken"));
    let hidden = batch.push(HIDE.with((2,)).expect_rows(1).or("gone"));
    let committed = db.commit(batch).await.unwrap();
    assert_eq!(committed.rows_affected(0), 1);
    assert_eq!(committed.row::<(i64, bool)>(hidden).unwrap(), Some((2, false)));

    let ann = db.one(POST.with((PostId(1),))).await.unwrap();
    let expected = Post {
        id: PostId(1),
        body: "hello".into(),
        shown: true,
        score: Some(0.5),
        picture: Some(vec![1, 0, 255]),
    };
    assert_eq!(ann, expected);
    assert_eq!(db.maybe(POST.with((PostId(3),))).await.unwrap(), None);
    assert_eq!(db.one(POST.with((PostId(3),))).await, Err(Error::Missing));
    assert_eq!(db.all(IDS.with((Ids(vec![3, 2, 1]),))).await.unwrap(), [1, 2]);
    assert_eq!(db.all(IDS.with((Ids(vec![]),))).await.unwrap(), [0; 0]);
    let bodies = Texts(vec!["it's \"me\" \u{1F600}\n".into(), "no".into()]);
    assert_eq!(db.all(BODIES.with((bodies,))).await.unwrap().len(), 1);
}

async fn one_row_is_asked_for_and_two_are_a_mistake(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    assert_eq!(db.maybe(ALL_BODIES.with(())).await.unwrap().unwrap(), "one");
    db.commit(add(2, "two")).await.unwrap();
    assert!(matches!(db.maybe(ALL_BODIES.with(())).await, Err(Error::Invalid(_))));
    assert!(matches!(db.one(ALL_BODIES.with(())).await, Err(Error::Invalid(_))));
}

async fn what_does_not_fit_a_type_is_refused(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    assert!(matches!(db.all(BODY_AS_NUMBER.with(())).await, Err(Error::Invalid(_))));
    assert!(matches!(db.all(NUMBER_AS_BODY.with((1,))).await, Err(Error::Invalid(_))));
    assert!(matches!(db.all(WRONG.with(())).await, Err(Error::Invalid(_))));
    let commit = async |step: Step| {
        let mut batch = Batch::new();
        batch.push(step);
        db.commit(batch).await
    };
    assert!(matches!(commit(WRONG.with(()).into()).await, Err(CommitError::Invalid(_))));
    assert!(matches!(commit(ADD.with((2, "a\0b")).into()).await, Err(CommitError::Invalid(_))));
    assert!(matches!(commit(FLOAT.with((f64::NAN,)).into()).await, Err(CommitError::Invalid(_))));
    assert!(commit(FLOAT.with((f64::INFINITY,)).into()).await.is_ok());
    assert_eq!(bodies(&db).await, ["one"]);
}

async fn a_missed_expectation_rolls_its_batch_back_and_says_which(db: Db) {
    prepared(&db).await;
    let mut batch = add(1, "one");
    batch.push(ADD_NEW.with((2, "one")).expect_rows(1).or("taken"));
    batch.push(HIDE.with((1,)).expect_rows(5).or("never reached"));
    assert_eq!(db.commit(batch).await.unwrap_err(), CommitError::Missed { step: 1, code: "taken" });
    assert_eq!(bodies(&db).await, [""; 0]);

    let mut guarded = Batch::new();
    guarded.push(SHOWN.with((1,)).expect_rows(1).or("locked"));
    guarded.push(ADD.with((1, "one")));
    assert_eq!(db.commit(guarded).await.unwrap_err(), CommitError::Missed { step: 0, code: "locked" });
    assert_eq!(bodies(&db).await, [""; 0]);
}

async fn a_constraint_says_its_kind_and_harms_no_other_batch(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    let wrong: [(Step, Constraint); 5] = [
        (ADD.with((1, "other")).into(), Constraint::Unique),
        (ADD.with((9, "one")).into(), Constraint::Unique),
        (LIKE.with((1, 77)).into(), Constraint::ForeignKey),
        (ADD_NULL.with((9, None::<String>)).into(), Constraint::NotNull),
        (FLOAT.with((-1.0,)).into(), Constraint::Check),
    ];
    let mut all = Vec::new();
    for (number, (step, kind)) in (10..).zip(wrong) {
        let mut batch = add(number * 10, &format!("undone {number}"));
        batch.push(step);
        all.push((batch, Some(kind)));
        all.push((add(number, &format!("kept {number}")), None));
    }
    // All at once, so that they share a commit.
    let waiting: Vec<_> = all
        .into_iter()
        .map(|(batch, kind)| {
            let db = db.clone();
            (tokio::spawn(async move { db.commit(batch).await }), kind)
        })
        .collect();
    for (outcome, expected) in waiting {
        match (outcome.await.unwrap(), expected) {
            (Ok(_), None) => {}
            (Err(CommitError::Constraint { kind, .. }), Some(expected)) => assert_eq!(kind, expected),
            (outcome, expected) => panic!("{outcome:?}, expected {expected:?}"),
        }
    }
    assert_eq!(bodies(&db).await, ["one", "kept 10", "kept 11", "kept 12", "kept 13", "kept 14"]);
}

async fn a_guard_sees_what_the_batch_before_it_wrote(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    let mut lock = Batch::new();
    lock.lock("posts");
    lock.push(HIDE.with((1,)));
    let mut late = Batch::new();
    late.lock("posts");
    late.push(SHOWN.with((1,)).expect_rows(1).or("hidden"));
    late.push(ADD.with((2, "late")));
    let (locked, refused) = futures_util::future::join(db.commit(lock), db.commit(late)).await;
    locked.unwrap();
    assert_eq!(refused.unwrap_err(), CommitError::Missed { step: 0, code: "hidden" });
}

async fn a_snapshot_shows_one_instant(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    let before = db.snapshot().await.unwrap();
    assert_eq!(before.all(ALL_BODIES.with(())).await.unwrap(), ["one"]);
    db.commit(add(2, "two")).await.unwrap();
    assert_eq!(before.all(ALL_BODIES.with(())).await.unwrap(), ["one"]);
    assert_eq!(before.maybe(SHOWN.with((2,))).await.unwrap(), None);
    let after = db.snapshot().await.unwrap();
    assert_eq!(after.one(SHOWN.with((2,))).await.unwrap(), 2);
    assert!(before.all(HIDE.with((1,))).await.is_err(), "a snapshot does not write");
    drop((before, after));
    // Snapshots that are dropped give back what they held.
    for _ in 0..50 {
        db.snapshot().await.unwrap().all(ALL_BODIES.with(())).await.unwrap();
    }
}

async fn a_snapshot_ends_in_time(db: Db) {
    prepared(&db).await;
    let snapshot = db.snapshot().await.unwrap();
    snapshot.all(ALL_BODIES.with(())).await.unwrap();
    tokio::time::sleep(SNAPSHOT_LIMIT + Duration::from_millis(100)).await;
    assert_eq!(snapshot.all(ALL_BODIES.with(())).await, Err(Error::TimedOut));
    db.commit(add(1, "one")).await.unwrap();
}

async fn a_transaction_reads_then_writes_or_leaves_nothing(db: Db) {
    prepared(&db).await;
    let tx = db.begin().await.unwrap();
    assert_eq!(tx.maybe(SHOWN.with((1,))).await.unwrap(), None);
    assert_eq!(tx.execute(ADD.with((1, "one"))).await.unwrap(), 1);
    assert_eq!(tx.one(SHOWN.with((1,))).await.unwrap(), 1);
    assert_eq!(bodies(&db).await, [""; 0], "nobody else sees it yet");
    tx.commit().await.unwrap();
    assert_eq!(bodies(&db).await, ["one"]);

    let tx = db.begin().await.unwrap();
    tx.execute(ADD.with((2, "two"))).await.unwrap();
    drop(tx);
    db.commit(add(3, "three")).await.unwrap();
    assert_eq!(bodies(&db).await, ["one", "three"]);
}

async fn a_transaction_with_a_failed_statement_is_not_committed(db: Db) {
    prepared(&db).await;
    db.commit(add(1, "one")).await.unwrap();
    let tx = db.begin().await.unwrap();
    tx.execute(ADD.with((2, "two"))).await.unwrap();
    let refused = tx.execute(ADD.with((3, "one"))).await;
    assert!(matches!(refused, Err(CommitError::Constraint { kind: Constraint::Unique, .. })));
    assert!(matches!(tx.commit().await, Err(CommitError::Invalid(_))));
    db.commit(add(4, "four")).await.unwrap();
    assert_eq!(bodies(&db).await, ["one", "four"]);
}

async fn what_follows_a_commit_runs_in_order_although_nobody_waits(db: Db) {
    prepared(&db).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    for id in 1..=40 {
        let (seen, reader) = (Arc::clone(&order), db.clone());
        let commit = async move {
            let note = move |_: &Committed| seen.lock().unwrap().push(id);
            reader.commit_then(add(id, &id.to_string()), note).await
        };
        // Asked for once, then dropped: as when a client hangs up.
        assert!(futures_util::FutureExt::now_or_never(commit).is_none());
    }
    db.commit(add(41, "last")).await.unwrap();
    assert_eq!(*order.lock().unwrap(), (1..=40).collect::<Vec<_>>());
    assert_eq!(bodies(&db).await.len(), 41);

    let seen = Arc::clone(&order);
    let missed = db.commit_then(add(1, "again"), move |_| seen.lock().unwrap().push(0)).await;
    assert!(missed.is_err() && !order.lock().unwrap().contains(&0), "nothing follows what was not committed");
}

async fn a_panic_in_what_follows_a_commit_harms_nobody(db: Db) {
    prepared(&db).await;
    db.commit_then(add(1, "one"), |_| panic!("on purpose")).await.unwrap();
    db.commit(add(2, "two")).await.unwrap();
    assert_eq!(bodies(&db).await, ["one", "two"]);
}

async fn closing_commits_what_waits_and_refuses_the_rest(db: Db) {
    prepared(&db).await;
    let waiting: Vec<_> = (1..=20)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move { db.commit(add(id, &id.to_string())).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    db.close().await;
    for outcome in waiting {
        assert!(matches!(outcome.await.unwrap(), Ok(_) | Err(CommitError::Unavailable(_))));
    }
    assert!(matches!(db.commit(add(99, "late")).await, Err(CommitError::Unavailable(_))));
    assert!(matches!(db.all(ALL_BODIES.with(())).await, Err(Error::Unavailable(_))));
    assert!(matches!(db.begin().await, Err(CommitError::Unavailable(_))));
}

async fn a_full_queue_refuses_at_once(db: Db) {
    prepared(&db).await;
    let tx = db.begin().await.unwrap();
    tx.execute(ADD.with((1, "one"))).await.unwrap();
    let commits: Vec<_> = (2..Options::default().queue as i64 + 200)
        .map(|id| {
            let db = db.clone();
            let mut batch = add(id, &id.to_string());
            // The same row as the transaction's, so that on PostgreSQL too everyone waits.
            batch.push(HIDE.with((1,)));
            tokio::spawn(async move {
                let started = Instant::now();
                (db.commit(batch).await, started.elapsed())
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(tx);
    let mut refused = 0;
    for commit in commits {
        if let (Err(error), took) = commit.await.unwrap() {
            assert_eq!(error, CommitError::Unavailable("too many writes wait".to_owned()));
            assert!(took < Duration::from_millis(250), "it was refused after {took:?}");
            refused += 1;
        }
    }
    assert!(refused > 0);
}

/// The statements of this file, but for those that are wrong on purpose.
fn right() -> impl Iterator<Item = &'static SqlInfo> {
    let wrong = ["WRONG", "BODY_AS_NUMBER", "NUMBER_AS_BODY"];
    STATEMENTS
        .iter()
        .copied()
        .filter(move |info| info.module == module_path!() && !wrong.contains(&info.name))
}

async fn every_statement_prepares(db: Db) {
    prepared(&db).await;
    let checked = check::prepare(&db, right()).await.unwrap();
    assert!(checked.statements == 12 && checked.dialect == 0, "{checked:?}");
}

async fn a_statement_that_believes_wrong_types_is_found(db: Db) {
    prepared(&db).await;
    let wrong = check::prepare_all(&db).await.unwrap_err();
    let found = |name: &str| wrong.iter().any(|line| line.contains(&format!("conformance::{name} on ")));
    assert!(found("WRONG"), "{wrong:?}");
    // SQLite has no types to compare.
    assert_eq!(found("BODY_AS_NUMBER") && found("NUMBER_AS_BODY"), db.engine() == Engine::Postgres);
}
