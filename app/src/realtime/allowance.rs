//! How much a client may ask for: a bucket that fills again within ten seconds.

use std::time::Instant;

/// In how many seconds an empty bucket is full again.
const SECONDS: f32 = 10.0;

/// What a client may still spend. A frame costs one.
#[derive(Debug)]
pub(super) struct Allowance {
    most: f32,
    left: f32,
    at: Instant,
}

impl Allowance {
    /// A full bucket of so many frames within ten seconds.
    pub(super) fn new(frames: u32, now: Instant) -> Self {
        let most = frames as f32;
        Self { most, left: most, at: now }
    }

    /// Spends for one frame and what it asks for; false when there is not enough left.
    #[must_use]
    pub(super) fn spend(&mut self, cost: f32, now: Instant) -> bool {
        let filled = now.saturating_duration_since(self.at).as_secs_f32() / SECONDS * self.most;
        self.at = now;
        self.left = (self.left + filled).min(self.most) - cost;
        self.left >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Allowance;

    #[test]
    fn it_is_spent_and_fills_again() {
        let start = Instant::now();
        let mut allowance = Allowance::new(20, start);
        assert!((0..20).all(|_| allowance.spend(1.0, start)));
        assert!(!allowance.spend(1.0, start));
        let later = start + Duration::from_secs(5);
        assert!((0..9).all(|_| allowance.spend(1.0, later)));
        let much_later = start + Duration::from_secs(60);
        assert!(allowance.spend(20.0, much_later), "but never holds more than at first");
        assert!(!allowance.spend(1.0, much_later));
    }
}
