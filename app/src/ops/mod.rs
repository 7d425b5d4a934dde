//! What operators look at: logs and metrics.

pub mod logs;
pub mod metrics;
