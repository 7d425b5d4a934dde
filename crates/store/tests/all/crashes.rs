//! What was acknowledged survives: killed processes, failing disks, and the order of system calls.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    process::Command,
    time::{Duration, Instant},
};

use folkmoot_store::testing::{Postgres, temp_sqlite};

use crate::child::{Said, Writer, nothing_is_lost_or_doubled, program};

/// How many tasks write at once.
const TASKS: i64 = 64;

/// How often a writer is killed; `FOLKMOOT_KILLS=200` is the long form.
fn kills() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
    std::env::var("FOLKMOOT_KILLS").map_or(8, |kills| kills.parse().unwrap())
}

fn writer(url: &str, tasks: i64, first: i64) -> Command {
    let mut command = Command::new(program());
    command.arg(url).arg(tasks.to_string()).arg(first.to_string());
    command
}

/// Kills 64 writers at random moments again and again.
async fn kill_again_and_again(url: &str, kills: i64) {
    let mut acknowledged = BTreeSet::new();
    let started = Instant::now();
    for kill in 0..kills {
        let child = Writer::start(writer(url, TASKS, kill * 1_000_000));
        let first = child.says.recv_timeout(Duration::from_secs(30)).unwrap();
        let random = RandomState::new().hash_one(kill);
        std::thread::sleep(Duration::from_micros(random % 150_000));
        for said in std::iter::once(first).chain(child.kill()) {
            let Said::Acknowledged(task, number) = said else { panic!("{said:?}") };
            assert!(acknowledged.insert((task, number)), "acknowledged twice: {task} {number}");
        }
        if kill % 20 == 19 {
            nothing_is_lost_or_doubled(url, &acknowledged).await;
        }
    }
    let stored = nothing_is_lost_or_doubled(url, &acknowledged).await;
    println!(
        "{kills} kills in {:.1?}: {} acknowledged, all there; {} more were stored and not acknowledged",
        started.elapsed(),
        acknowledged.len(),
        stored - acknowledged.len()
    );
    assert!(acknowledged.len() as i64 > kills * 10, "too few writes to prove anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_kills_on_sqlite() {
    let place = temp_sqlite();
    kill_again_and_again(&place.url(), kills()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_kills_on_postgres() {
    let place = Postgres::start().database().await;
    kill_again_and_again(&place.url(), kills().max(4) / 4).await;
}

/// Each line of `strace -f -y`: a call that begins, ends, or both.
#[derive(Debug)]
struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
    begins: bool,
    ends: bool,
}

fn calls(trace: &str) -> Vec<Call<'_>> {
    let mut open = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((pid, rest)) = line.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let name = resumed.split(' ').next().unwrap_or_default();
            let arguments = open.remove(pid).unwrap_or_default();
            calls.push(Call { name, arguments, begins: false, ends: true });
        } else if let Some((name, arguments)) = rest.split_once('(') {
            let ends = !arguments.contains("<unfinished ...>");
            if !ends {
                open.insert(pid, arguments);
            }
            calls.push(Call { name, arguments, begins: true, ends });
        }
    }
    calls
}

fn trace(tasks: i64, posts: i64) -> String {
    let place = temp_sqlite();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "64", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o"]).arg(log.path());
    strace.arg(program()).arg(place.url()).args([tasks, 0, posts].map(|number| number.to_string()));
    let traced = strace.output().expect("strace (Debian and Ubuntu: apt-get install strace)");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    std::fs::read_to_string(log.path()).unwrap()
}

fn acknowledges(call: &Call<'_>) -> Option<i64> {
    let said = call.arguments.split_once("\"ack ")?.1;
    (call.name == "write" && call.begins).then(|| said.split(' ').next().unwrap().parse().unwrap())
}

#[test]
fn the_log_is_synced_after_its_last_write_and_before_each_acknowledgement() {
    let trace = trace(1, 50);
    let (mut synced, mut written, mut acknowledged) = (false, false, 0);
    for call in
        calls(&trace).iter().filter(|call| call.arguments.contains("test.db-wal>") || call.name == "write")
    {
        match call.name {
            "pwrite64" => (written, synced) = (true, false),
            "fdatasync" | "fsync" if call.ends && written => synced = true,
            _ if acknowledges(call).is_some() => {
                assert!(written && synced, "acknowledged before the sync:\n{trace}");
                (written, synced, acknowledged) = (false, false, acknowledged + 1);
            }
            _ => {}
        }
    }
    assert_eq!(acknowledged, 50);
}

#[test]
fn between_two_acknowledgements_of_one_task_lies_a_whole_sync_however_many_write() {
    let trace = trace(16, 20);
    // When the task was last acknowledged, and when the last finished sync had begun, by line.
    let (mut last, mut begun, mut synced, mut acknowledged) = (HashMap::new(), 0, 0, 0);
    for (line, call) in (1..).zip(calls(&trace)) {
        if matches!(call.name, "fdatasync" | "fsync") && call.arguments.contains("test.db-wal>") {
            if call.begins {
                begun = line;
            }
            if call.ends {
                synced = begun;
            }
        } else if let Some(task) = acknowledges(&call) {
            let before = last.insert(task, line).unwrap_or(0);
            assert!(synced > before, "task {task} was acknowledged in line {line} without a sync:\n{trace}");
            acknowledged += 1;
        }
    }
    assert_eq!(acknowledged, 16 * 20);
}
