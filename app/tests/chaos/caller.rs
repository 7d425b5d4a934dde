//! HTTP as a client speaks it that knows how it may go wrong: a lost answer is an answer too.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// How long an answer may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long something is asked for again and again. All faults together do not last so long.
const PERSISTENCE: Duration = Duration::from_secs(90);

/// Somebody who asks, over one connection at a time.
pub(crate) struct Caller {
    address: SocketAddr,
    /// The session, as the header has it.
    pub(crate) cookie: String,
    open: Option<SendRequest<Full<Bytes>>>,
    /// How often something had to be asked again.
    pub(crate) repeated: u64,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: HeaderMap,
}

/// Nobody knows whether it was done; why.
pub(crate) type Lost = String;

impl Answer {
    /// Whether one is to come again with the same.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.status, 429 | 502 | 503 | 504)
    }
}

impl Caller {
    /// Somebody who is not signed in.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self::with_session(address, String::new())
    }

    /// Somebody with a session.
    pub(crate) fn with_session(address: SocketAddr, cookie: String) -> Self {
        Self { address, cookie, open: None, repeated: 0 }
    }

    /// Asks once.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Lost> {
        let answered = timeout(PATIENCE, self.exchange(method, path, body)).await;
        let answer = answered.unwrap_or_else(|_| Err(Lost::from("no answer in time")));
        if answer.is_err() {
            self.open = None;
        }
        answer
    }

    /// Asks until it is answered in earnest.
    pub(crate) async fn insists(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let began = Instant::now();
        let mut wait = Duration::from_millis(50);
        loop {
            let answer = self.ask(method.clone(), path, body).await;
            match answer {
                Ok(answer) if !answer.is_passing() => return answer,
                answer => assert!(began.elapsed() < PERSISTENCE, "{method} {path}: {answer:?}"),
            }
            self.repeated += 1;
            sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(1));
        }
    }

    async fn exchange(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Lost> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(lost)?;
        let sender = self.connection().await?;
        let (head, body) = sender.send_request(request).await.map_err(lost)?.into_parts();
        let body = body.collect().await.map_err(lost)?.to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Ok(Answer { status: head.status.as_u16(), body, headers: head.headers })
    }

    /// The connection that is open and free, or a new one.
    async fn connection(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, Lost> {
        let still_open = match self.open.take() {
            Some(mut sender) => sender.ready().await.ok().map(|()| sender),
            None => None,
        };
        let sender = match still_open {
            Some(sender) => sender,
            None => {
                let stream = TcpStream::connect(self.address).await.map_err(lost)?;
                let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
                tokio::spawn(connection);
                sender
            }
        };
        Ok(self.open.insert(sender))
    }
}

fn lost(error: impl std::fmt::Display) -> Lost {
    error.to_string()
}
