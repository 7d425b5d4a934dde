//! What goes wrong: nodes are stopped and killed, Redis is killed and stalls. Everything comes back after a while.

use std::collections::BTreeMap;
use std::time::Duration;

use folkmoot_bus::testing::{Dice, RedisServer};
use tokio::time::{Instant, sleep, sleep_until};

use crate::parts::{Ended, Node};

pub(crate) const STOP: &str = "SIGTERM to a node";
pub(crate) const KILL: &str = "SIGKILL of a node";
pub(crate) const UNCLEAN: &str = "stops that were cut off";
pub(crate) const REDIS_KILL: &str = "Redis killed";
pub(crate) const REDIS_STALL: &str = "Redis stalled";

/// How often each of them was done.
#[derive(Debug, Default)]
pub(crate) struct Tally(pub(crate) BTreeMap<&'static str, u64>);

impl Tally {
    fn count(&mut self, fault: &'static str) {
        *self.0.entry(fault).or_default() += 1;
    }

    /// Whether each of these was done. A run goes on until then, however slow the machine is.
    fn has_all(&self, faults: &[&str]) -> bool {
        faults.iter().all(|fault| self.0.contains_key(fault))
    }
}

/// So many milliseconds, by chance.
fn some_ms(dice: &mut Dice, from: u64, to: u64) -> Duration {
    Duration::from_millis(from + dice.roll(to - from))
}

/// One node after the other goes down, and sometimes a second one before the first is back. The last one to go is back
/// when this ends.
pub(crate) async fn of_nodes(nodes: &mut [Node], mut dice: Dice, over: Instant) -> Tally {
    let mut tally = Tally::default();
    let sides = u64::try_from(nodes.len()).expect("a few");
    while Instant::now() < over || !tally.has_all(&[KILL, STOP]) {
        let first = usize::try_from(dice.roll(sides)).expect("one of a few");
        let mut down = vec![first];
        if nodes.len() > 2 && dice.per_cent(25) {
            down.push((first + 1) % nodes.len());
        }
        for number in &down {
            // The first fault of all is a kill, the second an order, so that short runs have both.
            if tally.0.is_empty() || (tally.0.contains_key(STOP) && dice.per_cent(60)) {
                tally.count(KILL);
                nodes[*number].kill().await;
            } else {
                tally.count(STOP);
                if nodes[*number].stop().await == Ended::Forced {
                    tally.count(UNCLEAN);
                }
            }
        }
        sleep(some_ms(&mut dice, 0, 1200)).await;
        for number in &down {
            nodes[*number].launch();
        }
        for number in down {
            nodes[number].is_ready().await;
        }
        sleep_until((Instant::now() + some_ms(&mut dice, 100, 1500)).min(over)).await;
    }
    tally
}

/// Redis dies and is started again, or says nothing for a while; never both of its own accord, but whatever nodes do.
pub(crate) async fn of_redis(redis: Option<&mut RedisServer>, mut dice: Dice, over: Instant) -> Tally {
    let mut tally = Tally::default();
    let Some(redis) = redis else {
        sleep_until(over).await;
        return tally;
    };
    while Instant::now() < over || !tally.has_all(&[REDIS_KILL, REDIS_STALL]) {
        let down = some_ms(&mut dice, 200, 2500);
        if tally.0.is_empty() || (tally.0.contains_key(REDIS_STALL) && dice.per_cent(50)) {
            tally.count(REDIS_KILL);
            tokio::task::block_in_place(|| redis.kill());
            sleep(down).await;
            tokio::task::block_in_place(|| redis.start_again());
        } else {
            tally.count(REDIS_STALL);
            redis.stall();
            sleep(down).await;
            redis.go_on();
        }
        sleep_until((Instant::now() + some_ms(&mut dice, 500, 3000)).min(over)).await;
    }
    tally
}
