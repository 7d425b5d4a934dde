//! A small lively community of invented people, made by the same use cases as a real one.
//!
//! The clock is set back and moved on from one event to the next, so that everything has the date it should have.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use folkmoot_store::{Batch, Db};
use serde::Deserialize;

use super::super::{Context, Output, failed, runtime};
use crate::accounts::imported::{self, Imported};
use crate::accounts::{Actor, Me, Role, SessionId, SessionKind, UserId};
use crate::boards::{self, NewBoard};
use crate::core::App;
use crate::core::app::Deliver;
use crate::core::clock::Clock;
use crate::core::random::Random;
use crate::server::database;
use crate::threads::{self, Opening, PostId, Reply, ThreadChange, ThreadId};

/// The community, as data.
const COMMUNITY: &str = include_str!("../../../demo/community.toml");
const MINUTE: i64 = 60_000;
const DAY: f64 = 24.0 * 60.0;

#[derive(Deserialize)]
struct Community {
    people: Vec<DemoPerson>,
    boards: Vec<NewBoard>,
    threads: Vec<DemoThread>,
}

#[derive(Deserialize)]
struct DemoPerson {
    nickname: String,
    bio: String,
    joined_days_ago: f64,
}

#[derive(Deserialize)]
struct DemoThread {
    board: String,
    by: String,
    title: String,
    body: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    pinned: bool,
    days_ago: f64,
    #[serde(default)]
    replies: Vec<DemoReply>,
}

#[derive(Deserialize)]
struct DemoReply {
    by: String,
    after_minutes: i64,
    body: String,
    /// The number of the reply that is answered, from 1.
    answers: Option<usize>,
    #[serde(default)]
    reactions: Vec<(String, Vec<String>)>,
}

/// Something that happens at its time.
enum Happening {
    Opens(usize),
    Replies(usize, usize),
}

pub(super) fn run(password: Option<&str>, context: &Context, output: &mut Output) -> ExitCode {
    let done = runtime().and_then(|runtime| runtime.block_on(make(password, context)));
    match done {
        Ok(true) => output.say("A small community of invented people lives here now."),
        Ok(false) => output.say("There are people here already: nothing was changed."),
        Err(error) => return failed(&error, output),
    }
    ExitCode::SUCCESS
}

/// Makes the community, unless somebody is here; says whether it did.
async fn make(password: Option<&str>, context: &Context) -> anyhow::Result<bool> {
    let config = Arc::new(context.load()?.config);
    let db = database::open(&config, false).await?;
    database::migrate(&db).await?;
    let empty = super::is_empty(&db).await?;
    if empty {
        let community: Community = toml::from_str(COMMUNITY)?;
        let now = Clock::System.now();
        let clock = Clock::set_to(now - minutes(community.oldest() * DAY));
        let app = App::new(db.clone(), clock, Random::System, config, Deliver::nowhere()).await?;
        super::for_scripts(&app, password).await?;
        community.settle(&app, &db, now).await?;
        app.ids.give_back(&db).await;
    }
    db.close().await;
    Ok(empty)
}

#[expect(clippy::cast_possible_truncation, reason = "days of a demo are far below 2^53 milliseconds")]
fn minutes(count: f64) -> i64 {
    (count * MINUTE as f64) as i64
}

impl Community {
    fn oldest(&self) -> f64 {
        self.people.iter().map(|person| person.joined_days_ago).fold(1.0, f64::max)
    }

    async fn settle(&self, app: &App, db: &Db, now: i64) -> anyhow::Result<()> {
        let people = self.arrive(app, db, now).await?;
        let founder = person(&people, &self.people[0].nickname)?;
        for board in &self.boards {
            boards::create(app, founder, board.clone()).await?;
        }
        let mut posts: Vec<Vec<PostId>> = vec![Vec::new(); self.threads.len()];
        let mut threads = vec![ThreadId(0); self.threads.len()];
        for (at, happening) in self.happenings(now) {
            app.clock.forward(Duration::from_millis(u64::try_from(at - app.now()).unwrap_or(0)));
            app.ids.renew(db).await?;
            match happening {
                Happening::Opens(thread) => threads[thread] = self.open(app, &people, thread).await?,
                Happening::Replies(thread, reply) => {
                    let post =
                        self.reply(app, &people, threads[thread], &posts[thread], thread, reply).await?;
                    posts[thread].push(post);
                }
            }
        }
        Ok(())
    }

    /// Everybody arrives. The first of them keeps order, which is enough to make the boards.
    async fn arrive(&self, app: &App, db: &Db, now: i64) -> anyhow::Result<BTreeMap<String, Actor>> {
        let mut people = BTreeMap::new();
        let mut batch = Batch::new();
        for (index, person) in self.people.iter().enumerate() {
            let id = UserId(app.new_id()?);
            let joined_at = now - minutes(person.joined_days_ago * DAY);
            let nickname = &person.nickname;
            batch.push(imported::insert(Imported {
                id,
                nickname,
                bio: &person.bio,
                name: "",
                joined_at,
                last_seen_at: now,
                source: None,
            }));
            let role = if index == 0 { Role::Moderator } else { Role::Member };
            if index == 0 {
                batch.push(imported::set_role(id, role));
            }
            let me = Me {
                id,
                nickname: nickname.clone(),
                role,
                groups: Vec::new(),
                session: SessionId(0),
                kind: SessionKind::Bearer,
            };
            people.insert(nickname.clone(), Actor::acting(me));
        }
        db.commit(batch).await?;
        Ok(people)
    }

    /// Everything that happens, in the order of its time.
    fn happenings(&self, now: i64) -> Vec<(i64, Happening)> {
        let mut all = Vec::new();
        for (index, thread) in self.threads.iter().enumerate() {
            let opened_at = now - minutes(thread.days_ago * DAY);
            all.push((opened_at, Happening::Opens(index)));
            for (number, reply) in thread.replies.iter().enumerate() {
                all.push((opened_at + reply.after_minutes * MINUTE, Happening::Replies(index, number)));
            }
        }
        all.sort_by_key(|(at, _)| *at);
        all.retain(|(at, _)| *at <= now);
        all
    }

    async fn open(
        &self,
        app: &App,
        people: &BTreeMap<String, Actor>,
        thread: usize,
    ) -> anyhow::Result<ThreadId> {
        let thread = &self.threads[thread];
        let opening = Opening {
            title: thread.title.clone(),
            body: thread.body.clone(),
            tags: thread.tags.clone(),
            attachments: Vec::new(),
            client_id: None,
        };
        let opened =
            threads::open(app, person(people, &thread.by)?, &thread.board, opening).await?.into_inner();
        if thread.pinned {
            let founder = person(people, &self.people[0].nickname)?;
            let change = ThreadChange { pinned: Some(true), ..ThreadChange::default() };
            threads::arrange(app, founder, opened.thread.id, &change).await?;
        }
        Ok(opened.thread.id)
    }

    async fn reply(
        &self,
        app: &App,
        people: &BTreeMap<String, Actor>,
        id: ThreadId,
        before: &[PostId],
        thread: usize,
        reply: usize,
    ) -> anyhow::Result<PostId> {
        let reply = &self.threads[thread].replies[reply];
        let answered = reply.answers.and_then(|number| before.get(number - 1)).copied();
        // In the data a quote names the reply's number; here it has an id.
        let mut body = reply.body.clone();
        for (index, post) in before.iter().enumerate() {
            body = body.replace(&format!("](post:{})", index + 1), &format!("](post:{})", post.0));
        }
        let new = Reply { body, reply_to: answered, attachments: Vec::new(), sage: false, client_id: None };
        let post = threads::reply(app, person(people, &reply.by)?, id, new).await?.into_inner().id();
        for (emoji, names) in &reply.reactions {
            for name in names {
                threads::react(app, person(people, name)?, post, emoji).await?;
            }
        }
        Ok(post)
    }
}

fn person<'a>(people: &'a BTreeMap<String, Actor>, nickname: &str) -> anyhow::Result<&'a Actor> {
    people.get(nickname).ok_or_else(|| anyhow::anyhow!("nobody in the demo is called {nickname}"))
}
