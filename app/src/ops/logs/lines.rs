//! How a log line is written out.

use std::fmt::Write as _;

use serde_json::Value;
use tracing::Level;

use super::collect::Line;

/// One JSON object: first what every line has, then the fields.
pub(super) fn json(line: &Line) -> String {
    let mut text = String::with_capacity(256);
    let _ = write!(text, "{{\"level\":\"{}\",\"ts\":\"{}\"", level(line.level), line.time.rfc3339());
    for (name, value) in [("caller", &line.caller), ("msg", &line.message)] {
        let _ = write!(text, ",\"{name}\":{}", Value::from(value.as_str()));
    }
    for (name, value) in line.fields.iter().filter(|(name, _)| !TAKEN.contains(name)) {
        let _ = write!(text, ",{}:{value}", Value::from(*name));
    }
    if let Some(stack) = &line.stack {
        let _ = write!(text, ",\"stack\":{}", Value::from(stack.as_str()));
    }
    text.push_str("}\n");
    text
}

/// Names that no field may have, since every line has them.
const TAKEN: [&str; 5] = ["level", "ts", "caller", "msg", "stack"];

fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// One line for people, in which no field can begin another; only a stack has lines of its own, indented.
pub(super) fn readable(line: &Line) -> String {
    let time = line.time.rfc3339();
    let time = time.get(11..23).unwrap_or(&time);
    let mut text = format!("{time} {:<5} {}", line.level.as_str(), one_line(&line.message));
    for (name, value) in &line.fields {
        let _ = match value.as_str() {
            Some(word) if is_plain(word) => write!(text, " {name}={word}"),
            _ => write!(text, " {name}={value}"),
        };
    }
    let _ = writeln!(text, " ({})", line.caller);
    for frame in line.stack.iter().flat_map(|stack| stack.lines()) {
        let _ = writeln!(text, "    {frame}");
    }
    text
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./:@%+".contains(c))
}
