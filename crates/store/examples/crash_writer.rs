//! A process to be killed: writes posts from some tasks without rest and says which were acknowledged.
//!
//! `crash_writer URL TASKS FIRST [POSTS A TASK]`. Each line of its output is one `write` of
//! `ack TASK NUMBER` after the acknowledgement, or `no TASK NUMBER CAUSE`. Numbers count from FIRST.

use std::{error::Error, io::Write, time::Duration};

use folkmoot_store::{
    Batch, CommitError, Db, Options,
    migrate::{Migration, Migrations},
    sql,
};

/// Nothing here is unique but the ids, so that a post written twice would be seen.
const SCHEMA: Migration = Migration {
    name: "1_crash",
    up: "CREATE TABLE streams (id ID, head BIGINT NOT NULL);
         INSERT INTO streams (id, head) VALUES (1, 0);
         CREATE TABLE events (stream BIGINT NOT NULL, seq BIGINT NOT NULL, task BIGINT NOT NULL, number BIGINT NOT NULL,
             PRIMARY KEY (stream, seq));
         CREATE TABLE posts (task BIGINT NOT NULL, number BIGINT NOT NULL, body TEXT NOT NULL);",
    down: "DROP TABLE posts; DROP TABLE events; DROP TABLE streams;",
};

sql! {
    static ADVANCE: () = "UPDATE streams SET head = head + 1 WHERE id = 1";
    static POST: (i64, i64, String) = "INSERT INTO posts (task, number, body) VALUES ($1, $2, $3)";
    static EVENT: (i64, i64) = "INSERT INTO events (stream, seq, task, number)
        SELECT id, head, CAST($1 AS BIGINT), CAST($2 AS BIGINT) FROM streams WHERE id = 1";
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("which database?")?;
    let tasks: i64 = args.next().ok_or("how many tasks?")?.parse()?;
    let first: i64 = args.next().ok_or("from which number on?")?.parse()?;
    let posts: i64 = args.next().map_or(Ok(i64::MAX), |arg| arg.parse())?;
    let db = Db::open(&url, Options { exclusive: true, ..Options::default() }).await?;
    db.migrations(&Migrations::embedded(&[SCHEMA])?).up(None).await?;
    let writers: Vec<_> =
        (0..tasks).map(|task| tokio::spawn(write(db.clone(), task, first, posts))).collect();
    for writer in writers {
        writer.await?.map_err(|error| error.to_string())?;
    }
    db.close().await;
    Ok(())
}

async fn write(db: Db, task: i64, first: i64, posts: i64) -> std::io::Result<()> {
    for number in first..first.saturating_add(posts) {
        let mut batch = Batch::new();
        batch.lock("stream");
        batch.push(ADVANCE.with(()).expect_rows(1).or("gone"));
        batch.push(POST.with((task, number, "word ".repeat(60))));
        batch.push(EVENT.with((task, number)).expect_rows(1).or("gone"));
        let line = match db.commit(batch).await {
            Ok(_) => format!("ack {task} {number}\n"),
            Err(CommitError::Unavailable(cause)) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
                format!("no {task} {number} unavailable {cause}\n")
            }
            Err(error) => format!("no {task} {number} {error}\n"),
        };
        std::io::stdout().lock().write_all(line.as_bytes())?;
    }
    Ok(())
}
