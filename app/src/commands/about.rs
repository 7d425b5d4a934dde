//! `folkmoot version` and `folkmoot openapi`: what this binary is and what it answers.

use std::process::ExitCode;

use serde_json::json;

use super::{Context, Output};
use crate::server::assets::Release;
use crate::server::{COMMIT, VERSION, openapi};

pub(super) fn version(as_json: bool, output: &mut Output) -> ExitCode {
    let release = Release::packed().name;
    if as_json {
        output.json(&json!({ "version": VERSION, "commit": COMMIT, "client": release }));
    } else {
        output.say(format_args!("folkmoot {VERSION} (commit {COMMIT}, client {release})"));
    }
    ExitCode::SUCCESS
}

/// The description names the address of the settings.
pub(super) fn openapi(context: &Context, output: &mut Output) -> ExitCode {
    let document = context.load().and_then(|loaded| {
        let address = loaded.config.server.api_base_url().to_string();
        Ok(serde_json::to_value(openapi::document(&address))?)
    });
    match document {
        Ok(document) => {
            output.json(&document);
            ExitCode::SUCCESS
        }
        Err(error) => super::failed(&error, output),
    }
}
