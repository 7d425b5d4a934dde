//! What operators look at: logs and metrics.

pub mod browsers;
pub mod database;
pub mod logs;
pub mod metrics;
