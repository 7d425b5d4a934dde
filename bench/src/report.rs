//! One line a turn, and the figures of all turns at the end.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::chat::Measured;
use crate::figures::{Better, Figure, Side};
use crate::load::Turn;
use crate::process::Used;

/// What turns of one side measured.
#[derive(Default)]
pub(crate) struct Series {
    rates: Vec<f64>,
    cpu: Vec<f64>,
    quantiles: [Vec<f64>; 3],
    kilobytes: Vec<f64>,
    failures: Vec<f64>,
    cores: [Vec<f64>; 4],
    more: Vec<Figure>,
}

/// The quantiles that are told.
const QUANTILES: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

impl Series {
    /// Prints and keeps a turn, with what was used meanwhile.
    pub(crate) fn add(&mut self, name: &str, turn: &Turn, used: Used) {
        let each = used.cpu.as_micros() as f64 / turn.answers.max(1) as f64;
        let [p50, _, p99] = self.keep_latency(&turn.latency);
        let kilobytes = turn.bytes as f64 / turn.answers.max(1) as f64 / 1000.0;
        println!(
            "{name:<36} {:>9.0}/s  p50 {p50:>7.2} ms  p99 {p99:>7.2} ms  CPU {each:>7.1} µs each  {kilobytes:>5.1} KB each  {} failed",
            turn.rate(),
            turn.failures,
        );
        self.rates.push(turn.rate());
        self.cpu.push(each);
        self.kilobytes.push(kilobytes);
        self.failures.push(turn.failures as f64);
        self.keep_cores(used);
    }

    /// Prints and keeps a turn of messages sent and received.
    pub(crate) fn add_messages(&mut self, name: &str, turn: &Measured, took: Duration, used: Used) {
        let rate = turn.sent as f64 / took.as_secs_f64();
        let each = used.cpu.as_micros() as f64 / turn.sent.max(1) as f64;
        let [p50, _, p99] = self.keep_latency(&turn.latency);
        println!(
            "{name:<36} {rate:>7.0}/s  received {:>8}  p50 {p50:>7.2} ms  p99 {p99:>7.2} ms  CPU {each:>7.1} µs a message",
            turn.latency.len(),
        );
        self.rates.push(rate);
        self.cpu.push(each);
        self.keep_cores(used);
    }

    /// Keeps a rate that had no latencies.
    pub(crate) fn add_rate(&mut self, name: &str, rate: f64) {
        println!("{name:<36} {rate:>9.0}/s");
        self.rates.push(rate);
    }

    /// Keeps one more figure of all turns.
    pub(crate) fn also(&mut self, figure: Figure) {
        self.more.push(figure);
    }

    /// All turns as figures.
    pub(crate) fn side(self, name: &str) -> Side {
        let mut figures = vec![
            Figure::of("rate", "/s", Better::Higher, &self.rates),
            Figure::of("CPU each", "µs", Better::Lower, &self.cpu),
        ];
        let quantiles = QUANTILES.iter().zip(&self.quantiles);
        figures.extend(quantiles.map(|((name, _), values)| Figure::of(name, "ms", Better::Lower, values)));
        figures.push(Figure::of("size", "KB", Better::Neither, &self.kilobytes));
        let failures = Figure::of("failures", "", Better::Lower, &self.failures);
        figures.push(failures.filter(|failures| failures.highest > 0.0));
        let cores = ["cores of the server", "of the generator", "of PostgreSQL", "of others"];
        let cores =
            cores.iter().zip(&self.cores).map(|(name, values)| Figure::of(name, "", Better::Neither, values));
        figures.extend(cores.map(|figure| figure.filter(|figure| figure.highest >= 0.005)));
        figures.extend(self.more.into_iter().map(Some));
        Side::new(name, figures)
    }

    fn keep_latency(&mut self, latency: &Histogram<u64>) -> [f64; 3] {
        let told = QUANTILES.map(|(_, part)| latency.value_at_quantile(part) as f64 / 1000.0);
        if !latency.is_empty() {
            self.quantiles.iter_mut().zip(told).for_each(|(kept, one)| kept.push(one));
        }
        told
    }

    fn keep_cores(&mut self, used: Used) {
        let cores = used.cores;
        let told = [cores.server, cores.generator, cores.database, cores.others];
        self.cores.iter_mut().zip(told).for_each(|(kept, one)| kept.push(one));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Series;
    use crate::load::{Turn, histogram};
    use crate::process::{Cores, Used};

    #[test]
    fn turns_become_figures_each_once_and_nothing_that_was_not_measured() {
        let mut series = Series::default();
        for (answers, milliseconds) in [(100, 1), (200, 2), (400, 4)] {
            let mut latency = histogram().unwrap();
            latency.record(2_000).unwrap();
            let took = Duration::from_secs(1);
            let turn = Turn { answers, failures: 0, bytes: answers * 5000, took, latency };
            let cores = Cores { server: 1.0, generator: 0.5, database: 0.0, others: 0.1 };
            series.add("a page", &turn, Used { cpu: Duration::from_millis(milliseconds), cores });
        }
        let side = series.side("folkmoot");
        let median = |name: &str| side.figure(name).map(|figure| figure.median);
        assert_eq!(median("rate"), Some(200.0));
        assert_eq!(median("CPU each"), Some(10.0));
        assert_eq!(median("p99").map(f64::round), Some(2.0));
        assert_eq!(median("size"), Some(5.0));
        assert_eq!((median("failures"), median("of PostgreSQL")), (None, None));
        assert_eq!(median("cores of the server"), Some(1.0));
    }
}
