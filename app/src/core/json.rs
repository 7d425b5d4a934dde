//! What a request brings, read strictly: every refusal names the field and says what would be right.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Result};

/// A JSON body, in and out.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Error::WrongType("application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| unreadable(&error))?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| misread(&error))?;
        reader.end().map_err(|error| {
            Error::BadRequest("malformed", format!("The body goes on after the JSON: {error}."))
        })?;
        Ok(Self(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = declared.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn unreadable(rejection: &BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge { limit: MAX_JSON_BYTES }
    } else {
        Error::BadRequest("malformed", String::from("The body broke off."))
    }
}

/// The most bytes of a JSON body that are read: a longest post written wholly in escapes fits.
pub const MAX_JSON_BYTES: usize = 1024 * 1024;

fn misread(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let why = error.inner().to_string();
    if error.inner().is_syntax() || error.inner().is_eof() {
        return Error::BadRequest("malformed", format!("The body is not JSON: {why}."));
    }
    let path = error.path().to_string();
    // Serde puts the name of a missing or unknown field into the message alone.
    let named = ["missing field `", "unknown field `"].iter().find_map(|start| why.strip_prefix(start));
    let name = named.and_then(|rest| rest.split('`').next());
    let field = match (path.as_str(), name) {
        (".", Some(name)) => name.to_owned(),
        (".", None) => return Error::BadRequest("malformed", format!("The body does not fit: {why}.")),
        (path, _) => path.to_owned(),
    };
    let why = why.split(" at line ").next().unwrap_or_default().to_owned();
    Error::invalid(Cow::Owned(field), why)
}

/// Whether a part of an address brings the character NUL. No text of ours holds it, and no database takes it.
fn brings_nul(part: &str) -> bool {
    part.contains("%00")
}

/// What the path names; what cannot be a name of ours is not there (404).
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) if !brings_nul(parts.uri.path()) => Ok(Self(value)),
            _ => Err(Error::NotFound("place")),
        }
    }
}

/// What follows the `?`.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if parts.uri.query().is_some_and(brings_nul) {
            return Err(Error::BadRequest(
                "malformed",
                String::from("No text here holds the character NUL."),
            ));
        }
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Error::BadRequest("malformed", rejection.body_text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::FromRequest;
    use http::Request;
    use serde::Deserialize;

    use super::{Error, Json};

    #[derive(Debug, Deserialize)]
    struct Post {
        #[expect(dead_code, reason = "only read by serde")]
        title: String,
        #[expect(dead_code, reason = "only read by serde")]
        tags: Vec<String>,
    }

    async fn read(kind: &str, body: &str) -> Error {
        let request =
            Request::builder().header("content-type", kind).body(Body::from(body.to_owned())).unwrap();
        Json::<Post>::from_request(request, &()).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_refusal_names_the_field() {
        let cases = [
            (r#"{"tags":[]}"#, "title"),
            (r#"{"title":1,"tags":[]}"#, "title"),
            (r#"{"title":"x","tags":["a",2]}"#, "tags[1]"),
        ];
        for (body, field) in cases {
            let Error::Invalid(fields) = read("application/json", body).await else { panic!("{body}") };
            assert!(fields.contains_key(field), "{body}: {fields:?}");
        }
    }

    #[tokio::test]
    async fn only_the_declared_type_is_read() {
        assert!(matches!(read("text/plain", "{}").await, Error::WrongType(_)));
        assert!(matches!(read("application/json; charset=utf-8", "{").await, Error::BadRequest(..)));
        assert!(matches!(
            read("application/json", r#"{"title":"x","tags":[]} x"#).await,
            Error::BadRequest(..)
        ));
    }
}
