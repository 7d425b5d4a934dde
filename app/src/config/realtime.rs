//! Settings of streams and sockets.

use super::declare::settings;

settings! {
    /// Live delivery: how long events are kept and what a socket may do.
    pub struct RealtimeSettings in "realtime" {
        /// For how many days events are kept for clients that come back; the content itself stays.
        events_retention_days: u32 { variable: "EVENTS_RETENTION_DAYS", default: "14", within: 1..=3650 }
        /// Seconds between two signs of life on a socket.
        heartbeat_seconds: u64 { variable: "HEARTBEAT_SECONDS", default: "25", within: 1..=300 }
        /// How many frames wait for a slow reader before it is told to catch up by itself.
        websocket_queue: usize { variable: "WEBSOCKET_QUEUE", default: "256", within: 8..=65_536 }
        /// How many frames a socket may send within ten seconds.
        websocket_frames: u32 { variable: "WEBSOCKET_FRAMES", default: "200", within: 10..=100_000 }
        /// How many sockets may wait to be let in when many come at once; more are told to come again in a few seconds.
        websocket_line: usize { variable: "WEBSOCKET_LINE", default: "1000", within: 1..=100_000 }
        /// How many sockets one address may hold open at once.
        websocket_per_address: usize { variable: "WEBSOCKET_PER_ADDRESS", default: "100", within: 1..=1_000_000 }
    }
}
