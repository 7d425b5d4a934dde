//! Anything happens at any node while guests read at all of them: what they are given is never older than allowed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use folkmoot::config::Config;
use folkmoot::core::clock::Clock;
use folkmoot_bus::testing::Mischief;

use super::looking::{Sight, TRIES, Truth, all_bytes_are_equal};
use super::world::{Dice, World};
use crate::realtime::nodes::two_nodes;
use crate::rig::*;

/// How many things happen.
const HAPPENINGS: usize = 100;
/// How many addresses are looked at after each, at each node.
const LOOKS: usize = 6;
/// How many of them by a member too.
const LOOKS_OF_A_MEMBER: usize = 3;
/// The longest rest between two happenings, in milliseconds: some answers are found older than they may be without asking.
const REST: usize = 250;
/// How many guests read all the time, beside those who compare.
const READERS: usize = 3;

fn keeps_nothing(config: &mut Config) {
    config.limits.kept_megabytes = 0;
}

/// Another each time; `FOLKMOOT_SEED` brings one back.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
fn seed() -> u64 {
    let given = std::env::var("FOLKMOOT_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| Clock::System.now().unsigned_abs());
    println!("FOLKMOOT_SEED={seed}");
    seed
}

/// Tags by node and address, each with what it was given for.
#[derive(Default)]
struct Tags(HashMap<(usize, String, String), Sight>);

impl Tags {
    /// A tag stands for one sight, ever.
    fn note(&mut self, node: usize, path: &str, answer: &Answer, sight: &Sight) {
        let Some(tag) = answer.header("etag") else { return };
        let key = (node, path.to_owned(), tag.to_owned());
        let before = self.0.entry(key).or_insert_with(|| sight.clone());
        assert_eq!(before, sight, "{path}: {tag} stood for something else before");
    }

    /// Any tag that the node gave for the address.
    fn any(&self, node: usize, path: &str, dice: &mut Dice) -> Option<(String, Sight)> {
        let mut of_path: Vec<_> =
            self.0.iter().filter(|((at, of, _), _)| *at == node && of == path).collect();
        of_path.sort_unstable_by(|((.., one), _), ((.., other), _)| one.cmp(other));
        let (key, sight) = *of_path.get(dice.throw(of_path.len().max(1)))?;
        Some((key.2.clone(), sight.clone()))
    }
}

/// What somebody sees at a node, who may have an older answer at hand.
async fn looks(node: (usize, &TestApp), path: &str, tags: &mut Tags, dice: &mut Dice) -> Sight {
    let (number, app) = node;
    let known = tags.any(number, path, dice).filter(|_| dice.throw(3) == 0);
    let guest = match &known {
        Some((tag, _)) => app.guest().with("if-none-match", tag.clone()),
        None => app.guest(),
    };
    let answer = guest.get(path).await;
    match known {
        Some((_, sight)) if answer.status == 304 => sight,
        _ => {
            let sight = Sight::of(path, &answer);
            tags.note(number, path, &answer, &sight);
            sight
        }
    }
}

/// What a member is shown at a node is what a server that remembers nothing shows them, at once and everywhere.
async fn member_sees_what_is(at: &Person, anew: &Person, path: &str) {
    for _ in 0..TRIES {
        let before = Sight::of(path, &anew.get(path).await);
        let shown = Sight::of(path, &at.get(path).await);
        let after = Sight::of(path, &anew.get(path).await);
        // A job of the server may just have counted.
        if before == after {
            assert_eq!(shown, after, "{path}, as a member is shown it");
            return;
        }
    }
    panic!("{path} does not come to rest");
}

/// Guests who read all the time, so that answers are being made while something happens.
fn readers(
    nodes: &[&TestApp],
    paths: &[String],
    seed: u64,
) -> (Arc<AtomicBool>, Vec<tokio::task::JoinHandle<()>>) {
    let done = Arc::new(AtomicBool::new(false));
    let reading = (0..READERS).map(|number| {
        let (guest, done) = (nodes[number % nodes.len()].guest(), Arc::clone(&done));
        let (paths, mut dice) = (paths.to_vec(), Dice::of(seed + 1 + number as u64));
        tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let answer = guest.get(dice.pick::<String>(&paths)).await;
                assert!([200, 404].contains(&answer.status.as_u16()), "{}: {}", answer.asked, answer.text());
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    });
    let reading = reading.collect();
    (done, reading)
}

/// Things happen at the nodes that are `writing`, and are looked at everywhere.
async fn goes_well(nodes: &[&TestApp], writing: usize, anew: &TestApp, seed: u64) {
    let mut world = World::begin(nodes, seed).await;
    let paths = world.addresses();
    let mut truth = Truth::of(anew, &paths).await;
    let mut tags = Tags::default();
    let members: Vec<Person> = nodes.iter().map(|node| world.member_at(node)).collect();
    let member_anew = world.member_at(anew);
    let (done, reading) = readers(nodes, &paths, seed);
    for _ in 0..HAPPENINGS {
        let at = world.dice().throw(writing);
        let what = world.something_happens(at).await;
        let acknowledged = (Instant::now(), at);
        // First where it happened: it must be seen at once.
        let mut looked = Vec::new();
        for number in [at].into_iter().chain((0..nodes.len()).filter(|number| *number != at)) {
            for _ in 0..LOOKS {
                let path = world.dice().pick(&paths).clone();
                let asked = Instant::now();
                let sight = looks((number, nodes[number]), &path, &mut tags, world.dice()).await;
                looked.push((number, path, asked, sight));
            }
        }
        for member in &members {
            for _ in 0..LOOKS_OF_A_MEMBER {
                member_sees_what_is(member, &member_anew, &world.dice().pick(&paths).clone()).await;
            }
        }
        truth.look(anew, &paths, acknowledged).await;
        for (number, path, asked, sight) in looked {
            let allowed = truth.allows(number, &path, &sight, asked);
            assert!(allowed, "{path} at node {number}, after {what}: {sight:?}\nnow {:?}", truth.now(&path));
        }
        let rest = world.dice().throw(REST) as u64;
        tokio::time::sleep(Duration::from_millis(rest)).await;
    }
    done.store(true, Ordering::Relaxed);
    for reader in reading {
        reader.await.expect("nobody who reads is refused");
    }
    let hits: f64 = nodes.iter().map(|node| node.metric("kept_hits_total")).sum();
    let checks: f64 = nodes.iter().map(|node| node.metric("kept_checks_total")).sum();
    println!("{hits} hits, {checks} checks");
    assert!(hits > 100.0 && checks > 1.0, "answers were kept and given");
    all_bytes_are_equal(nodes, anew, &paths).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_node_gives_anything_older_than_allowed_on_postgres() {
    let seed = seed();
    let (here, there, _ends) = two_nodes(Mischief::PLENTY, seed).await;
    let anew = here.another(keeps_nothing).await;
    goes_well(&[&here, &there], 2, &anew, seed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_older_than_allowed_is_given_on_sqlite() {
    let seed = seed();
    let here = TestApp::start(Engine::Sqlite).await;
    // It hears of nothing that happens here, as one beside which a command writes.
    let there = here.another(|_| ()).await;
    let anew = here.another(keeps_nothing).await;
    goes_well(&[&here, &there], 1, &anew, seed).await;
}
