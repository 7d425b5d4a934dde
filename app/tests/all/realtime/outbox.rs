//! What follows from events: once, whoever does it, however often it fails.

use folkmoot::core::events::{Event, Write};
use folkmoot::core::outbox::{Entry, Follows, Outbox, Reactions};
use folkmoot::core::streams::Stream;
use folkmoot::core::{App, Error, Result};
use folkmoot_store::sql;

use crate::rig::*;

sql! {
    /// What a reaction of these tests writes: a second time it would break the key.
    static NOTE: (String, String) = "INSERT INTO meta (key, value) VALUES ($1, $2)";
    /// What they wrote.
    static NOTES: () -> String = "SELECT key FROM meta WHERE key >= 'note ' AND key < 'note!' ORDER BY key";
    /// What is left to be done.
    static LEFT: () -> i64 = "SELECT count(*) FROM outbox";
}

fn note(app: &App, name: &str) -> Write {
    let mut write = Write::new(None, app.now());
    write.push(NOTE.with((format!("note {name}"), String::new())));
    write
}

async fn notes_it(app: &App, entry: &Entry) -> Result<Follows> {
    Ok(Follows::Last(note(app, &format!("{} {}", entry.stream, entry.seq))))
}

async fn fails_twice(app: &App, entry: &Entry) -> Result<Follows> {
    if entry.attempts < 3 {
        return Err(Error::internal("not yet"));
    }
    notes_it(app, entry).await
}

async fn takes_three_parts(app: &App, entry: &Entry) -> Result<Follows> {
    let part: usize = entry.progress.as_deref().map_or(0, |progress| progress.parse().unwrap());
    let write = note(app, &format!("part {part}"));
    Ok(if part < 2 {
        Follows::More { write, progress: (part + 1).to_string() }
    } else {
        Follows::Last(write)
    })
}

async fn waits_a_minute(app: &App, entry: &Entry) -> Result<Follows> {
    match entry.progress {
        _ if entry.attempts > 1 => notes_it(app, entry).await,
        _ => Ok(Follows::NotBefore(app.now() + 60_000)),
    }
}

/// Notes how many came together; of spoilt ones nothing follows.
async fn notes_all(app: &App, entries: &[Entry]) -> Result<()> {
    if entries.iter().any(|entry| entry.kind == "spoilt") {
        return Err(Error::internal("spoilt"));
    }
    let mut write = note(app, &format!("{} from {}", entries.len(), entries[0].seq));
    for entry in entries {
        write.push(entry.done());
    }
    app.commit(write).await?;
    Ok(())
}

fn worker(app: &App) -> Outbox {
    let mut reactions = Reactions::default();
    reactions.to_each("noted", |app, entry| Box::pin(notes_it(app, entry)));
    reactions.to_each("failing", |app, entry| Box::pin(fails_twice(app, entry)));
    reactions.to_each("long", |app, entry| Box::pin(takes_three_parts(app, entry)));
    reactions.to_each("later", |app, entry| Box::pin(waits_a_minute(app, entry)));
    reactions.to_many(&["crowded", "spoilt"], |app, entries| Box::pin(notes_all(app, entries)));
    Outbox::new(app.clone(), reactions)
}

async fn happens(app: &App, kind: &'static str) {
    let mut write = Write::new(None, app.now());
    write.record(Event::new(Stream::Site, kind, 1).outbox());
    app.commit(write).await.unwrap();
}

async fn notes(app: &App) -> Vec<String> {
    app.db.all(NOTES.with(())).await.unwrap()
}

async fn left(app: &App) -> i64 {
    app.db.one(LEFT.with(())).await.unwrap()
}

both_databases! {
    async fn of_many_workers_one_does_what_follows(app: TestApp) {
        for _ in 0..60 {
            happens(&app.app, "noted").await;
        }
        let work = |worker: Outbox| tokio::spawn(async move { while worker.work().await.unwrap() > 0 {} });
        let workers: Vec<_> = (0..4).map(|_| work(worker(&app.app))).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!((notes(&app.app).await.len(), left(&app.app).await), (60, 0));
    }

    async fn kinds_that_a_worker_does_not_know_are_left_to_others(app: TestApp) {
        happens(&app.app, "of_tomorrow").await;
        assert_eq!(worker(&app.app).work().await.unwrap(), 0);
        assert_eq!(left(&app.app).await, 1);
    }

    async fn what_fails_is_tried_again_after_a_rest(app: TestApp) {
        happens(&app.app, "failing").await;
        let worker = worker(&app.app);
        for rest in [1, 2] {
            assert_eq!(worker.work().await.unwrap(), 1);
            assert_eq!(worker.work().await.unwrap(), 0, "it rests");
            app.app.clock.forward(std::time::Duration::from_secs(rest));
        }
        assert_eq!(worker.work().await.unwrap(), 1);
        assert_eq!((notes(&app.app).await.len(), left(&app.app).await), (1, 0));
    }

    /// A worker that died in the middle holds its rows only for a while.
    async fn a_claim_runs_out(app: TestApp) {
        happens(&app.app, "later").await;
        let worker = worker(&app.app);
        assert_eq!(worker.work().await.unwrap(), 1);
        app.forward(std::time::Duration::from_secs(59)).await;
        assert_eq!(worker.work().await.unwrap(), 0);
        app.forward(std::time::Duration::from_secs(2)).await;
        assert_eq!(worker.work().await.unwrap(), 1);
        assert_eq!(notes(&app.app).await, ["note site 1"]);
    }

    async fn what_takes_long_is_done_in_parts(app: TestApp) {
        happens(&app.app, "long").await;
        let worker = worker(&app.app);
        for left_over in [1, 1, 0] {
            assert_eq!(worker.work().await.unwrap(), 1);
            assert_eq!(left(&app.app).await, left_over);
        }
        assert_eq!(notes(&app.app).await, ["note part 0", "note part 1", "note part 2"]);
    }

    async fn what_follows_from_many_is_done_together(app: TestApp) {
        for _ in 0..7 {
            happens(&app.app, "crowded").await;
        }
        assert_eq!(worker(&app.app).work().await.unwrap(), 7);
        assert_eq!((notes(&app.app).await, left(&app.app).await), (vec![String::from("note 7 from 1")], 0));
    }

    async fn one_that_cannot_be_done_does_not_hold_up_the_others(app: TestApp) {
        for kind in ["crowded", "spoilt", "crowded"] {
            happens(&app.app, kind).await;
        }
        assert_eq!(worker(&app.app).work().await.unwrap(), 3);
        assert_eq!(notes(&app.app).await, ["note 1 from 1", "note 1 from 3"]);
        assert_eq!(left(&app.app).await, 1);
    }
}
