//! Parses the command line and runs one command.

use std::process::ExitCode;

use folkmoot::commands::{self, Output};
use folkmoot::config::Environment;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    commands::run(std::env::args_os(), Environment::of_process(), &mut Output::terminal())
}
