//! A real server on a free port, with a clock that stands still and randomness that repeats itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use folkmoot::accounts::{Role, admin};
use folkmoot::config::{Config, Environment};
use folkmoot::core::App;
use folkmoot::core::app::Deliver;
use folkmoot::core::clock::Clock;
use folkmoot::core::random::Random;
use folkmoot::server::lifecycle::{self, Ended, Running};
use folkmoot::server::nodes::Nodes;
use folkmoot_bus::Memory;
use folkmoot_store::{Db, Engine, sql};
use tempfile::TempDir;

use super::database::Database;
use super::person::Person;

/// 2026-11-20T12:00:00Z: when every test begins.
const START: i64 = 1_795_176_000_000;

sql! {
    /// What was appended after a batch, in the order of commits.
    static EVENTS_AFTER: (i64) -> (i64, String, String, String) =
        "SELECT batch, stream, kind, facts FROM events WHERE batch > $1 ORDER BY batch, stream";
}

/// So many minutes.
pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// So many hours.
pub(crate) fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

/// So many days.
pub(crate) fn days(count: u64) -> Duration {
    hours(count * 24)
}

/// A running server. What is in it can be reached without HTTP too, as `app.app`.
pub(crate) struct TestApp {
    /// The product inside.
    pub(crate) app: App,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The database, to start another server on.
    database: Arc<Database>,
    /// Dropped with the test; its tasks end with the test's runtime.
    running: Running,
    _data: TempDir,
    seen: AtomicI64,
}

/// An event as tests look at it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Happened {
    /// Where it was appended.
    pub(crate) stream: String,
    /// What happened.
    pub(crate) kind: String,
    /// Small facts, as JSON text.
    pub(crate) facts: String,
}

impl TestApp {
    /// A server on a fresh copy of the migrated database.
    pub(crate) async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| ()).await
    }

    /// As `start`, with other settings.
    pub(crate) async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(engine, Nodes::on(Arc::new(Memory::new())), change).await
    }

    /// As `start_with`, as a node among others.
    pub(crate) async fn start_on(engine: Engine, nodes: Nodes, change: impl FnOnce(&mut Config)) -> Self {
        let database = Arc::new(Database::migrated(engine).await);
        let db = database.open().await;
        Self::on(database, db, Clock::set_to(START), nodes, change).await
    }

    /// A server on a database of the test's own.
    pub(crate) async fn start_at(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let database = Arc::new(database);
        let db = database.open().await;
        Self::on(database, db, Clock::set_to(START), Nodes::on(Arc::new(Memory::new())), change).await
    }

    /// Another server on the same database, as after a restart, or as a second node.
    pub(crate) async fn another(&self, change: impl FnOnce(&mut Config)) -> Self {
        self.another_on(Nodes::on(Arc::new(Memory::new())), change).await
    }

    /// As `another`, as a node among others.
    pub(crate) async fn another_on(&self, nodes: Nodes, change: impl FnOnce(&mut Config)) -> Self {
        let db = match self.app.db.engine() {
            // One process has one writer to a file.
            Engine::Sqlite => self.app.db.clone(),
            Engine::Postgres => self.database.open().await,
        };
        Self::on(self.database.clone(), db, self.app.clock.clone(), nodes, change).await
    }

    /// The product without a server, as a command has it: its events go to nobody, it only writes.
    pub(crate) async fn in_another_process(&self) -> App {
        let (db, config) = (self.database.open().await, self.app.config.clone());
        let (clock, random) = (self.app.clock.clone(), Random::seeded(17));
        App::new(db, clock, random, config, Deliver::nowhere()).await.expect("the parts fit together")
    }

    async fn on(
        database: Arc<Database>,
        db: Db,
        clock: Clock,
        nodes: Nodes,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut config = settings(&data);
        change(&mut config);
        let (deliver, events) = Deliver::channel();
        let random = Random::seeded(u64::try_from(clock.now()).expect("a time after 1970"));
        let app =
            App::new(db, clock, random, Arc::new(config), deliver).await.expect("the parts fit together");
        let running = lifecycle::start(app.clone(), events, nodes).await.expect("the server starts");
        let address = running.address;
        Self { app, address, database, running, _data: data, seen: AtomicI64::new(0) }
    }

    /// Somebody who can reach the internal listener, when the test's settings have one.
    pub(crate) fn operator(&self) -> Person {
        Person::new(self.running.internal.expect("METRICS_ADDR is set"))
    }

    /// Where the database is, for commands beside the server.
    pub(crate) fn database_url(&self) -> String {
        self.database.url()
    }

    /// What `/metrics` shows of a metric, as its number.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let lines = self.metric_lines();
        let value = lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.and_then(|value| value.parse().ok());
        value.unwrap_or_else(|| panic!("no metric {name} in\n{}", lines.join("\n")))
    }

    /// What `/metrics` shows, without its remarks.
    pub(crate) fn metric_lines(&self) -> Vec<String> {
        let text = self.running.server.metrics.text().expect("the metrics can be written");
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    /// Stops in order, as on SIGTERM.
    pub(crate) async fn stops(self) -> Ended {
        self.running.stop(std::future::pending()).await
    }

    /// The clock goes on.
    pub(crate) async fn forward(&self, by: Duration) {
        self.app.clock.forward(by);
        self.app.ids.renew(&self.app.db).await.expect("the lease is renewed");
    }

    /// Somebody who is not signed in.
    pub(crate) fn guest(&self) -> Person {
        Person::new(self.address)
    }

    /// Somebody who registers now and is signed in.
    pub(crate) async fn person(&self, nickname: &str) -> Person {
        let person = self.guest();
        person.registers(nickname).await.is(201);
        person
    }

    /// As `person`, several.
    pub(crate) async fn people<const N: usize>(&self, nicknames: [&str; N]) -> [Person; N] {
        let mut people = Vec::with_capacity(N);
        for nickname in nicknames {
            people.push(self.person(nickname).await);
        }
        people.try_into().unwrap_or_else(|_| panic!("as many people as names"))
    }

    /// Somebody who runs the place.
    pub(crate) async fn admin(&self, nickname: &str) -> Person {
        self.person_as(nickname, Role::Admin).await
    }

    /// Somebody who keeps the place decent.
    pub(crate) async fn moderator(&self, nickname: &str) -> Person {
        self.person_as(nickname, Role::Moderator).await
    }

    async fn person_as(&self, nickname: &str, role: Role) -> Person {
        let person = self.person(nickname).await;
        admin::promote(&self.app, nickname, role).await.expect("they get the role");
        self.events().await;
        person
    }

    /// What was appended to the log since the last look.
    pub(crate) async fn events(&self) -> Vec<Happened> {
        let after = self.seen.load(Ordering::SeqCst);
        let rows = self.app.db.all(EVENTS_AFTER.with((after,))).await.expect("the log can be read");
        if let Some((batch, ..)) = rows.last() {
            self.seen.store(*batch, Ordering::SeqCst);
        }
        rows.into_iter().map(|(_, stream, kind, facts)| Happened { stream, kind, facts }).collect()
    }

    /// Exactly these kinds of events were appended since the last look.
    #[track_caller]
    pub(crate) fn expects_events<const N: usize>(&self, kinds: [&str; N]) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let happened = self.events().await;
            let happened: Vec<&str> = happened.iter().map(|event| event.kind.as_str()).collect();
            assert_eq!(happened, kinds, "at {place}");
        }
    }
}

/// Settings as an operator would leave them, but for what a test cannot wait for.
fn settings(data: &TempDir) -> Config {
    let environment: Environment = [
        ("ENVIRONMENT", "development"),
        ("SERVER_HOST", "127.0.0.1"),
        ("SERVER_PORT", "0"),
        ("METRICS_ADDR", "off"),
        ("RATE_LIMIT_REQUESTS", "1000000"),
        ("DRAIN_SECONDS", "0"),
        ("DATA_DIR", data.path().to_str().expect("a path in Unicode")),
    ]
    .into_iter()
    .collect();
    let mut config = Config::load(&environment, None).expect("the settings hold").config;
    // Settings cannot be weaker than this product's own; only here, past the settings, it is cheap to guess a password.
    config.passwords.memory_kib = 64;
    config.passwords.passes = 1;
    config
}
