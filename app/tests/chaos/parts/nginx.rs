//! nginx with the file that operators are given; only the ports are others.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use folkmoot_bus::testing::free_port;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

const OPERATORS: &str = include_str!("../../../../deploy/nginx/folkmoot.conf");

/// What stands around that file on a usual system, without what needs its rights and folders.
const AROUND: &str = "
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log error.log warn;
    events { worker_connections 4096; }
    http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        include folkmoot.conf;
    }
";

/// A running nginx.
pub(crate) struct Nginx {
    port: u16,
    _process: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Starts it before these nodes.
    pub(crate) async fn start(nodes: &[SocketAddr]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        std::fs::write(folder.path().join("folkmoot.conf"), with_ports(port, nodes)).expect("its settings");
        std::fs::write(folder.path().join("nginx.conf"), AROUND).expect("its settings");
        let checked = nginx(folder.path()).arg("-t").output().await.expect(INSTALL);
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success() && !said.contains("[warn]"), "{said}");
        let process = nginx(folder.path()).spawn().expect(INSTALL);
        let started = Self { port, _process: process, _folder: folder };
        while TcpStream::connect(started.address()).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        started
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
}

const INSTALL: &str = "nginx (Debian and Ubuntu: apt-get install nginx-light)";

fn nginx(folder: &Path) -> Command {
    // Where Debian has it, which is on the path of root alone.
    let debian = Path::new("/usr/sbin/nginx");
    let mut command = Command::new(if debian.exists() { debian } else { Path::new("nginx") });
    command.arg("-p").arg(folder).args(["-c", "nginx.conf"]).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The operators' file with the ports of this test. It names three nodes, which must be found in it.
fn with_ports(port: u16, nodes: &[SocketAddr]) -> String {
    let mut text = OPERATORS.replace("\n    listen 80;", &format!("\n    listen 127.0.0.1:{port};"));
    assert_ne!(text, OPERATORS, "the file listens on port 80");
    for (number, node) in (8081..).zip(nodes) {
        let known = format!("server 127.0.0.1:{number} ");
        assert_eq!(text.matches(&known).count(), 2, "{known}: once in turn, once when all have failed");
        text = text.replace(&known, &format!("server {node} "));
    }
    text
}

#[test]
fn the_file_for_operators_repeats_no_message_by_itself() {
    let lines: Vec<&str> =
        OPERATORS.lines().map(str::trim).filter(|line| line.starts_with("proxy_next_upstream ")).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| !line.contains("non_idempotent")), "{lines:?}");
}
