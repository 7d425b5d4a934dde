//! More than the server can do: it says so early to some, answers the others, and is itself again soon after.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::http::{get, head};
use super::node::Settings;

/// Who asks at once, each again as soon as they are answered: a hundred times what keeps two threads busy.
const CROWD: u8 = 200;
/// For how long they do so at least.
const RUSH: Duration = Duration::from_secs(3);
/// How long a busy machine may take for what takes moments.
const PATIENCE: Duration = Duration::from_secs(40);
/// Large, and compressed anew for everyone.
const DEAR: &str = "/api/openapi.json";

/// An answer as far as it matters here.
struct Heard {
    status: u16,
    retry_after: bool,
}

/// Asks from an address of its own household.
async fn ask(to: SocketAddr, household: u8, path: &str) -> Heard {
    let from = TcpSocket::new_v4().unwrap();
    from.bind(SocketAddr::from(([127, 0, household, 1], 0))).unwrap();
    let mut stream: TcpStream = from.connect(to).await.unwrap();
    stream.write_all(head(to, "GET", path, &[("Accept-Encoding", "gzip")]).as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Heard { status, retry_after: head.contains("\r\nretry-after: ") }
}

/// Asks again and again until it is over; gives what was heard.
async fn keep_asking(to: SocketAddr, household: u8, path: &'static str, over: Arc<AtomicBool>) -> Vec<Heard> {
    let mut heard = Vec::new();
    while !over.load(Ordering::Relaxed) {
        heard.push(timeout(PATIENCE, ask(to, household, path)).await.expect("an answer"));
    }
    heard
}

/// How many the server says that it has turned away.
fn turned_away(internal: SocketAddr) -> u64 {
    let metrics = get(internal, "/metrics").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("http_requests_turned_away_total "));
    line.expect("the metric").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rush_is_refused_in_part_and_early_and_soon_everybody_is_welcome_again() {
    let settings = Settings::new().with("RATE_LIMIT_REQUESTS", "10000000");
    let node = settings.with("TOKIO_WORKER_THREADS", "2").start();
    let to = node.address;
    assert_eq!(ask(to, 0, DEAR).await.status, 200);
    let memory = node.memory_kb("VmRSS");

    let over = Arc::new(AtomicBool::new(false));
    let mut crowd = JoinSet::new();
    for household in 1..=CROWD {
        crowd.spawn(keep_asking(to, household, DEAR, Arc::clone(&over)));
    }
    let probes = ["/health", "/ready"].map(|path| tokio::spawn(keep_asking(to, 0, path, Arc::clone(&over))));
    let began = Instant::now();
    let mut refused = 0;
    while began.elapsed() < RUSH || refused == 0 {
        assert!(began.elapsed() < PATIENCE, "nobody was turned away");
        sleep(Duration::from_millis(100)).await;
        refused = turned_away(node.internal.unwrap());
    }
    over.store(true, Ordering::Relaxed);

    let heard: Vec<Heard> = crowd.join_all().await.into_iter().flatten().collect();
    let (answered, refused): (Vec<&Heard>, Vec<&Heard>) = heard.iter().partition(|heard| heard.status == 200);
    assert!(!answered.is_empty() && !refused.is_empty());
    assert!(refused.iter().all(|heard| heard.status == 503 && heard.retry_after));
    for probe in probes {
        let heard = probe.await.unwrap();
        assert!(
            !heard.is_empty() && heard.iter().all(|heard| heard.status == 200),
            "probes are always answered"
        );
    }
    let grown = node.memory_kb("VmHWM").saturating_sub(memory);
    assert!(grown < 256 * 1024, "{grown} KB more");

    let (ended, mut in_a_row) = (Instant::now(), 0);
    while in_a_row < 50 {
        assert!(ended.elapsed() < PATIENCE, "people are still turned away");
        in_a_row = if ask(to, 0, DEAR).await.status == 200 { in_a_row + 1 } else { 0 };
    }
}
