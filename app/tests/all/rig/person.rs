//! People who use the server: a small browser (or program) for each, with its own cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::answer::Answer;

/// Everybody's password, unless a test says otherwise.
pub(crate) const PASSWORD: &str = "password123";

/// Somebody with a browser of their own, or a program with a token.
pub(crate) struct Person {
    address: SocketAddr,
    /// Sent with every request.
    headers: Vec<(&'static str, String)>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A registration that holds.
pub(crate) fn form(nickname: &str) -> Value {
    json!({
        "nickname": nickname,
        "email": format!("{}@example.org", nickname.to_lowercase()),
        "password": PASSWORD,
        "age": 34,
        "gender": "female",
        "first_name": "First",
        "last_name": "Last",
    })
}

impl Person {
    /// Somebody who has not been here before.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, headers: Vec::new(), cookies: Mutex::default() }
    }

    /// With a header in each request.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A program that acts by a token.
    pub(crate) fn program(&self, token: &str) -> Self {
        Self::new(self.address).with("authorization", format!("Bearer {token}"))
    }

    /// The same person with an answer of before at hand: it is sent again only when it changed.
    pub(crate) fn who_knows(&self, answer: &Answer) -> Self {
        let tag = answer.header("etag").expect("a tag").to_owned();
        let known = Self::new(self.address).with("if-none-match", tag);
        known.cookies.lock().unwrap().clone_from(&self.cookies.lock().unwrap());
        known
    }

    /// Fills in the form, with the password of everybody.
    pub(crate) async fn registers(&self, nickname: &str) -> Answer {
        self.post("/api/auth/register", form(nickname)).await
    }

    /// Signs in.
    pub(crate) async fn signs_in(&self, identifier: &str, password: &str) -> Answer {
        self.post("/api/auth/login", json!({ "identifier": identifier, "password": password })).await
    }

    /// Whether they are signed in, as the server sees it.
    pub(crate) async fn is_signed_in(&self) -> bool {
        match self.get("/api/me").await.status.as_u16() {
            200 => true,
            401 => false,
            other => panic!("/api/me answered {other}"),
        }
    }

    /// Their account, as they see it.
    pub(crate) async fn account(&self) -> Value {
        self.get("/api/me").await.is(200).json()["user"].clone()
    }

    /// Their id.
    pub(crate) async fn id(&self) -> String {
        self.account().await["id"].as_str().expect("an id is text").to_owned()
    }

    /// A cookie that they hold.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie into their browser.
    pub(crate) fn holds_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST with JSON.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PATCH with JSON.
    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// PUT without a body.
    pub(crate) async fn put(&self, path: &str) -> Answer {
        self.send(Method::PUT, path, None).await
    }

    /// DELETE.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Any request; cookies that the answer sets are kept.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let asked = format!("{method} {path}");
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, self.address.to_string());
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(cookies) = self.cookie_header() {
            request = request.header(header::COOKIE, cookies);
        }
        let bytes = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                body.to_string()
            }
            None => String::new(),
        };
        let request = request.body(Full::new(Bytes::from(bytes))).expect("a request");
        let stream = TcpStream::connect(self.address).await.expect("the server takes a connection");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection);
        let (head, body) = sender.send_request(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        let answer = Answer { asked, status: head.status, headers: head.headers, body };
        self.keep_cookies(&answer);
        answer
    }

    /// Where the server is, and the headers of whatever they ask: a socket is asked for in the same way.
    pub(crate) fn asks(&self) -> (SocketAddr, Vec<(&'static str, String)>) {
        let cookies = self.cookie_header().map(|cookies| ("cookie", cookies));
        (self.address, self.headers.iter().cloned().chain(cookies).collect())
    }

    fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap();
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("a cookie is text");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            if set.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
