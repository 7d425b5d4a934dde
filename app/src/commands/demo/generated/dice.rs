//! Chance that repeats itself: the same seed makes the same community.

/// A generator of even numbers: SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
/// Fit for inventing, not for secrets.
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice for one purpose: `purpose` keeps what is thrown for one thing apart from what is thrown for another.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a spreads the purpose over the seed.
        let mixed = purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |mixed, byte| {
            (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A share from 0 up to and without 1.
    pub(super) fn share(&mut self) -> f64 {
        // 53 bits fill the mantissa.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `end`, which is above 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Whether something happens that does so `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: f64) -> bool {
        self.share() * 100.0 < percent
    }

    /// One of these; there is at least one.
    pub(super) fn of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len())]
    }

    /// A number from `low` to `high`, small ones as often as large ones: each doubling is as likely as the next.
    pub(super) fn doubling(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.share())
    }
}

/// Ranks by Zipf's law: the first is the commonest, and rank `n` comes `n` to the power of `exponent` times less often.
pub(super) struct Zipf(Vec<f64>);

impl Zipf {
    /// So many ranks, at least one.
    pub(super) fn new(ranks: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let sums = (1..=ranks).map(|rank| {
            sum += (rank as f64).powf(-exponent);
            sum
        });
        Self(sums.collect())
    }

    /// A rank, from 0.
    pub(super) fn rank(&self, dice: &mut Dice) -> usize {
        let all = self.0.last().copied().unwrap_or_default();
        let thrown = dice.share() * all;
        self.0.partition_point(|sum| *sum <= thrown).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Zipf};

    #[test]
    fn the_same_seed_throws_the_same_and_another_does_not() {
        let thrown = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(thrown(1, "words"), thrown(1, "words"));
        assert_ne!(thrown(1, "words"), thrown(2, "words"));
        assert_ne!(thrown(1, "words"), thrown(1, "people"));
    }

    #[test]
    fn numbers_stay_below_their_end_and_reach_all_below_it() {
        let mut dice = Dice::new(7, "");
        let mut seen = [0; 6];
        (0..6000).for_each(|_| seen[dice.below(6)] += 1);
        assert!(seen.iter().all(|count| (800..1200).contains(count)), "{seen:?}");
        assert!((0..1000).all(|_| (3.0..48.0).contains(&dice.doubling(3.0, 48.0))));
    }

    #[test]
    fn the_second_rank_comes_half_as_often_as_the_first() {
        let (zipf, mut dice) = (Zipf::new(1000, 1.0), Dice::new(7, ""));
        let mut seen = vec![0_i32; 1000];
        (0..100_000).for_each(|_| seen[zipf.rank(&mut dice)] += 1);
        assert!((seen[0] - 2 * seen[1]).abs() < seen[0] / 10, "{} {}", seen[0], seen[1]);
        assert!((seen[0] - 10 * seen[9]).abs() < seen[0] / 4, "{} {}", seen[0], seen[9]);
    }
}
