//! Settings of the logs.

use super::declare::settings;
use super::values::words;

words! {
    /// From which level on something is logged.
    pub enum LogLevel {
        /// Everything, with the inner steps of each request.
        Debug = "debug",
        /// What happens, one line a request.
        Info = "info",
        /// What somebody should look at some day.
        Warn = "warn",
        /// What failed.
        Error = "error",
    }
}

words! {
    /// How a log line looks.
    pub enum LogFormat {
        /// Readable in development, JSON elsewhere.
        Auto = "auto",
        /// One JSON object a line, for programs.
        Json = "json",
        /// For people at a terminal.
        Readable = "readable",
    }
}

settings! {
    /// What is logged, and how it looks.
    pub struct LogSettings in "logs" {
        /// From which level on: debug, info, warn or error.
        level: LogLevel { variable: "LOG_LEVEL", default: "info" }
        /// json, readable, or auto: readable in development, JSON elsewhere.
        format: LogFormat { variable: "LOG_FORMAT", default: "auto" }
    }
}
