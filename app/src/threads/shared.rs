//! What a page shows everybody alike, remembered while the streams that tell of it stand where they stood.
//!
//! Whoever is signed in has an answer of their own, of which little is theirs: marks, reactions, what they may do. The rest
//! (words, names, faces, tags) is made once for all of them. Nothing has to be dropped: what is remembered is used only
//! where the heads of the thread's stream, which tells of posts, reactions and tags, and of `site`, which tells of people,
//! were read in the same snapshot as the rest of the answer and are those that it was made from. So it holds on every node
//! and both databases, and is never older than the answer that it is part of. Rights are decided before, by who reads.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::model::{PostId, ThreadId};
use super::outline::Heads;
use super::page::PostsQuery;
use super::present::{Company, Shown};
use crate::core::parts::Part;
use crate::core::streams::Stream;
use crate::core::{App, Result};

/// Of the memory for kept answers, this part more is taken by remembered posts …
const PART_FOR_POSTS: usize = 2;
/// … and for each of its megabytes so many threads' company is remembered, each of about a kilobyte.
const THREADS_A_MEGABYTE: usize = 128;
/// What a post takes besides its words: names, addresses, what its container needs.
const OF_EACH_POST: usize = 1024;

/// Posts that are remembered together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Remembered {
    /// Those of a thread that were asked for.
    Asked(ThreadId, PostsQuery),
    /// The one that a thread was opened with.
    Opening(PostId),
}

/// Where the streams stood that tell of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print(u64);

/// What this process remembers.
#[derive(Debug)]
pub(super) struct Shared {
    companies: Cache<ThreadId, (Print, Arc<Company>)>,
    posts: Cache<Remembered, (Print, Arc<Vec<Shown>>), ByBytes>,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Remembered, (Print, Arc<Vec<Shown>>)> for ByBytes {
    fn weight(&self, _: &Remembered, (_, posts): &(Print, Arc<Vec<Shown>>)) -> u64 {
        let bytes: usize = posts.iter().map(|post| OF_EACH_POST + post.bytes_of_words()).sum();
        (OF_EACH_POST + bytes) as u64
    }
}

impl Part for Shared {
    fn make(app: &App) -> Result<Self> {
        let megabytes = app.config.limits.kept_megabytes;
        let bytes = megabytes.saturating_mul(1 << 20) / PART_FOR_POSTS;
        Ok(Self {
            companies: Cache::new(megabytes.saturating_mul(THREADS_A_MEGABYTE)),
            posts: Cache::with_weighter(64, bytes as u64, ByBytes),
        })
    }
}

/// What is remembered, for one reading that knows where the streams stand.
#[derive(Clone)]
pub(super) struct Recall<'a> {
    shared: Arc<Shared>,
    heads: &'a Heads,
    epoch: Arc<str>,
}

impl<'a> Recall<'a> {
    /// For a reading with these heads.
    ///
    /// # Errors
    /// Never; in place of a panic.
    pub(super) fn of(app: &App, heads: &'a Heads) -> Result<Self> {
        Ok(Self { shared: app.part::<Shared>()?, heads, epoch: app.epoch() })
    }

    /// Where the streams stand that tell of a thread; `None` when the reading does not know, and nothing is remembered.
    fn print(&self, thread: ThreadId, slug: &str) -> Option<Print> {
        let of_thread = self.heads.get(&Stream::Thread(thread.0).to_string())?;
        let of_site = self.heads.get(&Stream::Site.to_string())?;
        let mut hasher = DefaultHasher::new();
        // Addresses of posts have the readable part of their thread's.
        (of_thread, of_site, slug, &self.epoch).hash(&mut hasher);
        Some(Print(hasher.finish()))
    }

    /// The company of a thread.
    pub(super) fn company(&self, thread: ThreadId, slug: &str) -> Option<Arc<Company>> {
        let print = self.print(thread, slug)?;
        self.shared.companies.get(&thread).filter(|(of, _)| *of == print).map(|(_, company)| company)
    }

    /// Remembers the company of a thread.
    pub(super) fn keep_company(&self, thread: ThreadId, slug: &str, company: &Arc<Company>) {
        if let Some(print) = self.print(thread, slug) {
            self.shared.companies.insert(thread, (print, Arc::clone(company)));
        }
    }

    /// Posts of a thread.
    pub(super) fn posts(&self, which: &Remembered, thread: ThreadId, slug: &str) -> Option<Arc<Vec<Shown>>> {
        let print = self.print(thread, slug)?;
        self.shared.posts.get(which).filter(|(of, _)| *of == print).map(|(_, posts)| posts)
    }

    /// Remembers posts of a thread.
    pub(super) fn keep_posts(
        &self,
        which: Remembered,
        thread: ThreadId,
        slug: &str,
        posts: &Arc<Vec<Shown>>,
    ) {
        if let Some(print) = self.print(thread, slug) {
            self.shared.posts.insert(which, (print, Arc::clone(posts)));
        }
    }
}
