//! Start to first answer, and resident memory, on a new database and on one that exists.

use anyhow::Result;

use crate::server::{Server, folder};
use crate::{Options, process};

/// Runs the scenario.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let empty = tempfile::TempDir::new()?;
    let first = Server::start(options, empty.path()).await?;
    tell("new database", &first)?;
    drop(first);
    for _ in 0..options.rounds {
        tell("existing, empty", &Server::start(options, empty.path()).await?)?;
    }
    if options.archive.is_some() {
        let folder = folder(options)?;
        for _ in 0..options.rounds {
            tell("existing, with the archive", &Server::start(options, folder.path()).await?)?;
        }
    }
    Ok(())
}

fn tell(name: &str, server: &Server) -> Result<()> {
    let resident = process::memory_kb(server.pid(), "VmRSS")? as f64 / 1024.0;
    println!(
        "{name:<28} first answer after {:>6.0} ms, {resident:.1} MB resident",
        server.started_in.as_secs_f64() * 1000.0
    );
    Ok(())
}
