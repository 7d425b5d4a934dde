//! How long reads and commits take, counted in buckets without a lock.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Upper ends of the buckets in microseconds: from a row in memory to a server that does not answer. What took longer
/// is in one more.
pub const BOUNDS: [u64; 11] = [50, 100, 250, 500, 1_000, 2_500, 5_000, 25_000, 100_000, 500_000, 2_500_000];

/// How long something took, so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// How often it ended within the bound of the same place, and not within the one before; the last has no bound.
    pub buckets: [u64; BOUNDS.len() + 1],
    /// All of it together, in microseconds.
    pub sum_micros: u64,
}

#[derive(Debug, Default)]
struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum_micros: AtomicU64,
}

impl Histogram {
    fn observe(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get(BOUNDS.partition_point(|bound| *bound < micros)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    async fn time<T>(&self, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let done = work.await;
        self.observe(began.elapsed());
        done
    }

    fn taken(&self) -> Taken {
        Taken {
            buckets: std::array::from_fn(|at| {
                self.buckets.get(at).map_or(0, |bucket| bucket.load(Ordering::Relaxed))
            }),
            sum_micros: self.sum_micros.load(Ordering::Relaxed),
        }
    }
}

/// What a database's callers waited for. What they gave up on is not in it: it has no end.
#[derive(Debug, Default)]
pub(crate) struct Times {
    reads: Histogram,
    commits: Histogram,
}

impl Times {
    pub(crate) async fn read<T>(&self, work: impl Future<Output = T>) -> T {
        self.reads.time(work).await
    }

    pub(crate) async fn commit<T>(&self, work: impl Future<Output = T>) -> T {
        self.commits.time(work).await
    }

    pub(crate) fn reads(&self) -> Taken {
        self.reads.taken()
    }

    pub(crate) fn commits(&self) -> Taken {
        self.commits.taken()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_in_the_bucket_that_it_fits() {
        let histogram = Histogram::default();
        for micros in [0, 50, 51, 2_500_000, 2_500_001] {
            histogram.observe(Duration::from_micros(micros));
        }
        let taken = histogram.taken();
        assert_eq!(taken.buckets, [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(taken.sum_micros, 5_000_102);
    }
}
