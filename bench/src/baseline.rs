//! What the product is compared with: nginx with the same bytes as files, and bare commits of single rows.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::Connection;
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

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
                    open_file_cache max=4000; gzip_static on; default_type application/json;
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

    /// Its master.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
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

/// Single rows, each committed by itself and on disk, from so many connections at once.
pub(crate) async fn postgres_commits(url: &str, connections: usize, turn: Duration) -> Result<f64> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare (id BIGSERIAL PRIMARY KEY, body TEXT NOT NULL)";
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL is away")?;
    let connection = tokio::spawn(connection);
    client.batch_execute(TABLE).await?;
    connection.abort();
    let begin = Instant::now();
    let mut writers = JoinSet::new();
    for _ in 0..connections {
        let url = url.to_owned();
        writers.spawn(async move {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            let connection = tokio::spawn(connection);
            let insert = client.prepare("INSERT INTO bare (body) VALUES ($1)").await?;
            let body = "x".repeat(200);
            let mut count = 0_u64;
            while begin.elapsed() < turn {
                client.execute(&insert, &[&body]).await?;
                count += 1;
            }
            connection.abort();
            anyhow::Ok(count)
        });
    }
    let mut count = 0;
    while let Some(written) = writers.join_next().await {
        count += written??;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}
