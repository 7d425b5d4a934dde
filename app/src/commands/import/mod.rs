//! `folkmoot import`: communities that move in from elsewhere.

mod discourse;

use std::process::ExitCode;

use clap::Subcommand;

use super::{Context, Output, opened};

/// Where a community comes from.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// From the topics that Discourse tells as JSON. A second run changes nothing; one that was killed goes on.
    Discourse {
        #[command(flatten)]
        options: discourse::Options,
        /// Print the whole report for programs.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(action: &Action, context: &Context, output: &mut Output) -> ExitCode {
    let Action::Discourse { options, json } = action;
    let done = opened::with_app(context, async |app| {
        let report = discourse::import(&app, options, *json).await?;
        let json = serde_json::to_value(&report)?;
        Ok((report, json))
    });
    let (report, value) = match done {
        Ok(done) => done,
        Err(error) => return super::failed(&error, output),
    };
    if *json {
        output.json(&value);
    } else {
        output.say(report.text().trim_end());
    }
    if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
