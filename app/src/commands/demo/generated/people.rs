//! Who is in the community, and when they came. It grew evenly: at half of its life a quarter of its people were there.

use std::collections::{BTreeSet, HashMap};

use folkmoot_store::Batch;

use super::dice::{Dice, Zipf};
use super::prose::{Prose, capital};
use crate::accounts::imported::{self, Imported};
use crate::accounts::{UserId, names};
use crate::core::App;

/// How many posts there are for one person.
const POSTS_A_PERSON: usize = 50;
const FEWEST: usize = 20;
const MOST: usize = 50_000;
/// Who was there from the first day.
const FOUNDERS: usize = 10;
/// People a commit: some milliseconds of the writer.
const AT_ONCE: usize = 200;
/// How often the most active person writes, compared with the others.
const EXPONENT: f64 = 1.0;
const HOUR: f64 = 3_600_000.0;

/// The life of the community, in milliseconds since 1970.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Life {
    /// When this part (0 to 1) of all that is written was written: every year there is more.
    pub(super) fn at(self, part: f64) -> i64 {
        self.from + ((self.to - self.from) as f64 * part.sqrt()) as i64
    }

    /// Which part of all that is written was written by then.
    fn part(self, at: i64) -> f64 {
        ((at - self.from) as f64 / (self.to - self.from).max(1) as f64).clamp(0.0, 1.0).powi(2)
    }
}

/// Somebody.
pub(super) struct Member {
    pub(super) id: UserId,
    pub(super) nickname: String,
}

/// Everybody, in the order in which they came.
pub(super) struct People {
    members: Vec<Member>,
    by_key: HashMap<String, usize>,
    activity: Zipf,
    life: Life,
}

impl People {
    /// Invents people for so many posts, and writes them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) async fn arrive(
        app: &App,
        prose: &Prose,
        seed: u64,
        posts: usize,
        life: Life,
    ) -> anyhow::Result<Self> {
        let count = (posts / POSTS_A_PERSON).clamp(FEWEST, MOST);
        let (mut dice, mut taken) = (Dice::new(seed, "people"), BTreeSet::new());
        let mut members: Vec<Member> = Vec::with_capacity(count);
        while members.len() < count {
            let mut batch = Batch::new();
            for number in members.len()..count.min(members.len() + AT_ONCE) {
                let nickname = nickname(prose, &mut dice, &mut taken);
                let id = UserId(app.new_id()?);
                let joined_at =
                    if number < FOUNDERS { life.from } else { life.at(number as f64 / count as f64) };
                let last_seen_at = life.to - dice.doubling(0.1 * HOUR, 24.0 * 365.0 * HOUR) as i64;
                batch.push(imported::insert(Imported {
                    id,
                    nickname: &nickname,
                    bio: &format!(
                        "{} {}.",
                        capital(prose.plain_word(&mut dice)),
                        prose.plain_word(&mut dice)
                    ),
                    name: "",
                    joined_at,
                    last_seen_at: last_seen_at.max(joined_at),
                    source: None,
                }));
                members.push(Member { id, nickname });
            }
            app.db.commit(batch).await?;
        }
        let keys = members.iter().map(|member| names::key(&member.nickname));
        let by_key = keys.zip(0..).collect();
        Ok(Self { by_key, activity: Zipf::new(count, EXPONENT), members, life })
    }

    /// Somebody who was there at that time, an active person more likely than another.
    pub(super) fn somebody(&self, dice: &mut Dice, at: i64) -> &Member {
        let there = (self.members.len() as f64 * self.life.part(at)) as usize;
        &self.members[self.activity.rank(dice) % there.clamp(FOUNDERS, self.members.len())]
    }

    /// Whoever has this nickname.
    pub(super) fn named(&self, nickname: &str) -> Option<&Member> {
        self.by_key.get(&names::key(nickname)).map(|number| &self.members[*number])
    }
}

/// A nickname that nobody has: a word or two, with a number when it is taken.
fn nickname(prose: &Prose, dice: &mut Dice, taken: &mut BTreeSet<String>) -> String {
    let mut name = prose.plain_word(dice).to_owned();
    if dice.chance(30.0) {
        name = format!("{}_{}", capital(&name), prose.plain_word(dice));
    }
    name.truncate(20);
    while name.len() < 3 || !taken.insert(names::key(&name)) {
        name.push_str(&dice.below(100).to_string());
    }
    name
}
