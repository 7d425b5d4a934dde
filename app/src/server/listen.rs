//! Takes connections and serves HTTP/1.1 on each of them until told to stop.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::crowd::Crowd;
use super::patient::Patient;
use super::{Peer, Server, kept};

/// How long a connection may be silent, and how long a request's head may take. Longer than the minute for which
/// proxies usually keep their connections, so that they close first and never meet one that is just going away.
const HEAD_LIMIT: Duration = Duration::from_secs(75);
/// The most bytes of one connection that are held at once, and so of a request's head.
const BUFFERED: usize = 64 * 1024;
/// How long a client may take nothing of what is written to it.
const WRITE_LIMIT: Duration = Duration::from_secs(60);
/// How long to wait when no connection can be taken, most often because the process has too many files open.
const PAUSE: Duration = Duration::from_millis(100);
/// For how long, once the listener is closed, those who have just connected are still heard: hyper closes a connection of
/// which it has read nothing yet, though a request may be on its way.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// Who answers requests; cheap to clone.
#[derive(Clone)]
pub(super) struct Front {
    router: Router,
    /// Whose kept answers are given before the router is asked.
    server: Option<Server>,
}

impl Front {
    /// All requests go to the router.
    pub(super) fn plain(router: Router) -> Self {
        Self { router, server: None }
    }

    /// Those for which the server keeps an answer do not.
    pub(super) fn keeping(router: Router, server: &Server) -> Self {
        Self { router, server: Some(server.clone()) }
    }
}

/// Serves as many connections as `crowd` takes until `stop`; then closes the listener, lets
/// requests finish and returns when all have.
pub(super) async fn serve(listener: TcpListener, front: Front, crowd: Crowd, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(crowd.connections()));
    let graceful = GracefulShutdown::new();
    let mut http = Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(BUFFERED);
    let welcome = |stream: TcpStream, peer: SocketAddr, place| {
        // Who holds too many already is not even told: an answer would cost what it is to save.
        let Some(member) = crowd.join(peer.ip()) else { return };
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let service = service_of(front.clone(), peer);
        let connection = http
            .serve_connection_with_upgrades(TokioIo::new(Patient::new(stream, WRITE_LIMIT)), service)
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Broken connections are the client's affair; what matters was logged with its request.
            let _ = connection.await;
            drop((place, member));
        });
    };
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place.ok())
        };
        let (stream, peer, place) = tokio::select! {
            () = stop.cancelled() => break,
            (accepted, place) = next => match accepted {
                Ok((stream, peer)) => (stream, peer, place),
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        welcome(stream, peer, place);
    }
    for (stream, peer) in waiting(listener) {
        welcome(stream, peer, places.clone().try_acquire_owned().ok());
    }
    tokio::time::sleep(LAST_WORDS).await;
    graceful.shutdown().await;
}

/// Who had connected and was not taken yet, when the listener closes: the kernel would cut them off, in the middle of a
/// request that a proxy has sent already and may not repeat.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    std::iter::from_fn(|| listener.accept().ok())
        .filter_map(|(stream, peer)| {
            stream.set_nonblocking(true).ok()?;
            Some((TcpStream::from_std(stream).ok()?, peer))
        })
        .collect()
}

/// What one connection's requests meet: what is kept, else the router.
fn service_of(
    front: Front,
    peer: SocketAddr,
) -> impl hyper::service::Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send + 'static>
{
    service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move {
            if let Some(server) = &front.server
                && let Some(answer) = kept::hit(server, &request, peer.ip()).await
            {
                return Ok(answer);
            }
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer.ip()));
            // Apart, so that what is kept moves no state of the router about.
            Box::pin(front.router.oneshot(request)).await
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn who_has_connected_is_answered_though_the_listener_closes() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut clients = Vec::new();
        for _ in 0..8 {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            clients.push(client);
        }
        let stop = CancellationToken::new();
        stop.cancel();
        let router = Router::new().route("/", get(async || "Hello"));
        serve(listener, Front::plain(router), Crowd::new(64, &[]), stop).await;
        for mut client in clients {
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }
}
