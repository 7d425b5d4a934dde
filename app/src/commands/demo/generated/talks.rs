//! Conversations with their messages: most of two people, some of a group.

use std::collections::BTreeSet;

use super::dice::{Dice, Zipf};
use super::prose::capital;
use super::threads::Making;
use crate::accounts::UserId;
use crate::chat::imported::{Imported, ImportedMessage};
use crate::chat::{ConversationId, MessageId};
use crate::core::Result;

/// How many posts there are for one message.
const POSTS_A_MESSAGE: usize = 10;
/// The longest conversation, in messages: a transaction of some hundred kilobytes.
const LONGEST: usize = 400;
const EXPONENT: f64 = 1.5;
const MINUTE: f64 = 60_000.0;
const DAY: f64 = 24.0 * 60.0 * MINUTE;

impl Making {
    /// Makes one conversation after the other until there are enough messages; `take` says whether to go on. The people
    /// of `known` are in many of them.
    ///
    /// # Errors
    /// When no more ids can be had.
    pub(super) fn conversations(
        &self,
        known: &[UserId],
        mut take: impl FnMut(Imported) -> bool,
    ) -> Result<()> {
        let (mut dice, lengths) = (Dice::new(self.seed, "conversations"), Zipf::new(LONGEST, EXPONENT));
        let (mut written, mut pairs) = (0, BTreeSet::new());
        let all = self.posts.div_ceil(POSTS_A_MESSAGE);
        while written < all {
            let length = (lengths.rank(&mut dice) + 1).min(all - written);
            let opened_at = self.life.at(written as f64 / all as f64);
            written += length;
            let members = self.members(&mut dice, known, opened_at);
            let is_pair = members.len() == 2
                && pairs.insert(members.iter().min().zip(members.iter().max()).map(|(a, b)| (*a, *b)));
            let vocabulary = self.prose.vocabulary(&mut dice);
            let title = (!is_pair).then(|| capital(vocabulary.word(&mut dice)));
            let (mut messages, mut at) = (Vec::with_capacity(length), opened_at);
            let longest = ((self.life.to - opened_at) as f64 / length as f64).clamp(2.0 * MINUTE, DAY);
            for _ in 0..length {
                let body = self.prose.message(vocabulary, &mut dice);
                messages.push(ImportedMessage {
                    id: MessageId(self.app.new_id()?),
                    author: *dice.of(&members),
                    rendered: self.rendered(&body),
                    body,
                    at,
                });
                at = (at + dice.doubling(0.1 * MINUTE, longest) as i64).min(self.life.to);
            }
            let unread = if dice.chance(20.0) { vec![(*dice.of(&members), 3)] } else { Vec::new() };
            let id = ConversationId(self.app.new_id()?);
            if !take(Imported { id, members, title, opened_at, messages, unread }) {
                break;
            }
        }
        Ok(())
    }

    /// Two people, or up to eight, who are fewer than were there from the first day.
    fn members(&self, dice: &mut Dice, known: &[UserId], at: i64) -> Vec<UserId> {
        let count = if dice.chance(75.0) { 2 } else { 3 + dice.below(6) };
        let mut members = BTreeSet::new();
        if !known.is_empty() && dice.chance(20.0) {
            members.insert(*dice.of(known));
        }
        while members.len() < count {
            members.insert(self.people.somebody(dice, at).id);
        }
        members.into_iter().collect()
    }
}
