//! The command line: one verb a file. Exit code 0: done; 1: failed; 2: called or configured wrongly.

mod about;
mod admin;
mod bulk;
mod config;
mod demo;
mod dist;
mod doctor;
mod healthcheck;
mod import;
mod migrate;
mod opened;
mod output;
mod search;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Command, CommandFactory, Parser, Subcommand};

pub use output::Output;

use crate::config::{Config, DEFAULT_FILE, Environment, Loaded, parse_env_file};

/// Called or configured wrongly.
const WRONG: u8 = 2;

/// A community server in one binary: a live forum and private chat.
#[derive(Debug, Parser)]
#[command(name = "folkmoot", version, max_term_width = 100)]
struct CommandLine {
    /// The settings file [default: config.toml, when it is there].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Read environment variables from a file; those of the process win.
    #[arg(long, global = true, value_name = "FILE")]
    env_file: Option<PathBuf>,
    #[command(flatten)]
    serve: serve::Serve,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the community; also without a verb.
    Serve(serve::Serve),
    /// Look at the schema, bring it up to date, or take it back.
    #[command(subcommand)]
    Migrate(migrate::Action),
    /// Fill an empty database with a community of invented people, to look around or to measure.
    Demo(demo::Demo),
    /// Compare what is derived (counts) with what it is derived from. The exit code is 0 when all is right.
    Doctor(doctor::Doctor),
    /// Look at the index of words, check it, or make it again.
    #[command(subcommand)]
    Search(search::Action),
    /// Let a community move in from elsewhere.
    #[command(subcommand)]
    Import(import::Action),
    /// Make and help the people who run the place.
    #[command(subcommand)]
    Admin(admin::Action),
    /// Print, check or explain the settings.
    #[command(subcommand)]
    Config(config::Action),
    /// Write the web client as compressed files, for a web server in front.
    Dist(dist::Dist),
    /// Print the description of the API.
    Openapi,
    /// Ask the running server whether it is alive.
    Healthcheck(healthcheck::Healthcheck),
    /// Print the version.
    Version {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

/// What every command is given: where the settings come from.
pub struct Context {
    environment: Environment,
    file: Option<PathBuf>,
}

impl Context {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// A file that cannot be read, or everything that is wrong with the settings.
    pub fn load(&self) -> anyhow::Result<Loaded> {
        let named = self.file.clone().or_else(|| self.environment.get("CONFIG_FILE").map(PathBuf::from));
        let default = PathBuf::from(DEFAULT_FILE);
        let text = match named {
            Some(path) => Some(read(&path)?),
            None if default.is_file() => Some(read(&default)?),
            None => None,
        };
        Ok(Config::load(&self.environment, text.as_deref())?)
    }
}

fn read(path: &std::path::Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))
}

/// The whole command line, for those who check what documents say of it.
pub fn command_line() -> Command {
    CommandLine::command()
}

/// Runs one command and says how it ended.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: Environment,
    output: &mut Output,
) -> ExitCode {
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(answer) => return explained(&answer, output),
    };
    let environment = match &line.env_file {
        None => environment,
        Some(path) => match read(path).and_then(|text| parse_env_file(&text).map_err(anyhow::Error::msg)) {
            Ok(more) => environment.over(more),
            Err(error) => return failed(&error, output),
        },
    };
    let context = Context { environment, file: line.config };
    match line.verb {
        Some(Verb::Serve(serve)) => serve::run(&serve, &context, output),
        Some(Verb::Migrate(action)) => migrate::run(&action, &context, output),
        Some(Verb::Doctor(verb)) => doctor::run(&verb, &context, output),
        Some(Verb::Demo(verb)) => demo::run(&verb, &context, output),
        Some(Verb::Search(action)) => search::run(&action, &context, output),
        Some(Verb::Import(action)) => import::run(&action, &context, output),
        Some(Verb::Admin(action)) => admin::run(&action, &context, output),
        Some(Verb::Config(action)) => config::run(&action, &context, output),
        Some(Verb::Dist(dist)) => dist::run(&dist, &context, output),
        Some(Verb::Openapi) => about::openapi(&context, output),
        Some(Verb::Healthcheck(ask)) => healthcheck::run(&ask, &context, output),
        Some(Verb::Version { json }) => about::version(json, output),
        None => serve::run(&line.serve, &context, output),
    }
}

/// The threads that asynchronous work runs on.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// What clap has to say: help and version are results, the rest is a wrong call.
fn explained(answer: &clap::Error, output: &mut Output) -> ExitCode {
    let text = answer.render().to_string();
    if answer.use_stderr() {
        output.remark(text.trim_end());
        return ExitCode::from(WRONG);
    }
    output.write(&text);
    ExitCode::SUCCESS
}

/// Says why a command failed, with all causes; wrong settings have an exit code of their own.
fn failed(error: &anyhow::Error, output: &mut Output) -> ExitCode {
    if let Some(problems) = error.downcast_ref::<crate::config::Problems>() {
        output.remark("These settings are wrong:");
        for problem in &problems.0 {
            output.remark(format_args!("  {} {}", problem.setting, problem.why));
        }
        return ExitCode::from(WRONG);
    }
    output.remark(format_args!("{error:#}"));
    ExitCode::FAILURE
}
