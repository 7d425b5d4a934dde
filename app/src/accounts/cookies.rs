//! Reading and writing the two cookies.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};

use crate::core::{App, Error, Result};

/// A cookie to be kept by the browser and never shown to scripts.
#[derive(Clone, Debug)]
pub struct SetCookie {
    /// Its name.
    pub name: &'static str,
    /// Its value: characters of URL-safe base64, and `.` and `-`.
    pub value: String,
    /// Below which path it is sent.
    pub path: &'static str,
    /// How long it is kept, in seconds; 0 takes it away.
    pub max_age: i64,
}

impl fmt::Display for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, path, max_age } = self;
        write!(f, "{name}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax")
    }
}

impl SetCookie {
    /// The header that sets it; `Secure` when people come by https.
    ///
    /// # Errors
    /// Never in practice: the value has no characters that a header cannot hold.
    pub fn header(&self, app: &App) -> Result<HeaderValue> {
        let secure = if app.config.server.base_url().is_secure() { "; Secure" } else { "" };
        HeaderValue::try_from(format!("{self}{secure}")).map_err(Error::internal)
    }
}

/// The value of the cookie of that name, if the request carries one.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{SetCookie, read};

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; folkmoot_session=x.y; b"));
        headers.append(header::COOKIE, HeaderValue::from_static("c=3"));
        assert_eq!(read(&headers, "folkmoot_session"), Some("x.y"));
        assert_eq!(read(&headers, "c"), Some("3"));
        assert_eq!(read(&headers, "b"), None);
        assert_eq!(read(&headers, "session"), None);
    }

    #[test]
    fn a_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let cookie = SetCookie { name: "n", value: String::from("v"), path: "/", max_age: 60 };
        assert_eq!(cookie.to_string(), "n=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    }
}
