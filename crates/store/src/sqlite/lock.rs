//! One server for one file: a lock file beside the database, held as long as the server runs.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// A neighbour that only looks holds the lock for some microseconds: try again this often …
const TRIES: u32 = 10;

/// … after this long.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// How long one believes what the last look at the lock said.
const BELIEF: Duration = Duration::from_secs(1);

fn lock_file(database: &Path) -> std::io::Result<File> {
    let mut name = database.as_os_str().to_owned();
    name.push("-lock");
    File::options().create(true).truncate(false).write(true).open(PathBuf::from(name))
}

/// Becomes the one server of the file. The lock is the operating system's, so it ends with the process
/// however that ends.
pub(super) fn claim(database: &Path) -> std::io::Result<File> {
    let file = lock_file(database)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(std::io::Error::other("another server runs on this file"))
}

/// What a process that is not the server knows of the server beside it.
pub(super) struct Neighbour {
    lock: Option<File>,
    runs: bool,
    asked: Option<Instant>,
}

impl Neighbour {
    /// The server itself has none.
    pub(super) fn none() -> Self {
        Self { lock: None, runs: false, asked: None }
    }

    pub(super) fn of(database: &Path) -> std::io::Result<Self> {
        Ok(Self { lock: Some(lock_file(database)?), runs: false, asked: None })
    }

    /// After a commit beside a running server: leaves the file to it for as long as the commit took.
    pub(super) fn rest(&mut self, took: Duration) {
        if self.runs_now() {
            thread::sleep(took);
        }
    }

    fn runs_now(&mut self) -> bool {
        if let Some(lock) = &self.lock
            && self.asked.is_none_or(|asked| asked.elapsed() >= BELIEF)
        {
            self.runs = matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock));
            if !self.runs {
                lock.unlock().ok();
            }
            self.asked = Some(Instant::now());
        }
        self.runs
    }
}
