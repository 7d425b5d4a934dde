//! Databases to throw away, for tests.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::{dialect::Engine, sql::SqlInfo};

/// The URL of a server to use instead of starting one, so that one serves a whole run of the tests.
/// Its user must be allowed to create databases.
pub const SERVER: &str = "FOLKMOOT_TEST_POSTGRES_URL";

/// How long a server may take to start.
const START: Duration = Duration::from_secs(30);

/// A SQLite file in a folder of its own; both vanish when this is dropped.
pub struct TempSqlite {
    folder: TempDir,
}

/// A place for a new SQLite database.
///
/// # Panics
/// When no temporary folder can be made.
#[must_use]
pub fn temp_sqlite() -> TempSqlite {
    TempSqlite { folder: must(tempfile::tempdir(), "a temporary folder") }
}

impl TempSqlite {
    /// Where the file is, or will be.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    /// What `Db::open` takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }
}

/// A PostgreSQL server: one that `FOLKMOOT_TEST_POSTGRES_URL` names, or one of this process, without
/// fsync, which ends with this process.
pub struct Postgres {
    url: String,
    _running: Option<Running>,
}

/// A database of its own on a server, dropped with it.
pub struct TempDatabase {
    server: Arc<Postgres>,
    name: String,
}

static SHARED: OnceLock<Arc<Postgres>> = OnceLock::new();
static NAMES: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    /// The server that all tests of this process share; started by the first of them.
    ///
    /// # Panics
    /// When there is no PostgreSQL on this machine; says which package to install.
    #[must_use]
    pub fn start() -> Arc<Self> {
        let server = SHARED.get_or_init(|| {
            #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
            let named = std::env::var(SERVER).ok();
            Arc::new(named.map_or_else(
                || {
                    let running = Running::start(&[]);
                    Self { url: running.url(), _running: Some(running) }
                },
                |url| Self { url, _running: None },
            ))
        });
        Arc::clone(server)
    }

    /// A new empty database.
    pub async fn database(self: &Arc<Self>) -> TempDatabase {
        self.create("template0").await
    }

    /// A copy of `template`, which nobody may be using at the moment.
    pub async fn copy_of(self: &Arc<Self>, template: &TempDatabase) -> TempDatabase {
        self.create(&template.name).await
    }

    async fn create(self: &Arc<Self>, template: &str) -> TempDatabase {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        execute(&self.url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&self.url, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        TempDatabase { server: Arc::clone(self), name }
    }
}

impl TempDatabase {
    /// What `Db::open` takes.
    #[must_use]
    pub fn url(&self) -> String {
        with_database(&self.server.url, &self.name)
    }
}

impl Drop for TempDatabase {
    fn drop(&mut self) {
        let (url, sql) =
            (self.server.url.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A test's runtime may be ending around us, so this brings its own.
        let dropped = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(execute(&url, &sql));
            }
        });
        dropped.join().ok();
    }
}

/// How the engine of the database at `url` would run each statement, in its own words: a line for each step, those
/// that feed it below and two spaces further in. On PostgreSQL the plan is the one for any parameters, and of one
/// process; it depends on what is known of the tables, so analyse them first.
///
/// # Panics
/// When the database or a statement is not as it should be.
pub async fn plans(url: &str, statements: &[&SqlInfo]) -> Vec<String> {
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let connection = must(rusqlite::Connection::open(path), "the database");
            statements
                .iter()
                .map(|it| sqlite_plan(&connection, must(it.text(Engine::Sqlite), "it")))
                .collect()
        }
        None => postgres_plans(url, statements).await,
    }
}

fn sqlite_plan(connection: &rusqlite::Connection, text: &str) -> String {
    let mut prepared = must(connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")), text);
    let steps = prepared
        .raw_query()
        .mapped(|row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(3)?)));
    let mut depths = std::collections::HashMap::new();
    let mut lines = Vec::new();
    for (id, parent, step) in must(steps.collect::<Result<Vec<_>, _>>(), text) {
        let depth = depths.get(&parent).map_or(0, |depth| depth + 1);
        depths.insert(id, depth);
        lines.push(format!("{}{step}", "  ".repeat(depth)));
    }
    lines.join("\n")
}

async fn postgres_plans(url: &str, statements: &[&SqlInfo]) -> Vec<String> {
    let (client, connection) = must(tokio_postgres::connect(url, NoTls).await, "a connection to PostgreSQL");
    let connection = tokio::spawn(connection);
    let settings = "SET plan_cache_mode = force_generic_plan; SET max_parallel_workers_per_gather = 0";
    must(client.batch_execute(settings).await, settings);
    let mut plans = Vec::with_capacity(statements.len());
    for statement in statements {
        let text = with_limits(must(statement.text(Engine::Postgres), "it"));
        let types = listed(statement.params.iter().map(|it| it.name()));
        let nothing = listed(statement.params.iter().map(|_| "NULL"));
        must(client.batch_execute(&format!("PREPARE p {types} AS {text}")).await, &text);
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE p {nothing}");
        let answers = must(client.simple_query(&explain).await, &text);
        let steps = answers.iter().filter_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        plans.push(steps.collect::<Vec<_>>().join("\n"));
        must(client.batch_execute("DEALLOCATE p").await, &text);
    }
    connection.abort();
    plans
}

/// In brackets, unless there is nothing.
fn listed(these: impl Iterator<Item = &'static str>) -> String {
    let these = these.collect::<Vec<_>>().join(", ");
    if these.is_empty() { these } else { format!("({these})") }
}

/// The text with a page's number of rows for each `LIMIT $n`. Of a limit that it does not know PostgreSQL believes a
/// tenth of the table; such a plan is dearer than one for the limit of the call, and so it is never the one taken.
fn with_limits(text: &str) -> String {
    let mut parts = text.split("LIMIT $");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "LIMIT 20" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Runs SQL of several statements on the PostgreSQL database at `url`, as a test prepares it.
///
/// # Panics
/// When it fails.
pub async fn execute(url: &str, sql: &str) {
    let (client, connection) = must(tokio_postgres::connect(url, NoTls).await, "a connection to PostgreSQL");
    let connection = tokio::spawn(connection);
    must(client.batch_execute(sql).await, sql);
    connection.abort();
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let server =
        base.find("://").and_then(|at| base[at + 3..].find('/').map(|slash| &base[..at + 3 + slash]));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", server.unwrap_or(base))
}

/// A server of our own: in a temporary folder, on a free port, gone when dropped or when this process
/// ends in whatever way.
pub struct Running {
    folder: PathBuf,
    port: u16,
    keeper: Child,
}

/// Runs the server until its own input ends, which it does with the process that started it.
const KEEPER: &str =
    r#""$@" >log 2>&1 & read -r _; kill -QUIT $! 2>/dev/null; wait; cd / && rm -rf "$FOLDER""#;

impl Running {
    /// Starts one with further settings, such as `"fsync=on"`.
    ///
    /// # Panics
    /// When there is no PostgreSQL on this machine, or it does not start.
    #[must_use]
    pub fn start(settings: &[&str]) -> Self {
        let folder = own_folder();
        let mut initdb = as_ordinary_user(&binaries().join("initdb"));
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            "-D",
        ]);
        let made = must(initdb.arg(folder.join("data")).output(), "initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        Self::serve(folder, settings)
    }

    /// Starts one that follows this one, which knows it by `name`.
    ///
    /// # Panics
    /// When it cannot be copied or does not start.
    #[must_use]
    pub fn standby(&self, name: &str, settings: &[&str]) -> Self {
        let folder = own_folder();
        let mut copy = as_ordinary_user(&binaries().join("pg_basebackup"));
        let from = format!("host=127.0.0.1 port={} user=postgres application_name={name}", self.port);
        copy.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-d", &from, "-D"]);
        let made = must(copy.arg(folder.join("data")).output(), "pg_basebackup");
        assert!(made.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&made.stderr));
        Self::serve(folder, settings)
    }

    fn serve(folder: PathBuf, settings: &[&str]) -> Self {
        let binaries = binaries();
        let port = free_port();
        let mut command = as_ordinary_user(Path::new("sh"));
        command.args(["-c", KEEPER, "keeper"]).arg(binaries.join("postgres"));
        command.arg("-D").arg(folder.join("data")).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
        for setting in ALWAYS.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.current_dir(&folder).env("FOLDER", &folder).stdin(Stdio::piped());
        let keeper = must(command.spawn(), "postgres");
        let running = Self { folder, port, keeper };
        running.wait(&binaries);
        running
    }

    /// What `Db::open` takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs SQL as the superuser.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url(), sql).await;
    }

    /// Makes a standby stop applying what it gets; it still gets it.
    pub async fn pause_replay(&self) {
        self.execute("SELECT pg_wal_replay_pause()").await;
        let paused = "DO $$ BEGIN WHILE pg_get_wal_replay_pause_state() <> 'paused' LOOP PERFORM pg_sleep(0.01); END LOOP;
            END $$";
        self.execute(paused).await;
    }

    /// Makes a standby go on.
    pub async fn resume_replay(&self) {
        self.execute("SELECT pg_wal_replay_resume()").await;
    }

    /// Makes a standby a primary.
    pub async fn promote(&self) {
        self.execute("SELECT pg_promote()").await;
    }

    /// Ends the server as a crash of it would, without a word to anybody.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        let pid =
            must(std::fs::read_to_string(self.folder.join("data/postmaster.pid")), "the server's number");
        let killed =
            Command::new("kill").args(["-s", "KILL", pid.lines().next().unwrap_or_default()]).status();
        assert!(must(killed, "kill").success(), "the server does not run");
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    fn wait(&self, binaries: &Path) {
        let until = Instant::now() + START;
        loop {
            let ready = Command::new(binaries.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()])
                .status();
            if must(ready, "pg_isready").success() {
                return;
            }
            let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL did not start: {log}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

/// The URL of servers that stand in for each other.
#[must_use]
pub fn together(servers: &[&Running]) -> String {
    let places: Vec<String> = servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
    format!("postgres://postgres@{}/postgres", places.join(","))
}

/// A temporary folder of the user that PostgreSQL runs as.
fn own_folder() -> PathBuf {
    let folder = must(tempfile::tempdir(), "a temporary folder").keep();
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(&folder).status();
        assert!(must(owned, "chown").success(), "the folder could not be given to the user postgres");
    }
    folder
}

/// A test does not outlive the machine, so nothing needs to reach the disk; later settings override.
const ALWAYS: [&str; 8] = [
    "listen_addresses=127.0.0.1",
    "max_connections=300",
    "shared_buffers=64MB",
    "max_wal_size=256MB",
    "fsync=off",
    "full_page_writes=off",
    "autovacuum_naptime=1h",
    "deadlock_timeout=200ms",
];

/// The newest PostgreSQL that is installed.
fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("postgres").exists())
        .collect();
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .find(|folder| folder.join("postgres").exists() && folder.join("initdb").exists())
    };
    let newest = found.pop().map(|(_, folder)| folder).or_else(on_path);
    must(newest.ok_or("it is not there"), "PostgreSQL (Debian and Ubuntu: apt-get install postgresql)")
}

/// PostgreSQL refuses to run as root.
fn as_ordinary_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

fn free_port() -> u16 {
    let listener = must(TcpListener::bind(("127.0.0.1", 0)), "a free port");
    must(listener.local_addr(), "a free port").port()
}

/// In a test a panic is the report.
#[expect(clippy::panic, reason = "only tests come here")]
fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}
