//! What a run measured, kept as JSON for programs and as a table for people.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::figures::{Figure, Row, Side, number};
use crate::machine::Machine;

/// Everything that a run measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    /// The day, as YYYY-MM-DD.
    pub(crate) day: String,
    pub(crate) commit: String,
    pub(crate) machine: Machine,
    /// Turns of each side, and how long one is.
    pub(crate) rounds: u32,
    pub(crate) seconds: u64,
    /// What community it was.
    pub(crate) community: String,
    pub(crate) rows: Vec<Row>,
}

impl Results {
    /// None yet.
    pub(crate) fn begin(binary: &Path, rounds: u32, seconds: u64, community: String) -> Result<Self> {
        let day = String::from_utf8(Command::new("date").arg("+%F").output()?.stdout)?.trim().to_owned();
        let (commit, machine) = (commit(binary)?, Machine::here()?);
        Ok(Self { day, commit, machine, rounds, seconds, community, rows: Vec::new() })
    }

    /// Tells a row and keeps it.
    pub(crate) fn add(&mut self, row: Row) {
        println!("{}", row.told());
        self.rows.push(row);
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no result of a bench", path.display()))
    }

    /// Writes `DAY-COMMIT.json` and `DAY-COMMIT.md` into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let name = format!("{}-{}", self.day, self.commit);
        fs::write(folder.join(format!("{name}.json")), serde_json::to_string_pretty(self)? + "\n")?;
        fs::write(folder.join(format!("{name}.md")), self.table())?;
        println!("written: {name}.json and {name}.md");
        Ok(())
    }

    /// The table for people.
    fn table(&self) -> String {
        let Self { day, commit, machine, rounds, seconds, community, rows } = self;
        let mut text = format!(
            "# {day}, at {commit}\n\n{}; load generator on the same cores. {community}. {rounds} turns of {seconds} s for \
             each side, in alternation; medians with the lowest and highest turn. Cores: what the measured server, the load \
             generator, PostgreSQL and everything else on the machine used meanwhile.\n",
            machine.told()
        );
        let mut scenario = "";
        for row in rows {
            if row.scenario != scenario {
                scenario = &row.scenario;
                text.push_str(&format!(
                    "\n## {scenario}\n\n| what | measured | beside it, in the same run | ratio |\n| --- | --- | --- | --- |\n"
                ));
            }
            let baseline = row
                .baseline
                .as_ref()
                .map_or_else(String::new, |side| format!("{}: {}", side.name, cell(side)));
            let ratio = row.ratio.as_ref();
            let ratio = ratio.map_or_else(String::new, |r| format!("{} × the {}", number(r.value), r.of));
            text.push_str(&format!("| {} | {} | {baseline} | {ratio} |\n", row.what, cell(&row.product)));
        }
        text
    }
}

fn cell(side: &Side) -> String {
    side.figures.iter().map(Figure::told).collect::<Vec<_>>().join("; ")
}

/// What the binary was built from; what is checked out here when it does not know.
fn commit(binary: &Path) -> Result<String> {
    let said = Command::new(binary).args(["version", "--json"]).output();
    let said = said.with_context(|| format!("cannot run {}; build it first", binary.display()))?;
    let version: serde_json::Value = serde_json::from_slice(&said.stdout)?;
    match version["commit"].as_str() {
        Some(commit) if commit != "unknown" => Ok(commit.to_owned()),
        _ => {
            let head = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output()?;
            Ok(String::from_utf8(head.stdout)?.trim().to_owned())
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Results;
    use crate::figures::{Better, Figure, Row, Side};
    use crate::machine::Machine;

    /// Results with one row, whose figure had these turns.
    pub(crate) fn results(commit: &str, cpu: &[f64], baseline: f64) -> Results {
        let product = Side::new("folkmoot", [Figure::of("CPU each", "µs", Better::Lower, cpu)]);
        let nginx = Side::new("nginx", [Some(Figure::once("CPU each", "µs", Better::Lower, baseline))]);
        Results {
            day: String::from("2026-11-21"),
            commit: commit.to_owned(),
            machine: Machine {
                processor: String::from("One"),
                cores: 2,
                memory_gib: 24,
                disk: String::from("a virtual disk with ext4"),
                kernel: String::from("6.1"),
            },
            rounds: 5,
            seconds: 1,
            community: String::from("An empty community"),
            rows: vec![Row::beside("browse", "a thread as JSON", product, nginx, "CPU each")],
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_is_a_table_for_people() {
        let (folder, written) = (tempfile::TempDir::new().unwrap(), results("abc", &[14.0, 12.0, 13.0], 6.5));
        written.write(folder.path()).unwrap();
        assert_eq!(Results::read(&folder.path().join("2026-11-21-abc.json")).unwrap(), written);
        let table = std::fs::read_to_string(folder.path().join("2026-11-21-abc.md")).unwrap();
        let row = "| a thread as JSON | CPU each 13.0 µs (12.0–14.0) | nginx: CPU each 6.50 µs | 2.00 × the CPU each |";
        assert!(table.contains(row), "{table}");
        assert!(table.contains("2 cores of One, 24 GiB, a virtual disk with ext4, Linux 6.1"), "{table}");
    }

    #[test]
    fn what_is_no_result_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("other.json");
        std::fs::write(&path, "{}").unwrap();
        assert!(Results::read(&path).unwrap_err().to_string().contains("is no result of a bench"));
    }
}
