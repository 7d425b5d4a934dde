//! What comes whole, from another community or invented: boards, and threads with all their posts, a commit each.

use std::collections::BTreeMap;

use folkmoot_markup::{MARKUP_VERSION, Rendered};
use folkmoot_store::{Bound, CommitError, sql};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::boards::{BOARD_CHANGED, BoardId, Policy};
use crate::core::App;
use crate::core::events::{Event, Write};
use crate::core::slug::slug;
use crate::core::streams::Stream;
use crate::threads::ThreadId;
use crate::threads::events::imported;

sql! {
    /// A board: who reads it, and who writes on it.
    static INSERT_BOARD: (i64, String, String, String, i64, i64, String, i64, Option<String>, String, String) =
        "INSERT INTO boards (id, slug, title, description, preset, hue, position, read_right, start_right,
            reply_right, policy, thread_count, post_count, created_at, version, source)
        VALUES ($1, $2, $3, $4, 'forum', $5, $6, $10, $11, $11, $7, 0, 0, $8, 1, $9)
        ON CONFLICT DO NOTHING";
    /// A thread; nothing when its source is here.
    static INSERT_THREAD: (
        i64, i64, i64, String, String, i64, i64, i64, i64, i64, i64, i64, bool, bool, bool, i64, Option<i64>, i64,
        Option<String>
    ) = "INSERT INTO threads (id, board_id, author_id, title, slug, opening_post_id, last_post_id, last_author_id,
            last_post_at, bumped_at, post_count, next_position, view_count, imported_likes, pinned, locked, archived,
            created_at, deleted_at, version, source)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $18, $13, $14, $15, $16, $17, 1, $19)
        ON CONFLICT (source) DO NOTHING";
    /// A thread's tag.
    static INSERT_TAG: (i64, String) = "INSERT INTO thread_tags (thread_id, tag) VALUES ($1, $2)";
    /// A post.
    static INSERT_POST: (
        i64, i64, i64, i64, Option<i64>, String, String, String, i64, i64, i64, Option<i64>, i64, Option<i64>, String,
        Option<String>, String
    ) = "INSERT INTO posts (id, thread_id, author_id, position, reply_to, flavour, body, html, excerpt, markup_version,
            imported_likes, created_at, edited_at, edit_count, deleted_at, version, sent_to, source)
        VALUES ($1, $2, $3, $4, $5, $17, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16)";
    /// A reaction.
    static INSERT_REACTION: (i64, i64, String, i64) =
        "INSERT INTO reactions (post_id, user_id, emoji, created_at) VALUES ($1, $2, $3, $4)";
    /// Counts what came to a board.
    static COUNT_BOARD: (i64, i64, i64) = "UPDATE boards
        SET thread_count = thread_count + $2, post_count = post_count + $3, version = version + 1 WHERE id = $1";
    /// Counts what came to a person on a board that everyone may read: others see these counts.
    static COUNT_PERSON: (i64, i64, i64, i64, i64) = "UPDATE users
        SET thread_count = thread_count + $2, post_count = post_count + $3, like_count = like_count + $4
        WHERE id = $1 AND EXISTS (SELECT 1 FROM boards b WHERE b.id = $5 AND b.read_right = 'everyone')";
}

/// A board of the kind `forum`.
pub(super) struct Board {
    pub(super) id: i64,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) position: i64,
    /// Who may read it: `everyone`, `members` or `staff`.
    pub(super) read: &'static str,
    /// Who may start threads and reply.
    pub(super) write: &'static str,
    pub(super) created_at: i64,
    pub(super) source: Option<String>,
}

/// A thread with all its posts.
pub(super) struct Thread {
    pub(super) id: i64,
    pub(super) board: i64,
    pub(super) title: String,
    pub(super) tags: Vec<String>,
    pub(super) views: i64,
    pub(super) pinned: bool,
    pub(super) locked: bool,
    pub(super) archived: bool,
    pub(super) deleted_at: Option<i64>,
    /// Unique: it is written only if no thread has it.
    pub(super) source: Option<String>,
    /// In their order; never empty.
    pub(super) posts: Vec<Post>,
}

/// A post with its words rendered.
pub(super) struct Post {
    pub(super) id: i64,
    pub(super) author: i64,
    /// The post of the same thread that it answers.
    pub(super) reply_to: Option<i64>,
    pub(super) flavour: &'static str,
    pub(super) body: String,
    pub(super) rendered: Rendered,
    /// Likes of which nobody knows whose they are.
    pub(super) likes: i64,
    pub(super) reactions: Vec<Reaction>,
    pub(super) created_at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) edit_count: i64,
    pub(super) deleted_at: Option<i64>,
    pub(super) source: Option<String>,
}

/// What somebody thinks of a post.
pub(super) struct Reaction {
    pub(super) by: i64,
    pub(super) emoji: &'static str,
    pub(super) at: i64,
}

impl Board {
    /// Writes it in a commit of its own: each is told to whoever looks at the list of boards.
    ///
    /// # Errors
    /// `Missed` when its address is taken, or the database cannot be written.
    pub(super) async fn write(self, app: &App) -> Result<(), CommitError> {
        // Neighbours on the list get colours far apart: the golden angle, in the 15-degree steps of the style.
        let hue = self.position * 135 % 360;
        let (id, is_public) = (self.id, self.read == "everyone");
        let mut write = Write::new(None, app.now());
        let insert = INSERT_BOARD.with((
            id,
            self.slug,
            self.title,
            self.description,
            hue,
            self.position,
            Policy::default().store(),
            self.created_at,
            self.source,
            String::from(self.read),
            String::from(self.write),
        ));
        write.push(insert.expect_rows(1).or("taken"));
        write.record(Event::new(Stream::Board(id), BOARD_CHANGED, id).version(1).outbox());
        if is_public {
            write.record(Event::new(Stream::Site, BOARD_CHANGED, id).version(1));
        }
        app.commit(write).await.map(drop)
    }
}

impl Thread {
    /// Writes it with its posts, tags, reactions and counts: one commit, one event, and nobody is notified. Answers
    /// whether it did: not if a thread of its source is here.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) async fn write(self, app: &App) -> Result<bool, CommitError> {
        let mut tally = Tally::default();
        tally.add(&self);
        let mut write = self.into_write(app);
        tally.push(&mut write);
        match app.commit(write).await {
            Ok(_) => Ok(true),
            Err(CommitError::Missed { code: HERE, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes it without its counts, which somebody adds up: several at once would wait for each other's people.
    ///
    /// # Errors
    /// `Missed` if a thread of its source is here, or the database cannot be written.
    pub(super) async fn write_uncounted(self, app: &App) -> Result<(), CommitError> {
        app.commit(self.into_write(app)).await.map(drop)
    }

    fn into_write(self, app: &App) -> Write {
        let mut write = Write::new(None, app.now());
        write.push(self.insert().expect_rows(1).or(HERE));
        for tag in &self.tags {
            write.push(INSERT_TAG.with((self.id, tag.clone())));
        }
        write.record(imported(BoardId(self.board), ThreadId(self.id)));
        for (post, position) in self.posts.into_iter().zip(1..) {
            post.push(&mut write, self.id, position);
        }
        write
    }

    /// How many likes its posts came with.
    pub(super) fn likes(&self) -> i64 {
        self.posts.iter().map(|post| post.likes).sum()
    }

    /// When it is gone: a thread whose opening post is gone is gone, as everywhere here.
    fn deleted_at(&self) -> Option<i64> {
        self.deleted_at.or(self.posts[0].deleted_at)
    }

    fn visible(&self) -> impl DoubleEndedIterator<Item = &Post> {
        self.posts.iter().filter(|post| post.deleted_at.is_none())
    }

    fn insert(&self) -> Bound<()> {
        let opening = &self.posts[0];
        let last = self.visible().next_back().unwrap_or(opening);
        let last_at = self.visible().map(|post| post.created_at).max().unwrap_or(opening.created_at);
        INSERT_THREAD.with((
            self.id,
            self.board,
            opening.author,
            self.title.clone(),
            slug(&self.title),
            opening.id,
            last.id,
            last.author,
            last_at,
            count(self.visible().count()),
            count(self.posts.len()) + 1,
            self.views,
            self.pinned,
            self.locked,
            self.archived,
            opening.created_at,
            self.deleted_at(),
            self.likes(),
            self.source.clone(),
        ))
    }
}

/// What came to boards and people.
#[derive(Default)]
pub(super) struct Tally {
    /// Threads and posts.
    boards: BTreeMap<i64, [i64; 2]>,
    /// Threads, posts and likes, by person and board.
    people: BTreeMap<(i64, i64), [i64; 3]>,
}

impl Tally {
    /// Adds a thread with its visible posts, unless it is gone.
    pub(super) fn add(&mut self, thread: &Thread) {
        if thread.deleted_at().is_some() {
            return;
        }
        let [threads, posts] = self.boards.entry(thread.board).or_default();
        *threads += 1;
        *posts += count(thread.visible().count());
        for post in thread.visible() {
            let [_, posts, likes] = self.people.entry((post.author, thread.board)).or_default();
            *posts += 1;
            *likes += post.likes + count(post.reactions.iter().filter(|r| r.by != post.author).count());
        }
        let [threads, ..] = self.people.entry((thread.posts[0].author, thread.board)).or_default();
        *threads += 1;
    }

    /// Counts it in one write, in the order of ids.
    fn push(&self, write: &mut Write) {
        for (board, [threads, posts]) in &self.boards {
            write.push(COUNT_BOARD.with((*board, *threads, *posts)));
        }
        for ((person, board), [threads, posts, likes]) in &self.people {
            write.push(COUNT_PERSON.with((*person, *threads, *posts, *likes, *board)));
        }
    }

    /// Counts it in commits of some milliseconds.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) async fn write(self, app: &App) -> Result<(), CommitError> {
        const AT_ONCE: usize = 500;
        let mut part = Self { boards: self.boards, people: BTreeMap::new() };
        let mut left = self.people.into_iter().peekable();
        while !part.boards.is_empty() || left.peek().is_some() {
            part.people.extend(left.by_ref().take(AT_ONCE));
            let mut write = Write::new(None, app.now());
            part.push(&mut write);
            app.commit(write).await?;
            part = Self::default();
        }
        Ok(())
    }
}

const HERE: &str = "here";

impl Post {
    fn push(self, write: &mut Write, thread: i64, position: i64) {
        write.push(INSERT_POST.with((
            self.id,
            thread,
            self.author,
            position,
            self.reply_to,
            self.body,
            self.rendered.html,
            self.rendered.excerpt,
            MARKUP_VERSION,
            self.likes,
            self.created_at,
            self.edited_at,
            self.edit_count,
            self.deleted_at,
            format!("thread:{thread}"),
            self.source,
            String::from(self.flavour),
        )));
        for Reaction { by, emoji, at } in self.reactions {
            write.push(INSERT_REACTION.with((self.id, by, String::from(emoji), at)));
        }
    }
}

/// A count as the database has it.
pub(super) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A progress bar, where somebody looks: `length` of `what`, or, where nobody knows how many there are, how many were done.
pub(super) fn bar(quiet: bool, length: Option<u64>, doing: &'static str, what: &str) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = match length {
        None => format!("{{msg}} {{pos}} {what}"),
        Some(_) => format!("{{msg}} [{{wide_bar}}] {{pos}}/{{len}} {what}, {{eta}} left"),
    };
    let bar = ProgressBar::with_draw_target(length, target).with_message(doing);
    match ProgressStyle::with_template(&style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
