//! The product under test: the real binary over a folder of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::bench::Options;
use crate::http::{Connection, get};
use crate::process;

/// A server that used no more CPU than this in this time has nothing to do.
const SETTLED: (Duration, Duration) = (Duration::from_millis(1500), Duration::from_millis(20));

/// A running server, ended when dropped.
pub(crate) struct Server {
    child: Child,
    binary: PathBuf,
    folder: PathBuf,
    database: Option<String>,
    /// Where it listens.
    pub(crate) port: u16,
    /// From starting it to its first answer.
    pub(crate) started_in: Duration,
}

/// The binary over a folder; port 0 where it does not listen.
pub(crate) fn command(binary: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(binary);
    command
        .env("DATA_DIR", folder)
        .env("DATABASE_URL", format!("sqlite://{}/folkmoot.db", folder.display()))
        .env("SERVER_HOST", "127.0.0.1")
        .env("SERVER_PORT", port.to_string())
        .env("METRICS_ADDR", "127.0.0.1:0")
        .env("ENVIRONMENT", "production")
        .env("LOG_LEVEL", "warn")
        .env("RATE_LIMIT_REQUESTS", "10000000")
        .env("WEBSOCKET_FRAMES", "100000");
    command
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Server {
    /// Starts the server and waits for its first answer.
    pub(crate) async fn start(options: &Options, folder: &Path) -> Result<Self> {
        Self::start_on(options, folder, None).await
    }

    /// Starts the server on another database than SQLite's in the folder.
    pub(crate) async fn start_on(options: &Options, folder: &Path, database: Option<String>) -> Result<Self> {
        let port = free_port()?;
        let begin = Instant::now();
        let mut serve = command(&options.binary, folder, port);
        if let Some(url) = &database {
            serve.env("DATABASE_URL", url);
        }
        let child =
            serve.arg("serve").stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().with_context(|| {
                format!("cannot start {}; build it with `cargo build --release`", options.binary.display())
            })?;
        let (binary, folder) = (options.binary.clone(), folder.to_owned());
        let mut server = Self { child, binary, folder, database, port, started_in: Duration::ZERO };
        while begin.elapsed() < Duration::from_secs(30) {
            if let Ok(mut connection) = Connection::open(port).await
                && let Ok(answer) = connection.ask(&get(port, "/ready", "")).await
                && answer.status == 200
            {
                server.started_in = begin.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server did not get ready within 30 s")
    }

    /// The binary over the same folder and database, for a command beside the server.
    pub(crate) fn command(&self) -> Command {
        let mut command = command(&self.binary, &self.folder, 0);
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the server has nothing left to do of its own, as indexing what was just written: it would count as if
    /// those who are measured had asked for it.
    pub(crate) async fn settle(&self) -> Result<()> {
        let begin = Instant::now();
        let mut before = process::cpu(self.pid())?;
        while begin.elapsed() < Duration::from_secs(300) {
            tokio::time::sleep(SETTLED.0).await;
            let used = process::cpu(self.pid())?;
            if used.saturating_sub(before) <= SETTLED.1 {
                return Ok(());
            }
            before = used;
        }
        bail!("the server is busy for five minutes, though nobody asks anything")
    }

    /// Reads JSON.
    pub(crate) async fn json(&self, path: &str) -> Result<serde_json::Value> {
        let answer = Connection::open(self.port).await?.ask(&get(self.port, path, "")).await?;
        if answer.status != 200 {
            bail!("{path} answers {}", answer.status);
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A measured server has nothing to lose: its folder goes with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
