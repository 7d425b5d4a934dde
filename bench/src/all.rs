//! Everything, one after the other, each short enough that all of it takes about twenty minutes on two cores.

use std::time::Instant;

use anyhow::Result;

use crate::bench::Bench;
use crate::{browse, chat, member, search, spike, start, write};

/// Runs all scenarios. One that fails is told and left out of the results, and fails the run at its end.
pub(crate) async fn run(bench: &mut Bench) -> Result<()> {
    let began = Instant::now();
    let mut failed = Vec::new();
    for scenario in ["start", "browse", "stages", "member", "write", "chat", "spike", "search"] {
        let outcome = match scenario {
            "start" => start::run(bench).await,
            "browse" => browse::run(bench, &browse::Browse::default()).await,
            "stages" => browse::run(bench, &browse::Browse::in_stages()).await,
            "member" => member::run(bench).await,
            "write" => write::run(bench).await,
            "chat" => chat::run(bench, &chat::Chat::shorter()).await,
            "spike" => spike::run(bench).await,
            _ => search::run(bench, &search::Search::default()).await,
        };
        println!("{scenario} ended after {:.1} min in all", began.elapsed().as_secs_f64() / 60.0);
        if let Err(error) = outcome {
            println!("{scenario} failed: {error:#}");
            failed.push(scenario);
        }
    }
    bench.finish()?;
    anyhow::ensure!(failed.is_empty(), "these failed: {}", failed.join(", "));
    Ok(())
}
