//! Codings of kept bytes: made once, beside the requests, from the second time on that somebody asks for one.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Store;
use super::entry::Entry;
use crate::server::assets::Accepts;
use crate::server::router::WORTH_COMPRESSING;

/// Of 11: the stronger ones take many times as long.
const BROTLI: i32 = 5;
/// The window of Brotli, as a power of two: no page is larger.
const WINDOW: i32 = 20;

/// A coding that browsers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// The one that suits a client best.
    pub(super) fn for_client(accepts: Accepts) -> Option<Self> {
        match accepts {
            Accepts { brotli: true, .. } => Some(Self::Brotli),
            Accepts { gzip: true, .. } => Some(Self::Gzip),
            _ => None,
        }
    }

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Brotli => 0,
            Self::Gzip => 1,
        }
    }

    /// As HTTP names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The bytes in this coding; `None` when that fails, which memory alone can make it.
    pub(super) fn of(self, plain: &[u8]) -> Option<Bytes> {
        let mut coded = Vec::with_capacity(plain.len() / 4);
        match self {
            Self::Brotli => {
                let params = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI,
                    lgwin: WINDOW,
                    size_hint: plain.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*plain, &mut coded, &params).ok()?;
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut coded, Compression::default());
                encoder.write_all(plain).ok()?;
                encoder.finish().ok()?;
            }
        }
        coded.shrink_to_fit();
        Some(coded.into())
    }
}

/// Whether so many bytes are given in a coding.
pub(super) fn is_worth_it(length: usize) -> bool {
    u64::try_from(length).is_ok_and(|length| length >= WORTH_COMPRESSING)
}

/// Makes a coding that somebody asked for, unless somebody does already: one after the other, since each takes megabytes
/// while it is made. Meanwhile it is made for each answer.
pub(super) fn begin(store: &Arc<Store>, entry: &Arc<Entry>, coding: Option<Coding>) {
    let Some(coding) = coding.filter(|_| entry.is_worth_coding()) else { return };
    if entry.form(Some(coding)).is_none() && entry.begins_coding(coding) {
        let (store, entry) = (Arc::clone(store), Arc::clone(entry));
        tokio::spawn(async move {
            let turns = Arc::clone(&store.turns);
            let Ok(_turn) = turns.acquire().await else { return };
            if !entry.has_ended() {
                let code = move || {
                    entry.make_coding(coding);
                    store.weigh(&entry);
                };
                if tokio::task::spawn_blocking(code).await.is_err() {
                    tracing::warn!("an answer could not be compressed");
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Coding;

    #[test]
    fn codings_hold_what_was_coded() {
        let plain = "what does not change is bytes made once; ".repeat(500);
        let (mut gzip, mut brotli) = (Vec::new(), Vec::new());
        flate2::read::GzDecoder::new(&*Coding::Gzip.of(plain.as_bytes()).unwrap())
            .read_to_end(&mut gzip)
            .unwrap();
        let coded = Coding::Brotli.of(plain.as_bytes()).unwrap();
        brotli::BrotliDecompress(&mut &*coded, &mut brotli).unwrap();
        assert!(coded.len() < plain.len() / 10);
        assert_eq!((gzip, brotli), (plain.clone().into_bytes(), plain.into_bytes()));
    }
}
