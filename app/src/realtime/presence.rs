//! Who is here: counted over sockets and nodes, told only to those who show the person.
//!
//! Somebody is here while any node has a socket of theirs, and for fifteen seconds after the last one went, so that
//! nobody flickers who changes pages or nodes. Nodes tell each other who came and went, and everyone they have again
//! every few seconds: a node that is not heard of any more has nobody. Times are seconds of the node's own time.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use folkmoot_bus::{Notice, Subscription};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::node::Node;
use super::peer::{Peer, PeerId};
use super::{protocol, queries};
use crate::core::Result;
use crate::core::streams::Stream;
use crate::core::time::Time;

/// The topic on which nodes tell each other who is here.
pub(super) const TOPIC: &str = "folkmoot.presence";
/// How many people one socket may watch.
pub(super) const MOST: usize = 200;
/// How often watchers are told what has changed, and other nodes who came and went.
const ROUND: Duration = Duration::from_secs(1);
/// For how many seconds somebody without a socket still counts as here.
const ABSENT_AFTER: u32 = 15;
/// After how many rounds a node tells the others about everyone it has.
const ALL_EVERY: u32 = 5;
/// After how many seconds of silence a node has nobody.
const SILENT_AFTER: u32 = 15;

/// Who is here, and who wants to know.
#[derive(Default)]
pub(super) struct Presence(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// People with sockets on this node, and how many.
    here: HashMap<i64, usize>,
    /// People on other nodes, by node.
    elsewhere: HashMap<String, Elsewhere>,
    /// Since when people have no socket anywhere, until they count as gone.
    leaving: HashMap<i64, u32>,
    watches: HashMap<PeerId, Watch>,
    watchers: HashMap<i64, HashSet<PeerId>>,
    /// People who may have come or gone since watchers were last told.
    news: HashSet<i64>,
    /// People who came or went here since other nodes were last told.
    untold: HashSet<i64>,
}

struct Elsewhere {
    heard: u32,
    people: HashSet<i64>,
}

/// What one socket shows.
struct Watch {
    peer: Arc<Peer>,
    /// Everyone it asked for.
    asked: Vec<i64>,
    /// Those it may see, and whether it was told that they are here.
    seen: HashMap<i64, bool>,
}

/// What a node tells the others.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    from: String,
    /// Whether `here` is everyone.
    all: bool,
    here: Vec<i64>,
    gone: Vec<i64>,
}

impl Presence {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A socket of somebody's has said hello.
    pub(super) fn come(&self, user: i64) {
        let mut inner = self.lock();
        *inner.here.entry(user).or_default() += 1;
        inner.leaving.remove(&user);
        inner.news.insert(user);
        inner.untold.insert(user);
    }

    /// A socket has gone: somebody's who had said hello, or a guest's.
    pub(super) fn go(&self, peer: &Peer, now: u32) {
        let mut inner = self.lock();
        inner.unwatch(peer.id);
        let Some(user) = peer.identity.user.filter(|_| peer.is_greeted()) else { return };
        let Some(sockets) = inner.here.get_mut(&user) else { return };
        *sockets -= 1;
        if *sockets == 0 {
            inner.here.remove(&user);
            inner.untold.insert(user);
            inner.leave(user, now);
        }
    }

    /// A socket shows these people from now on, of whom it may see some.
    pub(super) fn watch(&self, peer: &Arc<Peer>, asked: Vec<i64>, seen: &[i64]) {
        let mut inner = self.lock();
        let before = inner.unwatch(peer.id);
        let told = |user: &i64| before.as_ref().is_some_and(|watch| watch.seen.get(user) == Some(&true));
        let seen: HashMap<i64, bool> = seen.iter().map(|user| (*user, told(user))).collect();
        for user in seen.keys() {
            inner.watchers.entry(*user).or_default().insert(peer.id);
            inner.news.insert(*user);
        }
        // Whoever is out of sight now was here a moment ago, as far as this client knows.
        for (user, _) in before.iter().flat_map(|watch| &watch.seen).filter(|(_, told)| **told) {
            if asked.contains(user) && !seen.contains_key(user) {
                peer.queue.push_fleeting(own_stream(peer), frame("user_offline", *user, None));
            }
        }
        inner.watches.insert(peer.id, Watch { peer: Arc::clone(peer), asked, seen });
    }

    /// What the sockets of a person show.
    fn watches_of(&self, user: i64) -> Vec<(Arc<Peer>, Vec<i64>)> {
        let inner = self.lock();
        let theirs = inner.watches.values().filter(|watch| watch.peer.identity.user == Some(user));
        theirs.map(|watch| (Arc::clone(&watch.peer), watch.asked.clone())).collect()
    }

    /// Another node has told who is there.
    fn hear(&self, told: Told, now: u32) {
        let mut inner = self.lock();
        let of_node = inner.elsewhere.entry(told.from);
        let of_node = of_node.or_insert_with(|| Elsewhere { heard: now, people: HashSet::new() });
        of_node.heard = now;
        let here: HashSet<i64> = told.here.into_iter().collect();
        let gone: Vec<i64> = match told.all {
            true => of_node.people.difference(&here).copied().collect(),
            false => told.gone,
        };
        let gone: Vec<i64> = gone.into_iter().filter(|user| of_node.people.remove(user)).collect();
        let came: Vec<i64> = here.into_iter().filter(|user| of_node.people.insert(*user)).collect();
        for user in gone {
            inner.leave(user, now);
        }
        for user in came {
            inner.leaving.remove(&user);
            inner.news.insert(user);
        }
    }

    /// Tells watchers who came and who went since the round before. `at` is the time of day of `now`.
    fn tell_watchers(&self, now: u32, at: i64) {
        let mut inner = self.lock();
        inner.forget_silent_nodes(now);
        let gone: Vec<(i64, u32)> = inner
            .leaving
            .iter()
            .filter(|(_, since)| now.saturating_sub(**since) >= ABSENT_AFTER)
            .map(|(user, since)| (*user, *since))
            .collect();
        for (user, _) in &gone {
            inner.leaving.remove(user);
            inner.news.insert(*user);
        }
        let since: HashMap<i64, u32> = gone.into_iter().collect();
        for user in std::mem::take(&mut inner.news) {
            let seen_at = since.get(&user).map(|since| at - i64::from(now.saturating_sub(*since)) * 1000);
            if !inner.tell(user, seen_at) {
                inner.news.insert(user);
            }
        }
    }

    /// What to tell other nodes: everyone, or who came and went since they were last told; `None`: nothing.
    fn to_tell(&self, from: &str, all: bool) -> Option<Told> {
        let mut inner = self.lock();
        let untold = std::mem::take(&mut inner.untold);
        let from = from.to_owned();
        if all {
            return Some(Told { from, all, here: inner.here.keys().copied().collect(), gone: Vec::new() });
        }
        let (here, gone): (Vec<i64>, Vec<i64>) =
            untold.into_iter().partition(|user| inner.here.contains_key(user));
        (!here.is_empty() || !gone.is_empty()).then_some(Told { from, all, here, gone })
    }
}

impl Inner {
    fn has_socket(&self, user: i64) -> bool {
        self.here.contains_key(&user) || self.elsewhere.values().any(|node| node.people.contains(&user))
    }

    fn is_here(&self, user: i64) -> bool {
        self.leaving.contains_key(&user) || self.has_socket(user)
    }

    /// Notes that one of the places where somebody was has them no more.
    fn leave(&mut self, user: i64, now: u32) {
        if !self.has_socket(user) {
            self.leaving.insert(user, now);
        }
    }

    fn forget_silent_nodes(&mut self, now: u32) {
        let silent = |node: &Elsewhere| now.saturating_sub(node.heard) >= SILENT_AFTER;
        let names: Vec<String> =
            self.elsewhere.iter().filter(|(_, node)| silent(node)).map(|(name, _)| name.clone()).collect();
        for name in names {
            let Some(node) = self.elsewhere.remove(&name) else { continue };
            for user in node.people {
                self.leave(user, node.heard);
            }
        }
    }

    fn unwatch(&mut self, peer: PeerId) -> Option<Watch> {
        let watch = self.watches.remove(&peer)?;
        for user in watch.seen.keys() {
            if let Some(watchers) = self.watchers.get_mut(user) {
                watchers.remove(&peer);
                if watchers.is_empty() {
                    self.watchers.remove(user);
                }
            }
        }
        Some(watch)
    }

    /// Tells everyone who watches somebody and does not know it yet; false when somebody had no room for it.
    fn tell(&mut self, user: i64, seen_at: Option<i64>) -> bool {
        let here = self.is_here(user);
        let text = if here { frame("user_online", user, None) } else { frame("user_offline", user, seen_at) };
        let mut all = true;
        for peer in self.watchers.get(&user).into_iter().flatten() {
            let Some(watch) = self.watches.get_mut(peer) else { continue };
            let Some(told) = watch.seen.get_mut(&user).filter(|told| **told != here) else { continue };
            if watch.peer.queue.push_fleeting(own_stream(&watch.peer), text.clone()) {
                *told = here;
            } else {
                all = false;
            }
        }
        all
    }
}

/// Presence goes by itself to who asked, as what is on their own stream does.
fn own_stream(peer: &Peer) -> Stream {
    Stream::User(peer.identity.user.unwrap_or_default())
}

fn frame(kind: &str, user: i64, seen_at: Option<i64>) -> Utf8Bytes {
    protocol::frame(kind, &json!({"person_id": user.to_string(), "last_seen_at": seen_at.map(Time)}))
}

/// Tells watchers and other nodes, round by round, until the task is ended.
pub(super) async fn keep(node: Node) {
    for round in 0_u32.. {
        tokio::time::sleep(ROUND).await;
        node.presence.tell_watchers(node.seconds(), node.app.now());
        let told = node.presence.to_tell(node.name(), round.is_multiple_of(ALL_EVERY));
        if let Some(told) = told.filter(|_| node.bus.has_others()) {
            node.bus.publish(TOPIC, serde_json::to_vec(&told).unwrap_or_default().into());
        }
    }
}

/// Takes what other nodes tell, until the bus is closed. What is lost is told again within seconds.
pub(super) async fn listen(node: Node, mut subscription: Subscription) {
    while let Some(notice) = subscription.next().await {
        let Notice::Message(message) = notice else { continue };
        match serde_json::from_slice::<Told>(&message) {
            Ok(told) if told.from != node.name() => node.presence.hear(told, node.seconds()),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a message on the bus is none of ours"),
        }
    }
}

/// Shows a socket who of these people is here, from now on.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn watch(node: &Node, peer: &Arc<Peer>, asked: Vec<i64>) -> Result<()> {
    let snapshot = queries::now(&node.app).await?;
    let seen = match node.wiring.in_sight {
        Some(in_sight) => in_sight(&node.app, &snapshot, peer.identity, asked.clone()).await?,
        None => Vec::new(),
    };
    node.presence.watch(peer, asked, &seen);
    Ok(())
}

/// Somebody may see others than before.
pub(super) async fn look_again(node: &Node, user: i64) {
    for (peer, asked) in node.presence.watches_of(user) {
        if let Err(error) = watch(node, &peer, asked).await {
            tracing::warn!(%error, "it is not known whom somebody may see");
            node.presence.watch(&peer, Vec::new(), &[]);
        }
    }
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
