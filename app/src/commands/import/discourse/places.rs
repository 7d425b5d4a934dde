//! People and boards, written before the topics that need them.

use std::collections::{BTreeMap, BTreeSet};

use folkmoot_store::Batch;

use super::names::nickname;
use super::plan::Plan;
use super::queries;
use super::report::Report;
use crate::accounts::UserId;
use crate::accounts::imported::{self, Imported};
use crate::commands::bulk::{Board, count};
use crate::core::App;
use crate::core::error::Result;

/// The accounts and boards that topics refer to.
pub(super) struct Places {
    /// By lower-case name there.
    pub(super) people: BTreeMap<String, Account>,
    /// Board ids by category.
    pub(super) boards: BTreeMap<Option<i64>, i64>,
}

/// An account here.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) id: i64,
    pub(super) nickname: String,
}

/// People a batch: small enough to leave others room between.
const PEOPLE_A_BATCH: usize = 200;

/// Makes what is missing, keeps what is there.
pub(super) async fn settle(app: &App, plan: &Plan, report: &mut Report) -> Result<Places> {
    Ok(Places { people: people(app, plan, report).await?, boards: boards(app, plan, report).await? })
}

async fn people(app: &App, plan: &Plan, report: &mut Report) -> Result<BTreeMap<String, Account>> {
    let mut taken = BTreeSet::new();
    let mut here = BTreeMap::new();
    for row in app.db.all(queries::PEOPLE.with(())).await? {
        if let Some(key) = row.source.as_deref().and_then(|source| source.strip_prefix("discourse:user:")) {
            here.insert(key.to_owned(), Account { id: row.id, nickname: row.nickname });
        }
        taken.insert(row.nickname_key);
    }
    report.already_here.people = count(plan.people.keys().filter(|key| here.contains_key(*key)).count());
    let missing: Vec<_> = plan.people.iter().filter(|(key, _)| !here.contains_key(*key)).collect();
    for some in missing.chunks(PEOPLE_A_BATCH) {
        let mut batch = Batch::new();
        for (key, person) in some {
            let account = Account { id: app.new_id()?, nickname: nickname(&person.username, &mut taken) };
            if account.nickname != person.username {
                report.renamed.insert(person.username.clone(), account.nickname.clone());
            }
            let insert = imported::insert(Imported {
                id: UserId(account.id),
                nickname: &account.nickname,
                bio: "",
                name: &person.name,
                joined_at: person.first_at,
                last_seen_at: person.last_at,
                source: Some(format!("discourse:user:{key}")),
            });
            batch.push(insert.expect_rows(1).or("taken"));
            here.insert((*key).clone(), account);
        }
        app.db.commit(batch).await?;
        report.written.people += count(some.len());
    }
    Ok(here)
}

async fn boards(app: &App, plan: &Plan, report: &mut Report) -> Result<BTreeMap<Option<i64>, i64>> {
    let mut slugs = BTreeSet::new();
    let mut here = BTreeMap::new();
    for row in app.db.all(queries::BOARDS.with(())).await? {
        if let Some(source) = row.source {
            here.insert(source, row.id);
        }
        slugs.insert(row.slug);
    }
    let mut position = app.db.one(queries::LAST_POSITION.with(())).await?;
    let mut boards = BTreeMap::new();
    for (category, board) in &plan.boards {
        let source =
            category.map_or(String::from("discourse:category:none"), |id| format!("discourse:category:{id}"));
        if let Some(id) = here.get(&source) {
            report.already_here.boards += 1;
            boards.insert(*category, *id);
            continue;
        }
        let mut slug = board.slug.clone();
        let mut number = 2;
        while !slugs.insert(slug.clone()) {
            slug = format!("{}-{number}", board.slug);
            number += 1;
        }
        position += 1;
        let id = app.new_id()?;
        let (read, write) = if board.restricted { ("staff", "staff") } else { ("everyone", "members") };
        let new = Board {
            id,
            slug,
            title: board.title.clone(),
            description: board.description.clone(),
            position,
            read,
            write,
            created_at: app.now(),
            source: Some(source),
        };
        new.write(app).await?;
        report.written.boards += 1;
        boards.insert(*category, id);
    }
    Ok(boards)
}
