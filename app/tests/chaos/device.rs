//! A device: it holds a socket, loses it or drops it, comes back wherever it is let in, and says from where it goes on.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use folkmoot_bus::testing::Dice;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::caller::Caller;
use crate::community::Person;
use crate::reception::{Reception, Todo};
use crate::socket::{Gone, Socket};

/// How long a device listens on when it has everything, for what should not come.
const AFTERWARDS: Duration = Duration::from_millis(500);
/// How a node closes sockets that is going down.
const GOING_DOWN: u16 = 1001;
/// How soon a device that found no room comes back.
const SOON: Duration = Duration::from_millis(300);

/// How far a run is.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// Everybody connects.
    Calm,
    /// Faults, and much talk.
    Storm,
    /// No more faults; what was begun is brought to its end.
    Winding,
    /// Nothing new is said. Everybody catches up with these heads of the streams.
    Quiet { heads: Arc<BTreeMap<String, i64>>, until: Instant },
}

/// What a sender asks its device to say.
#[derive(Debug)]
pub(crate) enum Order {
    /// A message; the frame that answers it comes back.
    Send { payload: Value, answer: oneshot::Sender<Value> },
    /// A mark; nothing answers it.
    Mark { payload: Value },
}

/// What a device lets its sender know.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    greeted: AtomicBool,
    /// The newest message of each conversation.
    newest: Mutex<BTreeMap<String, i64>>,
}

impl Seen {
    /// Whether it was welcomed once.
    pub(crate) fn is_greeted(&self) -> bool {
        self.greeted.load(Ordering::SeqCst)
    }

    /// The newest message of a conversation that was heard.
    pub(crate) fn newest(&self, conversation: &str) -> Option<i64> {
        self.newest.lock().expect("nobody failed with it").get(conversation).copied()
    }
}

/// One device.
pub(crate) struct Device {
    front: SocketAddr,
    caller: Caller,
    epoch: Option<String>,
    reception: Reception,
    seen: Arc<Seen>,
    orders: mpsc::Receiver<Order>,
    waiting: BTreeMap<String, oneshot::Sender<Value>>,
    dice: Dice,
    /// For how long it stays at most before it leaves by itself, in milliseconds.
    patience: u64,
    phase: watch::Receiver<Phase>,
}

/// Why a connection is over.
enum Over {
    /// The device went by itself.
    Left,
    /// It was lost.
    Lost,
    /// Everything is heard.
    Done,
}

impl Device {
    /// One that begins to live with `lives`.
    pub(crate) fn new(
        front: SocketAddr,
        person: &Person,
        orders: mpsc::Receiver<Order>,
        mut dice: Dice,
        phase: watch::Receiver<Phase>,
    ) -> Self {
        // Some hardly ever leave: what they do not hear they are told of by nothing but the node.
        let patience = if dice.per_cent(40) { 60_000 } else { 5_000 };
        let reception = Reception {
            nickname: person.nickname.to_owned(),
            person: person.id.clone(),
            ..Reception::default()
        };
        let (caller, seen, waiting) = (person.caller(front), Arc::default(), BTreeMap::new());
        Self { front, caller, epoch: None, reception, seen, orders, waiting, dice, patience, phase }
    }

    /// What its sender may know.
    pub(crate) fn seen(&self) -> Arc<Seen> {
        self.seen.clone()
    }

    /// Connects again and again, until everything is heard or nobody believes in it any more.
    pub(crate) async fn lives(mut self) -> Reception {
        loop {
            match self.connects().await {
                Ok(mut socket) => match self.listens(&mut socket).await {
                    Ok(Over::Left) => self.reception.dropped += 1,
                    Ok(Over::Done) => break,
                    Ok(Over::Lost) | Err(Gone::Lost | Gone::Closed(GOING_DOWN)) => self.reception.lost += 1,
                    Err(other) => self.reception.strange.push(format!("a socket ended with {other:?}")),
                },
                Err(Gone::Refused(status @ (400..=428 | 500))) => {
                    self.reception.strange.push(format!("a socket was refused with {status}"));
                }
                Err(_) => {}
            }
            // Whoever waits for an answer to what was said on it asks again.
            self.waiting.clear();
            if self.is_late() {
                break;
            }
            sleep(Duration::from_millis(20 + self.dice.roll(250))).await;
        }
        self.reads_pages().await;
        self.reception
    }

    async fn connects(&mut self) -> Result<Socket, Gone> {
        let path = if self.dice.per_cent(20) { "/socket.io/" } else { "/ws" };
        let mut socket = Socket::open(self.front, path, &self.caller.cookie).await?;
        let hello = json!({"epoch": self.epoch, "cursors": self.reception.cursors});
        socket.say("hello", hello).await?;
        Ok(socket)
    }

    /// Says what it is asked to and hears what comes.
    async fn listens(&mut self, socket: &mut Socket) -> Result<Over, Gone> {
        let mut leaves = Instant::now() + Duration::from_millis(200 + self.dice.roll(self.patience));
        loop {
            if self.has_everything() {
                return self.listens_on(socket).await;
            }
            if self.is_late() {
                return Ok(Over::Lost);
            }
            let stays = matches!(*self.phase.borrow(), Phase::Calm | Phase::Quiet { .. });
            tokio::select! {
                frame = socket.hear() => {
                    if let Some(after) = self.takes(socket, &frame?).await? {
                        leaves = leaves.min(Instant::now() + after);
                    }
                }
                Some(order) = self.orders.recv() => self.says(socket, order).await?,
                () = sleep_until(leaves), if !stays => return Ok(Over::Left),
                changed = self.phase.changed() => changed.map_err(|_| Gone::Lost)?,
                () = sleep(SOON), if stays => {}
            }
        }
    }

    /// Takes a frame, and does what it asks for; gives after how long the device is to leave.
    async fn takes(&mut self, socket: &mut Socket, frame: &Value) -> Result<Option<Duration>, Gone> {
        let todo = self.reception.take(frame);
        match (frame["type"].as_str().unwrap_or_default(), &frame["payload"]) {
            ("welcome", payload) => {
                let epoch = payload["epoch"].as_str().map(str::to_owned);
                if self.epoch.is_some() && self.epoch != epoch {
                    self.reception.strange.push(String::from("the epoch was renewed"));
                }
                self.epoch = epoch;
                self.seen.greeted.store(true, Ordering::SeqCst);
            }
            ("new_message", payload) => {
                let conversation = payload["message"]["conversation_id"].as_str().unwrap_or_default();
                let seq = frame["seq"].as_i64().unwrap_or(0);
                self.seen.newest.lock().expect("nobody failed with it").insert(conversation.to_owned(), seq);
            }
            _ => {}
        }
        match todo {
            Todo::Nothing => {}
            Todo::FollowAgain(streams) => self.follows(socket, streams).await?,
            Todo::Reload(stream) => self.reloads(socket, &stream).await?,
            Todo::Answered(client_id) => {
                if let Some(answer) = self.waiting.remove(&client_id) {
                    // A sender that has given up does not listen.
                    let _given_up = answer.send(frame.clone());
                }
            }
            Todo::Leave(after_ms) => return Ok(Some(Duration::from_millis(after_ms))),
        }
        Ok(None)
    }

    async fn says(&mut self, socket: &mut Socket, order: Order) -> Result<(), Gone> {
        match order {
            Order::Send { answer, .. } if answer.is_closed() => Ok(()),
            Order::Send { payload, answer } => {
                self.waiting.insert(crate::community::text(&payload["client_id"]), answer);
                socket.say("send_message", payload).await
            }
            Order::Mark { payload } => socket.say("mark_read", payload).await,
        }
    }

    async fn follows(&mut self, socket: &mut Socket, streams: Vec<String>) -> Result<(), Gone> {
        let cursors = &self.reception.cursors;
        let known: BTreeMap<_, _> =
            streams.iter().filter_map(|stream| Some((stream, cursors.get(stream)?))).collect();
        socket.say("subscribe", json!({"epoch": self.epoch, "streams": known})).await
    }

    /// Loads the page again and follows from its number.
    async fn reloads(&mut self, socket: &mut Socket, stream: &str) -> Result<(), Gone> {
        let path = match stream.split_once(':') {
            Some(("conversation", id)) => format!("/api/conversations/{id}/messages?limit=1"),
            _ => String::from("/api/conversations?limit=1"),
        };
        let page = self.caller.ask(Method::GET, &path, None).await.map_err(|_| Gone::Lost)?;
        let Some(seq) = page.body["seq"].as_i64() else { return Err(Gone::Lost) };
        self.reception.begin(stream, seq);
        self.follows(socket, vec![stream.to_owned()]).await
    }

    fn has_everything(&self) -> bool {
        let Phase::Quiet { heads, .. } = &*self.phase.borrow() else { return false };
        self.reception
            .cursors
            .iter()
            .all(|(stream, cursor)| heads.get(stream).is_none_or(|head| cursor >= head))
    }

    fn is_late(&self) -> bool {
        matches!(&*self.phase.borrow(), Phase::Quiet { until, .. } if Instant::now() > *until)
    }

    async fn listens_on(&mut self, socket: &mut Socket) -> Result<Over, Gone> {
        let until = Instant::now() + AFTERWARDS;
        while let Ok(frame) = timeout(until.saturating_duration_since(Instant::now()), socket.hear()).await {
            self.takes(socket, &frame?).await?;
        }
        Ok(if self.has_everything() { Over::Done } else { Over::Lost })
    }

    /// Reads what lies between the places at which it began to follow.
    async fn reads_pages(&mut self) {
        for leap in std::mem::take(&mut self.reception.leaps) {
            let mut after = leap.after;
            while after < leap.to {
                let path =
                    format!("/api/conversations/{}/messages?limit=100&after={after}", leap.conversation);
                let page = self.caller.insists(Method::GET, &path, None).await;
                // Who was removed meanwhile reads nothing.
                let items = page.body["items"].as_array().cloned().unwrap_or_default();
                let read = self.reception.pages.entry(leap.conversation.clone()).or_default();
                let seqs: Vec<i64> = items.iter().filter_map(|message| message["seq"].as_i64()).collect();
                read.extend(seqs.iter().filter(|seq| **seq <= leap.to));
                for message in &items {
                    let version = (message["version"].as_i64().unwrap_or(0), message["deleted"] == true);
                    let newest =
                        self.reception.versions.entry(crate::community::text(&message["id"])).or_default();
                    *newest = version.max(*newest);
                }
                after = seqs.iter().copied().max().unwrap_or(leap.to);
            }
        }
    }
}
