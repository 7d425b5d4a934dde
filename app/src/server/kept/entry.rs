//! A kept answer: its bytes in the encodings that were asked for, and what it says of itself.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::HOLD;
use super::compress::{self, Coding};
use crate::core::basis::{Basis, Ends};
use crate::core::{Error, Result, etag};
use crate::ops::metrics::Measures;
use crate::server::middleware::edge::REQUEST_ID;
use crate::server::middleware::guard;
use crate::server::middleware::headers::SecurityHeaders;

/// What an entry takes besides its bytes, its address and what ends it: structs, maps, headers.
const OVERHEAD: usize = 4096;
/// What each thing that ends it takes, here and in the index.
const OF_EACH_END: usize = 96;

/// Headers that are each answer's own. They have their places, so that the map of a hit need not grow.
const OWN: [HeaderName; 4] = [REQUEST_ID, guard::LIMIT, guard::REMAINING, guard::RESET];

/// A kept answer. The bytes never change; whether they hold does.
#[derive(Debug)]
pub(super) struct Entry {
    /// Path and query, as they were asked for.
    pub(super) address: Box<str>,
    /// Which route made it.
    pub(super) route: MatchedPath,
    /// What it rests on.
    pub(super) basis: Basis,
    /// What ends it, each once.
    pub(super) ends: Vec<Ends>,
    /// The headers of the answer with the plain bytes, as the routes give them.
    headers: HeaderMap,
    /// Those that it has when it has passed all layers, with places for those that are each answer's own.
    full: HeaderMap,
    /// What is measured of answers from here.
    pub(super) measures: OnceLock<Measures>,
    tag: HeaderValue,
    plain: Bytes,
    coded: [OnceLock<Bytes>; Coding::ALL.len()],
    /// Codings that somebody is making.
    begun: [AtomicBool; Coding::ALL.len()],
    coded_bytes: AtomicUsize,
    /// What the store has counted of its weight.
    pub(super) counted: AtomicUsize,
    as_of: Mutex<Instant>,
    ended: AtomicBool,
    /// Whether it was asked for since it was last looked at for making room.
    wanted: AtomicBool,
}

impl Entry {
    /// Of a whole answer with status 200. The answer is given a tag, if it has none.
    ///
    /// # Errors
    /// Never; in place of a panic.
    pub(super) fn new(
        address: &str,
        route: MatchedPath,
        basis: Basis,
        mut headers: HeaderMap,
        plain: Bytes,
        of_all: &SecurityHeaders,
    ) -> Result<Self> {
        let tag = match headers.get(header::ETAG) {
            Some(tag) => tag.clone(),
            None => HeaderValue::from_str(&etag::tag_of(&plain)).map_err(Error::internal)?,
        };
        headers.insert(header::ETAG, tag.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(plain.len()));
        let mut full = headers.clone();
        if compress::is_worth_it(plain.len()) {
            full.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        of_all.apply(&mut full);
        for name in OWN {
            full.insert(name, HeaderValue::from_static(""));
        }
        let ends = basis.ends().collect::<HashSet<_>>().into_iter().collect();
        Ok(Self {
            address: address.into(),
            route,
            as_of: Mutex::new(basis.as_of()),
            ends,
            basis,
            headers,
            full,
            measures: OnceLock::new(),
            tag,
            plain,
            coded: Default::default(),
            begun: Default::default(),
            coded_bytes: AtomicUsize::new(0),
            counted: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            wanted: AtomicBool::new(false),
        })
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn weight(&self) -> usize {
        let ends = self.ends.len() * OF_EACH_END;
        OVERHEAD + ends + 2 * self.address.len() + self.plain.len() + self.coded_bytes.load(Ordering::Relaxed)
    }

    /// Whether it may be given without asking anybody.
    pub(super) fn is_fresh(&self) -> bool {
        !self.has_ended() && self.as_of().elapsed() < HOLD
    }

    /// Whether something ended it.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// It holds no more.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    fn as_of(&self) -> Instant {
        *self.as_of.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was found to hold.
    pub(super) fn holds_as_of(&self, as_of: Instant) {
        *self.as_of.lock().unwrap_or_else(PoisonError::into_inner) = as_of;
    }

    /// Somebody asked for it.
    pub(super) fn note_wanted(&self) {
        if !self.wanted.load(Ordering::Relaxed) {
            self.wanted.store(true, Ordering::Relaxed);
        }
    }

    /// Whether somebody asked for it since this was last asked.
    pub(super) fn was_wanted(&self) -> bool {
        self.wanted.swap(false, Ordering::Relaxed)
    }

    /// The bytes in a coding, if they are there.
    pub(super) fn form(&self, coding: Option<Coding>) -> Option<&Bytes> {
        match coding {
            Some(coding) if self.is_worth_coding() => self.coded[coding.index()].get(),
            _ => Some(&self.plain),
        }
    }

    /// Whether the answer is given in codings at all.
    pub(super) fn is_worth_coding(&self) -> bool {
        compress::is_worth_it(self.plain.len())
    }

    /// Whether the caller is the one who makes this coding.
    pub(super) fn begins_coding(&self, coding: Coding) -> bool {
        !self.begun[coding.index()].swap(true, Ordering::Relaxed)
    }

    /// Makes a coding, which takes a while.
    pub(super) fn make_coding(&self, coding: Coding) {
        let Some(coded) = coding.of(&self.plain) else { return };
        let length = coded.len();
        if self.coded[coding.index()].set(coded).is_ok() {
            self.coded_bytes.fetch_add(length, Ordering::Relaxed);
        }
    }

    /// The answer as the routes give it: plain, or 304 when the client has it. Who asks for the head alone is not sent
    /// the rest, by whoever writes the answer.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let mut response = Response::new(Body::from(self.plain.clone()));
        *response.headers_mut() = self.headers.clone();
        if etag::names(asked, self.tag()) {
            unchanged(&mut response);
        }
        response
    }

    /// The answer as it leaves all layers but for its [`OWN`] headers, which must be set: in a coding, or 304. `None` when
    /// it is not there in this coding yet.
    pub(super) fn full_answer(
        &self,
        asked: &HeaderMap,
        coding: Option<Coding>,
        of_all: &SecurityHeaders,
    ) -> Option<Response> {
        if etag::names(asked, self.tag()) {
            let mut response = self.answer(asked);
            of_all.apply(response.headers_mut());
            return Some(response);
        }
        let coding = coding.filter(|_| self.is_worth_coding());
        let bytes = self.form(coding)?;
        let mut response = Response::new(Body::from(bytes.clone()));
        *response.headers_mut() = self.full.clone();
        if let Some(coding) = coding {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        Some(response)
    }

    fn tag(&self) -> &str {
        self.tag.to_str().unwrap_or_default()
    }
}

/// Makes a whole answer say that the client has it.
pub(super) fn unchanged(response: &mut Response) {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().remove(header::CONTENT_TYPE);
}
