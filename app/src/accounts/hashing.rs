//! Hashing passwords (Argon2id) where it harms nobody: on threads of low priority, few at once, behind a short queue.
//!
//! A hash costs tens of milliseconds and 19 MiB on purpose. So at most two run at once and one fewer than the cores;
//! who comes when the queue is full is told to come back before any work is done. Each hash has a thread of its own
//! that ends with it, and with that its memory goes back to the system.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::{Semaphore, oneshot};

use super::visitor::Asker;
use crate::core::parts::Part;
use crate::core::random::Random;
use crate::core::{App, Error, Result};

/// The most hashes at once, however many cores there are.
const MOST_AT_ONCE: usize = 2;
/// Places in the queue for anybody: at 30 ms a hash the last one waits a quarter of a second.
const PLACES: usize = 8;
/// More places, for those who signed in from this device before.
const KEPT_PLACES: usize = 4;
/// Seconds after which somebody who found the queue full may try again; the queue is empty long before.
const RETRY_AFTER: u64 = 1;

/// The process's hashing: its parameters, its queue, and how much it has done.
#[derive(Clone)]
pub struct Hashing {
    argon2: Argon2<'static>,
    dummy: Arc<str>,
    random: Random,
    running: Arc<Semaphore>,
    queue: Arc<Mutex<Queue>>,
    work: Arc<AtomicU64>,
}

impl Part for Hashing {
    fn make(app: &App) -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let settings = &app.config.passwords;
        let params = Params::new(settings.memory_kib, settings.passes, 1, None).map_err(Error::internal)?;
        Self::new(params, app.random.clone(), cores.saturating_sub(1).clamp(1, MOST_AT_ONCE))
    }
}

/// Who waits.
#[derive(Default)]
struct Queue {
    waiting: HashMap<Asker, Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Kept,
}

/// A place in the queue. It is given up when its hash begins, or when nobody waits for it any more.
#[must_use]
pub struct Place {
    hashing: Hashing,
    asker: Asker,
}

impl Hashing {
    fn new(params: Params, random: Random, at_once: usize) -> Result<Self> {
        let dummy = dummy(&params, &random)?.into();
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            dummy,
            random,
            running: Arc::new(Semaphore::new(at_once)),
            queue: Arc::default(),
            work: Arc::default(),
        })
    }

    /// Takes a place in the queue.
    ///
    /// # Errors
    /// `Busy` when the queue is full, or this asker waits already.
    pub fn place(&self, asker: Asker) -> Result<Place> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.enter(asker) {
            return Ok(Place { hashing: self.clone(), asker });
        }
        Err(Error::Busy { retry_after: RETRY_AFTER })
    }

    /// Whether a hash was made with other parameters than today's.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return true };
        let made_with = Params::try_from(&hash);
        let today = self.argon2.params();
        hash.algorithm != Algorithm::Argon2id.ident()
            || hash.version != Some(u32::from(Version::V0x13))
            || made_with.map_or(true, |params| {
                (params.m_cost(), params.t_cost(), params.p_cost())
                    != (today.m_cost(), today.t_cost(), today.p_cost())
            })
    }

    /// Kibibytes filled so far, all passes counted: what all the hashing has cost, whatever came of it.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::SeqCst)
    }

    fn hash(&self, password: &str) -> Result<String> {
        let salt = self.random.bytes::<16>()?;
        self.note_work(self.argon2.params());
        let hash = self.argon2.hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(format_args!("hashing: {error}")))
    }

    fn verify(&self, password: &str, hash: &str) -> Result<bool> {
        let broken = |error| Error::internal(format_args!("a stored password hash: {error}"));
        let hash = PasswordHash::new(hash).map_err(|error| broken(error.to_string()))?;
        self.note_work(&Params::try_from(&hash).map_err(|error| broken(error.to_string()))?);
        match self.argon2.verify_password(password.as_bytes(), &hash) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(broken(error.to_string())),
        }
    }

    fn note_work(&self, params: &Params) {
        self.work.fetch_add(u64::from(params.m_cost()) * u64::from(params.t_cost()), Ordering::SeqCst);
    }
}

impl Queue {
    fn enter(&mut self, asker: Asker) -> bool {
        if self.waiting.contains_key(&asker) {
            return false;
        }
        let taken = |kind| self.waiting.values().filter(|other| **other == kind).count();
        let kind = if taken(Kind::Open) < PLACES {
            Kind::Open
        } else if asker.is_known() && taken(Kind::Kept) < KEPT_PLACES {
            Kind::Kept
        } else {
            return false;
        };
        self.waiting.insert(asker, kind);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hashing.queue.lock().unwrap_or_else(PoisonError::into_inner).waiting.remove(&self.asker);
    }
}

impl Place {
    /// The hash of a new password, to be stored.
    ///
    /// # Errors
    /// When the system gives no thread, memory or randomness.
    pub async fn hash(self, password: String) -> Result<String> {
        self.run(move |hashing| hashing.hash(&password)).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// When the system gives no thread or memory, or the stored hash is damaged.
    pub async fn verify(self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move |hashing| match hash {
            Some(hash) => hashing.verify(&password, &hash),
            None => hashing.verify(&password, &hashing.dummy).map(|_| false),
        })
        .await
    }

    /// Whether the password is the one that was hashed, and if so the hash of a new one.
    ///
    /// # Errors
    /// As `verify` and `hash`.
    pub async fn replace(
        self,
        password: String,
        hash: Option<String>,
        new: String,
    ) -> Result<Option<String>> {
        self.run(move |hashing| {
            let old = hash.as_deref().unwrap_or(&hashing.dummy);
            if hashing.verify(&password, old)? && hash.is_some() {
                hashing.hash(&new).map(Some)
            } else {
                Ok(None)
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        self,
        job: impl FnOnce(&Hashing) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let hashing = self.hashing.clone();
        let turn = hashing.running.clone().acquire_owned().await.map_err(Error::internal)?;
        drop(self);
        let (done, result) = oneshot::channel();
        let work = move || {
            step_back();
            let answer = job(&hashing);
            drop(turn);
            // Nobody listens any more when the client has gone away.
            drop(done.send(answer));
        };
        thread::Builder::new().name(String::from("password")).spawn(work).map_err(Error::internal)?;
        result.await.map_err(|_| Error::internal("a hashing thread broke off"))?
    }
}

/// Lets every other thread go first.
fn step_back() {
    if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
        tracing::debug!(?error, "password hashing runs at normal priority");
    }
}

/// A hash of nothing, in the form of today's: to verify against it costs the same and never succeeds.
fn dummy(params: &Params, random: &Random) -> Result<String> {
    let salt = STANDARD_NO_PAD.encode(random.bytes::<16>()?);
    let hash = STANDARD_NO_PAD.encode(random.bytes::<32>()?);
    let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
    Ok(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}"))
}

#[cfg(test)]
#[path = "hashing_tests.rs"]
mod tests;
