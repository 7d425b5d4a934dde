//! Randomness, passed in so that tests can repeat it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub enum Random {
    /// The operating system's generator, fit for secrets.
    System,
    /// The same bytes in every run, from a seed and a counter; for tests alone.
    Seeded(Arc<(u64, AtomicU64)>),
}

/// A secret that its holder shows as text and of which only the hash is stored.
pub struct Token {
    /// 43 characters of URL-safe base64: 256 bits.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: Vec<u8>,
}

impl Random {
    /// Randomness that repeats itself.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new((seed, AtomicU64::new(0))))
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// When the operating system has none to give.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], getrandom::Error> {
        let mut out = [0; N];
        match self {
            Self::System => getrandom::fill(&mut out)?,
            Self::Seeded(state) => {
                for chunk in out.chunks_mut(32) {
                    let turn = state.1.fetch_add(1, Ordering::SeqCst);
                    let block =
                        Sha256::new().chain_update(state.0.to_le_bytes()).chain_update(turn.to_le_bytes());
                    chunk.copy_from_slice(&block.finalize()[..chunk.len()]);
                }
            }
        }
        Ok(out)
    }

    /// A new secret of 256 bits.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn token(&self) -> Result<Token, getrandom::Error> {
        let text = URL_SAFE_NO_PAD.encode(self.bytes::<32>()?);
        let hash = hash_token(&text);
        Ok(Token { text, hash })
    }

    /// A random UUID (version 4).
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn uuid(&self) -> Result<uuid::Uuid, getrandom::Error> {
        Ok(uuid::Builder::from_random_bytes(self.bytes::<16>()?).into_uuid())
    }
}

/// What is stored of a token: SHA-256 is enough, since the token itself is 256 random bits.
pub fn hash_token(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
