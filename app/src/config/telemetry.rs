//! Settings of what browsers tell of themselves.

use super::declare::settings;

settings! {
    /// What browsers tell of themselves: how long pages took and what broke. docs/telemetry.md says exactly what.
    pub struct TelemetrySettings in "telemetry" {
        /// The share of page loads that report, in percent; 0: none does. Browsers that ask not to be tracked never do.
        percent: u32 { variable: "TELEMETRY_PERCENT", default: "5", within: 0..=100 }
    }
}
