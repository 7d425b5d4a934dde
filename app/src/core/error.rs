//! What can go wrong, in the words of the client (`detail`) and of the log (`cause`).
//!
//! One enum for the whole product; the reason within a kind is a `code` that its slice owns and that clients translate.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use folkmoot_store as store;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// The answer of whatever can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which field is wrong, and what would be right.
pub type Fields = BTreeMap<Cow<'static, str>, String>;

/// Everything that a use case may answer instead of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the input does not hold; each field with what would be right.
    #[error("the input does not hold: {0:?}")]
    Invalid(Fields),
    /// 400: the request itself cannot be read (no field to name).
    #[error("{1}")]
    BadRequest(&'static str, String),
    /// 401: only for people who are signed in.
    #[error("sign in first")]
    SignInNeeded,
    /// 401: signing in did not work.
    #[error("{1}")]
    Unauthorized(&'static str, &'static str),
    /// 403: this person may not, though they may see it.
    #[error("{1}")]
    Forbidden(&'static str, String),
    /// 404: it does not exist, or this person may not know that it does.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// 409: something else came first.
    #[error("{1}")]
    Conflict(&'static str, String),
    /// 409: somebody has these names already; each field with what is the matter.
    #[error("taken: {0:?}")]
    Taken(Fields),
    /// 410: it was there and is not any more.
    #[error("{1}")]
    Gone(&'static str, &'static str),
    /// 413: more than `limit` bytes.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The most that is taken, in bytes.
        limit: usize,
    },
    /// 415: the body is not of the type that this address reads.
    #[error("send {0}")]
    WrongType(&'static str),
    /// 429: too often.
    #[error("{why}")]
    TooMany {
        /// Seconds until it is worth trying again.
        retry_after: u64,
        /// What was too often.
        why: String,
    },
    /// 503: not now; nothing was done.
    #[error("unavailable: {cause}")]
    Unavailable {
        /// Seconds until it is worth trying again.
        retry_after: u64,
        /// For the log.
        cause: String,
    },
    /// 503: too many at once; refused before anything was begun, so that clients may simply ask again.
    #[error("too many at once")]
    Busy {
        /// Seconds until it is worth trying again.
        retry_after: u64,
    },
    /// 500: our fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// One field is wrong.
    pub fn invalid(field: impl Into<Cow<'static, str>>, why: impl Into<String>) -> Self {
        Self::Invalid(Fields::from([(field.into(), why.into())]))
    }

    /// Our own mistake, in words for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{cause}"))
    }

    /// What the client reads.
    pub fn problem(self) -> Problem {
        let mut problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", String::new());
        match self {
            Self::Invalid(fields) => {
                problem = Problem::new(StatusCode::BAD_REQUEST, "invalid", "Some fields need another look.");
                problem.errors = fields;
            }
            Self::BadRequest(code, why) => problem = Problem::new(StatusCode::BAD_REQUEST, code, why),
            Self::SignInNeeded => {
                problem = Problem::new(StatusCode::UNAUTHORIZED, "sign_in_needed", "Sign in to do this.");
            }
            Self::Unauthorized(code, why) => problem = Problem::new(StatusCode::UNAUTHORIZED, code, why),
            Self::Forbidden(code, why) => problem = Problem::new(StatusCode::FORBIDDEN, code, why),
            Self::NotFound(what) => {
                let why = format!("There is no such {what}, or it is not for you.");
                problem = Problem::new(StatusCode::NOT_FOUND, "not_found", why);
            }
            Self::Conflict(code, why) => problem = Problem::new(StatusCode::CONFLICT, code, why),
            Self::Taken(fields) => {
                problem = Problem::new(StatusCode::CONFLICT, "taken", "Somebody has that already.");
                problem.errors = fields;
            }
            Self::Gone(code, why) => problem = Problem::new(StatusCode::GONE, code, why),
            Self::TooLarge { limit } => {
                let why = format!("That is too large: at most {limit} bytes are taken.");
                problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", why);
            }
            Self::WrongType(wanted) => {
                let why = format!("The body must be {wanted}.");
                problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type", why);
            }
            Self::TooMany { retry_after, why } => {
                problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", why);
                problem.retry_after = Some(retry_after);
            }
            Self::Unavailable { retry_after, cause } => {
                let why = "The server cannot do this just now. Nothing was changed; try again in a moment.";
                problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why);
                problem.retry_after = Some(retry_after);
                problem.cause = Some(Arc::new(anyhow::anyhow!(cause)));
            }
            Self::Busy { retry_after } => {
                let why = "Many people are at the door just now. Try again in a moment.";
                problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", why);
                problem.retry_after = Some(retry_after);
            }
            Self::Internal(cause) => {
                problem.detail = String::from("A mistake of ours. It is in the log under this request's id.");
                problem.cause = Some(Arc::new(cause));
            }
        }
        problem
    }
}

/// `application/problem+json` (RFC 9457). It travels in the response's extensions, and
/// `server::middleware` writes the body, because only there the request's id is known.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// A stable address for the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, for people.
    pub detail: String,
    /// What happened, for programs; clients translate it.
    pub code: &'static str,
    /// The request in the log.
    pub request_id: String,
    /// Which field, and what would be right.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: Fields,
    /// Seconds, for `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// For the log alone.
    #[serde(skip)]
    pub cause: Option<Arc<anyhow::Error>>,
}

impl Problem {
    /// A problem without fields, hint or cause.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            request_id: String::new(),
            errors: Fields::new(),
            retry_after: None,
            cause: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}

/// Seconds that a client is told to wait when the database cannot take more just now.
const DATABASE_RETRY_AFTER: u64 = 2;

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) | store::Error::TimedOut => {
                Self::Unavailable { retry_after: DATABASE_RETRY_AFTER, cause: error.to_string() }
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<store::CommitError> for Error {
    /// For what the use case did not expect: an outcome it has a word for is matched before.
    fn from(error: store::CommitError) -> Self {
        match error {
            store::CommitError::Unavailable(_) | store::CommitError::Unknown => {
                Self::Unavailable { retry_after: DATABASE_RETRY_AFTER, cause: error.to_string() }
            }
            other => Self::Internal(other.into()),
        }
    }
}

/// The code of a missed expectation; every other failure is the caller's error.
///
/// # Errors
/// What else went wrong.
pub fn missed(error: store::CommitError) -> Result<&'static str> {
    match error {
        store::CommitError::Missed { code, .. } => Ok(code),
        other => Err(other.into()),
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(format_args!("no randomness from the operating system: {error}"))
    }
}
