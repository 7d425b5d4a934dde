//! What processes have used, from `/proc`.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Clock ticks a second in `/proc/PID/stat`: Linux has told user space 100 on every architecture since 2.6.
const TICKS: u64 = 100;

/// CPU time of a process by itself, user and system.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<&str> = stat.rsplit_once(')').context("unreadable stat")?.1.split_whitespace().collect();
    Ok(ticks(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?))
}

/// A line of `/proc/PID/status` in kB: `VmRSS` (resident now) or `VmHWM` (resident at most).
pub(crate) fn memory_kb(pid: u32, line: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let value =
        status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).context("no such line")?;
    Ok(value.trim().trim_end_matches("kB").trim().parse()?)
}

fn ticks(count: u64) -> Duration {
    Duration::from_millis(count * 1000 / TICKS)
}

/// The children of a process, whichever of its threads started them.
fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// A process and all that come from it.
fn family(pid: u32) -> Vec<u32> {
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(one) = family.get(next).copied() {
        family.extend(children(one));
        next += 1;
    }
    family
}

/// CPU time until now. A process that ended meanwhile counts no more.
fn cpu_of(pids: &[u32]) -> Duration {
    pids.iter().filter_map(|pid| cpu(*pid).ok()).sum()
}

/// CPU time of the whole machine, without waiting.
fn machine_cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("unreadable stat")?;
    let times: Vec<u64> = line.split_whitespace().filter_map(|time| time.parse().ok()).collect();
    // user, nice, system; idle and iowait are rest; irq, softirq, steal.
    Ok(ticks([0, 1, 2, 5, 6, 7].iter().filter_map(|at| times.get(*at)).sum()))
}

/// Looks at who uses the CPU from its beginning on.
pub(crate) struct Watch {
    subject: u32,
    before: Sample,
    began: Instant,
}

/// CPU time until now.
struct Sample {
    subject: Duration,
    generator: Duration,
    database: Duration,
    machine: Duration,
}

/// What was used while it was watched.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// CPU time of what is measured.
    pub(crate) cpu: Duration,
    /// How many cores each kept busy.
    pub(crate) cores: Cores,
}

/// Cores kept busy.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cores {
    pub(crate) server: f64,
    pub(crate) generator: f64,
    pub(crate) database: f64,
    pub(crate) others: f64,
}

impl Watch {
    /// Begins to watch what is measured: a process with those that come from it.
    pub(crate) fn of(subject: u32) -> Result<Self> {
        Ok(Self { subject, before: Sample::now(subject)?, began: Instant::now() })
    }

    /// What was used since.
    pub(crate) fn used(&self) -> Result<Used> {
        let (after, took) = (Sample::now(self.subject)?, self.began.elapsed().as_secs_f64());
        let before = &self.before;
        let cpu = after.subject.saturating_sub(before.subject);
        let share = |before: Duration, after: Duration| after.saturating_sub(before).as_secs_f64() / took;
        let (server, generator) = (cpu.as_secs_f64() / took, share(before.generator, after.generator));
        let database = share(before.database, after.database);
        let all = share(before.machine, after.machine);
        let others = (all - server - generator - database).max(0.0);
        Ok(Used { cpu, cores: Cores { server, generator, database, others } })
    }
}

impl Sample {
    fn now(subject: u32) -> Result<Self> {
        let measured = family(subject);
        let is_database = |pid: &u32| {
            fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "postgres\n")
        };
        let mut database = family(std::process::id());
        database.retain(|pid| !measured.contains(pid) && is_database(pid));
        Ok(Self {
            subject: cpu_of(&measured),
            generator: cpu(std::process::id())?,
            database: cpu_of(&database),
            machine: machine_cpu()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::{Watch, family};

    #[test]
    fn what_a_child_uses_is_told_apart_from_what_we_use() {
        let mut busy =
            Command::new("sh").args(["-c", "while :; do :; done"]).stdin(Stdio::null()).spawn().unwrap();
        let watch = Watch::of(busy.id()).unwrap();
        let began = Instant::now();
        // However busy the machine is, it gets a turn some time.
        let mut used = watch.used().unwrap();
        while used.cpu < Duration::from_millis(200) && began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(50));
            used = watch.used().unwrap();
        }
        let known = family(std::process::id()).contains(&busy.id());
        busy.kill().unwrap();
        busy.wait().unwrap();
        assert!(known, "it comes from us");
        assert!(
            used.cpu >= Duration::from_millis(200) && used.cores.server > used.cores.generator,
            "{used:?}"
        );
    }
}
