//! Metrics in the OpenMetrics text format, for the internal listener.
//!
//! Labels are bounded: the route's template rather than its path, known methods, three digits of status.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

/// What the text is called.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds: from a page out of memory to one that nobody waits for.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What distinguishes requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// All metrics of this process.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Labels, Counter>,
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    limited: Counter,
    sessions: Gauge,
}

impl Metrics {
    /// The metrics that every process has.
    pub fn new(version: &'static str, commit: &'static str, release: &str) -> Self {
        let mut registry = Registry::default();
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let durations = Family::new_with_constructor(histogram);
        registry.register(
            "http_request_duration_seconds",
            "Time from a request's head to its answer's head",
            durations.clone(),
        );
        let in_flight = Gauge::default();
        registry.register("http_requests_in_flight", "Requests that are being answered", in_flight.clone());
        let limited = Counter::default();
        registry.register(
            "http_requests_limited",
            "Requests refused by the general rate limit",
            limited.clone(),
        );
        let sessions = Gauge::default();
        let help = "Sessions of browsers and tokens of programs that are alive";
        registry.register("sessions_active", help, sessions.clone());
        let labels =
            [("version", version.to_owned()), ("commit", commit.to_owned()), ("release", release.to_owned())];
        registry.register("build", "What is running", Info::new(labels.to_vec()));
        registry.register_collector(Box::new(Process));
        Self { registry: Mutex::new(registry), requests, durations, in_flight, limited, sessions }
    }

    /// Lets another part add its own metrics.
    pub fn register<T>(&self, add: impl FnOnce(&mut Registry) -> T) -> T {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A request came in; it counts as being answered until the guard is dropped.
    pub fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// The measures of requests that were answered alike.
    pub fn measures(&self, method: &http::Method, route: &str, status: u16) -> Measures {
        let labels = Labels { method: known(method), route: route.to_owned(), status };
        let requests = self.requests.get_or_create(&labels).clone();
        Measures { requests, durations: self.durations.get_or_create(&labels).clone() }
    }

    /// A request was refused by the general rate limit.
    pub fn limited(&self) {
        self.limited.inc();
    }

    /// So many sessions and tokens are alive.
    pub fn sessions_active(&self, count: i64) {
        self.sessions.set(count);
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// When a collector fails.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(
            &mut text,
            &self.registry.lock().unwrap_or_else(PoisonError::into_inner),
        )?;
        Ok(text)
    }
}

/// The measures of requests that were answered alike; cheap to clone.
#[derive(Clone, Debug)]
pub struct Measures {
    requests: Counter,
    durations: Histogram,
}

impl Measures {
    /// One more was answered.
    pub fn answered(&self, took: Duration) {
        self.requests.inc();
        self.durations.observe(took.as_secs_f64());
    }
}

/// A request that is being answered.
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Methods anybody may make up count as one.
fn known(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What the operating system says of this process; read when asked for.
#[derive(Debug)]
struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let all = [
            ("process_resident_memory_bytes", "Memory in use", resident_bytes()),
            ("process_open_fds", "Files and connections open", open_files()),
            ("process_threads", "Threads", status_line("Threads:")),
            ("runtime_tasks_alive", "Tasks that are not done, whatever they wait for", tasks_alive()),
        ];
        for (name, help, value) in all {
            let Some(value) = value else { continue };
            let gauge = ConstGauge::<u64>::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        let Some(used) = cpu_time() else { return Ok(()) };
        let counter = ConstCounter::<f64>::new(used.as_secs_f64());
        let help = "Time of a CPU that was used, by the program and by the system for it";
        counter.encode(encoder.encode_descriptor("process_cpu_seconds", help, None, counter.metric_type())?)
    }
}

/// Linux tells CPU time in hundredths of a second, whatever the kernel's own clock.
const CPU_TICK: Duration = Duration::from_millis(10);

/// The CPU time of this process; `None` where the system does not say.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name, which may hold anything, and eleven others: `utime` and `stime`.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(CPU_TICK * user.checked_add(system)?)
}

/// How many tasks the runtime has; `None` outside of one.
fn tasks_alive() -> Option<u64> {
    let runtime = tokio::runtime::Handle::try_current().ok()?;
    u64::try_from(runtime.metrics().num_alive_tasks()).ok()
}

/// The resident memory of this process in bytes; `None` where the system does not say.
pub fn resident_bytes() -> Option<u64> {
    status_line("VmRSS:").map(|kib| kib * 1024)
}

fn status_line(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn open_files() -> Option<u64> {
    let count = std::fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(count).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let metrics = Metrics::new("1.2.3", "abc", "r1");
        let request = metrics.begin();
        metrics.measures(&http::Method::GET, "/b/{slug}", 200).answered(Duration::from_millis(3));
        metrics.measures(&"BREW".parse().unwrap(), "unmatched", 404).answered(Duration::from_millis(1));
        metrics.limited();
        let text = metrics.text().unwrap();
        for line in [
            "http_requests_total{method=\"GET\",route=\"/b/{slug}\",status=\"200\"} 1",
            "http_requests_total{method=\"other\",route=\"unmatched\",status=\"404\"} 1",
            "http_request_duration_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/b/{slug}\",status=\"200\"} 1",
            "http_requests_in_flight 1",
            "http_requests_limited_total 1",
            "build_info{version=\"1.2.3\",commit=\"abc\",release=\"r1\"} 1",
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        drop(request);
        assert!(metrics.text().unwrap().contains("http_requests_in_flight 0"));
        assert!(resident_bytes().unwrap() > 1_000_000);
    }

    #[test]
    fn other_parts_may_add_their_own() {
        let metrics = Metrics::new("1", "c", "r");
        let sockets = Gauge::<i64>::default();
        metrics
            .register(|registry| registry.register("websocket_connections", "Sockets open", sockets.clone()));
        sockets.set(12);
        assert!(metrics.text().unwrap().contains("websocket_connections 12"));
    }
}
