//! `folkmoot serve`: the server, until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Context, Output};
use crate::accounts;
use crate::core::App;
use crate::core::app::Deliver;
use crate::core::clock::Clock;
use crate::core::random::Random;
use crate::ops::logs;
use crate::server::lifecycle::{self, Ended};
use crate::server::nodes::Nodes;
use crate::server::{COMMIT, VERSION, database};

/// How to serve.
#[derive(Args, Debug, Default)]
pub(super) struct Serve {
    /// What this process does for the others.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "all")]
    roles: Vec<Role>,
}

/// The work that a process can take on.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    /// Everything, in one process.
    All,
}

pub(super) fn run(serve: &Serve, context: &Context, output: &mut Output) -> ExitCode {
    let ended = super::runtime().and_then(|runtime| {
        let ended = runtime.block_on(until_stopped(serve, context, output));
        // Whatever was cut off must not keep the process.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(Ended::Clean) => ExitCode::SUCCESS,
        Ok(Ended::Forced) => ExitCode::FAILURE,
        Err(error) => super::failed(&error, output),
    }
}

async fn until_stopped(serve: &Serve, context: &Context, output: &mut Output) -> anyhow::Result<Ended> {
    let config = Arc::new(context.load()?.config);
    let clock = Clock::System;
    let _flush = logs::start(config.logs.level, config.log_format(), clock.clone())?;
    let mut signals = Signals::listen()?;
    let database = config.database.shown(&config.server.data_dir);
    let redis = config.redis.address().map_or_else(|| "off".to_owned(), |address| address.to_string());
    tracing::info!(version = VERSION, commit = COMMIT, database, redis, roles = ?serve.roles, "starting");

    let db = database::open(&config, true).await?;
    database::migrate(&db).await?;
    let nodes = Nodes::open(&config, &Random::System)?;
    let (deliver, events) = Deliver::channel();
    let app = App::new(db, clock, Random::System, config.clone(), deliver).await?;
    let running = lifecycle::start(app.clone(), events, nodes).await?;
    let internal = running.internal.map(|address| address.to_string()).unwrap_or_default();
    let address = running.address.to_string();
    tracing::info!(address, internal, url = %config.server.base_url(), "listening");

    // A database that falls silent now must not keep anybody from stopping the server.
    tokio::select! {
        () = offer_set_up(&app, output) => signals.next().await,
        () = signals.next() => {}
    }
    let ended = running.stop(async { signals.next().await }).await;
    Ok(ended)
}

/// Prints the link by which the first administrator sets the place up, while there is none. Not through the log, nor
/// among its lines: a log is read by more people than may run the place.
async fn offer_set_up(app: &App, output: &mut Output) {
    match accounts::setup::link(app).await {
        Ok(Some(link)) => {
            output.remark(format_args!("Nobody runs this place yet. Set it up here, once: {link}"));
        }
        Ok(None) => {}
        // A database that goes away now must not take down a server that already listens.
        Err(error) => tracing::warn!(%error, "no set-up link could be made; the next start makes one"),
    }
}

/// The two ways in which a process is told to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
