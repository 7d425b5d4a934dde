//! The connection to Redis, kept: found, made, watched, and made again.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, ErrorKind, PushInfo, PushKind, RedisError, RedisResult, Value, cmd, pipe,
};
use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::address::Finder;
use super::waiting::{Message, Waiting};
use crate::topics::Topics;
use crate::{Dice, Notice};

/// How often Redis must give a sign of life.
const BEAT: Duration = Duration::from_millis(500);
/// How long an answer may take. With [`BEAT`] it bounds the time in which a silent network goes unnoticed: 1.5 s.
const DEADLINE: Duration = Duration::from_secs(1);
/// How long it may take to find the server and connect, with several Sentinels to ask.
const ATTEMPT: Duration = Duration::from_secs(4);
/// The wait before connecting again, at first and at most; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// After a connection that lasted this long, the waits begin anew.
const LASTING: Duration = Duration::from_secs(10);

/// The connection while there is one, for those who ask something by it; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<Mutex<Option<MultiplexedConnection>>>);

impl Line {
    pub(super) fn get(&self) -> Option<MultiplexedConnection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, connection: Option<MultiplexedConnection>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}

/// The connection of one node, and what goes in and out by it.
pub(super) struct Link {
    finder: Finder,
    prefix: String,
    topics: Arc<Topics>,
    waiting: Waiting,
    up: watch::Sender<bool>,
    line: Line,
    dice: Dice,
    /// Tells this node's own losses from those of others.
    name: String,
    /// Whether the log already says that Redis is down.
    told: bool,
}

impl Link {
    pub(super) fn new(
        finder: Finder,
        prefix: String,
        topics: Arc<Topics>,
        waiting: Waiting,
        (up, line): (watch::Sender<bool>, Line),
        seed: u64,
    ) -> Self {
        let mut dice = Dice::of(seed);
        let name = format!("{:016x}", dice.roll(u64::MAX));
        Self { finder, prefix, topics, waiting, up, line, dice, name, told: false }
    }

    /// Keeps a connection until nobody publishes any more.
    pub(super) async fn keep(mut self) {
        let mut tries = 0;
        while !self.waiting.is_closed() {
            let gone = Arc::new(Notify::new());
            match within(ATTEMPT, self.connect(&gone)).await {
                Ok(connection) => {
                    self.line.set(Some(connection.clone()));
                    self.say_up();
                    let began = tokio::time::Instant::now();
                    let ended = self.serve(connection, &gone).await;
                    self.line.set(None);
                    self.up.send_replace(false);
                    self.waiting.lose_all();
                    if let Err(error) = ended {
                        self.say_down(&error);
                    }
                    tries = if began.elapsed() < LASTING { tries + 1 } else { 0 };
                }
                Err(error) => {
                    self.say_down(&error);
                    tries += 1;
                }
            }
            sleep(self.wait(tries)).await;
        }
    }

    /// A connection by which everything can be heard and said.
    async fn connect(&mut self, gone: &Arc<Notify>) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(DEADLINE))
            .set_response_timeout(Some(DEADLINE))
            .set_push_sender(self.ear(Arc::clone(gone)));
        let mut connection = match &mut self.finder {
            Finder::Server(client) => client.get_multiplexed_async_connection_with_config(&config).await?,
            Finder::Sentinels(client) => client.get_async_connection_with_config(&config).await?,
        };
        connection.psubscribe(format!("{}*", self.prefix)).await?;
        self.tell_of_losses(&mut connection).await?;
        Ok(connection)
    }

    /// Hands out what is heard, as it comes.
    fn ear(&self, gone: Arc<Notify>) -> impl Fn(PushInfo) -> Result<(), ()> + Send + Sync + 'static {
        let (topics, prefix, name) = (Arc::clone(&self.topics), self.prefix.clone(), self.name.clone());
        move |push| {
            match push.kind {
                PushKind::Disconnection => gone.notify_one(),
                PushKind::PMessage => hear(&topics, &prefix, &name, push.data),
                _ => {}
            }
            Ok(())
        }
    }

    /// Says and hears until the connection fails, or nobody publishes any more.
    async fn serve(&mut self, mut connection: MultiplexedConnection, gone: &Notify) -> RedisResult<()> {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = gone.notified() => return Err(RedisError::from((ErrorKind::Io, "the connection was closed"))),
                _ = beat.tick() => self.sign_of_life(&mut connection).await?,
                batch = self.waiting.next() => {
                    if batch.is_empty() {
                        return Ok(());
                    }
                    self.say(&mut connection, &batch).await?;
                }
            }
        }
    }

    async fn say(&self, connection: &mut MultiplexedConnection, batch: &[Message]) -> RedisResult<()> {
        let mut commands = pipe();
        for message in batch {
            commands.cmd("PUBLISH").arg(&message.channel).arg(message.body.as_ref()).ignore();
        }
        let said = commands.exec_async(connection).await;
        if said.is_err() {
            // Perhaps some did arrive; then they are read once for nothing.
            self.waiting.lost(batch.len());
        }
        said
    }

    /// Fails when the server is silent, or when it is not the master any more: what is published at a replica goes no
    /// further. Then nodes that are still connected to it would hear each other and nobody else.
    async fn sign_of_life(&self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        match &self.finder {
            Finder::Server(_) => cmd("PING").exec_async(connection).await?,
            Finder::Sentinels(_) => {
                let role: Vec<Value> = cmd("ROLE").query_async(connection).await?;
                let is_master = matches!(role.first(), Some(Value::BulkString(name)) if name == b"master");
                if !is_master {
                    return Err(RedisError::from((ErrorKind::Client, "the server is no longer the master")));
                }
            }
        }
        self.tell_of_losses(connection).await
    }

    /// Tells the other nodes how many messages of this one they will not hear. Said without a topic.
    async fn tell_of_losses(&self, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        let lost = self.waiting.take_lost();
        if lost == 0 {
            return Ok(());
        }
        let told = cmd("PUBLISH")
            .arg(&self.prefix)
            .arg(format!("{} {lost}", self.name))
            .exec_async(connection)
            .await;
        if told.is_err() {
            self.waiting.lost(usize::try_from(lost).unwrap_or(usize::MAX));
        }
        told
    }

    fn say_up(&mut self) {
        if self.told {
            tracing::info!("Redis is back: nodes hear each other at once again");
        }
        self.told = false;
        self.up.send_replace(true);
    }

    fn say_down(&mut self, error: &RedisError) {
        if !self.told {
            let cause = error.to_string();
            tracing::warn!(
                cause,
                "Redis is not to be reached: what other nodes do is read from the database, seconds later"
            );
        }
        self.told = true;
    }

    /// Twice as long each time, and a random part of it less, so that not all nodes come at once.
    fn wait(&mut self, tries: u32) -> Duration {
        let longest = FIRST_WAIT.saturating_mul(1 << tries.min(10)).min(LONGEST_WAIT);
        let half = u64::try_from(longest.as_micros() / 2).unwrap_or_default();
        Duration::from_micros(half + self.dice.roll(half))
    }
}

/// A message is `[pattern, channel, body]`.
fn hear(topics: &Topics, prefix: &str, own: &str, data: Vec<Value>) {
    let Ok([_, Value::BulkString(channel), Value::BulkString(body)]) = <[Value; 3]>::try_from(data) else {
        return;
    };
    match std::str::from_utf8(&channel).ok().and_then(|channel| channel.strip_prefix(prefix)) {
        Some("") => {
            let said = std::str::from_utf8(&body).ok().and_then(|said| said.split_once(' '));
            if let Some((name, lost)) = said
                && name != own
            {
                topics.hand_out_to_all(&Notice::Lagged(lost.parse().unwrap_or(1)));
            }
        }
        Some(topic) => topics.hand_out(topic, Notice::Message(Bytes::from(body))),
        None => {}
    }
}

async fn within<T>(limit: Duration, attempt: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let late = |_| RedisError::from((ErrorKind::Io, "no answer in time"));
    timeout(limit, attempt).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}
