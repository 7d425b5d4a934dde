//! Somebody who writes: numbered messages, one at a time, on the socket or over HTTP, again and again until each is
//! acknowledged; now and then twice at once. They also read, edit and delete.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use folkmoot_bus::testing::Dice;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::caller::{Answer, Caller};
use crate::community::{Community, Talk, text};
use crate::device::{Order, Phase, Seen};
use crate::ledger::{Fate, Ledger, Send};

/// How long a sender waits for the answer on a socket, which may be lost with it.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long a sender goes on with one message.
const PERSISTENCE: Duration = Duration::from_secs(90);

/// One who writes from a device.
pub(crate) struct Sender {
    pub(crate) number: usize,
    pub(crate) person: usize,
    pub(crate) community: Arc<Community>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) caller: Caller,
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) dice: Dice,
    pub(crate) phase: watch::Receiver<Phase>,
}

impl Sender {
    /// Writes until the storm is over.
    pub(crate) async fn works(mut self) {
        while !self.seen.is_greeted() {
            sleep(Duration::from_millis(10)).await;
        }
        self.ledger.is_there();
        wait_for_the_storm(&mut self.phase).await;
        let community = self.community.clone();
        let talks = community.talks_of(self.person);
        // Own messages that are acknowledged and there: what may be edited or deleted.
        let mut own: Vec<(String, String)> = Vec::new();
        let mut number = 0;
        while matches!(*self.phase.borrow(), Phase::Storm) {
            let talk = talks[self.pick(talks.len())];
            match self.dice.roll(100) {
                0..75 => {
                    number += 1;
                    own.extend(self.writes(talk, number).await);
                }
                75..88 => self.reads(talk).await,
                88..96 if !own.is_empty() => {
                    let (client_id, id) = own[self.pick(own.len())].clone();
                    self.edits(&client_id, &id, number).await;
                }
                96..100 if !own.is_empty() => {
                    let (client_id, id) = own.swap_remove(self.pick(own.len()));
                    self.deletes(&client_id, &id).await;
                }
                _ => {}
            }
            sleep(Duration::from_millis(10 + self.dice.roll(90))).await;
        }
        self.ledger.repeated.fetch_add(self.caller.repeated, Ordering::Relaxed);
    }

    fn pick(&mut self, among: usize) -> usize {
        usize::try_from(self.dice.roll(among as u64)).expect("one of them")
    }

    /// Sends one message; gives its names when it was acknowledged in a conversation that one stays in.
    async fn writes(&mut self, talk: &Talk, number: u64) -> Option<(String, String)> {
        let client_id = format!("device-{}-message-{number}", self.number);
        let words = format!("{} says {number}", self.number);
        let payload = json!({"conversation_id": talk.id, "client_id": client_id, "body": words});
        let gives_up = self.dice.per_cent(3);
        let fate = self.insists(&payload, gives_up).await;
        let stays = self.community.talks.iter().any(|known| known.id == talk.id);
        let own = match &fate {
            Fate::Acknowledged { id, .. } if stays => Some((client_id.clone(), id.clone())),
            Fate::Refused(code) if stays => {
                self.ledger.is_strange(format!("{client_id} was refused: {code}"));
                None
            }
            _ => None,
        };
        let (device, conversation) = (self.number, talk.id.clone());
        self.ledger.note(Send { client_id, device, conversation, words, fate, deleted: false });
        own
    }

    /// Tries until there is an answer, each time one way or the other, or both at once.
    async fn insists(&mut self, payload: &Value, gives_up: bool) -> Fate {
        let began = Instant::now();
        let mut wait = 30;
        loop {
            let fate = match self.dice.roll(20) {
                0 => self.tries_twice(payload).await,
                1..11 => over_socket(&self.orders, payload).await,
                _ => over_http(&mut self.caller, payload).await,
            };
            if let Some(fate) = fate {
                return fate;
            }
            if gives_up {
                return Fate::GivenUp;
            }
            assert!(began.elapsed() < PERSISTENCE, "no answer to {payload}");
            self.caller.repeated += 1;
            sleep(Duration::from_millis(wait)).await;
            wait = (wait * 2).min(1000);
        }
    }

    /// The same on the socket and over HTTP at once: it must become one message.
    async fn tries_twice(&mut self, payload: &Value) -> Option<Fate> {
        let (one, other) =
            tokio::join!(over_socket(&self.orders, payload), over_http(&mut self.caller, payload));
        let accepted = |fate: &Option<Fate>| matches!(fate, Some(Fate::Acknowledged { .. }));
        // At a door one may be inside for the one and outside for the other.
        if accepted(&one) && accepted(&other) && one != other {
            self.ledger.is_strange(format!("{payload} was answered {one:?} and {other:?}"));
        }
        if accepted(&one) { one } else { other.or(one) }
    }

    async fn reads(&mut self, talk: &Talk) {
        let Some(seq) = self.seen.newest(&talk.id) else { return };
        if self.dice.per_cent(50) {
            let payload = json!({"conversation_id": talk.id, "seq": seq});
            // A device that is away does not take it: reading is not sent again.
            let _full = self.orders.try_send(Order::Mark { payload });
            return;
        }
        let answer = self.caller.insists(Method::POST, &talk.at("read"), Some(&json!({"seq": seq}))).await;
        if answer.status == 204 {
            self.ledger.marked(&self.community.people[self.person].id, &talk.id, seq);
        }
    }

    async fn edits(&mut self, client_id: &str, id: &str, number: u64) {
        let words = format!("{client_id} says otherwise after {number}");
        let path = format!("/api/messages/{id}");
        let answer = self.caller.insists(Method::PATCH, &path, Some(&json!({"body": words}))).await;
        self.changed(client_id, Some(words), &answer);
    }

    async fn deletes(&mut self, client_id: &str, id: &str) {
        let answer = self.caller.insists(Method::DELETE, &format!("/api/messages/{id}"), None).await;
        self.changed(client_id, None, &answer);
    }

    fn changed(&self, client_id: &str, words: Option<String>, answer: &Answer) {
        match answer.status {
            200 | 204 => self.ledger.changed(client_id, words),
            _ => self.ledger.is_strange(format!("a change of {client_id} was answered {answer:?}")),
        }
    }
}

/// What the device hears about it; `None` when nothing, in time.
async fn over_socket(orders: &mpsc::Sender<Order>, payload: &Value) -> Option<Fate> {
    let (answer, answered) = oneshot::channel();
    let order = Order::Send { payload: payload.clone(), answer };
    let said = async {
        orders.send(order).await.ok()?;
        answered.await.ok()
    };
    let frame = timeout(PATIENCE, said).await.ok()??;
    let payload = &frame["payload"];
    match frame["type"].as_str() {
        Some("ack") => Some(acknowledged(&payload["message"])),
        _ if payload["error"]["status"].as_u64().is_some_and(|status| status == 503) => None,
        _ => Some(Fate::Refused(payload["error"]["code"].as_str().unwrap_or_default().to_owned())),
    }
}

async fn over_http(caller: &mut Caller, payload: &Value) -> Option<Fate> {
    let path = format!("/api/conversations/{}/messages", text(&payload["conversation_id"]));
    let body = json!({"client_id": payload["client_id"], "body": payload["body"]});
    match caller.ask(Method::POST, &path, Some(&body)).await {
        Ok(Answer { status: 200 | 201, body, .. }) => Some(acknowledged(&body["message"])),
        Ok(answer) if answer.is_passing() => None,
        Ok(answer) => Some(Fate::Refused(answer.body["code"].as_str().unwrap_or_default().to_owned())),
        Err(_lost) => None,
    }
}

fn acknowledged(message: &Value) -> Fate {
    Fate::Acknowledged { id: text(&message["id"]), seq: message["seq"].as_i64().expect("a place") }
}

async fn wait_for_the_storm(phase: &mut watch::Receiver<Phase>) {
    let _begun = phase.wait_for(|phase| matches!(phase, Phase::Storm)).await.expect("the run goes on");
}

/// The owner of a group lets the others in and out; in the end each is in or out, as it happens.
pub(crate) async fn doorkeeping(
    front: SocketAddr,
    community: Arc<Community>,
    door: Talk,
    ledger: Arc<Ledger>,
    mut dice: Dice,
    mut phase: watch::Receiver<Phase>,
) {
    let mut caller = community.people[door.members[0]].caller(front);
    let mut inside = vec![true; door.members.len()];
    wait_for_the_storm(&mut phase).await;
    while matches!(*phase.borrow(), Phase::Storm) {
        let which = 1 + usize::try_from(dice.roll(door.members.len() as u64 - 1)).expect("one of a few");
        let nickname = community.people[door.members[which]].nickname;
        let answer = if inside[which] {
            let path = door.at(&format!("members/{nickname}"));
            caller.insists(Method::DELETE, &path, None).await
        } else {
            let add = json!({"nicknames": [nickname]});
            caller.insists(Method::POST, &door.at("members"), Some(&add)).await
        };
        // One that was lost and asked again may find it done.
        if !matches!(answer.status, 200 | 204 | 404) {
            ledger.is_strange(format!("at the door: {answer:?}"));
        }
        inside[which] = !inside[which];
        ledger.comings_and_goings.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(100 + dice.roll(700))).await;
    }
    ledger.repeated.fetch_add(caller.repeated, Ordering::Relaxed);
}
