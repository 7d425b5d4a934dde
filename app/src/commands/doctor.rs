//! `folkmoot doctor`: whether what is derived agrees with what it is derived from.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Context, Output, opened};
use crate::threads::counts::{self, WrongCounts};

/// What to do about what is wrong.
#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// Set right what can be made again from the rest.
    #[arg(long)]
    repair: bool,
    /// For programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(doctor: &Doctor, context: &Context, output: &mut Output) -> ExitCode {
    let done = opened::with_app(context, async |app| {
        let found = counts::check(&app).await?;
        if doctor.repair && !found.is_empty() {
            counts::repair(&app, &found).await?;
        }
        let left = if doctor.repair { counts::check(&app).await? } else { found.clone() };
        Ok((found, left))
    });
    let (found, left) = match done {
        Ok(done) => done,
        Err(error) => return super::failed(&error, output),
    };
    if doctor.json {
        output.json(&json!({ "counts": found, "repaired": doctor.repair && left.is_empty() }));
    } else {
        output.say(in_words(&found, doctor.repair && left.is_empty()));
    }
    if left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_words(found: &WrongCounts, repaired: bool) -> String {
    if found.is_empty() {
        return String::from("Every count of threads, boards and people is what a recount gives.");
    }
    let WrongCounts { boards, people, threads } = found;
    let what = format!(
        "Counts that are not what a recount gives: of {} threads, {} boards, {} people.",
        threads.len(),
        boards.len(),
        people.len()
    );
    let end = if repaired { "They are set right." } else { "`folkmoot doctor --repair` sets them right." };
    format!("{what}\n{end}")
}
