//! Which pages may ask a browser to act here: the origin rule, and CORS for the sites that are allowed.
//!
//! A request that changes something, or opens a socket, without an `Authorization` of its own, is refused when the
//! browser says that it comes from another site's page. One that carries neither `Origin` nor `Sec-Fetch-Site` is no
//! browser and brings no cookies of anybody, so it passes.

use http::{HeaderMap, HeaderValue, Method, header};

use crate::config::{BaseUrl, ServerSettings, Value};
use crate::core::request::is_socket;

/// What browsers may send from allowed sites.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// Which headers they may send.
const HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, idempotency-key, if-none-match, x-request-id");
/// Which headers they may read.
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, retry-after, x-request-id");
/// Seconds for which a browser remembers the answer to a preflight.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The sites that are ours or allowed.
pub struct Origins {
    ours: Vec<BaseUrl>,
    allowed: Vec<BaseUrl>,
}

/// What is known of a request's origin.
pub struct Asked<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, without the query.
    pub path: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// Whether the client spoke https.
    pub secure: bool,
    /// The host that the request came for.
    pub host: Option<&'a str>,
}

impl Origins {
    /// Takes the base URLs and the allowed sites from the settings.
    pub fn new(settings: &ServerSettings) -> Self {
        let ours = vec![settings.base_url(), settings.api_base_url()];
        Self { ours, allowed: settings.allowed_origins.clone() }
    }

    /// Whether the origin rule lets a request pass.
    pub fn may_act(&self, asked: &Asked) -> bool {
        let acts =
            !matches!(*asked.method, Method::GET | Method::HEAD | Method::OPTIONS) || is_socket(asked.path);
        if !acts || asked.headers.contains_key(header::AUTHORIZATION) {
            return true;
        }
        if let Some(origin) = asked.headers.get(header::ORIGIN) {
            return self.is_known(origin, asked);
        }
        match asked.headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            None | Some(b"same-origin" | b"none") => true,
            Some(_) => false,
        }
    }

    fn is_known(&self, origin: &HeaderValue, asked: &Asked) -> bool {
        let Some(origin) = read(origin) else { return false };
        let came_for = asked.host.and_then(|host| {
            let scheme = if asked.secure { "https" } else { "http" };
            BaseUrl::parse(&format!("{scheme}://{host}")).ok()
        });
        came_for.as_ref() == Some(&origin) || self.ours.contains(&origin) || self.allowed.contains(&origin)
    }

    /// Whether a request asks a browser's question before the real one.
    pub fn is_preflight(asked: &Asked) -> bool {
        asked.method == Method::OPTIONS
            && asked.headers.contains_key(header::ORIGIN)
            && asked.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Lets an allowed site's page read the answer. `false`: the site is not allowed, and nothing was added.
    pub fn share(&self, origin: Option<&HeaderValue>, preflight: bool, answer: &mut HeaderMap) -> bool {
        answer.append(header::VARY, HeaderValue::from_static("origin"));
        let Some(origin) =
            origin.filter(|origin| read(origin).is_some_and(|origin| self.allowed.contains(&origin)))
        else {
            return false;
        };
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        if preflight {
            answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            answer.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
        } else {
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        true
    }

    /// Whether any other site is allowed at all; if not, answers need not speak of origins.
    pub fn shares(&self) -> bool {
        !self.allowed.is_empty()
    }
}

/// An origin as browsers send it; `null` and paths are none.
fn read(origin: &HeaderValue) -> Option<BaseUrl> {
    origin.to_str().ok().and_then(|text| BaseUrl::parse(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};

    fn origins() -> Origins {
        let environment: Environment = [
            ("FRONTEND_BASE_URL", "https://forum.example"),
            ("BACKEND_BASE_URL", "https://api.forum.example/api"),
            ("ALLOWED_ORIGINS", "https://app.example"),
        ]
        .into_iter()
        .collect();
        Origins::new(&Config::load(&environment, None).unwrap().config.server)
    }

    fn may(method: &Method, path: &str, headers: &[(&'static str, &str)]) -> bool {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        origins().may_act(&Asked { method, path, headers: &headers, secure: false, host })
    }

    #[test]
    fn pages_of_this_site_may_act_and_others_may_not() {
        let host = ("host", "127.0.0.1:8080");
        for (origin, expected) in [
            ("http://127.0.0.1:8080", true),
            ("https://forum.example", true),
            ("https://api.forum.example", true),
            ("https://app.example", true),
            ("https://127.0.0.1:8080", false),
            ("http://127.0.0.1:8081", false),
            ("http://forum.example", false),
            ("https://evil.example", false),
            ("https://forum.example.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(may(&Method::POST, "/api/x", &[host, ("origin", origin)]), expected, "{origin}");
            for path in ["/ws", "/socket.io/"] {
                let may = may(&Method::GET, path, &[host, ("origin", origin)]);
                assert_eq!(may, expected, "{path} from {origin}");
            }
            assert!(may(&Method::GET, "/api/x", &[host, ("origin", origin)]), "reading changes nothing");
        }
    }

    #[test]
    fn without_an_origin_the_browser_s_own_word_counts() {
        for (site, expected) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            assert_eq!(may(&Method::DELETE, "/api/x", &[("sec-fetch-site", site)]), expected, "{site}");
        }
        assert!(may(&Method::POST, "/api/x", &[]), "a program");
    }

    #[test]
    fn who_brings_an_authorization_needs_no_origin() {
        let headers = [("origin", "https://evil.example"), ("authorization", "Bearer x")];
        assert!(may(&Method::POST, "/api/x", &headers));
    }

    #[test]
    fn allowed_sites_may_read_and_others_are_told_nothing() {
        let mut answer = HeaderMap::new();
        assert!(origins().share(Some(&HeaderValue::from_static("https://app.example")), true, &mut answer));
        assert_eq!(answer[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example");
        assert_eq!(answer[header::ACCESS_CONTROL_ALLOW_METHODS], METHODS);
        let mut answer = HeaderMap::new();
        assert!(!origins().share(Some(&HeaderValue::from_static("https://evil.example")), true, &mut answer));
        assert_eq!(answer.keys().collect::<Vec<_>>(), [header::VARY]);
    }
}
