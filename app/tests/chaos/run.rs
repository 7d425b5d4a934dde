//! One run: people talk in a storm of faults, then it is quiet, then everything is counted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use folkmoot_bus::testing::Dice;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::checks::{self, Evidence};
use crate::community::Community;
use crate::device::{Device, Phase};
use crate::faults::{self, Tally};
use crate::ledger::Ledger;
use crate::parts::Parts;
use crate::reception::Reception;
use crate::report::Report;
use crate::sender::{Sender, doorkeeping};
use crate::tables::Tables;

/// How long the storm lasts unless FOLKMOOT_CHAOS_SECONDS says otherwise.
const NODES_STORM: Duration = Duration::from_secs(18);
const NODE_STORM: Duration = Duration::from_secs(10);
/// From this length on a run is a long one: everything is written to disk.
const LONG: Duration = Duration::from_secs(120);
/// How long people still talk when Redis is gone for good.
const WITHOUT_REDIS: Duration = Duration::from_secs(2);
/// How long everybody may take to catch up when it is quiet.
const CATCHING_UP: Duration = Duration::from_secs(60);

/// The tests of this binary take all of the machine, so one at a time.
pub(crate) static ALONE: Mutex<()> = Mutex::const_new(());

#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|number| number.parse().expect("a number"))
}

/// How long the storm lasts.
fn storm(usual: Duration) -> Duration {
    number_of("FOLKMOOT_CHAOS_SECONDS").map_or(usual, Duration::from_secs)
}

fn seed() -> u64 {
    let chance = || std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), "chaos") % 1_000_000;
    number_of("FOLKMOOT_CHAOS_SEED").unwrap_or_else(chance)
}

/// Everybody who acts in a run.
struct Crowd {
    devices: Vec<JoinHandle<Reception>>,
    senders: Vec<JoinHandle<()>>,
}

impl Crowd {
    fn start(
        front: SocketAddr,
        community: &Arc<Community>,
        ledger: &Arc<Ledger>,
        phase: &watch::Receiver<Phase>,
        seed: u64,
    ) -> Self {
        let (mut devices, mut senders) = (Vec::new(), Vec::new());
        for (number, person) in community.devices().enumerate() {
            let (orders, taken) = mpsc::channel(8);
            let dice = |what: u64| Dice::of(seed ^ (number as u64 * 31 + what));
            let device = Device::new(front, &community.people[person], taken, dice(1), phase.clone());
            let seen = device.seen();
            devices.push(tokio::spawn(device.lives()));
            let sender = Sender {
                number,
                person,
                community: community.clone(),
                ledger: ledger.clone(),
                caller: community.people[person].caller(front),
                orders,
                seen,
                dice: dice(2),
                phase: phase.clone(),
            };
            senders.push(tokio::spawn(sender.works()));
        }
        for (number, door) in community.doors.iter().enumerate() {
            let dice = Dice::of(seed ^ (number as u64 + 7777));
            let keeping =
                doorkeeping(front, community.clone(), door.clone(), ledger.clone(), dice, phase.clone());
            senders.push(tokio::spawn(keeping));
        }
        Self { devices, senders }
    }
}

/// Lets people talk while parts fail, and fails itself unless everything holds in the end.
async fn chaos(name: &str, mut parts: Parts, length: Duration, seed: u64) -> Report {
    println!("{name}: seed {seed}, {} s", length.as_secs());
    let community = Arc::new(Community::gather(parts.front).await);
    let ledger = Arc::new(Ledger::default());
    let (phase, phases) = watch::channel(Phase::Calm);
    let crowd = Crowd::start(parts.front, &community, &ledger, &phases, seed);
    while !ledger.everybody_is_there(crowd.devices.len()) {
        sleep(Duration::from_millis(20)).await;
    }
    phase.send_replace(Phase::Storm);
    let over = Instant::now() + length;
    let (of_nodes, of_redis) = tokio::join!(
        faults::of_nodes(&mut parts.nodes, Dice::of(seed ^ 0xA), over),
        faults::of_redis(parts.redis.as_mut(), Dice::of(seed ^ 0xB), over)
    );
    if let Some(redis) = &mut parts.redis {
        // It does not come back: what is said last is heard without it.
        tokio::task::block_in_place(|| redis.kill());
        sleep(WITHOUT_REDIS).await;
    }
    phase.send_replace(Phase::Winding);
    for sender in crowd.senders {
        sender.await.expect("a sender comes to its end");
    }
    let url = parts.database.url();
    let heads = Tables::heads(&url).await;
    phase.send_replace(Phase::Quiet { heads: Arc::new(heads), until: Instant::now() + CATCHING_UP });
    let mut receptions = Vec::new();
    for device in crowd.devices {
        receptions.push(device.await.expect("a device comes to its end"));
    }
    let mut faults = of_nodes;
    faults.merge(of_redis);
    let evidence = Evidence {
        tables: Tables::read(&url).await,
        shown: community.shown_unread(parts.front).await,
        receptions,
        community: &community,
        ledger: &ledger,
    };
    let report = Report { faults, outcome: checks::check(&evidence), counts: evidence.counts() };
    println!("{report}");
    if !report.outcome.is_well() {
        for node in &parts.nodes {
            println!("{}", node.complaints());
        }
        panic!("{name} with FOLKMOOT_CHAOS_SEED={seed}: {}", report.outcome);
    }
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_lose_and_double_nothing_on_postgres_and_redis() {
    let _alone = ALONE.lock().await;
    let length = storm(NODES_STORM);
    let parts = Parts::three_nodes(length >= LONG).await;
    let report = chaos("Three nodes", parts, length, seed()).await;
    report.proves_something(length, &[faults::STOP, faults::KILL, faults::REDIS_KILL, faults::REDIS_STALL]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_on_sqlite_loses_and_doubles_nothing() {
    let _alone = ALONE.lock().await;
    let length = storm(NODE_STORM);
    let report = chaos("One node on SQLite", Parts::one_node().await, length, seed()).await;
    report.proves_something(length, &[faults::KILL]);
}

/// What was done to the parts, and how often.
impl Tally {
    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}
