//! The general limit on requests: a sliding window per person, or per address for those not signed in.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Somebody signed in.
    Person(i64),
    /// An address, or a household's network.
    Address(IpAddr),
}

/// What the limiter says of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the request may go on.
    pub allowed: bool,
    /// How many requests a window has.
    pub limit: u32,
    /// How many more are free now.
    pub remaining: u32,
    /// Seconds until more are free; at least 1.
    pub reset: u64,
}

/// How many locks share the work.
const SHARDS: usize = 16;
/// The most who are counted at once, over all shards: about 6 MB. When a shard is full those whose window is over are
/// forgotten, and while there is still no room strangers share one count, so that a flood of addresses limits itself.
const MOST_COUNTED: usize = 100_000;

/// Milliseconds between two sweeps of a full shard.
const SWEEP_EVERY: i64 = 1000;

/// Counts requests in memory.
pub struct RateLimit {
    limit: u32,
    /// Milliseconds.
    window: i64,
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

/// Those who are counted under one lock.
#[derive(Default)]
struct Shard {
    windows: HashMap<Counted, Window>,
    /// When those were last forgotten whose requests no longer count, in milliseconds since 1970.
    swept: i64,
}

/// The requests of one window and of the one before.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Milliseconds since 1970.
    start: i64,
    now: u32,
    before: u32,
}

/// Who has no place of his own in a full table.
const STRANGERS: Counted = Counted::Person(i64::MIN);

impl RateLimit {
    /// `limit` requests in `seconds`.
    pub fn new(limit: u32, seconds: u64) -> Self {
        let window = i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        let shards = std::array::from_fn(|_| Mutex::default());
        Self { limit, window, shards, hasher: RandomState::new() }
    }

    /// How many requests a window has.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Counts one request at `now` (milliseconds since 1970). A refused request is not counted.
    pub fn count(&self, who: Counted, now: i64) -> Verdict {
        let index = usize::try_from(self.hasher.hash_one(who) % (SHARDS as u64)).unwrap_or_default();
        let mut shard = self.shards[index].lock().unwrap_or_else(PoisonError::into_inner);
        let who =
            if shard.windows.contains_key(&who) || self.has_room(&mut shard, now) { who } else { STRANGERS };
        let window = shard.windows.entry(who).or_insert(Window { start: now, now: 0, before: 0 });
        window.advance(now, self.window);
        window.take(now, self.window, self.limit)
    }

    /// Makes room by forgetting those whose requests no longer count; once in a while, since it looks at everyone.
    fn has_room(&self, shard: &mut Shard, now: i64) -> bool {
        if shard.windows.len() >= MOST_COUNTED / SHARDS && (now - shard.swept).abs() >= SWEEP_EVERY {
            shard.swept = now;
            shard.windows.retain(|_, window| now - window.start < 2 * self.window);
        }
        shard.windows.len() < MOST_COUNTED / SHARDS
    }
}

impl Window {
    /// Moves on to the window that `now` lies in.
    fn advance(&mut self, now: i64, length: i64) {
        let passed = (now - self.start).max(0) / length;
        match passed {
            0 => {}
            1 => *self = Self { start: self.start + length, now: 0, before: self.now },
            _ => *self = Self { start: now, now: 0, before: 0 },
        }
    }

    /// What of the window before still counts: as much of it as the last `length` milliseconds still overlap.
    fn still_counting(&self, now: i64, length: i64) -> i64 {
        i64::from(self.before) * (length - (now - self.start)).max(0) / length
    }

    fn take(&mut self, now: i64, length: i64, limit: u32) -> Verdict {
        let used = self.still_counting(now, length) + i64::from(self.now);
        let free = u32::try_from(i64::from(limit) - used).unwrap_or(0);
        let reset = u64::try_from((self.start + length - now).max(0)).unwrap_or(0).div_ceil(1000).max(1);
        if free == 0 {
            return Verdict { allowed: false, limit, remaining: 0, reset };
        }
        self.now += 1;
        Verdict { allowed: true, limit, remaining: free - 1, reset }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ANN: Counted = Counted::Person(1);

    fn address(n: u32) -> Counted {
        Counted::Address(Ipv4Addr::from_bits(n).into())
    }

    #[test]
    fn the_request_above_the_limit_is_refused_until_the_window_is_over() {
        let limit = RateLimit::new(1000, 60);
        for n in 0..1000 {
            assert!(limit.count(ANN, n).allowed, "request {n}");
        }
        let refused = limit.count(ANN, 1000);
        assert_eq!(refused, Verdict { allowed: false, limit: 1000, remaining: 0, reset: 59 });
        assert!(limit.count(Counted::Person(2), 1000).allowed, "others are not affected");
        assert!(!limit.count(ANN, 59_999).allowed);
        assert!(limit.count(ANN, 61_000).allowed);
    }

    #[test]
    fn a_window_s_requests_fade_rather_than_vanish() {
        let limit = RateLimit::new(100, 60);
        for _ in 0..100 {
            limit.count(ANN, 0);
        }
        let free = (0..100).filter(|_| limit.count(ANN, 90_000).allowed).count();
        assert_eq!(free, 50, "half a window later half of it is free again");
        assert_eq!(limit.count(ANN, 500_000).remaining, 99);
    }

    #[test]
    fn a_clock_that_goes_back_opens_nothing_and_breaks_nothing() {
        let limit = RateLimit::new(2, 60);
        limit.count(ANN, 100_000);
        limit.count(ANN, 50_000);
        assert!(!limit.count(ANN, 50_000).allowed);
    }

    #[test]
    fn a_flood_of_addresses_stays_within_bounds_and_limits_itself() {
        let limit = RateLimit::new(10, 60);
        let allowed = (0..300_000).filter(|n| limit.count(address(*n), 0).allowed).count();
        assert!(allowed <= MOST_COUNTED + SHARDS * 10, "{allowed}");
        let kept: usize = limit.shards.iter().map(|shard| shard.lock().unwrap().windows.len()).sum();
        assert!(kept <= MOST_COUNTED + SHARDS, "{kept}");
        assert!(limit.count(address(1_000_000), 200_000).allowed, "room again when windows are over");
    }
}
