//! Start to first answer, and resident memory, on a new database, an empty one and one with a community.

use anyhow::Result;

use crate::bench::{Bench, Place};
use crate::figures::{Better, Figure, Row, Side};
use crate::process;
use crate::server::Server;

/// Runs the scenario.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let rounds = bench.options.rounds;
    let mut new = Starts::default();
    for _ in 0..rounds {
        let folder = tempfile::TempDir::new()?;
        new.keep(&Server::start(&bench.options, folder.path()).await?)?;
    }
    bench.results.add(new.row("a new database"));
    let places: [(&str, Place); 2] =
        [("an empty community", bench.empty().await?), ("a community", bench.lived_in().await?)];
    for (what, place) in places {
        let mut starts = Starts::default();
        for _ in 0..rounds {
            starts.keep(&Server::start(&bench.options, place.path()).await?)?;
        }
        bench.results.add(starts.row(what));
    }
    Ok(())
}

#[derive(Default)]
struct Starts {
    milliseconds: Vec<f64>,
    megabytes: Vec<f64>,
}

impl Starts {
    fn keep(&mut self, server: &Server) -> Result<()> {
        self.milliseconds.push(server.started_in.as_secs_f64() * 1000.0);
        self.megabytes.push(process::memory_kb(server.pid(), "VmRSS")? as f64 / 1024.0);
        Ok(())
    }

    fn row(&self, what: &str) -> Row {
        let first = Figure::of("first answer after", "ms", Better::Lower, &self.milliseconds);
        let resident = Figure::of("resident", "MB", Better::Lower, &self.megabytes);
        Row::alone("start", what, Side::new("folkmoot", [first, resident]))
    }
}
