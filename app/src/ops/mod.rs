//! What operators look at: logs and metrics.

pub mod database;
pub mod logs;
pub mod metrics;
