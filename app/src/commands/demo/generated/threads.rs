//! Threads with their posts: a few very long, most short; each in one script, on one board, over days or years.

use std::collections::BTreeSet;

use folkmoot_markup::{Context, Flavour, Mention, Rendered, render};

use super::dice::{Dice, Zipf};
use super::people::{Life, People};
use super::prose::Prose;
use super::vocabulary::Vocabulary;
use crate::accounts::names;
use crate::commands::bulk::{Post, Reaction, Thread, count};
use crate::core::{App, Result};

/// The longest thread: a transaction of some megabytes.
const LONGEST: usize = 2_000;
/// So that the middle thread has two posts, and all together seven in the mean, as in the forums that one can look at.
const EXPONENT: f64 = 1.9;
const MINUTE: f64 = 60_000.0;
const DAY: f64 = 24.0 * 60.0 * MINUTE;
const EMOJI: [&str; 6] = ["👍", "❤️", "😄", "🎉", "🚀", "👀"];

/// What threads are made of.
pub(super) struct Making {
    pub(super) app: App,
    pub(super) prose: Prose,
    pub(super) people: People,
    pub(super) boards: Vec<i64>,
    pub(super) life: Life,
    pub(super) seed: u64,
    pub(super) posts: usize,
    pub(super) base_urls: [String; 1],
}

impl Making {
    /// Makes one thread after the other until there are enough posts; `take` says whether to go on.
    ///
    /// # Errors
    /// When no more ids can be had.
    pub(super) fn threads(&self, mut take: impl FnMut(Thread) -> bool) -> Result<()> {
        let mut dice = Dice::new(self.seed, "threads");
        let (lengths, boards) = (Zipf::new(LONGEST, EXPONENT), Zipf::new(self.boards.len(), 0.8));
        let mut written = 0;
        while written < self.posts {
            let length = (lengths.rank(&mut dice) + 1).min(self.posts - written);
            let opened_at = self.life.at(written as f64 / self.posts as f64);
            let board = self.boards[boards.rank(&mut dice)];
            written += length;
            if !take(self.thread(&mut dice, board, opened_at, length)?) {
                break;
            }
        }
        Ok(())
    }

    fn thread(&self, dice: &mut Dice, board: i64, opened_at: i64, length: usize) -> Result<Thread> {
        let vocabulary = self.prose.vocabulary(dice);
        let mut posts: Vec<Post> = Vec::with_capacity(length);
        let mut at = opened_at;
        // Answers come within a minute or after weeks, but all of them before now.
        let longest =
            ((self.life.to - opened_at) as f64 / length as f64 * 3.0).clamp(2.0 * MINUTE, 60.0 * DAY);
        for _ in 0..length {
            posts.push(self.post(dice, vocabulary, &posts, at)?);
            at = (at + dice.doubling(MINUTE, longest) as i64).min(self.life.to);
        }
        Ok(Thread {
            id: self.app.new_id()?,
            board,
            title: self.prose.title(vocabulary, dice),
            tags: self.prose.tags(dice),
            views: count(length) * dice.doubling(5.0, 400.0) as i64,
            pinned: dice.chance(0.1),
            locked: dice.chance(1.0),
            archived: false,
            deleted_at: None,
            source: None,
            posts,
        })
    }

    fn post(&self, dice: &mut Dice, vocabulary: &Vocabulary, before: &[Post], at: i64) -> Result<Post> {
        let mut body = self.prose.body(vocabulary, dice);
        let answered = if dice.chance(25.0) { before.get(dice.below(before.len().max(1))) } else { None };
        if before.len() > 1 && dice.chance(4.0) {
            body = format!("@{} {body}", self.people.somebody(dice, at).nickname);
        }
        Ok(Post {
            id: self.app.new_id()?,
            author: self.people.somebody(dice, at).id.0,
            reply_to: answered.map(|post| post.id),
            flavour: Flavour::Markdown.as_str(),
            rendered: self.rendered(&body),
            body,
            likes: 0,
            reactions: self.reactions(dice, at),
            created_at: at,
            edited_at: None,
            edit_count: 0,
            deleted_at: None,
            source: None,
        })
    }

    fn reactions(&self, dice: &mut Dice, at: i64) -> Vec<Reaction> {
        if !dice.chance(12.0) {
            return Vec::new();
        }
        let by: BTreeSet<i64> = (0..1 + dice.below(5)).map(|_| self.people.somebody(dice, at).id.0).collect();
        by.into_iter().map(|by| Reaction { by, emoji: EMOJI[dice.below(EMOJI.len())], at }).collect()
    }

    /// The HTML of a body, as of everything that people write.
    pub(super) fn rendered(&self, body: &str) -> Rendered {
        let mention = |name: &str| {
            let member = self.people.named(name)?;
            let (nickname, url) = (member.nickname.clone(), names::url(&member.nickname));
            Some(Mention { id: member.id.to_string(), nickname, url })
        };
        render(body, &Context { flavour: Flavour::Markdown, mentions: &mention, base_urls: &self.base_urls })
    }
}
