//! Gathers the fields of an event and of the spans around it, and hands the finished line to the writer.

use std::backtrace::Backtrace;
use std::fmt;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::lines::{json, readable};
use super::writer::Writer;
use crate::config::LogFormat;
use crate::core::clock::Clock;
use crate::core::time::Time;

/// Makes lines of events.
pub(super) struct Collect {
    format: LogFormat,
    clock: Clock,
    writer: Writer,
}

/// One line before it is written out.
pub(super) struct Line {
    pub(super) level: Level,
    pub(super) time: Time,
    /// `file:line`.
    pub(super) caller: String,
    pub(super) message: String,
    pub(super) fields: Vec<(&'static str, Value)>,
    pub(super) stack: Option<String>,
}

/// The fields of a span, kept with it.
struct Kept(Fields);

impl Collect {
    pub(super) fn new(format: LogFormat, clock: Clock, writer: Writer) -> Self {
        Self { format, clock, writer }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collect {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Kept(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(Kept(fields)) = span.extensions_mut().get_mut()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Kept(kept)) = span.extensions().get() {
                fields.add_missing(kept);
            }
        }
        let place = event.metadata();
        let level = *place.level();
        let line = Line {
            level,
            time: Time(self.clock.now()),
            caller: format!("{}:{}", place.file().unwrap_or("?"), place.line().unwrap_or(0)),
            message: fields.message,
            fields: fields.others,
            stack: (level == Level::ERROR).then(|| Backtrace::force_capture().to_string()),
        };
        self.writer.line(match self.format {
            LogFormat::Readable => readable(&line),
            LogFormat::Json | LogFormat::Auto => json(&line),
        });
    }
}

/// The fields as they are recorded, in their order.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    /// The newest value of a field counts.
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        let name = field.name();
        match self.others.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value.into(),
            None => self.others.push((name, value.into())),
        }
    }

    /// Fields of a span around, unless something nearer has a field of that name.
    fn add_missing(&mut self, around: &Self) {
        for (name, value) in &around.others {
            if !self.others.iter().any(|(known, _)| known == name) {
                self.others.push((name, value.clone()));
            }
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            _ => self.put(field, value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            _ => self.put(field, format!("{value:?}")),
        }
    }
}
