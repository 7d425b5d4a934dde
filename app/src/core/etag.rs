//! `ETag` and 304: a reader who has the newest answer is told so instead of being sent it again.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{Error, Result};

/// For whom an answer is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every guest.
    Guests,
    /// The person who asked.
    One,
}

/// The JSON of `body` with a tag made from it, or 304 when `request` already names that tag.
///
/// The tag is weak and changes exactly when the answer does. Answers are always asked for again (`no-cache`), and those
/// for one person are kept by nobody in between (`private`).
///
/// # Errors
/// When `body` cannot be written as JSON.
pub fn answer<T: Serialize>(request: &HeaderMap, audience: Audience, body: &T) -> Result<Response> {
    let bytes = json(body)?;
    let tag = tag_of(&bytes);
    tagged(request, audience, &tag, bytes)
}

/// As [`answer`], with a tag that does not change with one field: the first number of that name in the JSON.
///
/// # Errors
/// When `body` cannot be written as JSON.
pub fn answer_but_for<T: Serialize>(
    request: &HeaderMap,
    audience: Audience,
    field: &str,
    body: &T,
) -> Result<Response> {
    let bytes = json(body)?;
    let tag = tag_of_parts(parts_around(&bytes, field));
    tagged(request, audience, &tag, bytes)
}

/// What stands before and after the first number of that name. Quotes within texts are escaped, so nothing that somebody
/// wrote looks like a field.
fn parts_around<'a>(json: &'a [u8], field: &str) -> [&'a [u8]; 2] {
    let name = format!("\"{field}\":");
    let Some(at) = json.windows(name.len()).position(|part| part == name.as_bytes()) else {
        return [json, &[]];
    };
    let (before, number) = json.split_at(at + name.len());
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    [before, &number[digits..]]
}

fn json<T: Serialize>(body: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(Error::internal)
}

fn tagged(request: &HeaderMap, audience: Audience, tag: &str, bytes: Vec<u8>) -> Result<Response> {
    let mut response = if names(request, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        ([kind], Bytes::from(bytes)).into_response()
    };
    let cache = match audience {
        Audience::Guests => "no-cache",
        Audience::One => "private, no-cache",
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(tag).map_err(Error::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, authorization"));
    Ok(response)
}

/// The tag of these bytes.
pub fn tag_of(bytes: &[u8]) -> String {
    tag_of_parts([bytes, &[]])
}

fn tag_of_parts(parts: [&[u8]; 2]) -> String {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether `If-None-Match` holds the tag; compression may have made a weak tag of ours strong or marked it.
pub fn names(request: &HeaderMap, tag: &str) -> bool {
    if !request.contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    let opaque = tag.trim_start_matches("W/");
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == opaque)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{Audience, answer, answer_but_for, parts_around};

    #[test]
    fn the_same_answer_is_not_sent_twice() {
        let first = answer(&HeaderMap::new(), Audience::Guests, &"hello").unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let mut again = HeaderMap::new();
        again.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(answer(&again, Audience::Guests, &"hello").unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer(&again, Audience::Guests, &"hello!").unwrap().status(), StatusCode::OK);
    }

    #[test]
    fn one_of_several_tags_is_enough() {
        let first = answer(&HeaderMap::new(), Audience::One, &1).unwrap();
        let tag = first.headers()[header::ETAG].to_str().unwrap().trim_start_matches("W/").to_owned();
        let mut again = HeaderMap::new();
        again.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&format!("\"x\", {tag}")).unwrap());
        let answer = answer(&again, Audience::One, &1).unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "private, no-cache");
    }

    #[test]
    fn a_number_that_does_not_count_changes_no_tag() {
        let tag = |body: serde_json::Value| {
            let answer = answer_but_for(&HeaderMap::new(), Audience::Guests, "views", &body).unwrap();
            answer.headers()[header::ETAG].clone()
        };
        let page = |title: &str, views: u32| serde_json::json!({"title": title, "views": views, "x": 1});
        assert_eq!(tag(page("a", 9)), tag(page("a", 10)));
        assert_ne!(tag(page("a", 9)), tag(page("b", 9)));
        assert_ne!(tag(page("\"views\":1", 9)), tag(page("\"views\":2", 9)), "what somebody wrote counts");
        let [before, after] = parts_around(br#"{"views":12,"x":1}"#, "views");
        assert_eq!((before, after), (&br#"{"views":"#[..], &br#","x":1}"#[..]));
    }
}
