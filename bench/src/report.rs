//! One line a turn, and the median with its spread at the end.

use std::time::Duration;

use crate::chat::Measured;
use crate::load::Turn;

/// What turns of one side measured.
#[derive(Default)]
pub(crate) struct Series {
    rates: Vec<f64>,
    cpu: Vec<f64>,
}

impl Series {
    /// Prints and keeps a turn; `cpu` is what the server used meanwhile.
    pub(crate) fn add(&mut self, name: &str, turn: &Turn, cpu: Duration) {
        let each = cpu.as_micros() as f64 / turn.answers.max(1) as f64;
        println!(
            "{name:<28} {:>9.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  CPU {each:>7.1} µs each  {:>5.1} KB each  {} failed",
            turn.rate(),
            turn.latency.value_at_quantile(0.5) as f64 / 1000.0,
            turn.latency.value_at_quantile(0.99) as f64 / 1000.0,
            turn.bytes as f64 / turn.answers.max(1) as f64 / 1000.0,
            turn.failures,
        );
        self.rates.push(turn.rate());
        self.cpu.push(each);
    }

    /// Keeps a rate that had no latencies.
    pub(crate) fn add_rate(&mut self, name: &str, rate: f64) {
        println!("{name:<28} {rate:>9.0}/s");
        self.rates.push(rate);
    }

    /// The middle rate.
    pub(crate) fn rate(&self) -> f64 {
        median(&self.rates)
    }

    /// The middle CPU time each, in microseconds.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu)
    }

    /// "median (lowest–highest)" of the rates.
    pub(crate) fn told(&self) -> String {
        format!("{:.0}/s ({:.0}–{:.0})", self.rate(), lowest(&self.rates), highest(&self.rates))
    }
}

/// What turns of sending and receiving measured.
#[derive(Default)]
pub(crate) struct Latencies {
    rates: Vec<f64>,
    middle: Vec<f64>,
    slow: Vec<f64>,
}

impl Latencies {
    /// Prints and keeps a turn; `cpu` is what the server used meanwhile.
    pub(crate) fn add(&mut self, name: &str, turn: &Measured, took: Duration, cpu: Duration) {
        let rate = turn.sent as f64 / took.as_secs_f64();
        let [middle, slow] = [0.5, 0.99].map(|part| turn.latency.value_at_quantile(part) as f64 / 1000.0);
        println!(
            "{name:<32} {rate:>7.0}/s  received {:>8}  p50 {middle:>7.2} ms  p99 {slow:>7.2} ms  CPU {:>7.1} µs a message",
            turn.latency.len(),
            cpu.as_micros() as f64 / turn.sent.max(1) as f64,
        );
        self.rates.push(rate);
        self.middle.push(middle);
        self.slow.push(slow);
    }

    /// Medians, with the lowest and highest rate.
    pub(crate) fn told(&self) -> String {
        format!(
            "{:.0}/s ({:.0}–{:.0}), p50 {:.2} ms, p99 {:.2} ms",
            median(&self.rates),
            lowest(&self.rates),
            highest(&self.rates),
            median(&self.middle),
            median(&self.slow),
        )
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn lowest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}
