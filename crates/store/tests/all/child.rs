//! The process that the crash proofs kill, starve and watch.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
};

use folkmoot_store::{Db, Options, sql};

sql! {
    static HEAD: () -> i64 = "SELECT head FROM streams WHERE id = 1";
    static EVENTS: () -> (i64, i64, i64) = "SELECT seq, task, number FROM events WHERE stream = 1 ORDER BY seq";
    static POSTS: () -> (i64, i64) = "SELECT task, number FROM posts ORDER BY task, number";
}

/// The example `crash_writer`, which cargo builds with the tests.
pub(crate) fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("examples/crash_writer");
    assert!(program.exists(), "cargo build -p folkmoot-store --examples makes {}", program.display());
    program
}

/// What a child said.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    Acknowledged(i64, i64),
    Refused(i64, i64, String),
}

impl Said {
    /// The task and the number of the post it is about.
    pub(crate) fn post(&self) -> (i64, i64) {
        match self {
            Self::Acknowledged(task, number) | Self::Refused(task, number, _) => (*task, *number),
        }
    }

    pub(crate) fn from(line: &str) -> Self {
        let mut words = line.splitn(4, ' ');
        let kind = words.next();
        let mut number = || words.next().unwrap().parse().unwrap();
        let (task, number) = (number(), number());
        match kind {
            Some("ack") => Self::Acknowledged(task, number),
            _ => Self::Refused(task, number, words.next().unwrap_or_default().to_owned()),
        }
    }
}

/// A writer that runs until it is dropped, which kills it with SIGKILL.
pub(crate) struct Writer {
    pub(crate) process: Child,
    pub(crate) says: Receiver<Said>,
}

impl Writer {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (tell, says) = channel();
        std::thread::spawn(move || {
            // A line cut off by the kill was not said.
            for line in lines.map_while(Result::ok).filter(|line| line.split(' ').count() >= 3) {
                tell.send(Said::from(&line)).ok();
            }
        });
        Self { process, says }
    }

    /// Kills it and gives the rest of what it had said.
    pub(crate) fn kill(mut self) -> Vec<Said> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.says.iter().collect()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Everything acknowledged is there, nothing is there twice, and the stream has no gap.
pub(crate) async fn nothing_is_lost_or_doubled(url: &str, acknowledged: &BTreeSet<(i64, i64)>) -> usize {
    let db = Db::open(url, Options::default()).await.unwrap();
    let posts = db.all(POSTS.with(())).await.unwrap();
    let stored: BTreeSet<(i64, i64)> = posts.iter().copied().collect();
    assert_eq!(posts.len(), stored.len(), "a post is there twice");
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let events = db.all(EVENTS.with(())).await.unwrap();
    assert!(events.iter().map(|(seq, ..)| *seq).eq(1..=events.len() as i64), "the stream has a gap");
    assert_eq!(db.one(HEAD.with(())).await.unwrap(), events.len() as i64);
    assert_eq!(events.iter().map(|(_, task, number)| (*task, *number)).collect::<BTreeSet<_>>(), stored);
    db.close().await;
    posts.len()
}
