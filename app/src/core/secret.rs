//! The server's own secret: a file beside the database, never in it, so that a dump gives nothing away.
//!
//! From it come the keys of all purposes, each by HMAC with the purpose's name.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::parts::Part;
use super::random::Random;
use super::{App, Error, Result};

/// The file's name in the data folder.
pub const FILE: &str = "server.secret";

/// 256 random bits that only this server knows.
pub struct ServerSecret([u8; 32]);

impl Part for ServerSecret {
    fn make(app: &App) -> Result<Self> {
        let path = app.config.server.data_dir.join(FILE);
        read_or_make(&path, &app.random).map(Self).map_err(|error| {
            Error::internal(format_args!("the server's secret in {}: {error}", path.display()))
        })
    }
}

impl ServerSecret {
    /// HMAC-SHA256 of `message` under the key of `purpose`.
    ///
    /// # Errors
    /// Never in practice: HMAC takes keys of any length.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> Result<[u8; 32]> {
        let key = mac(&self.0, purpose.as_bytes())?;
        mac(&key, message)
    }
}

fn mac(key: &[u8], message: &[u8]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::internal)?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().into())
}

fn read_or_make(path: &Path, random: &Random) -> io::Result<[u8; 32]> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, random),
        Err(error) => Err(error),
    }
}

fn parse(text: &str) -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, "it must hold 64 hexadecimal digits");
    hex::decode_to_slice(text.trim(), &mut secret).map_err(wrong)?;
    Ok(secret)
}

/// Written whole under another name and then linked, so that nobody ever reads half of it and of two processes that
/// start at once the first one's stays.
fn make(path: &Path, random: &Random) -> io::Result<[u8; 32]> {
    let secret = random.bytes::<32>().map_err(io::Error::other)?;
    let draft = draft_name(path, random)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = private().open(&draft)?;
    file.write_all(hex::encode(secret).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(secret),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => parse(&fs::read_to_string(path)?),
        Err(error) => Err(error),
    }
}

fn draft_name(path: &Path, random: &Random) -> io::Result<PathBuf> {
    let unlike_any = hex::encode(random.bytes::<8>().map_err(io::Error::other)?);
    Ok(path.with_extension(unlike_any))
}

/// A new file that only its owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::{ServerSecret, read_or_make};
    use crate::core::random::Random;

    #[test]
    fn the_first_start_makes_it_and_later_ones_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("server.secret");
        let random = Random::System;
        let first = read_or_make(&path, &random).unwrap();
        assert_eq!(read_or_make(&path, &random).unwrap(), first);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.secret");
        read_or_make(&path, &Random::System).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_stops_the_start_instead_of_being_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.secret");
        std::fs::write(&path, "half").unwrap();
        assert!(read_or_make(&path, &Random::System).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "half");
    }

    #[test]
    fn purposes_do_not_share_a_key() {
        let secret = ServerSecret([7; 32]);
        assert_eq!(secret.sign("a", b"x").unwrap(), secret.sign("a", b"x").unwrap());
        assert_ne!(secret.sign("a", b"x").unwrap(), secret.sign("b", b"x").unwrap());
        assert_ne!(secret.sign("a", b"x").unwrap(), secret.sign("a", b"y").unwrap());
    }
}
