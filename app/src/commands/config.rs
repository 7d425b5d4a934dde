//! `folkmoot config`: what is in force, whether it is good, and what one could write.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use super::{Context, Output};
use crate::config;

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Print the settings in force and where each came from; secrets are hidden.
    Print {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Say everything that is wrong with the settings, all at once.
    Check,
    /// Print an example with every setting.
    Example {
        /// Which document.
        #[arg(long, value_enum, default_value_t = Document::Toml)]
        format: Document,
    },
}

/// The documents that are generated from the declarations.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Document {
    /// A settings file.
    Toml,
    /// Environment variables.
    Env,
    /// The page of the handbook.
    Markdown,
}

pub(super) fn run(action: &Action, context: &Context, output: &mut Output) -> ExitCode {
    match action {
        Action::Print { json } => match context.load() {
            Ok(loaded) if *json => output.json(&config::printed_json(&loaded)),
            Ok(loaded) => output.write(&config::printed(&loaded)),
            Err(error) => return super::failed(&error, output),
        },
        Action::Check => match context.load() {
            Ok(_) => output.say("The settings are good."),
            Err(error) => return super::failed(&error, output),
        },
        Action::Example { format } => output.write(&match format {
            Document::Toml => config::file_example(),
            Document::Env => config::env_example(),
            Document::Markdown => config::page(),
        }),
    }
    ExitCode::SUCCESS
}
