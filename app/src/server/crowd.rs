//! How many connections each address holds, so that none takes the places of all others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Network;
use crate::core::request::household;

/// Which part of all connections one address may hold: as much as a school behind one address needs of the usual 20,000.
const PART: usize = 16;
/// What one address may hold in any case.
const AT_LEAST: usize = 64;

/// The connections of one listener, by address; cheap to clone.
#[derive(Clone)]
pub(super) struct Crowd {
    connections: usize,
    most: usize,
    trusted: Arc<[Network]>,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection of an address, until it is dropped.
pub(super) struct Member {
    crowd: Crowd,
    /// `None` for a trusted proxy: it brings everybody's requests.
    address: Option<IpAddr>,
}

impl Crowd {
    /// Of a listener that takes `connections` at once. Trusted proxies are not counted.
    pub(super) fn new(connections: usize, trusted: &[Network]) -> Self {
        let most = (connections / PART).max(AT_LEAST);
        Self { connections, most, trusted: trusted.into(), held: Arc::default() }
    }

    /// How many connections the listener takes at once.
    pub(super) fn connections(&self) -> usize {
        self.connections
    }

    /// One more connection of an address, unless it holds as many as it may.
    pub(super) fn join(&self, address: IpAddr) -> Option<Member> {
        if self.trusted.iter().any(|network| network.contains(address)) {
            return Some(Member { crowd: self.clone(), address: None });
        }
        let address = household(address);
        let mut held = self.lock();
        let of_address = held.entry(address).or_default();
        if *of_address >= self.most {
            return None;
        }
        *of_address += 1;
        Some(Member { crowd: self.clone(), address: Some(address) })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut held = self.crowd.lock();
        if let Some(of_address) = held.get_mut(&address) {
            *of_address -= 1;
            if *of_address == 0 {
                held.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_LEAST, Crowd};
    use crate::config::{Network, Value};

    #[test]
    fn one_household_holds_only_its_part_and_a_trusted_proxy_everybody_s() {
        let crowd = Crowd::new(16, &[Network::parse("10.0.0.0/8").unwrap()]);
        let mut members: Vec<_> = (0..AT_LEAST)
            .map(|n| crowd.join(format!("2001:db8:1:2::{n:x}").parse().unwrap()).expect("a place"))
            .collect();
        assert!(crowd.join("2001:db8:1:2::ffff".parse().unwrap()).is_none());
        assert!(crowd.join("2001:db8:1:3::1".parse().unwrap()).is_some(), "another household");
        let proxied: Vec<_> = (0..AT_LEAST + 1).map(|_| crowd.join("10.1.2.3".parse().unwrap())).collect();
        assert!(proxied.iter().all(Option::is_some));
        members.pop();
        assert!(crowd.join("2001:db8:1:2::ffff".parse().unwrap()).is_some(), "one has left");
        drop((members, proxied));
        assert!(crowd.lock().is_empty());
    }
}
