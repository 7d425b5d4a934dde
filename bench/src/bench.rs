//! What all scenarios share: the options, the communities that they run over, and what was measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tempfile::TempDir;

use crate::figures::{Better, Figure};
use crate::people::members;
use crate::process;
use crate::report::Series;
use crate::results::Results;
use crate::server::{Server, command};

/// Members of each community, named `member0` and on.
const MEMBERS: usize = 100;

/// What every scenario needs.
#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    /// The binary to measure
    #[arg(long, global = true, default_value = "target/release/folkmoot")]
    pub(crate) binary: PathBuf,
    /// A community to import first (what `folkmoot import discourse` takes); else one is generated
    #[arg(long, global = true)]
    pub(crate) archive: Option<PathBuf>,
    /// How large a community is generated
    #[arg(long, global = true, default_value_t = 20_000)]
    pub(crate) posts: u32,
    /// How often product and baseline take turns
    #[arg(long, global = true, default_value_t = 5)]
    pub(crate) rounds: u32,
    /// Seconds a turn
    #[arg(long, global = true, default_value_t = 2)]
    pub(crate) seconds: u64,
    /// Connections at once
    #[arg(long, global = true, default_value_t = 64)]
    pub(crate) connections: usize,
    /// Writes what was measured into this folder, as JSON and as a table
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) write: Option<PathBuf>,
}

impl Options {
    /// How long a turn is.
    pub(crate) fn turn(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn community(&self) -> String {
        match &self.archive {
            Some(_) => String::from("The community came from an archive"),
            None => format!("The community is generated, with {} posts", self.posts),
        }
    }
}

/// A folder with a database, and the headers of its members.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) members: Vec<String>,
}

impl Place {
    fn copy(&self) -> Result<Self> {
        let folder = TempDir::new()?;
        for file in fs::read_dir(self.folder.path())? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), folder.path().join(file.file_name()))?;
            }
        }
        Ok(Self { folder, members: self.members.clone() })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A run.
pub(crate) struct Bench {
    pub(crate) options: Options,
    pub(crate) results: Results,
    empty: Option<Place>,
    lived_in: Option<Place>,
}

impl Bench {
    /// Nothing measured yet.
    pub(crate) fn begin(options: Options) -> Result<Self> {
        let results = Results::begin(&options.binary, options.rounds, options.seconds, options.community())?;
        Ok(Self { options, results, empty: None, lived_in: None })
    }

    /// A database in which nobody has written anything yet.
    pub(crate) async fn empty(&mut self) -> Result<Place> {
        if self.empty.is_none() {
            self.empty = Some(peopled(&self.options, TempDir::new()?).await?);
        }
        self.empty.as_ref().map_or_else(|| bail!("no community"), Place::copy)
    }

    /// A database with the archive in it, or with a generated community.
    pub(crate) async fn lived_in(&mut self) -> Result<Place> {
        if self.lived_in.is_none() {
            let folder = TempDir::new()?;
            fill(&self.options, command(&self.options.binary, folder.path(), 0))?;
            self.lived_in = Some(peopled(&self.options, folder).await?);
        }
        self.lived_in.as_ref().map_or_else(|| bail!("no community"), Place::copy)
    }

    /// Writes what was measured, where that was asked for.
    pub(crate) fn finish(&self) -> Result<()> {
        self.options.write.as_ref().map_or(Ok(()), |folder| self.results.write(folder))
    }
}

/// Fills the database of a command with the archive, or with a generated community.
pub(crate) fn fill(options: &Options, mut command: Command) -> Result<()> {
    let begin = Instant::now();
    match &options.archive {
        Some(archive) => command.args(["import", "discourse"]).arg(archive),
        None => command.args(["demo", "--posts", &options.posts.to_string()]),
    };
    if !command.stdout(Stdio::null()).status()?.success() {
        bail!("the community could not be made");
    }
    println!("a community was made in {:.1} s", begin.elapsed().as_secs_f64());
    Ok(())
}

async fn peopled(options: &Options, folder: TempDir) -> Result<Place> {
    let server = Server::start(options, folder.path()).await?;
    let members = members(&server, MEMBERS).await?;
    server.settle().await?;
    Ok(Place { folder, members })
}

/// Keeps how much memory a server has now, and has had at most.
pub(crate) fn keep_memory(series: &mut Series, pid: u32) -> Result<()> {
    for (name, line) in [("resident", "VmRSS"), ("resident at most", "VmHWM")] {
        let megabytes = process::memory_kb(pid, line)? as f64 / 1024.0;
        series.also(Figure::once(name, "MB", Better::Lower, megabytes));
    }
    Ok(())
}
