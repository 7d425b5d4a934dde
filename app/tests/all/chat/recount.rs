//! Random sends, reads, edits, deletions, mutes, leavings and returns, seen on two devices: the unread number that a
//! client shows, which it is told by answers and frames, is always the recount.

use std::collections::BTreeMap;
use std::time::Duration;

use folkmoot_bus::testing::Dice;

use super::*;

const STEPS: usize = 120;
const QUIET: Duration = Duration::from_millis(120);

/// A device: it counts by itself what is unread, from what it loaded once and from frames alone.
struct Device {
    socket: Socket,
    me: String,
    /// Messages of others that are there, by number.
    others: BTreeMap<i64, bool>,
    mark: i64,
    muted: bool,
    inside: bool,
}

impl Device {
    async fn of(person: &Person, talk: &Talk) -> Self {
        let (socket, _) = person.connects().await;
        let me = person.id().await;
        let mut device = Self { socket, me, others: BTreeMap::new(), mark: 0, muted: false, inside: true };
        device.load(person, talk).await;
        device
    }

    /// As a client does that comes into a conversation.
    async fn load(&mut self, person: &Person, talk: &Talk) {
        let seen = person.sees(talk).await;
        self.mark = seen["mark"].as_i64().unwrap();
        self.muted = seen["muted"].as_bool().unwrap();
        self.others.clear();
        let page = person.get(&talk.at("messages?limit=100")).await.is(200).json();
        for message in page["items"].as_array().unwrap() {
            self.note(message);
        }
    }

    fn note(&mut self, message: &Value) {
        if message["author"]["id"] != self.me {
            self.others.insert(seq(message), message["deleted"] == false);
        }
    }

    async fn hears_all(&mut self, person: &Person, talk: &Talk) {
        for frame in self.socket.hears_for(QUIET).await {
            let payload = &frame["payload"];
            match frame["type"].as_str().unwrap() {
                "new_message" | "message_edited" | "message_deleted" => self.note(&payload["message"]),
                "unread_changed" => {
                    self.mark = payload["seq"].as_i64().unwrap();
                    self.muted = payload["muted"].as_bool().unwrap();
                }
                "conversation_left" => self.inside = false,
                "conversation_joined" => {
                    self.inside = true;
                    self.load(person, talk).await;
                }
                _ => {}
            }
        }
    }

    fn shows(&self) -> i64 {
        let unread = self.others.range(self.mark + 1..).filter(|(_, there)| **there).count();
        i64::try_from(unread).unwrap().min(100)
    }
}

both_databases! {
    async fn what_is_shown_as_unread_is_always_the_recount(app: TestApp) {
        let mut dice = Dice::of(11);
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Counting", &["bob"]).await;
        let mut devices = [Device::of(&bob, &group).await, Device::of(&bob, &group).await];
        let mut said: Vec<(String, i64)> = Vec::new();
        let mut inside = true;
        for step in 0..STEPS {
            let message = dice.roll(said.len().max(1) as u64) as usize % said.len().max(1);
            match dice.roll(100) {
                0..45 => {
                    let message = ann.says_in(&group, &format!("step {step}")).await;
                    said.push((text(&message["id"]), seq(&message)));
                }
                45..52 if inside => drop(bob.says_in(&group, "My own words").await),
                52..67 if inside && !said.is_empty() => bob.has_read(&group, said[message].1).await,
                67..75 if !said.is_empty() => {
                    let path = format!("/api/messages/{}", said[message].0);
                    let edited = ann.patch(&path, json!({"body": format!("edited in step {step}")})).await;
                    assert!([200, 404].contains(&edited.status.as_u16()), "{edited:?}");
                }
                75..85 if !said.is_empty() => {
                    drop(ann.delete(&format!("/api/messages/{}", said[message].0)).await.is(204));
                }
                85..88 if inside => drop(bob.put(&group.at("mute")).await.is(204)),
                88..91 if inside => drop(bob.delete(&group.at("mute")).await.is(204)),
                91..95 if inside => {
                    bob.delete(&group.at("members/bob")).await.is(204);
                    inside = false;
                }
                91..100 if !inside => {
                    let history = if dice.per_cent(50) { "all" } else { "now" };
                    let add = json!({"nicknames": ["bob"], "history": history});
                    ann.post(&group.at("members"), add).await.is(200);
                    inside = true;
                }
                _ => {}
            }
            if !dice.per_cent(40) {
                continue;
            }
            for device in &mut devices {
                device.hears_all(&bob, &group).await;
                assert_eq!(device.inside, inside, "step {step}");
            }
            if !inside {
                assert_eq!(bob.badge().await, (0, 0), "step {step}");
                continue;
            }
            let recount = bob.unread_in(&group).await;
            let shown: Vec<i64> = devices.iter().map(Device::shows).collect();
            assert_eq!(shown, [recount; 2], "step {step}");
            let counted = if devices[0].muted || recount == 0 { (0, 0) } else { (1, recount) };
            assert_eq!(bob.badge().await, counted, "step {step}");
        }
    }
}
