//! What a place is made of: nodes, a database, Redis, nginx; all real, on ports of their own, gone with the test.

mod nginx;
mod node;

use std::net::SocketAddr;
use std::sync::Arc;

use folkmoot_bus::testing::RedisServer;
use folkmoot_store::testing::{Postgres, Running, TempDatabase, TempSqlite, temp_sqlite};

pub(crate) use self::nginx::Nginx;
pub(crate) use self::node::{Ended, Node};

/// A place that serves.
pub(crate) struct Parts {
    /// Where everybody goes: nginx, or the only node.
    pub(crate) front: SocketAddr,
    pub(crate) nodes: Vec<Node>,
    pub(crate) redis: Option<RedisServer>,
    pub(crate) database: Database,
    _nginx: Option<Nginx>,
}

/// Where the data is.
pub(crate) enum Database {
    /// A server that other tests use too, and that need not outlive the machine.
    Shared(TempDatabase),
    /// A server of its own that writes to disk what it says is written.
    Own(Running),
    /// A file.
    File(TempSqlite),
}

impl Database {
    /// Its address, as `DATABASE_URL` has it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Shared(database) => database.url(),
            Self::Own(server) => server.url(),
            Self::File(file) => file.url(),
        }
    }

    async fn postgres(durable: bool) -> Self {
        if durable {
            Self::Own(blocking(|| Running::start(&["fsync=on", "full_page_writes=on"])).await)
        } else {
            let server: Arc<Postgres> = blocking(Postgres::start).await;
            Self::Shared(server.database().await)
        }
    }
}

impl Parts {
    /// Three nodes on PostgreSQL that hear each other through Redis, behind nginx, which takes each in turn.
    pub(crate) async fn three_nodes(durable: bool) -> Self {
        let database = Database::postgres(durable).await;
        let redis = blocking(RedisServer::start).await;
        let shared = [("DATABASE_URL", database.url()), ("REDIS_URL", redis.url(0))];
        let mut nodes: Vec<Node> =
            ["one", "two", "three"].into_iter().map(|name| Node::new(name, &shared)).collect();
        // All at once: one of them brings the schema up to date, the others wait for it.
        for node in &mut nodes {
            node.launch();
        }
        for node in &mut nodes {
            node.is_ready().await;
        }
        let addresses: Vec<SocketAddr> = nodes.iter().map(Node::address).collect();
        let nginx = Nginx::start(&addresses).await;
        Self { front: nginx.address(), nodes, redis: Some(redis), database, _nginx: Some(nginx) }
    }

    /// One node on SQLite, with nothing in front.
    pub(crate) async fn one_node() -> Self {
        let database = Database::File(temp_sqlite());
        let mut node = Node::new("one", &[("DATABASE_URL", database.url())]);
        node.launch();
        node.is_ready().await;
        Self { front: node.address(), nodes: vec![node], redis: None, database, _nginx: None }
    }
}

/// What waits in its thread.
async fn blocking<T: Send + 'static>(starts: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(starts).await.expect("it starts")
}
