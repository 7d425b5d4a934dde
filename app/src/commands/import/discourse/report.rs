//! What came in, what is here now, and what was left out and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::topic::Remark;

/// The account of an import.
#[derive(Debug, Default, Serialize)]
pub(in crate::commands) struct Report {
    /// Files that were read.
    pub(in crate::commands) files: u64,
    /// What the archive holds that can be imported.
    pub(in crate::commands) found: Counts,
    /// What was written by this run.
    pub(in crate::commands) written: Counts,
    /// What an earlier run had written.
    pub(in crate::commands) already_here: Counts,
    /// What the database holds of this archive now.
    pub(in crate::commands) here: Counts,
    /// Files and topics that were left out, each with the reason.
    pub(in crate::commands) left_out: Vec<LeftOut>,
    /// Things within imported topics that did not become posts, or came in another form, by kind.
    pub(in crate::commands) remarks: BTreeMap<String, u64>,
    /// Accounts that could not keep their name: there, here.
    pub(in crate::commands) renamed: BTreeMap<String, String>,
    /// Accounts that were staff there; here they are members until an admin says otherwise.
    pub(in crate::commands) staff_there: Vec<String>,
    /// Boards that staff alone may read, because not everyone might there.
    pub(in crate::commands) for_staff: Vec<String>,
    /// Whether nothing was written because only a rehearsal was asked for.
    pub(in crate::commands) dry_run: bool,
}

/// Numbers of things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Counts {
    pub(in crate::commands) boards: i64,
    pub(in crate::commands) people: i64,
    pub(in crate::commands) topics: i64,
    pub(in crate::commands) posts: i64,
    pub(in crate::commands) likes: i64,
}

/// One thing that was left out.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct LeftOut {
    pub(in crate::commands) what: String,
    pub(in crate::commands) why: String,
}

/// At most so many lines of one kind are printed; `--json` has them all.
const MAX_LINES: usize = 40;

impl Report {
    /// Notes something that was left out.
    pub(super) fn leave_out(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.left_out.push(LeftOut { what: what.into(), why: why.into() });
    }

    /// Notes what a topic's reading remarked.
    pub(super) fn remark(&mut self, remark: &Remark) {
        let (words, count) = match remark {
            Remark::SmallAction(code) => {
                (format!("small action {code:?}: not a post; the state it led to is kept"), 1)
            }
            Remark::Whisper => (String::from("whispers among staff: left out"), 1),
            Remark::Hidden => (String::from("posts hidden after flags: kept as deleted ones"), 1),
            Remark::Gap(count) => (String::from("numbers that no post has: positions close up"), *count),
            Remark::Missing(count) => {
                (String::from("posts that the stream lists and the file does not hold"), *count)
            }
            Remark::LongTitle => (String::from("titles cut to 300 characters"), 1),
            Remark::Unlisted => (String::from("unlisted topics: listed here"), 1),
            Remark::LostReply(_) => {
                (String::from("replies to a post that is not in the topic: kept without the link"), 1)
            }
        };
        *self.remarks.entry(words).or_default() += u64::try_from(count).unwrap_or(0);
    }

    /// Whether everything found is here now.
    pub(in crate::commands) fn is_whole(&self) -> bool {
        self.dry_run || self.here == self.found
    }

    /// The report for people.
    pub(in crate::commands) fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:<14}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "boards", "people", "topics", "posts", "likes"
        );
        let rows = [
            ("found", self.found),
            ("written now", self.written),
            ("already here", self.already_here),
            ("here", self.here),
        ];
        let shown = if self.dry_run { 1 } else { rows.len() };
        for (name, c) in &rows[..shown] {
            let _ = writeln!(
                out,
                "{name:<14}{:>10}{:>10}{:>10}{:>10}{:>10}",
                c.boards, c.people, c.topics, c.posts, c.likes
            );
        }
        let _ = writeln!(out, "\n{} files read.", self.files);
        if !self.remarks.is_empty() {
            let _ = writeln!(out, "\nWithin topics:");
            for (words, count) in &self.remarks {
                let _ = writeln!(out, "  {count:>6}  {words}");
            }
        }
        list(
            &mut out,
            "Renamed people",
            self.renamed.iter().map(|(there, here)| format!("{there} is {here} here")),
        );
        list(
            &mut out,
            "Staff there, members here (folkmoot admin promote)",
            self.staff_there.iter().cloned(),
        );
        list(
            &mut out,
            "Boards for staff alone, until an admin says who else",
            self.for_staff.iter().cloned(),
        );
        list(&mut out, "Left out", self.left_out.iter().map(|item| format!("{}: {}", item.what, item.why)));
        let verdict = match (self.dry_run, self.is_whole()) {
            (true, _) => "A rehearsal: nothing was written.",
            (false, true) => "Everything found is here.",
            (false, false) => "NOT everything found is here; see above.",
        };
        let _ = writeln!(out, "\n{verdict}");
        out
    }
}

fn list(out: &mut String, title: &str, lines: impl ExactSizeIterator<Item = String>) {
    let count = lines.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(out, "\n{title} ({count}):");
    for line in lines.take(MAX_LINES) {
        let _ = writeln!(out, "  {line}");
    }
    if count > MAX_LINES {
        let _ = writeln!(out, "  … and {} more (--json lists all)", count - MAX_LINES);
    }
}
