//! Settings that bound what one client may ask for.

use super::declare::settings;

settings! {
    /// How much one may ask for. Pages' scripts and styles, and the probes, are not counted.
    pub struct LimitSettings in "limits" {
        /// How many requests a person, or an address for those not signed in, may make within the window.
        /// docs/limits.md has the table of what is a part of it, or a multiple.
        rate_limit_requests: u32 { variable: "RATE_LIMIT_REQUESTS", default: "1000", within: 1..=10_000_000 }
        /// The window, in seconds.
        rate_limit_window: u64 { variable: "RATE_LIMIT_WINDOW", default: "60", within: 1..=86_400 }
        /// Seconds after which a request that is not answered yet is given up with 503.
        request_seconds: u64 { variable: "REQUEST_SECONDS", default: "30", within: 1..=600 }
        /// How many HTTP connections are kept open at once; more wait to be taken. One address holds a sixteenth of
        /// them at most, or 64. Sockets have limits of their own.
        max_connections: usize { variable: "MAX_CONNECTIONS", default: "20000", within: 16..=1_000_000 }
        /// How much memory guests' answers may take that are kept as bytes, in megabytes; what all who are signed in are
        /// shown alike takes half as much again. With 0 everything is made anew.
        kept_megabytes: usize { variable: "KEPT_MEGABYTES", default: "16", within: 0..=65536 }
    }
}
