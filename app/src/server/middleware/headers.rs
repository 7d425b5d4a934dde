//! The headers that every answer carries, errors included. What says how a page may behave is left out of the files
//! that pages load: there are dozens, and it would be most of their weight.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::ServerSettings;

/// A year, in seconds. Other names below the same domain are nobody's business here.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
);

/// The headers, made once at the start.
pub struct SecurityHeaders {
    /// On every answer.
    all: Vec<(HeaderName, HeaderValue)>,
    /// On everything that a browser might open as a page, or run as a worker.
    pages: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityHeaders {
    /// The headers that suit where the server stands.
    ///
    /// # Errors
    /// When a base URL cannot stand in a header.
    pub fn new(settings: &ServerSettings) -> anyhow::Result<Self> {
        let mut all = vec![
            // What says nothing of caches may be somebody's own.
            (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        let pages = vec![
            (header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy(settings))?),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        ];
        if settings.base_url().is_secure() {
            all.push((header::STRICT_TRANSPORT_SECURITY, HSTS));
        }
        Ok(Self { all, pages })
    }

    /// Puts the headers on an answer; what the answer itself said is kept.
    pub fn apply(&self, headers: &mut HeaderMap) {
        let cached = headers.get(header::CACHE_CONTROL).map(HeaderValue::as_bytes);
        // Scripts, styles and pictures of a release, kept for ever under its name.
        let pages =
            if cached.is_some_and(|value| value.ends_with(b"immutable")) { &[][..] } else { &self.pages };
        for (name, value) in self.all.iter().chain(pages) {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

/// What the page may load: its own; pictures written out in its own styles; and pictures from elsewhere, which the
/// client fetches only when somebody asks for one (`components/Prose.js`).
fn policy(settings: &ServerSettings) -> String {
    // Older Safari does not count sockets as 'self'.
    let mut sockets = Vec::new();
    for base in [settings.base_url(), settings.api_base_url()] {
        let (http, ws) = if base.is_secure() { ("https", "wss") } else { ("http", "ws") };
        let socket = format!("{ws}://{}", base.authority());
        if !sockets.contains(&socket) {
            sockets.push(socket);
        }
        let other = format!("{http}://{}", base.authority());
        if base != settings.base_url() {
            sockets.push(other);
        }
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self' {}; \
         manifest-src 'self'; worker-src 'self'; font-src 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'",
        sockets.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};

    fn headers<const N: usize>(pairs: [(&str, &str); N]) -> HeaderMap {
        let environment: Environment = pairs.into_iter().collect();
        let config = Config::load(&environment, None).unwrap().config;
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(&config.server).unwrap().apply(&mut headers);
        headers
    }

    #[test]
    fn the_policy_allows_what_the_page_needs_and_nothing_else() {
        let headers = headers([("FRONTEND_BASE_URL", "https://forum.example")]);
        assert_eq!(
            headers[header::CONTENT_SECURITY_POLICY],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self' \
             wss://forum.example; manifest-src 'self'; worker-src 'self'; font-src 'none'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "strict-origin-when-cross-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(!headers.contains_key("x-xss-protection"), "obsolete and harmful");
    }

    #[test]
    fn plain_http_promises_no_https() {
        assert!(!headers([]).contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(
            headers([])[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("ws://localhost:8080")
        );
    }

    #[test]
    fn files_of_a_release_carry_only_what_concerns_files() {
        let config = Config::load(&Environment::default(), None).unwrap().config;
        let cache = HeaderValue::from_static("public, max-age=31536000, immutable");
        let mut headers = HeaderMap::from_iter([(header::CACHE_CONTROL, cache)]);
        SecurityHeaders::new(&config.server).unwrap().apply(&mut headers);
        assert_eq!(headers.len(), 2, "{headers:?}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[test]
    fn an_answer_may_say_something_stricter_itself() {
        let config = Config::load(&Environment::default(), None).unwrap().config;
        let own = HeaderValue::from_static("no-referrer");
        let mut headers = HeaderMap::from_iter([(header::REFERRER_POLICY, own.clone())]);
        SecurityHeaders::new(&config.server).unwrap().apply(&mut headers);
        assert_eq!(headers[header::REFERRER_POLICY], own);
    }
}
