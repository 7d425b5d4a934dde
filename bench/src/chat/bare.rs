//! What sockets are compared with: axum's own and a broadcast channel, small buffers, and nothing else. It runs as a
//! process of its own, so that its CPU and memory can be told apart.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::server::free_port;

/// As the product has it.
const BUFFER: usize = 2 * 1024;
/// The largest frame, and what waits before it.
const MAX_WRITE_BUFFER: usize = 64 * 1024;
/// How many messages wait for a slow reader.
const WAITING: usize = 256;

/// Everything that somebody says, everybody hears.
pub(crate) async fn serve(port: u16) -> Result<()> {
    let (said, _) = broadcast::channel::<Utf8Bytes>(WAITING);
    let router = Router::new().route("/ws", get(connect)).with_state(said);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn connect(State(said): State<broadcast::Sender<Utf8Bytes>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .on_upgrade(move |socket| talk(socket, said))
}

async fn talk(mut socket: WebSocket, said: broadcast::Sender<Utf8Bytes>) {
    let mut news = said.subscribe();
    loop {
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => drop(said.send(text)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return,
            },
            text = news.recv() => {
                let Ok(text) = text else { return };
                if socket.send(Message::Text(text)).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The baseline in a process of its own, ended when dropped.
pub(crate) struct Bare {
    child: Child,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Bare {
    /// Starts it.
    pub(crate) async fn start() -> Result<Self> {
        let port = free_port()?;
        let child = Command::new(Path::new("/proc/self/exe"))
            .args(["bare", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .context("the baseline does not start")?;
        let bare = Self { child, port };
        for _ in 0..500 {
            if crate::http::Connection::open(port).await.is_ok() {
                return Ok(bare);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("the baseline did not listen within 5 s")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
