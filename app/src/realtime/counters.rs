//! What this node counts of its sockets, for `/metrics`.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::node::Node;

/// Sums since the node started.
#[derive(Debug, Default)]
pub struct Counters {
    /// Frames taken from queues and written to sockets.
    pub delivered: Counter,
    /// Times that a reader was too slow and was told so.
    pub lagged: Counter,
    /// Streams followed from where the client was.
    pub resumed: Counter,
    /// Streams that the client had to load anew.
    pub resynced: Counter,
    /// Streams asked for by somebody who may not read them.
    pub refused: Counter,
    /// Streams taken away from somebody who may not read them any more.
    pub revoked: Counter,
    /// Events that did not come by themselves and were read from the database.
    pub caught_up: Counter,
}

/// Adds what a node counts to a registry.
pub fn register(node: &Node, registry: &mut Registry) {
    let counters = &node.counters;
    let sums = [
        ("websocket_frames_delivered", "Frames written to sockets", &counters.delivered),
        ("websocket_lagged", "Readers that were too slow and told to catch up", &counters.lagged),
        ("websocket_streams_resumed", "Streams followed from where the client was", &counters.resumed),
        ("websocket_streams_resynced", "Streams that a client had to load anew", &counters.resynced),
        ("websocket_streams_refused", "Streams asked for without the right to read them", &counters.refused),
        ("websocket_streams_revoked", "Streams taken away with the right to read them", &counters.revoked),
        (
            "websocket_line_admitted",
            "Turns at the database that sockets had as they came in or caught up",
            &node.line.admitted,
        ),
        (
            "websocket_line_refused",
            "Sockets told to come again later, since too many came in",
            &node.line.refused,
        ),
        (
            "events_caught_up",
            "Events that were read because they did not come by themselves",
            &counters.caught_up,
        ),
    ];
    for (name, help, counter) in sums {
        registry.register(name, help, counter.clone());
    }
    registry.register_collector(Box::new(Open(node.clone())));
}

/// How many sockets are open, and how many wait; asked of those who know, so that it cannot drift.
#[derive(Debug)]
struct Open(Node);

impl Collector for Open {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let (open, waiting) = (self.0.hub.count(), self.0.line.waiting());
        // The second name is what older dashboards ask for.
        let gauges = [
            ("websocket_connections_active", "Sockets that are open", open),
            ("socket_connections", "Sockets that are open", open),
            ("websocket_line_waiting", "Sockets that wait to be let in or to catch up", waiting),
        ];
        for (name, help, count) in gauges {
            let gauge = ConstGauge::<u64>::new(u64::try_from(count).unwrap_or(u64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
