//! Servers of Redis to throw away, for tests.

use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Ports of servers: Linux gives those from 32768 on to connections.
const PORTS: Range<u16> = 20_000..32_000;
/// How long a server may take to start.
const START: Duration = Duration::from_secs(20);
/// The file that holds a password.
const PASSWORD: &str = "password";
/// Runs the server until its own input ends, which it does with the process that started it, and says its process id.
const KEEPER: &str = r#""$@" >log 2>&1 & echo $!; read -r _; kill -CONT $! 2>/dev/null; kill -KILL $!; wait"#;

/// A Redis of its own on a free port, in a temporary folder, that keeps nothing. It ends when this is dropped, or with
/// the process of the test.
pub struct RedisServer {
    folder: TempDir,
    port: u16,
    command: Vec<String>,
    password: Option<String>,
    running: Option<Running>,
}

struct Running {
    keeper: Child,
    pid: String,
}

impl RedisServer {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no Redis on this machine, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with("", &[])
    }

    /// Starts one with further settings, and arguments that say what kind of server it is.
    ///
    /// # Panics
    /// As `start`.
    pub(super) fn start_with(settings: &str, mode: &'static [&'static str]) -> Self {
        let folder = must(tempfile::tempdir(), "a temporary folder");
        let port = free_port();
        let always = format!("port {port}\nbind 127.0.0.1\ndir {}\n", folder.path().display());
        must(std::fs::write(folder.path().join("redis.conf"), always + settings), "the settings of Redis");
        let command = ["redis-server", "redis.conf"].iter().chain(mode).map(ToString::to_string).collect();
        Self::run(folder, port, command, None)
    }

    /// Starts one by a script that takes its password from `REDIS_PASSWORD_FILE`, with these arguments and a port.
    ///
    /// # Panics
    /// As `start`.
    #[must_use]
    pub fn start_by(script: &Path, arguments: &[&str], password: &str) -> Self {
        let folder = must(tempfile::tempdir(), "a temporary folder");
        must(std::fs::write(folder.path().join(PASSWORD), password), "the password of Redis");
        let port = free_port();
        let port_text = port.to_string();
        let place = ["--port", port_text.as_str(), "--bind", "127.0.0.1", "--dir", "."];
        let arguments = arguments.iter().chain(&place).map(ToString::to_string);
        let command = std::iter::once(script.display().to_string()).chain(arguments).collect();
        Self::run(folder, port, command, Some(password.to_owned()))
    }

    fn run(folder: TempDir, port: u16, command: Vec<String>, password: Option<String>) -> Self {
        let mut server = Self { folder, port, command, password, running: None };
        server.start_again();
        server
    }

    /// Starts it again after `kill`, on the same port.
    ///
    /// # Panics
    /// As `start`.
    pub fn start_again(&mut self) {
        let folder = self.folder.path();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).args(&self.command).env("REDIS_PASSWORD_FILE", PASSWORD);
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = must(command.spawn(), "sh");
        let mut pid = String::new();
        if let Some(said) = keeper.stdout.take() {
            must(BufReader::new(said).read_line(&mut pid), "the process id of Redis");
        }
        self.running = Some(Running { keeper, pid: pid.trim().to_owned() });
        let until = Instant::now() + START;
        while self.ask(&["ping"]) != "PONG" {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "Redis did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// It stays connected and answers nothing, as when the network to it stalls.
    pub fn stall(&self) {
        self.signal("STOP");
    }

    /// It goes on.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    /// Its address, with the number of a database.
    #[must_use]
    pub fn url(&self, number: u32) -> String {
        format!("redis://127.0.0.1:{}/{number}", self.port)
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it answers to a command, as `redis-cli` prints it.
    ///
    /// # Panics
    /// When there is no `redis-cli`.
    #[must_use]
    pub fn ask(&self, command: &[&str]) -> String {
        let mut client = Command::new("redis-cli");
        client.args(["-p", &self.port.to_string()]).args(command);
        if let Some(password) = &self.password {
            client.env("REDISCLI_AUTH", password);
        }
        let answer = must(client.output(), "redis-cli (Debian and Ubuntu: apt-get install redis-server)");
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    /// What a list of processes shows of it.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn command_line(&self) -> String {
        let running = must(self.running.as_ref().ok_or("it does not run"), "Redis");
        let shown = std::fs::read(format!("/proc/{}/cmdline", running.pid));
        String::from_utf8_lossy(&must(shown, "its command line")).replace('\0', " ")
    }

    fn signal(&self, name: &str) {
        let running = must(self.running.as_ref().ok_or("it does not run"), "Redis");
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", running.pid)]).status();
        assert!(must(sent, "kill").success(), "Redis could not be sent {name}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

/// A port on which a server can be started again later: of those that the system does not give to connections, which
/// would take it while the server is down.
///
/// # Panics
/// When none is found.
#[must_use]
pub fn free_port() -> u16 {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let chance = RandomState::new();
    let mut tried =
        (0..1000_u32).map(|attempt| chance.hash_one(attempt) % u64::from(PORTS.end - PORTS.start));
    let free =
        tried.find_map(|above| u16::try_from(above).ok().map(|above| PORTS.start + above).filter(is_free));
    must(free.ok_or("all are taken"), "a free port")
}

/// In a test a panic is the report.
#[expect(clippy::panic, reason = "only tests come here")]
pub(super) fn must<T, E: Display>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}
