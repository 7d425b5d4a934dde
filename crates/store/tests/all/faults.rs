//! A disk that is full or fails: nobody in the group is acknowledged, and writing goes on afterwards.

use std::{
    collections::BTreeSet,
    process::Command,
    time::{Duration, Instant},
};

use folkmoot_store::testing::temp_sqlite;

use crate::child::{Said, Writer, nothing_is_lost_or_doubled, program};

/// How long to wait for a change in what the writer says.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads what the writer says until `enough` of it pass in a row.
fn hear(writer: &Writer, heard: &mut Vec<Said>, enough: usize, wanted: impl Fn(&Said) -> bool) {
    let until = Instant::now() + PATIENCE;
    let mut in_a_row = 0;
    while in_a_row < enough {
        let left = until.saturating_duration_since(Instant::now());
        let said = writer.says.recv_timeout(left).expect("the writer went on as before");
        in_a_row = if wanted(&said) { in_a_row + 1 } else { 0 };
        heard.push(said);
    }
}

fn is_acknowledged(said: &Said) -> bool {
    matches!(said, Said::Acknowledged(..))
}

fn is_unavailable(said: &Said) -> bool {
    matches!(said, Said::Refused(_, _, cause) if cause.starts_with("unavailable"))
}

/// Lets 64 tasks write, takes the room away and gives it back; leaves the writer writing.
fn starve(command: Command, take_room: impl Fn(u32), give_room: impl Fn(u32)) -> (Writer, Vec<Said>) {
    let writer = Writer::start(command);
    let pid = writer.process.id();
    let mut heard = Vec::new();
    hear(&writer, &mut heard, 200, is_acknowledged);
    take_room(pid);
    // 64 tasks wait at a time: this is many whole groups without one acknowledgement.
    hear(&writer, &mut heard, 500, is_unavailable);
    give_room(pid);
    hear(&writer, &mut heard, 500, is_acknowledged);
    (writer, heard)
}

fn posts(heard: &[Said], wanted: fn(&Said) -> bool) -> BTreeSet<(i64, i64)> {
    assert!(heard.iter().all(|said| is_acknowledged(said) || is_unavailable(said)), "{heard:?}");
    heard.iter().filter(|said| wanted(said)).map(Said::post).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_acknowledged_while_files_cannot_grow() {
    let place = temp_sqlite();
    let mut command = Command::new("sh");
    // A signal would end the process before SQLite could see the error.
    command
        .args(["-c", r#"trap '' XFSZ; exec "$@""#, "sh"])
        .arg(program())
        .arg(place.url())
        .args(["64", "0"]);
    let limit = |pid: u32, bytes: &str| {
        let set =
            Command::new("prlimit").args(["--pid", &pid.to_string(), &format!("--fsize={bytes}")]).status();
        assert!(set.expect("prlimit (Debian and Ubuntu: apt-get install util-linux)").success());
    };
    let starved =
        starve(command, |pid| limit(pid, "65536:unlimited"), |pid| limit(pid, "unlimited:unlimited"));
    let (writer, mut heard) = starved;
    heard.extend(writer.kill());
    let acknowledged = posts(&heard, is_acknowledged);
    let stored = nothing_is_lost_or_doubled(&place.url(), &acknowledged).await;
    // What was refused is not there; of the last group the writer was killed before it could speak.
    assert!(stored <= acknowledged.len() + 64, "{stored} are stored, {} acknowledged", acknowledged.len());
}

/// A name space of our own, in which one may mount.
fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]);
    command
}

/// Whether this machine allows that.
fn may_mount() -> bool {
    let tried = unshare().args(["mount", "-t", "tmpfs", "none", "/mnt"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_acknowledged_while_the_disk_is_full() {
    if !may_mount() {
        println!(
            "a full disk needs a mount, which is refused here; files that cannot grow are tried instead"
        );
        return;
    }
    let place = temp_sqlite();
    let folder = place.path().parent().unwrap().to_owned();
    let mut command = unshare();
    command.args(["sh", "-c", r#"mount -t tmpfs -o size=24m none "$1" && exec "$2" "$3" 64 0"#, "sh"]);
    command.arg(&folder).arg(program()).arg(place.url());
    let inside = |pid: u32| format!("/proc/{pid}/root{}", folder.display());
    let fill = |pid| {
        let filled = std::fs::write(format!("{}/ballast", inside(pid)), vec![0; 32 << 20]);
        assert_eq!(filled.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    };
    let empty = |pid| std::fs::remove_file(format!("{}/ballast", inside(pid))).unwrap();
    let (writer, heard) = starve(command, fill, empty);
    // Outside the mount does not exist: stop the writer and copy what it has on its disk.
    let pid = writer.process.id();
    let copied = Command::new("sh")
        .args(["-c", r#"kill -STOP "$1" && cp "$2"/test.db* "$3""#, "sh", &pid.to_string(), &inside(pid)])
        .arg(&folder)
        .status();
    assert!(copied.unwrap().success());
    drop(writer);
    nothing_is_lost_or_doubled(&place.url(), &posts(&heard, is_acknowledged)).await;
}
