//! Ids of requests: unlike each other on all nodes, and made without asking the system each time. They are no secrets.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::core::Result;
use crate::core::random::Random;

/// Makes ids. Every process begins at a place of its own.
pub struct RequestIds {
    process: [u8; 4],
    next: AtomicU64,
}

impl RequestIds {
    /// Begins at a random place.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(random: &Random) -> Result<Self> {
        let next = AtomicU64::new(u64::from_le_bytes(random.bytes::<8>()?));
        Ok(Self { process: random.bytes::<4>()?, next })
    }

    /// 24 hexadecimal digits.
    pub fn next(&self) -> String {
        let count = mixed(self.next.fetch_add(1, Ordering::Relaxed));
        let mut id = [0; 12];
        id[..4].copy_from_slice(&self.process);
        id[4..].copy_from_slice(&count.to_le_bytes());
        hex::encode(id)
    }
}

/// The numbers in another order, each once (the last steps of splitmix64): who looks for the end of an id finds one.
fn mixed(count: u64) -> u64 {
    let z = (count ^ (count >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Random, RequestIds};

    #[test]
    fn no_two_requests_are_called_alike() {
        let nodes = [1, 2].map(|seed| RequestIds::new(&Random::seeded(seed)).unwrap());
        let ids: HashSet<String> = nodes.iter().flat_map(|node| (0..1000).map(|_| node.next())).collect();
        assert_eq!(ids.len(), 2000);
        assert!(ids.iter().all(|id| id.len() == 24));
    }
}
