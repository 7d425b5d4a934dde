//! Schemas go up, down and up again, however many start at once.

use folkmoot_store::{
    Batch, CommitError, Constraint, Db, Options,
    migrate::{Direction, MigrateError, Migration, Migrations},
    sql,
};

crate::both::engines! {
    up_down_and_up_again_gives_the_same_schema,
    starters_at_once_make_each_step_once,
    a_failed_step_leaves_nothing_behind,
    an_edited_file_is_refused,
    an_older_release_starts_exactly_when_the_newer_schema_allows_it,
    statements_go_on_over_a_migration,
}

const FIRST: Migration = Migration {
    name: "000001_people",
    up: "CREATE TABLE people (id ID, name TEXT NOT NULL UNIQUE, picture BYTES);
         CREATE TABLE posts (id ID, author BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE);",
    down: "DROP TABLE posts; DROP TABLE people;",
};
const SECOND: Migration = Migration {
    name: "000002_age",
    up: "-- works with: 1\nALTER TABLE people ADD COLUMN age BIGINT;",
    down: "ALTER TABLE people DROP COLUMN age;",
};
const THIRD: Migration = Migration {
    name: "000003_names_anew",
    up: "-- only: sqlite
         CREATE TABLE rebuilt (id ID, name TEXT NOT NULL, age BIGINT);
         INSERT INTO rebuilt SELECT id, name, age FROM people;
         DROP TABLE people;
         ALTER TABLE rebuilt RENAME TO people;

         ALTER TABLE people DROP COLUMN picture; -- only: postgres
         ALTER TABLE people DROP CONSTRAINT people_name_key; -- only: postgres
         ",
    down: "-- only: sqlite
           CREATE TABLE rebuilt (id ID, name TEXT NOT NULL UNIQUE, picture BYTES, age BIGINT);
           INSERT INTO rebuilt SELECT id, name, NULL, age FROM people;
           DROP TABLE people;
           ALTER TABLE rebuilt RENAME TO people;

           ALTER TABLE people ADD COLUMN picture BYTES; -- only: postgres
           ALTER TABLE people ADD CONSTRAINT people_name_key UNIQUE (name); -- only: postgres
           ",
};

sql! {
    static SCHEMA: () -> String = dialect! {
        sqlite: "SELECT m.name || '.' || c.name || ' ' || c.type FROM sqlite_schema m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' ORDER BY 1",
        postgres: "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
                   WHERE table_schema = 'public' ORDER BY 1",
    };
    static ADD_PERSON: (i64, String) = "INSERT INTO people (id, name) VALUES ($1, $2)";
    static ADD_POST: (i64, i64) = "INSERT INTO posts (id, author) VALUES ($1, $2)";
    static AUTHORS: () -> (i64, String) = "SELECT p.id, a.name FROM posts p JOIN people a ON a.id = p.author";
    static NAMES: () -> String = "SELECT name FROM people ORDER BY name";
}

fn files(files: &[Migration]) -> Migrations {
    Migrations::embedded(files).unwrap()
}

async fn ann_writes(db: &Db) -> Result<(), CommitError> {
    let mut batch = Batch::new();
    batch.push(ADD_PERSON.with((1, "ann")));
    batch.push(ADD_POST.with((10, 1)));
    db.commit(batch).await.map(drop)
}

async fn up_down_and_up_again_gives_the_same_schema(db: Db) {
    let all = files(&[FIRST, SECOND, THIRD]);
    let migrator = db.migrations(&all);
    let plan = migrator.plan(None).await.unwrap();
    assert_eq!(
        plan.iter().map(|step| (step.number, step.direction)).collect::<Vec<_>>(),
        [(1, Direction::Up), (2, Direction::Up), (3, Direction::Up)]
    );
    assert!(matches!(migrator.check().await, Err(MigrateError::Invalid(_))));
    assert_eq!(migrator.up(Some(2)).await.unwrap(), [1, 2]);
    let at_two = db.all(SCHEMA.with(())).await.unwrap();
    ann_writes(&db).await.unwrap();

    assert_eq!(migrator.up(None).await.unwrap(), [3]);
    assert_eq!(migrator.up(None).await.unwrap(), [0; 0]);
    migrator.check().await.unwrap();
    assert_eq!(
        db.all(AUTHORS.with(())).await.unwrap(),
        [(10, "ann".to_owned())],
        "the rebuild kept the children"
    );
    assert_ne!(db.all(SCHEMA.with(())).await.unwrap(), at_two);

    assert_eq!(migrator.down(2).await.unwrap(), [3]);
    let columns = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert_eq!(columns(db.all(SCHEMA.with(())).await.unwrap()), columns(at_two));
    assert_eq!(db.all(AUTHORS.with(())).await.unwrap(), [(10, "ann".to_owned())]);
    assert!(matches!(ann_writes(&db).await, Err(CommitError::Constraint { kind: Constraint::Unique, .. })));
    assert_eq!(migrator.down(0).await.unwrap(), [2, 1]);
    assert!(migrator.status().await.unwrap().iter().all(|state| state.known && !state.applied));
    assert_eq!(migrator.up(None).await.unwrap(), [1, 2, 3]);
    assert!(migrator.status().await.unwrap().iter().all(|state| state.applied));
}

async fn starters_at_once_make_each_step_once(db: Db) {
    let all = files(&[FIRST, SECOND, THIRD]);
    let starters: Vec<_> = (0..6)
        .map(|_| {
            let (db, all) = (db.clone(), all.clone());
            tokio::spawn(async move { db.migrations(&all).up(None).await })
        })
        .collect();
    let mut made = Vec::new();
    for starter in starters {
        made.extend(starter.await.unwrap().unwrap());
    }
    made.sort_unstable();
    assert_eq!(made, [1, 2, 3]);
    ann_writes(&db).await.unwrap();
}

async fn a_failed_step_leaves_nothing_behind(db: Db) {
    let broken = Migration { up: "CREATE TABLE half (id ID); INSERT INTO nowhere VALUES (1);", ..SECOND };
    let all = files(&[FIRST, broken]);
    let failed = db.migrations(&all).up(None).await;
    assert!(matches!(failed, Err(MigrateError::Failed { number: 2, .. })), "{failed:?}");
    assert!(!db.all(SCHEMA.with(())).await.unwrap().iter().any(|column| column.contains("half")));
    assert_eq!(db.migrations(&files(&[FIRST, SECOND])).up(None).await.unwrap(), [2], "the first was kept");

    let orphans = Migration {
        up: "DELETE FROM people; -- only: sqlite\nDELETE FROM nowhere; -- only: postgres",
        ..THIRD
    };
    ann_writes(&db).await.unwrap();
    assert!(db.migrations(&files(&[FIRST, SECOND, orphans])).up(None).await.is_err());
    assert_eq!(db.all(NAMES.with(())).await.unwrap(), ["ann"]);
}

async fn an_edited_file_is_refused(db: Db) {
    db.migrations(&files(&[FIRST])).up(None).await.unwrap();
    let edited = Migration { up: "CREATE TABLE people (id ID);", ..FIRST };
    assert_eq!(db.migrations(&files(&[edited, SECOND])).up(None).await, Err(MigrateError::Edited(1)));
}

async fn an_older_release_starts_exactly_when_the_newer_schema_allows_it(db: Db) {
    let (first, both, all) = (files(&[FIRST]), files(&[FIRST, SECOND]), files(&[FIRST, SECOND, THIRD]));
    db.migrations(&both).up(None).await.unwrap();
    db.migrations(&first).check().await.unwrap();
    assert_eq!(db.migrations(&first).up(None).await.unwrap(), [0; 0]);
    ann_writes(&db).await.unwrap();
    assert!(db.migrations(&first).status().await.unwrap()[1].applied);

    db.migrations(&all).up(None).await.unwrap();
    let refused = Err(MigrateError::TooNew { at: 3, works_with: 3 });
    assert_eq!(db.migrations(&first).check().await, refused);
    assert_eq!(db.migrations(&both).check().await, refused);
    assert_eq!(db.migrations(&both).down(0).await, Err(MigrateError::Unknown(3)));
}

async fn statements_go_on_over_a_migration(db: Db) {
    let all = files(&[FIRST, SECOND, THIRD]);
    db.migrations(&all).up(Some(1)).await.unwrap();
    ann_writes(&db).await.unwrap();
    assert_eq!(db.all(NAMES.with(())).await.unwrap(), ["ann"]);
    db.migrations(&all).up(None).await.unwrap();
    let mut batch = Batch::new();
    batch.push(ADD_PERSON.with((2, "bob")));
    db.commit(batch).await.unwrap();
    assert_eq!(db.all(NAMES.with(())).await.unwrap(), ["ann", "bob"]);
}

#[test]
fn numbers_without_a_gap_and_known_engines_are_asked_for() {
    assert!(matches!(Migrations::embedded(&[SECOND]), Err(MigrateError::Invalid(_))));
    let unknown = Migration { down: "DROP TABLE x; -- only: mysql", ..FIRST };
    assert!(matches!(Migrations::embedded(&[unknown]), Err(MigrateError::Invalid(_))));
}
