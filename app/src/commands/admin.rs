//! `folkmoot admin`: the people who run the place, made and helped from the machine itself.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Context, Output, opened};
use crate::accounts::links::NewLinkAnswer;
use crate::accounts::{self, admin};
use crate::core::Error;
use crate::core::error::Problem;

/// What to do for whom.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make an account. Without a password a one-time link is printed, by which they set one.
    Create {
        /// What they are called here.
        #[arg(long)]
        nickname: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// Their password; who can list this machine's processes sees it for a moment.
        #[arg(long)]
        password: Option<String>,
        /// What they are here.
        #[arg(long, value_enum, default_value = "admin")]
        role: Role,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Give somebody a role.
    Promote {
        /// Whom.
        nickname: String,
        /// Which role.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Print a one-time link by which somebody sets a new password, or claims their imported account.
    ResetPassword {
        /// Whose.
        nickname: String,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

/// The roles that can be given.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Role {
    /// Has an account.
    Member,
    /// Keeps the place decent.
    Moderator,
    /// Runs the place.
    Admin,
}

impl From<Role> for accounts::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Member,
            Role::Moderator => Self::Moderator,
            Role::Admin => Self::Admin,
        }
    }
}

pub(super) fn run(action: &Action, context: &Context, output: &mut Output) -> ExitCode {
    let done = match action {
        Action::Create { nickname, email, password, role, json } => {
            let made = opened::with_app(context, async |app| {
                admin::create(&app, nickname, email, password.as_deref(), (*role).into())
                    .await
                    .map_err(in_words)
            });
            made.map(|link| created(nickname, link.as_ref(), *json, output))
        }
        Action::Promote { nickname, role } => {
            let role = accounts::Role::from(*role);
            let given = opened::with_app(context, async |app| {
                admin::promote(&app, nickname, role).await.map_err(in_words)
            });
            given.map(|()| output.say(format_args!("{nickname} is {role} now.")))
        }
        Action::ResetPassword { nickname, json } => {
            let made = opened::with_app(context, async |app| {
                admin::reset_password(&app, nickname).await.map_err(in_words)
            });
            made.map(|link| linked(&link, *json, output))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::failed(&error, output),
    }
}

fn created(nickname: &str, link: Option<&NewLinkAnswer>, json: bool, output: &mut Output) {
    match (link, json) {
        (Some(link), _) => linked(link, json, output),
        (None, true) => output.json(&json!({ "nickname": nickname })),
        (None, false) => output.say(format_args!("{nickname} runs the place now.")),
    }
}

fn linked(link: &NewLinkAnswer, json: bool, output: &mut Output) {
    if json {
        output.json(&json!(link));
    } else {
        output.remark(format_args!("A link that works once, until {}:", link.expires_at.rfc3339()));
        output.say(&link.url);
    }
}

/// What the API would answer, as lines for a terminal.
pub(super) fn in_words(error: Error) -> anyhow::Error {
    let Problem { detail, errors, cause, .. } = error.problem();
    if let Some(cause) = cause {
        return anyhow::anyhow!("{cause:#}");
    }
    let fields: Vec<String> = errors.iter().map(|(field, why)| format!("\n  {field}: {why}")).collect();
    anyhow::anyhow!("{detail}{}", fields.concat())
}
