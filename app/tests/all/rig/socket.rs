//! A socket as a client holds it: it says frames and hears frames, and knows how far each stream has come.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};

use super::person::Person;

/// How long anything may take that is expected to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection.
pub(crate) struct Socket {
    wire: WebSocketStream<TcpStream>,
    /// The newest event of each stream.
    pub(crate) cursors: BTreeMap<String, i64>,
    /// The epoch that `welcome` named.
    pub(crate) epoch: String,
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// With this code.
    Code(u16),
    /// Without a word.
    Lost,
}

impl Person {
    /// Opens a socket, and says nothing yet.
    pub(crate) async fn opens_socket(&self) -> Result<Socket, tungstenite::Error> {
        self.opens_socket_at("/ws").await
    }

    /// Opens a socket at one of its addresses.
    pub(crate) async fn opens_socket_at(&self, path: &str) -> Result<Socket, tungstenite::Error> {
        let (address, headers) = self.asks();
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().expect("a header"));
        }
        let stream = TcpStream::connect(address).await?;
        let (wire, _) = tokio_tungstenite::client_async(request, stream).await?;
        Ok(Socket { wire, cursors: BTreeMap::new(), epoch: String::new() })
    }

    /// Opens a socket and says hello; gives it and what `welcome` said.
    pub(crate) async fn connects(&self) -> (Socket, Value) {
        let mut socket = self.opens_socket().await.expect("a socket");
        let welcome = socket.says_hello(None, json!({})).await;
        (socket, welcome)
    }

    /// Opens a socket and follows streams from where they are said to be.
    pub(crate) async fn follows<const N: usize>(&self, streams: [(&str, i64); N]) -> Socket {
        let (mut socket, _) = self.connects().await;
        for (stream, seq) in streams {
            socket.follows(stream, seq).await;
        }
        socket
    }
}

impl Socket {
    /// Says a frame.
    pub(crate) async fn says(&mut self, kind: &str, payload: Value) {
        self.sends(Message::text(json!({"type": kind, "payload": payload}).to_string())).await;
    }

    /// Sends whatever.
    pub(crate) async fn sends(&mut self, message: Message) {
        self.wire.send(message).await.expect("the connection takes it");
    }

    /// Sends whatever, whether or not it still can.
    pub(crate) async fn tries_to_send(&mut self, message: Message) {
        let _lost = self.wire.send(message).await;
    }

    /// Says hello and hears the answer, up to where one's own stream stands.
    pub(crate) async fn says_hello(&mut self, epoch: Option<&str>, cursors: Value) -> Value {
        self.says("hello", json!({"epoch": epoch, "cursors": &cursors})).await;
        let welcome = self.hears("welcome").await;
        self.epoch = welcome["epoch"].as_str().expect("an epoch").to_owned();
        // One's conversations come by themselves, from where the client was or from where they are said to stand.
        for (stream, head) in welcome["conversations"].as_object().expect("heads by streams") {
            self.cursors.entry(stream.clone()).or_insert_with(|| head.as_i64().expect("a number"));
        }
        // One's own stream comes by itself, and first if nothing was said of it.
        if let Some(id) = welcome["user"]["id"].as_str() {
            let own = format!("user:{id}");
            if cursors.get(&own).is_none() {
                self.hears_until_subscribed(&own).await;
            }
        }
        welcome
    }

    /// Follows a stream from a number on, and hears everything up to its head.
    pub(crate) async fn follows(&mut self, stream: &str, seq: i64) -> Vec<Value> {
        self.cursors.insert(stream.to_owned(), seq);
        self.says("subscribe", json!({"streams": {stream: seq}})).await;
        self.hears_until_subscribed(stream).await
    }

    /// Everything up to `subscribed`, which names the head.
    pub(crate) async fn hears_until_subscribed(&mut self, stream: &str) -> Vec<Value> {
        let mut missed = Vec::new();
        loop {
            let frame = self.next_frame().await;
            if frame["type"] == "subscribed" && frame["payload"]["stream"] == stream {
                let head = frame["payload"]["head"].as_i64().expect("a head");
                assert_eq!(
                    self.cursors.insert(stream.to_owned(), head).unwrap_or(head),
                    head,
                    "all was sent before"
                );
                return missed;
            }
            assert!(frame["seq"].is_i64(), "what was missed, then `subscribed`, not {frame}");
            missed.push(frame);
        }
    }

    /// The next frame; heartbeats apart. A durable one must be the next of its stream.
    pub(crate) async fn next_frame(&mut self) -> Value {
        match timeout(PATIENCE, self.hear()).await.expect("a frame comes in time") {
            Ok(frame) => frame,
            Err(closed) => panic!("the connection was closed: {closed:?}"),
        }
    }

    /// The payload of the next frame, which must be of this type.
    pub(crate) async fn hears(&mut self, kind: &str) -> Value {
        let frame = self.next_frame().await;
        assert_eq!(frame["type"], kind, "{frame}");
        frame["payload"].clone()
    }

    /// So many durable events of a stream, in order; other streams' may come between them.
    pub(crate) async fn hears_events(&mut self, stream: &str, count: usize) -> Vec<Value> {
        let mut events = Vec::with_capacity(count);
        while events.len() < count {
            let frame = self.next_frame().await;
            if frame["stream"] == stream && frame["seq"].is_i64() {
                events.push(frame);
            }
        }
        events
    }

    /// Every frame that comes within a time.
    pub(crate) async fn hears_for(&mut self, time: Duration) -> Vec<Value> {
        let until = Instant::now() + time;
        let mut frames = Vec::new();
        while let Ok(Ok(frame)) = tokio::time::timeout_at(until, self.hear()).await {
            frames.push(frame);
        }
        frames
    }

    /// How the connection ends; whatever comes before is passed over.
    pub(crate) async fn is_closed(&mut self) -> Closed {
        let end = async {
            loop {
                if let Err(closed) = self.hear().await {
                    return closed;
                }
            }
        };
        timeout(PATIENCE, end).await.expect("the connection ends in time")
    }

    /// Whether the next frame is a heartbeat.
    pub(crate) async fn hears_heartbeat(&mut self) -> bool {
        let next = timeout(PATIENCE, self.wire.next()).await.expect("a frame comes in time");
        matches!(next, Some(Ok(Message::Text(text))) if text.contains(r#""type":"heartbeat""#))
    }

    /// The next frame, heartbeats apart, or how the connection ended.
    pub(crate) async fn hear(&mut self) -> Result<Value, Closed> {
        loop {
            match self.wire.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    if frame["type"] != "heartbeat" {
                        self.note(&frame);
                        return Ok(frame);
                    }
                }
                Some(Ok(Message::Close(Some(close)))) => return Err(Closed::Code(close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Closed::Lost),
            }
        }
    }

    /// Every event once and in order, or the test fails wherever it stands.
    fn note(&mut self, frame: &Value) {
        if frame["type"] == "conversation_joined" {
            let (id, seq) = (&frame["payload"]["conversation_id"], &frame["payload"]["seq"]);
            let stream = format!("conversation:{}", id.as_str().expect("an id"));
            let seq = seq.as_i64().expect("a number");
            let cursor = self.cursors.entry(stream).or_insert(seq);
            *cursor = seq.max(*cursor);
        }
        let (Some(stream), Some(seq)) = (frame["stream"].as_str(), frame["seq"].as_i64()) else { return };
        if let Some(cursor) = self.cursors.insert(stream.to_owned(), seq) {
            assert_eq!(seq, cursor + 1, "the next event of {stream}: {frame}");
        }
    }
}
