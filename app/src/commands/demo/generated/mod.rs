//! A community of any size, to measure with: everything by Zipf's law, in several scripts, over ten years, the same for the
//! same seed. It is written like one that moves in, a thread a commit, but several at once and counted at the end: what is
//! killed before that has no counts, and `folkmoot doctor` says so. Nobody is notified.

mod dice;
mod people;
mod prose;
mod talks;
mod threads;
mod vocabulary;

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::JoinSet;

use self::people::{Life, People};
use self::prose::{Prose, capital};
use self::threads::Making;
use super::super::bulk::{Board, Tally, Thread, bar};
use super::super::{Context, Output, failed, opened};
use super::FOR_SCRIPTS;
use crate::accounts::{self, UserId};
use crate::core::App;

/// How long there has been something to read.
const YEARS: i64 = 10;
const YEAR: i64 = 365 * 24 * 60 * 60 * 1000;
/// Boards that everyone reads; one for members and one for staff stand behind them.
const PUBLIC_BOARDS: usize = 12;
/// How much waits for the database, and how much is on its way to it at once: commits that wait together are made together.
const READY: usize = 16;
const AT_ONCE: usize = 32;

pub(super) fn run(
    posts: usize,
    seed: u64,
    password: Option<&str>,
    context: &Context,
    output: &mut Output,
) -> ExitCode {
    let done = opened::with_app(context, async |app| make(&app, posts, seed, password).await);
    match done {
        Ok(()) => output.say(format_args!("A community with {posts} posts lives here now.")),
        Err(error) => return failed(&error, output),
    }
    ExitCode::SUCCESS
}

async fn make(app: &App, posts: usize, seed: u64, password: Option<&str>) -> Result<()> {
    if !super::is_empty(&app.db).await? {
        bail!(
            "There are people here already: nothing was changed. A generated community needs a database of its own."
        );
    }
    let life = Life { from: app.now() - YEARS * YEAR, to: app.now() };
    let prose = tokio::task::spawn_blocking(move || Prose::new(seed)).await?;
    let people = People::arrive(app, &prose, seed, posts, life).await?;
    super::for_scripts(app, password).await?;
    let known = known(app).await?;
    let boards = boards(app, &prose, seed, life).await?;
    let base_urls = [app.config.server.base_url().to_string()];
    let making = Arc::new(Making { app: app.clone(), prose, people, boards, life, seed, posts, base_urls });
    let progress = bar(false, Some(posts as u64), "writing", "posts");
    let mut tally = Tally::default();
    write_all(
        {
            let making = Arc::clone(&making);
            move |sender| making.threads(|thread| sender.blocking_send(thread).is_ok())
        },
        |thread: Thread| {
            tally.add(&thread);
            let (app, progress, posts) = (app.clone(), progress.clone(), thread.posts.len());
            async move {
                thread.write_uncounted(&app).await?;
                progress.inc(posts as u64);
                Ok(())
            }
        },
    )
    .await?;
    tally.write(app).await?;
    progress.finish_and_clear();
    write_all(
        move |sender| making.conversations(&known, |talk| sender.blocking_send(talk).is_ok()),
        |talk| {
            let app = app.clone();
            async move { Ok(app.db.commit(talk.into_batch()).await.map(drop)?) }
        },
    )
    .await
}

/// Makes things on a thread of its own and writes several at once; ends with the first error.
async fn write_all<T: Send + 'static, W: Future<Output = Result<()>> + Send + 'static>(
    make: impl FnOnce(Sender<T>) -> crate::core::Result<()> + Send + 'static,
    mut write: impl FnMut(T) -> W,
) -> Result<()> {
    let (sender, mut made) = mpsc::channel(READY);
    let making = tokio::task::spawn_blocking(move || make(sender));
    let mut writing = JoinSet::new();
    while let Some(one) = made.recv().await {
        if writing.len() >= AT_ONCE {
            writing.join_next().await.transpose()?.transpose()?;
        }
        writing.spawn(write(one));
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    Ok(making.await??)
}

/// The members for scripts, who have somebody to talk with.
async fn known(app: &App) -> Result<Vec<UserId>> {
    let found = accounts::people::by_nicknames(&app.db, &FOR_SCRIPTS.map(str::to_owned)).await?;
    Ok(FOR_SCRIPTS.iter().filter_map(|name| found.get(*name)).map(|person| person.id).collect())
}

async fn boards(app: &App, prose: &Prose, seed: u64, life: Life) -> Result<Vec<i64>> {
    let mut dice = dice::Dice::new(seed, "boards");
    let mut boards = Vec::new();
    for number in 0..PUBLIC_BOARDS + 2 {
        let word = prose.plain_word(&mut dice);
        let (read, write) = match number.checked_sub(PUBLIC_BOARDS) {
            None => ("everyone", "members"),
            Some(0) => ("members", "members"),
            Some(_) => ("staff", "staff"),
        };
        let id = app.new_id()?;
        let board = Board {
            id,
            slug: format!("{word}-{}", number + 1),
            title: capital(word),
            description: format!("{} {}.", capital(prose.plain_word(&mut dice)), prose.plain_word(&mut dice)),
            position: i64::try_from(number)? + 1,
            read,
            write,
            created_at: life.from,
            source: None,
        };
        board.write(app).await?;
        boards.push(id);
    }
    Ok(boards)
}
