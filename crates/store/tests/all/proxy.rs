//! A connection to PostgreSQL that breaks at COMMIT.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What happens to the next COMMIT.
#[derive(Clone, Copy)]
pub(crate) enum Break {
    /// Nothing.
    Never,
    /// The server gets it, its answer is lost.
    Answer,
    /// The server does not get it.
    Question,
    /// The server gets it, its answer is lost, and nobody may connect any more.
    Everything,
}

/// Stands between the store and the server.
pub(crate) struct Proxy {
    port: u16,
    next: Arc<AtomicU8>,
}

const CLOSED: u8 = 9;

impl Proxy {
    pub(crate) async fn to(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let next = Arc::new(AtomicU8::new(Break::Never as u8));
        let seen = Arc::clone(&next);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if seen.load(Ordering::SeqCst) != CLOSED {
                    tokio::spawn(carry(client, server, Arc::clone(&seen)));
                }
            }
        });
        Self { port, next }
    }

    pub(crate) fn break_next(&self, at: Break) {
        self.next.store(at as u8, Ordering::SeqCst);
    }

    /// The URL of the same database through the proxy.
    pub(crate) fn url(&self, direct: &str, server: u16) -> String {
        direct.replace(&format!(":{server}/"), &format!(":{}/", self.port))
    }
}

async fn carry(client: TcpStream, server: u16, next: Arc<AtomicU8>) {
    let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        let said = &buffer[..read];
        let breaks = next.load(Ordering::SeqCst);
        if breaks != Break::Never as u8 && said.windows(6).any(|word| word == b"COMMIT") {
            back.abort();
            back.await.ok();
            let everything = breaks == Break::Everything as u8;
            next.store(if everything { CLOSED } else { Break::Never as u8 }, Ordering::SeqCst);
            if breaks != Break::Question as u8 {
                to_server.write_all(said).await.unwrap();
                // The server reads what it has got before it sees that we are gone.
                to_server.shutdown().await.unwrap();
            }
            return;
        }
        if to_server.write_all(said).await.is_err() {
            return;
        }
    }
}
