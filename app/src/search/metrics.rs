//! What is measured of searching and indexing, for `/metrics`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::core::parts::Part;
use crate::core::{App, Result};

/// Up to how many seconds searches are told apart.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 3.0];

/// What this node measured.
struct Measured {
    searches: Histogram,
    indexed: Counter,
    figures: Arc<Figures>,
}

/// What was last looked up of the index.
#[derive(Debug, Default)]
struct Figures {
    entries: AtomicI64,
    left: AtomicI64,
    lag: AtomicI64,
}

impl Part for Measured {
    fn make(_app: &App) -> Result<Self> {
        Ok(Self { searches: Histogram::new(SECONDS), indexed: Counter::default(), figures: Arc::default() })
    }
}

/// A search took so long.
///
/// # Errors
/// When the figures cannot be had.
pub(super) fn searched(app: &App, time: Duration) -> Result<()> {
    app.part::<Measured>()?.searches.observe(time.as_secs_f64());
    Ok(())
}

/// So many entries were brought up to date.
///
/// # Errors
/// When the figures cannot be had.
pub(super) fn indexed(app: &App, count: usize) -> Result<()> {
    app.part::<Measured>()?.indexed.inc_by(count as u64);
    Ok(())
}

/// There are so many entries, so many rows have not been looked at, and the oldest event that waits is so old.
///
/// # Errors
/// When the figures cannot be had.
pub(super) fn looked(app: &App, entries: i64, left: i64, lag: i64) -> Result<()> {
    let measured = app.part::<Measured>()?;
    measured.figures.entries.store(entries, Ordering::Relaxed);
    measured.figures.left.store(left, Ordering::Relaxed);
    measured.figures.lag.store(lag, Ordering::Relaxed);
    Ok(())
}

/// What adds these figures to a registry.
///
/// # Errors
/// When the figures cannot be had.
pub fn register(app: &App) -> Result<impl FnOnce(&mut Registry) + use<>> {
    let measured = app.part::<Measured>()?;
    Ok(move |registry: &mut Registry| {
        let help = "Time that searches took, in seconds";
        registry.register("search_duration_seconds", help, measured.searches.clone());
        registry.register("search_indexed", "Entries that were brought up to date", measured.indexed.clone());
        registry.register_collector(Box::new(Looked(Arc::clone(&measured.figures))));
    })
}

#[derive(Debug)]
struct Looked(Arc<Figures>);

impl Collector for Looked {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let gauges = [
            ("search_entries", "Entries of the index, as of the last look", &self.0.entries),
            ("search_unindexed", "Rows that have not been looked at", &self.0.left),
            ("search_lag_milliseconds", "Age of the oldest change that the index lacks", &self.0.lag),
        ];
        for (name, help, figure) in gauges {
            let gauge = ConstGauge::<i64>::new(figure.load(Ordering::Relaxed));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
