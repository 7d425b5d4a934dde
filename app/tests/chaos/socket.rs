//! A socket that may go at any moment.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};

/// How long a connection may take to come about.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may be silent: several heartbeats of the nodes here.
const SILENCE: Duration = Duration::from_secs(8);

/// One connection.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

/// It came to nothing, or is over.
#[derive(Debug)]
pub(crate) enum Gone {
    /// The request for it was answered otherwise.
    Refused(u16),
    /// It was closed with this code.
    Closed(u16),
    /// Without a word.
    Lost,
}

impl Socket {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr, path: &str, cookie: &str) -> Result<Self, Gone> {
        let connecting = async {
            let mut request =
                format!("ws://{address}{path}").into_client_request().map_err(|_| Gone::Lost)?;
            request.headers_mut().insert("cookie", cookie.parse().map_err(|_| Gone::Lost)?);
            let stream = TcpStream::connect(address).await.map_err(|_| Gone::Lost)?;
            match tokio_tungstenite::client_async(request, stream).await {
                Ok((wire, _)) => Ok(Self(wire)),
                Err(tungstenite::Error::Http(answer)) => Err(Gone::Refused(answer.status().as_u16())),
                Err(_) => Err(Gone::Lost),
            }
        };
        timeout(PATIENCE, connecting).await.unwrap_or(Err(Gone::Lost))
    }

    /// Says a frame.
    pub(crate) async fn say(&mut self, kind: &str, payload: Value) -> Result<(), Gone> {
        let frame = Message::text(json!({"type": kind, "payload": payload}).to_string());
        let said = timeout(PATIENCE, self.0.send(frame)).await;
        said.map_or(Err(Gone::Lost), |said| said.map_err(|_| Gone::Lost))
    }

    /// The next frame. May be dropped while it waits.
    pub(crate) async fn hear(&mut self) -> Result<Value, Gone> {
        loop {
            match timeout(SILENCE, self.0.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => {
                    return serde_json::from_str(&text).map_err(|_| Gone::Lost);
                }
                Ok(Some(Ok(Message::Close(Some(close))))) => return Err(Gone::Closed(close.code.into())),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return Err(Gone::Lost),
            }
        }
    }
}
