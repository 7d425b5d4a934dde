//! The name that a sender gives to a send, so that a retry is known.

use http::HeaderMap;

use super::{Error, Result};

/// The longest such name, in bytes: a UUID takes 36.
const MAX_CLIENT_ID: usize = 64;

/// The sender's name for this send: of the body's `client_id` and the header `Idempotency-Key`, which mean the same.
///
/// # Errors
/// `Invalid` when the name is too long or not plain text, or when the two differ.
pub fn checked_client_id(body: Option<&str>, headers: &HeaderMap) -> Result<Option<String>> {
    let header = headers.get("idempotency-key").map(|value| value.to_str().unwrap_or("\n"));
    let id = match (body, header) {
        (Some(body), Some(header)) if body != header => {
            return Err(Error::invalid("client_id", "the header Idempotency-Key says another"));
        }
        (body, header) => body.or(header),
    };
    let fits = |id: &str| (1..=MAX_CLIENT_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    match id {
        Some(id) if !fits(id) => {
            Err(Error::invalid("client_id", format!("1 to {MAX_CLIENT_ID} plain characters, best a UUID")))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::checked_client_id;

    #[test]
    fn the_key_of_a_send_is_said_once_or_twice_alike() {
        let header = |key: &'static str| {
            HeaderMap::from_iter([("idempotency-key".parse().unwrap(), HeaderValue::from_static(key))])
        };
        let none = HeaderMap::new();
        assert_eq!(checked_client_id(Some("a"), &none).unwrap(), Some(String::from("a")));
        assert_eq!(checked_client_id(None, &header("a")).unwrap(), Some(String::from("a")));
        assert_eq!(checked_client_id(Some("a"), &header("a")).unwrap(), Some(String::from("a")));
        assert_eq!(checked_client_id(None, &none).unwrap(), None);
        assert!(checked_client_id(Some("a"), &header("b")).is_err());
        assert!(checked_client_id(Some(""), &none).is_err());
        assert!(checked_client_id(Some("two words"), &none).is_err());
        assert!(checked_client_id(Some(&"x".repeat(65)), &none).is_err());
    }
}
