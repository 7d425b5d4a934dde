//! On what it was measured: enough to know whether two results may be compared, and no names or paths.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    pub(crate) disk: String,
    pub(crate) kernel: String,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Result<Self> {
        let cpu = fs::read_to_string("/proc/cpuinfo")?;
        let memory = fs::read_to_string("/proc/meminfo")?;
        let kib: u64 =
            field(&memory, "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or(0);
        Ok(Self {
            processor: field(&cpu, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: (kib + 512 * 1024) / (1024 * 1024),
            disk: disk(&std::env::temp_dir()),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
        })
    }

    /// It in a line.
    pub(crate) fn told(&self) -> String {
        let Self { processor, cores, memory_gib, disk, kernel } = self;
        format!("{cores} cores of {processor}, {memory_gib} GiB, {disk}, Linux {kernel}")
    }
}

/// What follows a name and a colon.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':')).map(str::trim)
}

/// The kind of disk below a folder and its file system, as the longest mount point that leads there tells.
fn disk(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?, words.next()?, words.next()?))
    });
    let below = mounts.filter(|(_, at, _)| folder.starts_with(at)).max_by_key(|(_, at, _)| at.len());
    let Some((device, _, system)) = below else { return String::from("an unknown disk") };
    let name = device.trim_start_matches("/dev/").trim_end_matches(|c: char| c.is_ascii_digit());
    let turns = fs::read_to_string(format!("/sys/block/{name}/queue/rotational")).unwrap_or_default();
    let kind = match (name, turns.trim()) {
        (name, _) if name.starts_with("vd") || name.starts_with("xvd") => "a virtual disk",
        (_, "0") => "a solid-state disk",
        (_, "1") => "a turning disk",
        _ if system == "tmpfs" => "memory",
        _ => "an unknown disk",
    };
    format!("{kind} with {system}")
}

#[cfg(test)]
mod tests {
    use super::{Machine, field};

    #[test]
    fn a_machine_is_told_without_its_name() {
        let here = Machine::here().unwrap();
        assert!(here.cores > 0 && here.memory_gib > 0 && !here.kernel.is_empty(), "{here:?}");
        assert!(!here.told().contains('/'), "no paths: {}", here.told());
    }

    #[test]
    fn fields_are_read_however_they_are_indented() {
        assert_eq!(field("model name\t: One\nmodel\t: 7", "model name"), Some("One"));
        assert_eq!(field("MemTotal:       24 kB", "MemTotal"), Some("24 kB"));
    }
}
