//! Chance that repeats itself: SplitMix64 (Steele, Lea and Flood, 2014).

/// Numbers that look random and are the same in every run with the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `sides` - 1; 0 when there are no sides.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        mixed.checked_rem(sides).unwrap_or(0)
    }

    /// Whether something of so many per cent happens.
    pub fn per_cent(&mut self, chance: u64) -> bool {
        self.roll(100) < chance
    }
}
