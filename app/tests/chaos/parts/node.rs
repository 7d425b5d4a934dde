//! One process of the real binary on a port that stays its own, to be stopped, killed and started again.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command as Shell, Stdio};
use std::time::Duration;

use folkmoot_bus::testing::free_port;
use http::Method;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::caller::Caller;

/// How long a process may take to start or stop in a busy test run.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a process ended that was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// In order.
    Clean,
    /// It says that something was cut off.
    Forced,
}

/// A node, running or not.
pub(crate) struct Node {
    name: &'static str,
    folder: TempDir,
    port: u16,
    shared: Vec<(&'static str, String)>,
    running: Option<Child>,
}

impl Node {
    /// One that does not run yet, with these settings beside its own.
    pub(crate) fn new(name: &'static str, shared: &[(&'static str, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { name, folder, port: free_port(), shared: shared.to_vec(), running: None }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Starts it and does not wait.
    pub(crate) fn launch(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
        command
            .arg("serve")
            .env_clear()
            .env("DATA_DIR", self.folder.path())
            .env("SERVER_HOST", "127.0.0.1")
            .env("SERVER_PORT", self.port.to_string())
            .env("METRICS_ADDR", "off")
            .env("TRUSTED_PROXIES", "127.0.0.1")
            .env("LOG_FORMAT", "json")
            // All clients of the test have one address.
            .env("RATE_LIMIT_REQUESTS", "10000000")
            .env("WEBSOCKET_PER_ADDRESS", "100000")
            .env("HEARTBEAT_SECONDS", "2")
            .envs(self.shared.iter().cloned())
            .current_dir(self.folder.path())
            .stdout(Stdio::from(self.log_file()))
            .stderr(Stdio::from(self.log_file()))
            .kill_on_drop(true);
        self.running = Some(command.spawn().expect("the binary starts"));
    }

    /// Waits until it takes requests.
    pub(crate) async fn is_ready(&mut self) {
        let began = Instant::now();
        let mut caller = Caller::new(self.address());
        loop {
            if caller.ask(Method::GET, "/ready", None).await.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            let ended = self.running.as_mut().and_then(|child| child.try_wait().expect("its state"));
            let (name, log) = (self.name, self.log());
            assert!(ended.is_none(), "node {name} ended with {ended:?}:\n{log}");
            assert!(began.elapsed() < PATIENCE, "node {name} does not become ready:\n{log}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// SIGTERM, and waits for the end.
    pub(crate) async fn stop(&mut self) -> Ended {
        let mut child = self.running.take().expect("it runs");
        let pid = child.id().expect("it runs").to_string();
        let sent = Shell::new("kill").args(["-s", "TERM", &pid]).status().expect("kill");
        assert!(sent.success(), "node {} could not be asked to stop", self.name);
        let ended = timeout(PATIENCE, child.wait()).await.expect("it ends in time").expect("its state");
        assert!(ended.code().is_some(), "node {} ended with {ended}:\n{}", self.name, self.log());
        if ended.success() { Ended::Clean } else { Ended::Forced }
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        let mut child = self.running.take().expect("it runs");
        child.kill().await.expect("it ends");
    }

    /// What it logged, from all its lives.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// The lines of its log that tell of something wrong, the last ones.
    pub(crate) fn complaints(&self) -> String {
        let log = self.log();
        let wrong: Vec<&str> =
            log.lines().filter(|line| line.contains(r#""ERROR""#) || line.contains(r#""WARN""#)).collect();
        format!("node {}:\n{}", self.name, wrong[wrong.len().saturating_sub(20)..].join("\n"))
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log_file(&self) -> File {
        OpenOptions::new().append(true).create(true).open(self.log_path()).expect("a file for its log")
    }
}
