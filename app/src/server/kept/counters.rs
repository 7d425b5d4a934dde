//! What the kept answers did, for metrics.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counts; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    /// Answers given from kept bytes.
    pub(super) hits: Counter,
    /// Answers made because none was kept that held.
    pub(super) misses: Counter,
    /// Readings of what answers rest on.
    pub(super) checks: Counter,
    /// Answers that ended before their time.
    pub(super) drops: Counter,
    /// Answers that made room for others.
    pub(super) evictions: Counter,
    /// Bytes kept.
    pub(super) bytes: Gauge,
    /// Answers kept.
    pub(super) entries: Gauge,
}

impl Counters {
    /// Shows them.
    pub(super) fn register(&self, registry: &mut Registry) {
        let counters = [
            ("kept_hits", "Answers to guests given from kept bytes", &self.hits),
            ("kept_misses", "Answers to guests that had to be made", &self.misses),
            ("kept_checks", "Times that it was read whether a kept answer still holds", &self.checks),
            ("kept_drops", "Kept answers that something ended", &self.drops),
            ("kept_evictions", "Kept answers that made room for others", &self.evictions),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register("kept_bytes", "Memory of kept answers, at most KEPT_MEGABYTES", self.bytes.clone());
        registry.register("kept_answers", "Answers to guests that are kept", self.entries.clone());
    }
}
