//! `folkmoot demo`: a community of invented people in an empty database, a small lively one to look around in, or one of
//! any size to measure with.

mod generated;
mod settled;

use std::process::ExitCode;

use clap::Args;
use folkmoot_store::{Db, sql};

use super::admin::in_words;
use super::{Context, Output};
use crate::accounts::{Role, admin};
use crate::core::App;

sql! {
    /// Whether somebody is here already.
    static SOMEBODY: () -> i64 = "SELECT id FROM users LIMIT 1";
}

/// What kind of community.
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// Also makes two members, user1 and user2, with this password: for scripts that sign in.
    #[arg(long)]
    password: Option<String>,
    /// A large one instead, with so many generated posts, to measure with.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    posts: Option<u32>,
    /// Which one: the same number makes the same community.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "posts")]
    seed: u64,
}

/// Two members for scripts that sign in.
const FOR_SCRIPTS: [&str; 2] = ["user1", "user2"];

pub(super) fn run(demo: &Demo, context: &Context, output: &mut Output) -> ExitCode {
    let password = demo.password.as_deref();
    match demo.posts {
        Some(posts) => generated::run(posts as usize, demo.seed, password, context, output),
        None => settled::run(password, context, output),
    }
}

/// Whether nobody is here yet.
async fn is_empty(db: &Db) -> anyhow::Result<bool> {
    Ok(db.maybe(SOMEBODY.with(())).await?.is_none())
}

/// Makes the members for scripts, if a password is given.
async fn for_scripts(app: &App, password: Option<&str>) -> anyhow::Result<()> {
    let Some(password) = password else { return Ok(()) };
    for name in FOR_SCRIPTS {
        let email = format!("{name}@example.org");
        admin::create(app, name, &email, Some(password), Role::Member).await.map_err(in_words)?;
    }
    Ok(())
}
