//! What the product is compared with: nginx with the same bytes as files, and bare SQLite commits.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::Connection;

use crate::process;
use crate::server::free_port;

/// A running nginx, ended when dropped.
pub(crate) struct Nginx {
    child: Child,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Nginx {
    /// Serves the files of a folder.
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let config = folder.join("nginx.conf");
        let root = folder.join("files");
        fs::write(
            &config,
            format!(
                "daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;
                events {{ worker_connections 1024; }}
                http {{ access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on;
                    open_file_cache max=1000; default_type application/json;
                    client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
                    uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
                    server {{ listen 127.0.0.1:{port}; root {1}; }} }}",
                folder.display(),
                root.display(),
            ),
        )?;
        let child = Command::new("nginx")
            .args(["-e", "stderr", "-c"])
            .arg(&config)
            .stderr(Stdio::null())
            .spawn()
            .context("nginx is missing: apt-get install nginx-light")?;
        let nginx = Self { child, port };
        for _ in 0..500 {
            if crate::http::Connection::open(port).await.is_ok() {
                return Ok(nginx);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("nginx did not listen within 5 s")
    }

    /// CPU time of the workers.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        process::children(self.child.id())?.into_iter().map(process::cpu).sum()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master takes its workers along on SIGTERM, which the standard library cannot send.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Single-row durable commits a second: WAL, `synchronous=FULL`, one connection.
pub(crate) fn sqlite_commits(folder: &Path, turn: Duration) -> Result<f64> {
    let path = folder.join("baseline.db");
    let database = Connection::open(&path)?;
    database.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    )?;
    let mut insert = database.prepare("INSERT INTO rows (body) VALUES (?1)")?;
    let body = "x".repeat(200);
    let begin = Instant::now();
    let mut count = 0_u64;
    while begin.elapsed() < turn {
        insert.execute([&body])?;
        count += 1;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}
