//! How this node reaches the other nodes of the place.

use std::sync::Arc;

use folkmoot_bus::redis::Redis;
use folkmoot_bus::{Bus, Memory};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::config::Config;
use crate::core::random::Random;

/// The way to the other nodes; cheap to clone.
#[derive(Clone)]
pub struct Nodes {
    /// What they say to each other.
    pub bus: Arc<dyn Bus>,
    /// The Redis that it goes through, when there is one.
    redis: Option<Arc<Redis>>,
}

impl Nodes {
    /// The way that the settings name: through Redis, or none. It never waits for Redis to be there.
    ///
    /// # Errors
    /// When the address cannot be used, or there is no randomness.
    pub fn open(config: &Config, random: &Random) -> anyhow::Result<Self> {
        let Some(address) = config.redis.address() else {
            return Ok(Self::on(Arc::new(Memory::new())));
        };
        let redis = Arc::new(Redis::open(&address, u64::from_le_bytes(random.bytes()?))?);
        Ok(Self { bus: redis.clone(), redis: Some(redis) })
    }

    /// By another bus.
    pub fn on(bus: Arc<dyn Bus>) -> Self {
        Self { bus, redis: None }
    }

    /// What they count in together, when there is one.
    pub(super) fn redis(&self) -> Option<Arc<Redis>> {
        self.redis.clone()
    }

    /// How Redis is, in a word.
    pub(super) fn redis_word(&self) -> &'static str {
        match self.redis.as_ref().map(|redis| *redis.is_up().borrow()) {
            None => "off",
            Some(true) => "healthy",
            Some(false) => "unhealthy",
        }
    }

    /// Adds to a registry whether Redis is up, when there is one.
    pub(super) fn register(&self, registry: &mut Registry) {
        if let Some(redis) = &self.redis {
            registry.register_collector(Box::new(Up(Arc::clone(redis))));
        }
    }
}

struct Up(Arc<Redis>);

impl std::fmt::Debug for Up {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Up")
    }
}

impl Collector for Up {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let up = ConstGauge::new(i64::from(*self.0.is_up().borrow()));
        up.encode(encoder.encode_descriptor(
            "redis_up",
            "Whether Redis can be reached",
            None,
            up.metric_type(),
        )?)
    }
}
