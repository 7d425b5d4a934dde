//! Logs: JSON lines for programs, readable lines at a desk, written by a thread of their own.
//!
//! Every line stands alone: level, time, the place in the code, the message, and the fields of the event and of the
//! request that it happened in. From level error on there is a stack. docs/logging.md says how to write one.

mod collect;
mod lines;
mod writer;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::config::{LogFormat, LogLevel};
use crate::core::clock::Clock;

pub use writer::Flush;

use collect::Collect;
use writer::Writer;

/// Starts logging to standard output for the whole process. What is logged is written before [`Flush`] is dropped.
///
/// # Errors
/// When logging was started before, or no thread can be made.
pub fn start(level: LogLevel, format: LogFormat, clock: Clock) -> anyhow::Result<Flush> {
    let (writer, flush) = Writer::start(std::io::stdout())?;
    tracing::subscriber::set_global_default(subscriber(level, format, clock, writer))?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(flush)
}

fn subscriber(
    level: LogLevel,
    format: LogFormat,
    clock: Clock,
    writer: Writer,
) -> impl Subscriber + for<'a> LookupSpan<'a> {
    let collect = Collect::new(format, clock, writer);
    tracing_subscriber::registry().with(collect.with_filter(filter(level)))
}

/// Our own lines from the level that was asked for; other people's only when they warn.
fn filter(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("folkmoot", level)
        .with_target("folkmoot_bus", level)
        .with_target("folkmoot_markup", level)
        .with_target("folkmoot_store", level)
}

/// A panic is a line like any other, with its stack. Its message is ours or a library's, never a person's words.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload_as_str().unwrap_or("(no message)");
    tracing::error!(place, why, "a thread panicked");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: LogLevel, format: LogFormat, write: impl FnOnce()) -> String {
        let kept = Kept::default();
        let (writer, flush) = Writer::start(kept.clone()).unwrap();
        let clock = Clock::set_to(1_795_219_200_000);
        tracing::subscriber::with_default(subscriber(level, format, clock, writer), write);
        drop(flush);
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn log_all() {
        tracing::debug!("looking");
        let request = tracing::info_span!("request", request_id = "abc", user_id = tracing::field::Empty);
        request.record("user_id", 7);
        request.in_scope(|| tracing::info!(duration_ms = 1.5, path = "/a\n\"b\"", ok = true, "request"));
        tracing::warn!(left = -3, "running out");
        tracing::error!(cause = "disk full", "could not write");
    }

    #[test]
    fn json_lines_carry_level_time_place_message_and_the_request() {
        let text = logged(LogLevel::Info, LogFormat::Json, log_all);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3, "{text}");
        let request = &lines[0];
        assert_eq!(request["level"], "info");
        assert_eq!(request["ts"], "2026-11-21T00:00:00.000Z");
        assert_eq!(request["msg"], "request");
        assert!(request["caller"].as_str().unwrap().starts_with("app/src/ops/logs/mod.rs:"), "{request}");
        assert_eq!(request["request_id"], "abc");
        assert_eq!(request["user_id"], 7);
        assert_eq!(request["duration_ms"], 1.5);
        assert_eq!(request["path"], "/a\n\"b\"");
        assert_eq!(request["ok"], true);
        assert!(request.get("stack").is_none());
        assert_eq!(lines[1]["left"], -3);
        assert!(lines[1].get("request_id").is_none());
        assert!(lines[2]["stack"].as_str().unwrap().contains("log_all"), "{}", lines[2]);
    }

    #[test]
    fn readable_lines_are_one_line_each_and_cannot_be_forged() {
        let text = logged(LogLevel::Debug, LogFormat::Readable, log_all);
        assert!(text.contains("00:00:00.000 DEBUG looking"), "{text}");
        assert!(
            text.contains(
                "INFO  request duration_ms=1.5 path=\"/a\\n\\\"b\\\"\" ok=true request_id=abc user_id=7"
            ),
            "{text}"
        );
        assert_eq!(text.lines().filter(|line| line.starts_with("00:00:00")).count(), 4, "{text}");
    }

    #[test]
    fn levels_below_the_one_asked_for_are_not_logged() {
        let text = logged(LogLevel::Error, LogFormat::Json, log_all);
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}
