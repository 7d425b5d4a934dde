//! How far the process is behind its work, and which part of the requests is turned away because of that.
//!
//! A request that nobody has looked at yet has no clock of its own. So a task of the server asks to be called at a set time
//! again and again: it stands in the same line as everybody, and how late it is called is how long the line is.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use tokio::time::{Instant, sleep};

use crate::ops::metrics::Metrics;

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(50);
/// How late everybody may be served before somebody is turned away: people do not notice it yet.
const LATE: Duration = Duration::from_millis(200);
/// By so much it must have been late in all, in looks one after the other. A busy machine may let any process wait once.
const IN_ALL: Duration = Duration::from_millis(600);
/// And so many requests must have come since the look before: with fewer it is not they who make it late.
const MANY: u32 = 16;
/// A part of the requests is counted in thousandths.
const WHOLE: u32 = 1000;
/// The greatest part that is turned away: some are always let in, by whom it is seen that it gets better.
const MOST: u32 = 950;
/// How much more is turned away after each such look, for each [`LATE`] of it …
const MORE: u32 = 100;
/// … and how much less after each at which it is not.
const LESS: u32 = 25;
/// What steps through the thousandths so that those turned away lie evenly between the others.
const STRIDE: u32 = 618;

/// What decides whether a request is turned away.
#[derive(Default)]
pub struct Overload {
    /// Thousandths of the requests.
    part: AtomicU32,
    asked: AtomicU32,
    look: Mutex<Look>,
    turned_away: Counter,
    late: Gauge<f64, AtomicU64>,
}

/// What the last look found.
#[derive(Default)]
struct Look {
    /// By how much the server was late, in all looks since it last was not.
    late: Duration,
    /// How many had asked.
    asked: u32,
}

impl Overload {
    /// What decides, with its metrics.
    pub fn new(metrics: &Metrics) -> Arc<Self> {
        let overload = Self::default();
        metrics.register(|registry| {
            let help =
                "Requests turned away with 503 before anything was done, because the server was behind";
            registry.register("http_requests_turned_away", help, overload.turned_away.clone());
            let help =
                "How late a task of the server was called that had asked for a time, when it last asked";
            registry.register("scheduling_delay_seconds", help, overload.late.clone());
        });
        Arc::new(overload)
    }

    /// Looks again and again until the task is ended.
    pub async fn watch(self: Arc<Self>) {
        loop {
            let due = Instant::now() + EVERY;
            sleep(EVERY).await;
            self.learn(Instant::now().saturating_duration_since(due));
        }
    }

    /// Whether this request is one of those turned away.
    pub fn turns_away(&self) -> bool {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let part = self.part.load(Ordering::Relaxed);
        let is_one = number.wrapping_mul(STRIDE) % WHOLE < part;
        self.turned_away.inc_by(u64::from(is_one));
        is_one
    }

    fn learn(&self, late: Duration) {
        self.late.set(late.as_secs_f64());
        let asked = self.asked.load(Ordering::Relaxed);
        let mut look = self.look.lock().unwrap_or_else(PoisonError::into_inner);
        let many = asked.wrapping_sub(look.asked) >= MANY;
        look.asked = asked;
        look.late = if many && late >= LATE { look.late.saturating_add(late) } else { Duration::ZERO };
        let is_behind = look.late >= IN_ALL;
        drop(look);
        let part = self.part.load(Ordering::Relaxed);
        let times = u32::try_from(late.as_millis() / LATE.as_millis()).unwrap_or(WHOLE).min(WHOLE);
        let part = if is_behind { (part + times * MORE).min(MOST) } else { part.saturating_sub(LESS) };
        self.part.store(part, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned_away_of(overload: &Overload, requests: u32) -> usize {
        (0..requests).filter(|_| overload.turns_away()).count()
    }

    /// A look after some requests.
    fn look(overload: &Overload, requests: u32, late: Duration) {
        turned_away_of(overload, requests);
        overload.learn(late);
    }

    #[test]
    fn nobody_is_turned_away_by_a_server_that_keeps_up_or_is_kept_waiting_itself() {
        let overload = Overload::default();
        (0..10).for_each(|_| look(&overload, 500, Duration::from_millis(199)));
        for _ in 0..10 {
            look(&overload, 500, Duration::from_millis(299));
            look(&overload, 500, Duration::from_millis(299));
            look(&overload, 500, Duration::ZERO);
        }
        (0..10).for_each(|_| look(&overload, MANY - 1, Duration::from_secs(3)));
        assert_eq!(turned_away_of(&overload, 5000), 0);
    }

    #[test]
    fn the_later_it_is_the_more_are_turned_away_but_never_all() {
        let overload = Overload::default();
        (0..3).for_each(|_| look(&overload, MANY, Duration::from_millis(250)));
        assert_eq!(turned_away_of(&overload, 5000), 500);
        overload.learn(Duration::from_millis(650));
        assert_eq!(turned_away_of(&overload, 5000), 2000);
        overload.learn(Duration::from_secs(3600));
        assert_eq!(turned_away_of(&overload, 5000), 4750);
    }

    #[test]
    fn everybody_is_let_in_again_within_two_seconds() {
        let overload = Overload::default();
        look(&overload, MANY, Duration::from_secs(30));
        let looks = Duration::from_secs(2).as_millis() / EVERY.as_millis();
        (0..looks).for_each(|_| overload.learn(Duration::ZERO));
        assert_eq!(turned_away_of(&overload, 5000), 0);
    }
}
