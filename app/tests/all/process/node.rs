//! One process of the real binary over a folder of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a process may take to start or stop in a busy test run.
const PATIENCE: Duration = Duration::from_secs(40);

/// The settings of a process.
#[derive(Clone)]
pub(crate) struct Settings {
    folder: Arc<TempDir>,
    variables: BTreeMap<String, String>,
}

impl Settings {
    /// A process of its own, on free ports, with JSON logs, that stops without waiting for a balancer.
    pub(crate) fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let settings = Self { folder, variables: BTreeMap::new() };
        let data = settings.path().display().to_string();
        settings
            .with("DATA_DIR", &data)
            .with("SERVER_HOST", "127.0.0.1")
            .with("SERVER_PORT", "0")
            .with("METRICS_ADDR", "127.0.0.1:0")
            .with("DRAIN_SECONDS", "0")
    }

    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with these settings and nothing else from around.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
        command.args(arguments).env_clear().envs(&self.variables).current_dir(self.path());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts a server and waits until it listens.
    pub(crate) fn start(&self) -> Node {
        let mut node = self.spawn();
        let listening = node.wait_for_line("listening");
        node.address = address(&listening["address"]);
        node.internal =
            listening["internal"].as_str().filter(|text| !text.is_empty()).map(|text| text.parse().unwrap());
        node
    }

    /// Starts a server and does not wait.
    pub(crate) fn spawn(&self) -> Node {
        let errors = self.path().join("stderr.txt");
        let mut child = self
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(File::create(&errors).unwrap())
            .spawn()
            .unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (kept, output) = (lines.clone(), child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                kept.lock().unwrap().push(line.unwrap());
            }
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
        Node { child, lines, reader: Some(reader), address: nowhere, internal: None, settings: self.clone() }
    }
}

fn address(value: &serde_json::Value) -> SocketAddr {
    value.as_str().unwrap().parse().unwrap()
}

/// A process that serves; killed when dropped.
pub(crate) struct Node {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    pub(crate) address: SocketAddr,
    pub(crate) internal: Option<SocketAddr>,
    settings: Settings,
}

impl Node {
    /// What the system knows it by.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The lines of the log so far, read as JSON.
    pub(crate) fn log(&self) -> Vec<serde_json::Value> {
        let lines = self.lines.lock().unwrap();
        lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
            .collect()
    }

    /// Waits for a line with this message.
    pub(crate) fn wait_for_line(&mut self, message: &str) -> serde_json::Value {
        let began = Instant::now();
        loop {
            if let Some(line) = self.log().into_iter().find(|line| line["msg"] == message) {
                return line;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && began.elapsed() < PATIENCE,
                "no \"{message}\" ({ended:?}):\n{}\n{}",
                self.lines.lock().unwrap().join("\n"),
                self.errors()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it wrote to standard error.
    pub(crate) fn errors(&self) -> String {
        let mut text = String::new();
        File::open(self.settings.path().join("stderr.txt")).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// What the operating system says of its memory, in KB: `VmRSS` is resident now, `VmHWM` was at most.
    pub(crate) fn memory_kb(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let value = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        value.unwrap().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "kill -s {name}");
    }

    /// Waits for the end; the whole log is there then.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "the process does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }

    /// Asks it to stop and waits.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
