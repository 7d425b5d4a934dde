//! `folkmoot import discourse`: a community moves in from the topics that Discourse tells as JSON.
//!
//! Everything is read twice: once to see what is there and who wrote it, once to write it. Each topic is one batch
//! keyed by its number there, so a second run changes nothing and a run that was killed goes on.

mod archive;
mod body;
mod categories;
mod names;
mod places;
mod plan;
mod queries;
mod report;
mod topic;
mod write;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::mpsc;

use self::archive::Archive;
use self::categories::Categories;
use self::places::Places;
use self::plan::Plan;
use self::report::{Counts, Report};
use self::topic::Topic;
use self::write::{Outcome, Ready};
use crate::commands::bulk::{bar, count};
use crate::core::App;

/// What to import, and how.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::commands) struct Options {
    /// A folder, .tar, .tar.gz, .tar.xz or .zip of topic files, each what Discourse answers for /t/ID.json with the
    /// whole post stream
    pub(in crate::commands) path: PathBuf,
    /// Names of categories: Discourse's /categories.json or /site.json, or simply {"10": "Support"}
    #[arg(long, value_name = "FILE")]
    pub(in crate::commands) categories: Option<PathBuf>,
    /// Read and report everything, write nothing
    #[arg(long)]
    pub(in crate::commands) dry_run: bool,
}

/// How many rendered topics wait for the database: enough that neither side rests, few enough for little memory.
const READY_TOPICS: usize = 8;

/// Imports an archive, with a progress bar where somebody looks.
///
/// # Errors
/// When the archive cannot be read or the database cannot be written; what was written stays, and the next run goes on.
pub(in crate::commands) async fn import(app: &App, options: &Options, quiet: bool) -> Result<Report> {
    let archive = Archive::open(&options.path)?;
    let categories = options.categories.as_deref().map(Categories::read).transpose()?.unwrap_or_default();
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    let bar = bar(quiet, None, "reading", "files");
    let now = app.now();
    let (archive, plan, mut report) = tokio::task::spawn_blocking({
        let bar = bar.clone();
        move || -> Result<(Archive, Plan, Report)> {
            let plan = plan::plan(&archive, categories, now, &mut report, || bar.inc(1))?;
            Ok((archive, plan, report))
        }
    })
    .await??;
    bar.finish_and_clear();
    if options.dry_run {
        return Ok(report);
    }
    let places = places::settle(app, &plan, &mut report).await?;
    let (plan, places) = (Arc::new(plan), Arc::new(places));
    topics(app, archive, &plan, &places, &mut report, quiet).await?;
    report.here = here(app, &plan, &places).await?;
    Ok(report)
}

async fn topics(
    app: &App,
    archive: Archive,
    plan: &Arc<Plan>,
    places: &Arc<Places>,
    report: &mut Report,
    quiet: bool,
) -> Result<()> {
    let mut here = BTreeSet::new();
    for (source, posts, likes) in planned_here(app, plan).await? {
        report.already_here.topics += 1;
        report.already_here.posts += posts;
        report.already_here.likes += likes;
        here.insert(source);
    }
    let bar = bar(quiet, Some(plan.topics.len() as u64), "writing", "topics");
    let (sender, mut receiver) = mpsc::channel(READY_TOPICS);
    let now = app.now();
    let reader = tokio::task::spawn_blocking({
        let (plan, places) = (plan.clone(), places.clone());
        move || read_again(&archive, &plan, &places, &here, now, &sender)
    });
    while let Some(next) = receiver.recv().await {
        bar.inc(1);
        let Some(ready) = next else { continue };
        match write::write(app, ready, places).await? {
            Outcome::Written { posts, likes } => {
                report.written.topics += 1;
                report.written.posts += posts;
                report.written.likes += likes;
            }
            // Another import wrote it while this one was on its way.
            Outcome::AlreadyHere => report.already_here.topics += 1,
        }
    }
    reader.await??;
    bar.finish_and_clear();
    Ok(())
}

/// Reads the archive once more and sends each planned topic rendered, or `None` for one that is here already.
fn read_again(
    archive: &Archive,
    plan: &Plan,
    places: &Places,
    here: &BTreeSet<String>,
    now: i64,
    sender: &mpsc::Sender<Option<Ready>>,
) -> Result<()> {
    let files: std::collections::BTreeMap<u64, i64> =
        plan.topics.iter().map(|(topic, chosen)| (chosen.file, *topic)).collect();
    let mut number = 0;
    archive.each(|entry| {
        let topic = files.get(&number);
        number += 1;
        let Some(topic) = topic else { return Ok(()) };
        let ready = if here.contains(&write::source(*topic)) {
            None
        } else {
            let bytes = entry.bytes.map_err(anyhow::Error::msg)?;
            let read = Topic::read(&bytes, now).map_err(anyhow::Error::msg);
            Some(write::prepare(read.context("the archive changed while it was read")?, plan, places))
        };
        sender.blocking_send(ready).context("the import has ended")
    })
}

/// What of the plan the database holds now: counted there, not added up from what was sent.
async fn here(app: &App, plan: &Plan, places: &Places) -> Result<Counts> {
    let people: BTreeSet<i64> =
        app.db.all(queries::PEOPLE.with(())).await?.into_iter().map(|row| row.id).collect();
    let boards: BTreeSet<i64> =
        app.db.all(queries::BOARDS.with(())).await?.into_iter().map(|row| row.id).collect();
    let mut counts = Counts {
        boards: count(places.boards.values().filter(|id| boards.contains(id)).count()),
        people: count(
            plan.people
                .keys()
                .filter_map(|key| places.people.get(key))
                .filter(|a| people.contains(&a.id))
                .count(),
        ),
        ..Counts::default()
    };
    for (_, posts, likes) in planned_here(app, plan).await? {
        counts.topics += 1;
        counts.posts += posts;
        counts.likes += likes;
    }
    Ok(counts)
}

/// The topics of the plan that the database holds, each with its imported posts and their likes.
async fn planned_here(app: &App, plan: &Plan) -> Result<Vec<(String, i64, i64)>> {
    let planned: BTreeSet<String> = plan.topics.keys().map(|topic| write::source(*topic)).collect();
    let mut topics = app.db.all(queries::TOPICS.with(())).await?;
    topics.retain(|(source, ..)| planned.contains(source));
    Ok(topics)
}
