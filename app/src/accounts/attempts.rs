//! How often one may try to sign in: wrong passwords are counted by account and by address, in memory.
//!
//! Each count drains steadily, so that a wait of a minute or two buys one more try and nobody is shut out for long.
//! Who comes from a device that the account was signed in on before is counted apart: a stranger's tries never keep
//! the owner out.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::device::{Device, DeviceId};
use super::model::UserId;
use crate::core::parts::Part;
use crate::core::{App, Error, Result};

/// Within which time the tries below are counted, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;
/// Wrong passwords for one account.
const PER_ACCOUNT: i64 = 10;
/// Wrong passwords from one address: a school has one.
const PER_ADDRESS: i64 = 60;
/// The most names that are counted of each kind; the ones with the fewest tries are forgotten first.
const MOST: usize = 20_000;

/// The tries of the last minutes.
#[derive(Default)]
pub struct Attempts {
    addresses: Mutex<Tries<IpAddr>>,
    accounts: Mutex<Tries<Account>>,
}

impl Part for Attempts {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// Whose password is tried.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Account {
    /// Somebody's, from anywhere.
    Of(UserId),
    /// Somebody's, from a device of theirs.
    From(DeviceId, UserId),
    /// A name that nobody has: it is counted too, so that it is not told from one that somebody has. As its
    /// hash, so that each takes the same room however long it is.
    Unknown([u8; 32]),
}

/// A try, counted as wrong until it is known to be right.
#[must_use]
pub struct Try<'a> {
    attempts: &'a Attempts,
    at: i64,
    address: Option<IpAddr>,
    account: Account,
}

impl Attempts {
    /// Counts a try at the account `person` (or at a name that nobody has) from an address or a device.
    ///
    /// # Errors
    /// `TooMany` when there were too many wrong ones before.
    pub fn begin<'a>(
        &'a self,
        now: i64,
        address: IpAddr,
        device: Option<&Device>,
        person: Option<UserId>,
        name: &str,
    ) -> Result<Try<'a>> {
        let own = device.zip(person).filter(|(device, person)| device.knows(*person));
        let (address, account) = match (own, person) {
            (Some((device, person)), _) => (None, Account::From(device.id, person)),
            (None, Some(person)) => (Some(address), Account::Of(person)),
            (None, None) => (Some(address), Account::Unknown(Sha256::digest(name).into())),
        };
        lock(&self.accounts).take(account.clone(), now, PER_ACCOUNT).map_err(too_many)?;
        if let Some(address) = address
            && let Err(wait) = lock(&self.addresses).take(address, now, PER_ADDRESS)
        {
            lock(&self.accounts).give_back(&account, now, PER_ACCOUNT);
            return Err(too_many(wait));
        }
        Ok(Try { attempts: self, at: now, address, account })
    }

    /// Forgets what has drained away. To be called now and then.
    pub fn forget_drained(&self, now: i64) {
        lock(&self.accounts).forget_drained(now);
        lock(&self.addresses).forget_drained(now);
    }
}

impl Try<'_> {
    /// The password was right: this try does not count.
    pub fn was_right(self) {
        lock(&self.attempts.accounts).give_back(&self.account, self.at, PER_ACCOUNT);
        if let Some(address) = &self.address {
            lock(&self.attempts.addresses).give_back(address, self.at, PER_ADDRESS);
        }
    }
}

fn lock<K>(tries: &Mutex<Tries<K>>) -> std::sync::MutexGuard<'_, Tries<K>> {
    tries.lock().unwrap_or_else(PoisonError::into_inner)
}

fn too_many(wait: i64) -> Error {
    let retry_after = u64::try_from(wait).unwrap_or_default().div_ceil(1000).max(1);
    Error::TooMany {
        retry_after,
        why: String::from("Too many tries with a wrong password. Wait a little, then try again."),
    }
}

/// For each key the moment at which its count will have drained to nothing.
struct Tries<K> {
    empty_at: HashMap<K, i64>,
}

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self { empty_at: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone> Tries<K> {
    /// Counts one of at most `limit` in the window; else the milliseconds until the next is allowed.
    fn take(&mut self, key: K, now: i64, limit: i64) -> Result<(), i64> {
        let step = WINDOW / limit;
        let empty_at = self.empty_at.get(&key).copied().unwrap_or(now).max(now);
        let over = empty_at + step - (now + WINDOW);
        if over > 0 {
            return Err(over);
        }
        if self.empty_at.len() >= MOST && !self.empty_at.contains_key(&key) {
            self.make_room(now);
        }
        self.empty_at.insert(key, empty_at + step);
        Ok(())
    }

    /// Takes one count back; who has none left is forgotten.
    fn give_back(&mut self, key: &K, now: i64, limit: i64) {
        let Some(empty_at) = self.empty_at.get_mut(key) else { return };
        *empty_at -= WINDOW / limit;
        if *empty_at <= now {
            self.empty_at.remove(key);
        }
    }

    fn forget_drained(&mut self, now: i64) {
        self.empty_at.retain(|_, empty_at| *empty_at > now);
    }

    fn make_room(&mut self, now: i64) {
        self.forget_drained(now);
        if self.empty_at.len() >= MOST {
            let least =
                self.empty_at.iter().min_by_key(|(_, empty_at)| **empty_at).map(|(key, _)| key.clone());
            if let Some(key) = least {
                self.empty_at.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Tries, WINDOW};

    #[test]
    fn so_many_and_no_more_and_one_more_after_a_while() {
        let mut tries = Tries::default();
        assert!((0..10).all(|_| tries.take("ann", 0, 10).is_ok()));
        assert_eq!(tries.take("ann", 0, 10), Err(WINDOW / 10));
        assert!(tries.take("bob", 0, 10).is_ok(), "others are not concerned");
        assert!(tries.take("ann", WINDOW / 10, 10).is_ok());
        assert!(tries.take("ann", WINDOW / 10, 10).is_err());
        assert!((0..10).all(|_| tries.take("ann", 3 * WINDOW, 10).is_ok()));
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let mut tries = Tries::default();
        for _ in 0..100 {
            tries.take("ann", 0, 10).unwrap();
            tries.give_back(&"ann", 0, 10);
        }
        assert!(tries.empty_at.is_empty());
    }

    #[test]
    fn the_memory_it_takes_is_bounded_and_the_worst_are_kept() {
        let mut tries = Tries::default();
        let limit = 10;
        for _ in 0..limit {
            tries.take(usize::MAX, 0, limit).unwrap();
        }
        for key in 0..MOST + 50 {
            tries.take(key, 0, limit).unwrap();
        }
        assert_eq!(tries.empty_at.len(), MOST);
        assert!(tries.take(usize::MAX, 0, limit).is_err());
    }
}
