//! A Redis with a replica and three Sentinels that watch them, for tests.

use std::time::{Duration, Instant};

use super::redis_server::RedisServer;

/// The name by which the Sentinels know the master.
const NAME: &str = "forum";
/// How long all of them may take to know each other.
const ACQUAINTED: Duration = Duration::from_secs(30);

/// A master, its replica, and three Sentinels of which two must agree that the master is gone.
pub struct Sentinels {
    /// Where everybody publishes at first.
    pub master: RedisServer,
    /// What the Sentinels make the master after that.
    pub replica: RedisServer,
    /// Who watches both.
    pub sentinels: Vec<RedisServer>,
}

impl Sentinels {
    /// Starts all five, and waits until a failover is possible.
    ///
    /// # Panics
    /// When there is no Redis on this machine, or they do not find each other.
    #[must_use]
    pub fn start() -> Self {
        let master = RedisServer::start();
        let port = master.port().to_string();
        let replica = RedisServer::start_with(&format!("replicaof 127.0.0.1 {port}\n"), &[]);
        let sentinels: Vec<_> = (0..3).map(|_| sentinel(&port)).collect();
        let all = Self { master, replica, sentinels };
        let until = Instant::now() + ACQUAINTED;
        while !all.are_acquainted() {
            assert!(Instant::now() < until, "the Sentinels do not find each other");
            std::thread::sleep(Duration::from_millis(50));
        }
        all
    }

    /// The address that names the Sentinels.
    #[must_use]
    pub fn url(&self) -> String {
        let places: Vec<_> =
            self.sentinels.iter().map(|sentinel| format!("127.0.0.1:{}", sentinel.port())).collect();
        format!("redis+sentinel://{}/{NAME}", places.join(","))
    }

    fn are_acquainted(&self) -> bool {
        self.replica.ask(&["info", "replication"]).contains("master_link_status:up")
            && self.sentinels.iter().all(|sentinel| {
                let master = sentinel.ask(&["sentinel", "master", NAME]);
                let lines: Vec<_> = master.lines().collect();
                let number = |name: &str| lines.iter().position(|line| *line == name).map(|at| lines[at + 1]);
                number("num-other-sentinels") == Some("2") && number("num-slaves") == Some("1")
            })
    }
}

fn sentinel(master: &str) -> RedisServer {
    let settings = format!(
        "sentinel monitor {NAME} 127.0.0.1 {master} 2\n\
         sentinel down-after-milliseconds {NAME} 1000\n\
         sentinel failover-timeout {NAME} 5000\n"
    );
    RedisServer::start_with(&settings, &["--sentinel"])
}
