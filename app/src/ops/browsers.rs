//! What browsers tell of themselves, as metrics: how long pages took, and what broke.
//!
//! Whatever a browser sends, a label is one of the words here or `other`, and nothing is kept that says who it was.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The pages that the client knows, as `client/js/routes.js` names them, and the one for everything else.
pub const ROUTES: [&str; 20] = [
    "admin",
    "admin-boards",
    "admin-groups",
    "admin-people",
    "board",
    "boards",
    "chat",
    "home",
    "link",
    "login",
    "new",
    "not-found",
    "people",
    "permalink",
    "person",
    "register",
    "search",
    "settings",
    "tag",
    "thread",
];

/// Names of errors of the language and of browsers; what a program of ours throws otherwise has one of these too.
const ERRORS: [&str; 15] = [
    "AggregateError",
    "DataError",
    "Error",
    "InvalidStateError",
    "NetworkError",
    "NotAllowedError",
    "NotFoundError",
    "NotSupportedError",
    "QuotaExceededError",
    "RangeError",
    "ReferenceError",
    "SecurityError",
    "SyntaxError",
    "TypeError",
    "URIError",
];

/// What is not among the words that are known.
const OTHER: &str = "other";

/// Seconds: from a page that seems to be there already to one that nobody waited for.
const BUCKETS: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 4.0, 6.0, 10.0, 30.0];

/// How many errors a node writes into its log within a minute; the counter goes on.
const LINES_A_MINUTE: u32 = 10;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    class: &'static str,
}

type Times = Family<Route, Histogram, fn() -> Histogram>;

/// What the browsers of this node's readers told.
pub struct Browsers {
    reports: Counter,
    visits: Counter,
    loads: Times,
    paints: Times,
    changes: Times,
    errors: Family<Class, Counter>,
    /// The minute that is being logged, and its lines so far.
    logged: Mutex<(i64, u32)>,
}

impl Browsers {
    /// Nothing yet. `percent` of page loads are asked to report.
    pub fn new(registry: &mut Registry, percent: u32) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let times = || Family::new_with_constructor(histogram);
        let new = Self {
            reports: Counter::default(),
            visits: Counter::default(),
            loads: times(),
            paints: times(),
            changes: times(),
            errors: Family::default(),
            logged: Mutex::default(),
        };
        registry.register("browser_reports", "Reports that browsers sent", new.reports.clone());
        registry.register(
            "browser_sessions",
            "Reported visits that began from elsewhere",
            new.visits.clone(),
        );
        let help = "Reported page loads: from following a link until all was there";
        registry.register("browser_page_load_seconds", help, new.loads.clone());
        let help = "Reported page loads: until there were words to read";
        registry.register("browser_first_paint_seconds", help, new.paints.clone());
        let help = "Reported changes from page to page that were slow enough to be noticed";
        registry.register("browser_slow_route_change_seconds", help, new.changes.clone());
        registry.register(
            "browser_errors",
            "Reported errors of the client, by their class",
            new.errors.clone(),
        );
        let gauge = Gauge::<i64>::default();
        gauge.set(i64::from(percent));
        registry.register(
            "browser_reporting_percent",
            "The share of page loads that are asked to report",
            gauge,
        );
        new
    }

    /// A report came.
    pub fn reported(&self, begins_visit: bool) {
        self.reports.inc();
        if begins_visit {
            self.visits.inc();
        }
    }

    /// A page was loaded; painted when the browser said so.
    pub fn loaded(&self, route: &str, took: Duration, painted: Option<Duration>) {
        let route = Route { route: known(&ROUTES, route) };
        self.loads.get_or_create(&route).observe(took.as_secs_f64());
        if let Some(painted) = painted {
            self.paints.get_or_create(&route).observe(painted.as_secs_f64());
        }
    }

    /// Somebody went to another page and had to wait.
    pub fn changed(&self, route: &str, took: Duration) {
        let route = Route { route: known(&ROUTES, route) };
        self.changes.get_or_create(&route).observe(took.as_secs_f64());
    }

    /// Something broke in a browser, at `now` (milliseconds since 1970); `current` says whether it was with the files
    /// of this release.
    pub fn broke(&self, class: &str, route: &str, current: bool, now: i64) {
        let class = known(&ERRORS, class);
        self.errors.get_or_create(&Class { class }).inc();
        if self.may_log(now) {
            let route = known(&ROUTES, route);
            tracing::info!(class, route, current_release = current, "something broke in a browser");
        }
    }

    fn may_log(&self, now: i64) -> bool {
        let minute = now.div_euclid(60_000);
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.0 != minute {
            *logged = (minute, 0);
        }
        logged.1 += 1;
        logged.1 <= LINES_A_MINUTE
    }
}

fn known(words: &[&'static str], word: &str) -> &'static str {
    words.iter().find(|known| **known == word).copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(registry: &Registry) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, registry).unwrap();
        text
    }

    #[test]
    fn what_browsers_say_is_counted_and_made_up_words_are_other() {
        let mut registry = Registry::default();
        let browsers = Browsers::new(&mut registry, 5);
        browsers.reported(true);
        browsers.reported(false);
        browsers.loaded("thread", Duration::from_millis(700), Some(Duration::from_millis(300)));
        browsers.loaded("thread", Duration::from_secs(70), None);
        browsers.changed("board", Duration::from_millis(400));
        for n in 0..100 {
            let made_up = format!("made-up-{n}");
            browsers.loaded(&made_up, Duration::ZERO, Some(Duration::ZERO));
            browsers.changed(&made_up, Duration::ZERO);
            browsers.broke(&made_up, &made_up, false, 0);
        }
        browsers.broke("TypeError", "thread", true, 0);
        let text = text(&registry);
        for line in [
            "browser_reports_total 2",
            "browser_sessions_total 1",
            "browser_page_load_seconds_count{route=\"thread\"} 2",
            "browser_page_load_seconds_bucket{le=\"1.0\",route=\"thread\"} 1",
            "browser_page_load_seconds_bucket{le=\"30.0\",route=\"thread\"} 1",
            "browser_page_load_seconds_count{route=\"other\"} 100",
            "browser_first_paint_seconds_count{route=\"thread\"} 1",
            "browser_slow_route_change_seconds_count{route=\"board\"} 1",
            "browser_errors_total{class=\"TypeError\"} 1",
            "browser_errors_total{class=\"other\"} 100",
            "browser_reporting_percent 5",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        assert!(!text.contains("made-up"));
    }

    #[test]
    fn a_storm_of_errors_does_not_fill_the_log() {
        let browsers = Browsers::new(&mut Registry::default(), 5);
        assert_eq!((0..100).filter(|_| browsers.may_log(59_999)).count(), 10);
        assert!(browsers.may_log(60_000), "another minute");
    }
}
