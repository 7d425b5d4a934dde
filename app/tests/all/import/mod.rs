//! A community moves in from Discourse: by the real command, beside a running server, on both databases.

mod archive;
mod bad_files;
mod killed;
mod moving_in;

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::rig::TestApp;

/// How an import ended.
pub(super) struct Outcome {
    pub(super) report: Value,
    pub(super) whole: bool,
}

/// The command over the database of a test, which is in `archive`'s folder if it needs files.
pub(super) fn command(app: &TestApp, archive: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
    command
        .env_clear()
        .env("DATABASE_URL", app.database_url())
        .env("DATA_DIR", archive)
        .args(["import", "discourse", "--json"])
        .arg(archive.join("topics"))
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Imports to the end.
pub(super) async fn import(app: &TestApp, archive: &Path, more: &[&str]) -> Outcome {
    let output = command(app, archive, more).output().await.expect("the command runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"));
    Outcome { report, whole: output.status.success() }
}
