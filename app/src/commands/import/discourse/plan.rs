//! The first reading: what is there, who wrote it, and which of two copies of a topic counts. It keeps no bodies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::archive::{Archive, Entry};
use super::categories::{Categories, Category};
use super::report::{Counts, Report};
use super::topic::Topic;

/// What the second reading will write.
pub(super) struct Plan {
    /// Which file holds each topic.
    pub(super) topics: BTreeMap<i64, Chosen>,
    /// Everyone who wrote, by lower-case name.
    pub(super) people: BTreeMap<String, Person>,
    /// The boards, by category.
    pub(super) boards: BTreeMap<Option<i64>, Category>,
    /// The forum's own addresses.
    pub(super) bases: BTreeSet<String>,
}

/// The file that a topic is taken from.
pub(super) struct Chosen {
    /// Its number in the archive's order: names may repeat in different folders.
    pub(super) file: u64,
    name: String,
    posts: usize,
    last_at: i64,
    category: Option<i64>,
    likes: i64,
    authors: BTreeMap<String, Person>,
    remarks: Vec<super::topic::Remark>,
}

/// Someone who wrote there.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) staff: bool,
    pub(super) first_at: i64,
    pub(super) last_at: i64,
}

/// Reads everything once.
pub(super) fn plan(
    archive: &Archive,
    mut categories: Categories,
    now: i64,
    report: &mut Report,
    mut on_file: impl FnMut(),
) -> Result<Plan> {
    let mut topics: BTreeMap<i64, Chosen> = BTreeMap::new();
    let mut bases = BTreeSet::new();
    archive.each(|entry| {
        let file = report.files;
        report.files += 1;
        on_file();
        let Some((name, topic)) = read(entry, now, report) else { return Ok(()) };
        topic.posts.iter().for_each(|post| categories.learn(&post.cooked));
        bases.extend(topic.own_bases.iter().cloned());
        choose(&mut topics, file, name, &topic, report);
        Ok(())
    })?;
    let mut people = BTreeMap::new();
    for chosen in topics.values() {
        chosen.remarks.iter().for_each(|remark| report.remark(remark));
        chosen.authors.iter().for_each(|(key, person)| meet(&mut people, key, person));
    }
    report.staff_there = people.values().filter(|person| person.staff).map(|p| p.username.clone()).collect();
    let boards = categories.boards(&topics.values().map(|chosen| chosen.category).collect());
    let restricted = boards.values().filter(|board| board.restricted);
    report.for_staff = restricted.map(|board| board.title.clone()).collect();
    report.found = Counts {
        boards: size(boards.len()),
        people: size(people.len()),
        topics: size(topics.len()),
        posts: size(topics.values().map(|chosen| chosen.posts).sum()),
        likes: topics.values().map(|chosen| chosen.likes).sum(),
    };
    Ok(Plan { topics, people, boards, bases })
}

/// A count as the report has it.
fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(entry: Entry, now: i64, report: &mut Report) -> Option<(String, Topic)> {
    let ending = std::path::Path::new(&entry.name).extension();
    if !ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        report.leave_out(entry.name, "not a .json file");
        return None;
    }
    match entry.bytes.and_then(|bytes| Topic::read(&bytes, now)) {
        Ok(topic) => Some((entry.name, topic)),
        Err(why) => {
            report.leave_out(entry.name, why);
            None
        }
    }
}

/// Of two copies of a topic the one with more posts counts, then the one with the newer last post.
fn choose(topics: &mut BTreeMap<i64, Chosen>, file: u64, name: String, topic: &Topic, report: &mut Report) {
    let last_at = topic.posts.iter().map(|post| post.created_at).max().unwrap_or(0);
    let mut authors = BTreeMap::new();
    for post in &topic.posts {
        let person = Person {
            username: post.author.username.clone(),
            name: post.author.name.clone(),
            staff: post.author.staff,
            first_at: post.created_at,
            last_at: post.created_at,
        };
        meet(&mut authors, &post.author.username.to_lowercase(), &person);
    }
    let new = Chosen {
        file,
        name,
        posts: topic.posts.len(),
        last_at,
        category: topic.category,
        likes: topic.likes(),
        authors,
        remarks: topic.remarks.clone(),
    };
    let Some(old) = topics.get(&topic.id) else {
        topics.insert(topic.id, new);
        return;
    };
    let why = |kept: &Chosen| {
        format!("another copy of topic {}: {} counts, with {} posts", topic.id, kept.name, kept.posts)
    };
    if (new.posts, new.last_at) > (old.posts, old.last_at) {
        report.leave_out(old.name.clone(), why(&new));
        topics.insert(topic.id, new);
    } else {
        report.leave_out(new.name, why(old));
    }
}

fn meet(people: &mut BTreeMap<String, Person>, key: &str, person: &Person) {
    let known = people.entry(key.to_owned()).or_insert_with(|| person.clone());
    known.first_at = known.first_at.min(person.first_at);
    known.last_at = known.last_at.max(person.last_at);
    known.staff |= person.staff;
    if known.name.is_empty() {
        known.name.clone_from(&person.name);
    }
}
