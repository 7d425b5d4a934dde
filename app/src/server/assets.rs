//! The web client's files: packed into the binary when it was built, compressed once, cached for ever.
//!
//! All are served under the hash of all of them (`/assets/HASH/…`), so that relative imports stay within one release
//! and nothing that a browser keeps can ever be stale.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

/// A file as the build script packed it.
struct Packed {
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/packed.rs"));

/// What never changes under its address may be kept by everyone for a year.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What may change is asked for again each time, and answered with 304 when it did not.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// One file in the encodings that it is kept in.
#[derive(Clone, Debug)]
pub struct Asset {
    /// As it is.
    pub plain: Bytes,
    /// With gzip, when that is worth it.
    pub gzip: Option<Bytes>,
    /// With Brotli, when that is worth it.
    pub brotli: Option<Bytes>,
    /// The quoted start of the content's hash.
    etag: String,
}

impl Asset {
    /// A file with its compressed forms.
    pub fn new(plain: Bytes, gzip: Option<Bytes>, brotli: Option<Bytes>) -> Self {
        let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&plain)[..8]));
        Self { plain, gzip, brotli, etag }
    }

    /// The form that a client takes, and what it is called.
    fn for_client(&self, accepts: &Accepts) -> (Option<&'static str>, &Bytes) {
        match (accepts, &self.brotli, &self.gzip) {
            (Accepts { brotli: true, .. }, Some(bytes), _) => (Some("br"), bytes),
            (Accepts { gzip: true, .. }, _, Some(bytes)) => (Some("gzip"), bytes),
            _ => (None, &self.plain),
        }
    }
}

/// All files of one release by their paths below `/assets/HASH/`.
#[derive(Debug)]
pub struct Release {
    /// The hash of all files.
    pub name: String,
    /// By path, as `js/main.js`.
    pub files: HashMap<String, Asset>,
}

impl Release {
    /// The release that this binary was built with.
    pub fn packed() -> Self {
        let asset = |packed: &Packed| {
            let bytes = |some: &'static [u8]| Bytes::from_static(some);
            Asset::new(bytes(packed.plain), packed.gzip.map(bytes), packed.brotli.map(bytes))
        };
        let files = PACKED.iter().map(|packed| (packed.path.to_owned(), asset(packed))).collect();
        let mut release = Self { name: RELEASE.to_owned(), files };
        if let Some(worker) = release.files.get_mut(WORKER) {
            *worker = Asset::new(naming(RELEASE, &worker.plain), None, None);
        }
        release
    }

    /// Adds the bare page, which the service worker keeps for times without a network.
    pub fn add_frame(&mut self, page: String) {
        self.files.insert(FRAME.to_owned(), Asset::new(page.into(), None, None));
    }

    /// The paths of all files but the page and the service worker, sorted: what a service worker keeps.
    pub fn manifest(&self) -> Vec<&str> {
        let mut paths: Vec<_> =
            self.files.keys().map(String::as_str).filter(|path| is_public(path)).collect();
        paths.sort_unstable();
        paths
    }
}

/// The service worker. It stands at the root, to have the whole site in its scope, and so must be told its release.
pub const WORKER: &str = "sw.js";
/// The bare page.
const FRAME: &str = "frame.html";

/// The service worker's text with the name of its release.
fn naming(release: &str, text: &[u8]) -> Bytes {
    String::from_utf8_lossy(text).replace("RELEASE", release).into()
}

/// Whether a file has an address below `/assets/HASH/`; the page and the service worker have their own.
pub fn is_public(path: &str) -> bool {
    !matches!(path, "index.html" | WORKER)
}

/// The client of this binary, or in development the one in a folder.
pub struct Assets {
    /// What this binary was built with.
    pub release: Release,
    folder: Option<PathBuf>,
}

impl Assets {
    /// The packed client; with a folder, its files are read at each request instead.
    pub fn new(release: Release, folder: Option<PathBuf>) -> Self {
        Self { release, folder }
    }

    /// A file of this binary's release, or of the folder.
    pub async fn file(&self, path: &str) -> Option<Asset> {
        match &self.folder {
            Some(folder) if path != FRAME => {
                let bytes = read_below(folder, path).await?;
                let bytes = if path == WORKER { naming(&self.release.name, &bytes) } else { bytes };
                Some(Asset::new(bytes, None, None))
            }
            _ => self.release.files.get(path).cloned(),
        }
    }

    /// Whether what is served may change while the server runs.
    pub fn is_changing(&self) -> bool {
        self.folder.is_some()
    }

    /// Answers a request for a file of this release.
    pub async fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = self.file(path).await?;
        let keep = if self.is_changing() { ASK_AGAIN } else { FOR_EVER };
        Some(respond(path, &asset, headers, keep))
    }
}

/// Reads a file below a folder; a path that would leave it names nothing.
async fn read_below(folder: &Path, path: &str) -> Option<Bytes> {
    let plain =
        path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    if !plain {
        return None;
    }
    tokio::fs::read(folder.join(path)).await.ok().map(Bytes::from)
}

/// The answer for a file that never changes.
pub fn respond_for_ever(path: &str, asset: &Asset, headers: &HeaderMap) -> Response {
    respond(path, asset, headers, FOR_EVER)
}

/// The answer for a file that a later release may change.
pub fn respond_for_now(path: &str, asset: &Asset, headers: &HeaderMap) -> Response {
    respond(path, asset, headers, ASK_AGAIN)
}

fn respond(path: &str, asset: &Asset, headers: &HeaderMap, keep: HeaderValue) -> Response {
    let (encoding, bytes) = asset.for_client(&Accepts::of(headers));
    let etag = match encoding {
        // The same file in another encoding is another representation.
        Some(name) => format!("{}-{name}\"", asset.etag.trim_end_matches('"')),
        None => asset.etag.clone(),
    };
    let unchanged = if_none_match(headers, &etag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(bytes.clone()).into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, keep);
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    if !unchanged {
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if let Some(name) = encoding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
    }
    response
}

/// Whether the client already has this representation (RFC 9110, 13.1.2: weak comparison).
pub fn if_none_match(headers: &HeaderMap, etag: &str) -> bool {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    asked.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == "*" || one == etag)
}

/// Which encodings a client takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepts {
    /// `br`.
    pub brotli: bool,
    /// `gzip`.
    pub gzip: bool,
}

impl Accepts {
    /// Reads `Accept-Encoding`; an encoding with `q=0` is refused.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut accepts = Self::default();
        let asked =
            headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        for one in asked.split(',') {
            let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
            let weight =
                parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            match name.trim() {
                "br" => accepts.brotli = weight > 0.0,
                "gzip" => accepts.gzip = weight > 0.0,
                _ => {}
            }
        }
        accepts
    }
}

/// The type of a file by its extension; the build script packs no others.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_strongest_encoding_that_a_client_takes_is_sent() {
        let both = Accepts { brotli: true, gzip: true };
        let gzip = Accepts { brotli: false, gzip: true };
        for (asked, expected) in [
            ("gzip, deflate, br, zstd", both),
            ("gzip;q=0.5, br;q=0", gzip),
            ("identity", Accepts::default()),
            ("br;q=1.0;level=4, gzip", gzip),
        ] {
            assert_eq!(Accepts::of(&asking(header::ACCEPT_ENCODING, asked)), expected, "{asked}");
        }
        assert_eq!(Accepts::of(&HeaderMap::new()), Accepts::default());
    }

    #[test]
    fn a_client_that_has_a_file_is_not_sent_it_again() {
        let asset = Asset::new(Bytes::from_static(b"let a;"), None, None);
        let first = respond_for_ever("js/a.js", &asset, &HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        let second = respond_for_ever("js/a.js", &asset, &headers);
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(second.headers()[header::ETAG], first.headers()[header::ETAG]);
    }

    #[test]
    fn compressed_forms_hold_what_was_packed() {
        use std::io::Read;
        let release = Release::packed();
        assert!(release.files.contains_key("index.html"));
        for (path, asset) in &release.files {
            if let Some(gzip) = &asset.gzip {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut plain).unwrap();
                assert_eq!(plain, asset.plain, "{path}");
            }
            if let Some(brotli) = &asset.brotli {
                let mut plain = Vec::new();
                brotli::BrotliDecompress(&mut &brotli[..], &mut plain).unwrap();
                assert_eq!(plain, asset.plain, "{path}");
            }
        }
        assert!(!release.manifest().contains(&"index.html"));
    }

    #[tokio::test]
    async fn a_folder_gives_only_what_lies_in_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("js")).unwrap();
        std::fs::write(folder.path().join("js/a.js"), "a").unwrap();
        std::fs::write(folder.path().join(".secret"), "s").unwrap();
        let assets = Assets::new(Release::packed(), Some(folder.path().join("js")));
        assert!(assets.file("a.js").await.is_some());
        for path in ["../.secret", "..", ".secret", "/etc/passwd", "a.js/", "nothing.js", "..\\.secret"] {
            assert!(assets.file(path).await.is_none(), "{path}");
        }
    }
}
