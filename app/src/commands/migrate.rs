//! `folkmoot migrate`: the schema, step by step. A server brings it up to date by itself when it starts.

use std::process::ExitCode;

use clap::Subcommand;
use folkmoot_store::Db;
use folkmoot_store::migrate::{Direction, Migrations, State};
use serde_json::json;

use super::{Context, Output};
use crate::server::database;

/// What to do with the schema.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Say which steps the database has.
    Status {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Print the SQL that `up` would run, and run nothing.
    Plan {
        /// The last step to make.
        #[arg(long, value_name = "NUMBER")]
        to: Option<u32>,
    },
    /// Make the steps that are missing.
    Up {
        /// The last step to make.
        #[arg(long, value_name = "NUMBER")]
        to: Option<u32>,
    },
    /// Take steps back, with what they hold. docs/migrations.md says what to do before.
    Down {
        /// The last step to keep; 0 keeps nothing.
        #[arg(long, value_name = "NUMBER")]
        to: u32,
    },
}

pub(super) fn run(action: &Action, context: &Context, output: &mut Output) -> ExitCode {
    let done = super::runtime().and_then(|runtime| {
        runtime.block_on(async {
            let config = context.load()?.config;
            let db = database::open(&config, false).await?;
            let done = act(action, &db, &database::migrations()?, output).await;
            db.close().await;
            done
        })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::failed(&error, output),
    }
}

async fn act(action: &Action, db: &Db, migrations: &Migrations, output: &mut Output) -> anyhow::Result<()> {
    let schema = db.migrations(migrations);
    match action {
        Action::Status { json: true } => {
            let steps: Vec<_> = schema.status().await?.iter().map(as_json).collect();
            output.json(&json!(steps));
        }
        Action::Status { json: false } => {
            for step in schema.status().await? {
                output.say(format_args!("{:<10} {}", word(&step), step.name));
            }
        }
        Action::Plan { to } => {
            for step in schema.plan(*to).await? {
                let way = if step.direction == Direction::Up { "up" } else { "down" };
                output.say(format_args!("-- {} ({way})\n{}", step.name, step.sql.trim_end()));
            }
        }
        Action::Up { to } => told("made", &schema.up(*to).await?, output),
        Action::Down { to } => told("taken back", &schema.down(*to).await?, output),
    }
    Ok(())
}

fn word(step: &State) -> &'static str {
    match (step.applied, step.known) {
        (true, true) => "applied",
        (true, false) => "unknown",
        (false, _) => "missing",
    }
}

fn as_json(step: &State) -> serde_json::Value {
    json!({ "number": step.number, "name": step.name, "applied": step.applied, "known": step.known })
}

fn told(what: &str, steps: &[u32], output: &mut Output) {
    if steps.is_empty() {
        return output.say("There was nothing to do.");
    }
    for step in steps {
        output.say(format_args!("{step} {what}"));
    }
}
