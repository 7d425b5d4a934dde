//! A database that goes away: readiness says so in time, liveness does not mind, and everything is well again after.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use folkmoot_store::testing::Postgres;

use super::http::get;
use super::node::Settings;

/// The way to a database, which a test can cut.
struct Way {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cut: bool,
    silent: bool,
    open: Vec<TcpStream>,
}

impl Way {
    fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mut state = shared.lock().unwrap();
                if state.cut {
                    continue;
                }
                let server = TcpStream::connect(target).unwrap();
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let state = shared.clone();
                    std::thread::spawn(move || {
                        let _ = forward(from, &to, &state);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                state.open.extend([client, server]);
            }
        });
        Self { address, state }
    }

    fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut = true;
        for stream in state.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// What is sent from now on does not arrive, and nobody is told.
    fn fall_silent(&self) {
        self.state.lock().unwrap().silent = true;
    }

    fn mend(&self) {
        self.state.lock().unwrap().cut = false;
    }
}

fn forward(mut from: TcpStream, mut to: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut bytes = [0; 4096];
    loop {
        let count = from.read(&mut bytes)?;
        if count == 0 {
            return Ok(());
        }
        if !state.lock().unwrap().silent {
            to.write_all(&bytes[..count])?;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_falls_silent_does_not_hold_up_the_stop_on_postgres() {
    let database = Postgres::start().database().await;
    let url = database.url();
    let target = url.split('@').nth(1).unwrap().split('/').next().unwrap().to_owned();
    let way = Way::to(target.parse().unwrap());
    let address = url.replace(&target, &way.address.to_string());
    let mut node = Settings::new().with("DATABASE_URL", &address).with("SHUTDOWN_SECONDS", "1").start();
    way.fall_silent();
    let began = Instant::now();
    assert_eq!(node.stop().code(), Some(1), "what was accepted may not be written");
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_makes_it_unready_but_not_unhealthy_on_postgres() {
    let database = Postgres::start().database().await;
    let url = database.url();
    let target = url.split('@').nth(1).unwrap().split('/').next().unwrap().to_owned();
    let way = Way::to(target.parse().unwrap());
    let node = Settings::new().with("DATABASE_URL", &url.replace(&target, &way.address.to_string())).start();
    assert_eq!(get(node.address, "/ready").status, 200);

    way.cut();
    let asked = Instant::now();
    let ready = get(node.address, "/ready");
    assert!(asked.elapsed() < Duration::from_secs(4), "2 s, and what a busy machine adds");
    assert_eq!((ready.status, ready.json()["status"].as_str()), (503, Some("database unhealthy")));
    assert_eq!(get(node.address, "/health").status, 200);
    let page = super::http::request(node.address, "GET", "/api/site", &[]);
    assert_eq!((page.status, page.header("retry-after").is_some()), (503, true));
    assert_eq!(page.json()["code"], "unavailable");

    way.mend();
    let mended = Instant::now();
    while get(node.address, "/ready").status != 200 {
        assert!(mended.elapsed() < Duration::from_secs(20), "it does not find the database again");
        std::thread::sleep(Duration::from_millis(100));
    }
}
