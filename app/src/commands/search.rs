//! `folkmoot search`: how the index of words is, whether it is right, and making it again.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use clap::Subcommand;
use serde_json::json;

use super::{Context, Output, opened};
use crate::search::tend::{self, Status, Wrong};
use crate::server::searching::sources;

/// How often a long rebuild says how far it is.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Say how many entries there are, and how far indexing is.
    Status {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Make the whole index again, while the community is served.
    Rebuild {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Compare the index with what it is made from. The exit code is 0 when all is right.
    Check {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(action: &Action, context: &Context, output: &mut Output) -> ExitCode {
    let done = match action {
        Action::Status { json } => status(*json, context, output),
        Action::Rebuild { json } => rebuild(*json, context, output),
        Action::Check { json } => check(*json, context, output),
    };
    done.unwrap_or_else(|error| super::failed(&error, output))
}

fn status(json: bool, context: &Context, output: &mut Output) -> anyhow::Result<ExitCode> {
    let status = opened::with_app(context, async |app| Ok(tend::status(&app).await?))?;
    if json {
        output.json(&json!(status));
    } else {
        output.say(in_words(&status));
    }
    Ok(ExitCode::SUCCESS)
}

fn rebuild(json: bool, context: &Context, output: &mut Output) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let said = Mutex::new((output, Instant::now()));
    let status = opened::with_app(context, async |app| {
        app.keep_part(sources())?;
        tend::rebuild(&app, |now| {
            if let Ok(mut said) = said.lock()
                && !json
                && said.1.elapsed() >= TELL_EVERY
            {
                said.1 = Instant::now();
                said.0.remark(format_args!("{} of {}", now.done, now.total));
            }
        })
        .await?;
        Ok(tend::status(&app).await?)
    })?;
    let (output, _) = said.into_inner().map_err(|_| anyhow::anyhow!("the progress could not be told"))?;
    if json {
        output.json(&json!({ "seconds": started.elapsed().as_secs_f64(), "status": status }));
    } else {
        output.say(format_args!(
            "{}\nMade again in {:.1} s.",
            in_words(&status),
            started.elapsed().as_secs_f64()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn check(json: bool, context: &Context, output: &mut Output) -> anyhow::Result<ExitCode> {
    let wrong = opened::with_app(context, async |app| {
        app.keep_part(sources())?;
        Ok(tend::check(&app).await?)
    })?;
    if json {
        output.json(&json!(wrong));
    } else {
        output.say(verdict(&wrong));
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(status: &Status) -> String {
    let mut kinds: Vec<_> = status.entries.iter().collect();
    kinds.sort_unstable();
    let mut lines: Vec<String> =
        kinds.into_iter().map(|(kind, count)| format!("{:10} {count:>10}", kind.to_string())).collect();
    lines.push(format!("{:10} {:>10}", "words", status.words));
    if let Some(indexing) = status.indexing {
        lines.push(format!("Looked through so far: {} of {}.", indexing.done, indexing.total));
    }
    if status.lag_ms > 0 {
        lines.push(format!("The oldest change that waits is {} ms old.", status.lag_ms));
    }
    lines.join("\n")
}

fn verdict(wrong: &Wrong) -> String {
    if wrong.is_empty() {
        return String::from("The index says what the rows say.");
    }
    let Wrong { missing, different, left_over } = wrong;
    format!(
        "Without an entry: {}. With another text: {}. Left over: {}.\n`folkmoot search rebuild` sets it right.",
        missing.len(),
        different.len(),
        left_over.len()
    )
}
