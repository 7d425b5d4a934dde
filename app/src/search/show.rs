//! What was found as it is shown, from the rows of the same instant.

use std::collections::{HashMap, HashSet};

use folkmoot_store::Snapshot;
use folkmoot_terms::{Document, Plan, Source};

use super::filters::Resolved;
use super::json::{
    FoundBoard, FoundConversation, FoundItem, FoundMessage, FoundPerson, FoundPost, FoundTag, FoundThread,
    Piece,
};
use super::model::Kind;
use super::rank::{Hit, Ranked};
use super::sources::Sources;
use crate::accounts::{Actor, Person, UserId, people};
use crate::boards::{self, Board, BoardId, BoardRef};
use crate::chat::MessageId;
use crate::chat::searching::FoundInConversation;
use crate::core::searchable::Searchable;
use crate::core::time::Time;
use crate::core::{App, Result};
use crate::threads::PostId;
use crate::threads::searching::FoundInThread;

/// Leaves out people, boards and tags that are not as their entries say, or not for who asks.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn verify(
    app: &App,
    snapshot: &Snapshot,
    resolved: &Resolved,
    ranked: &mut Ranked,
) -> Result<()> {
    let sources = app.part::<Sources>()?;
    let mut current: HashSet<i64> = HashSet::new();
    for kind in [Kind::Person, Kind::Board] {
        let rows = ranked.others.get(&kind).map_or(&[][..], Vec::as_slice);
        let found: HashSet<usize> =
            ranked.hits.iter().filter(|hit| hit.kind == kind).map(|hit| hit.row).collect();
        let Some(source) = sources.of(kind).filter(|_| !found.is_empty()) else { continue };
        let subjects: Vec<i64> = found.iter().map(|at| rows[*at].subject).collect();
        let now: HashMap<i64, Searchable> =
            (source.load)(snapshot, subjects).await?.into_iter().map(|row| (row.subject, row)).collect();
        let is_current = |at: &&usize| {
            let row = &rows[**at];
            let readable =
                kind == Kind::Person || resolved.boards.iter().any(|board| board.id.0 == row.subject);
            readable && now.get(&row.subject).is_some_and(|now| says(now, &row.title, &row.text))
        };
        current.extend(found.iter().filter(is_current).map(|at| rows[*at].id));
    }
    let tags = ranked.hits.iter().filter(|hit| hit.kind == Kind::Tag).filter_map(|hit| ranked.other(hit));
    let tags: Vec<(String, i64)> = tags.map(|row| (row.tags.clone(), row.id)).collect();
    ranked.tagged = tagged(app, snapshot, resolved, &tags).await?;
    current.extend(tags.iter().filter(|(tag, _)| ranked.tagged.contains_key(tag)).map(|(_, entry)| *entry));
    ranked.hits.retain(|hit| matches!(hit.kind, Kind::Post | Kind::Message) || current.contains(&hit.entry));
    Ok(())
}

fn says(now: &Searchable, title: &str, text: &str) -> bool {
    let document = Document::of(&Source { title: &now.title, body: &now.body, about: &[], facts: &[] });
    document.title == title && document.text == text
}

/// On how many threads that one may read each tag is; tags on none are left out.
async fn tagged(
    app: &App,
    snapshot: &Snapshot,
    resolved: &Resolved,
    tags: &[(String, i64)],
) -> Result<HashMap<String, i64>> {
    if tags.is_empty() {
        return Ok(HashMap::new());
    }
    let tags = tags.iter().map(|(tag, _)| tag.clone()).collect();
    (app.part::<Sources>()?.tagged)(snapshot, tags, resolved.board_ids()).await
}

/// What the items of a page are made of.
struct Shown {
    posts: HashMap<PostId, FoundInThread>,
    messages: HashMap<MessageId, FoundInConversation>,
    people: HashMap<UserId, Person>,
    bios: HashMap<i64, String>,
    boards: HashMap<BoardId, Board>,
}

/// The items of a page: of what was ranked, those at these places.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn items(
    app: &App,
    snapshot: &Snapshot,
    actor: &Actor,
    plan: &Plan,
    ranked: &Ranked,
    page: Vec<usize>,
) -> Result<Vec<FoundItem>> {
    let hits: Vec<&Hit> = page.into_iter().filter_map(|at| ranked.hits.get(at)).collect();
    let sources = app.part::<Sources>()?;
    let of = |kind| hits.iter().filter(move |hit| hit.kind == kind);
    let others = |kind| of(kind).filter_map(|hit| ranked.other(hit)).map(|row| row.subject);
    let posts: Vec<PostId> = of(Kind::Post).map(|hit| PostId(ranked.posts[hit.row].subject)).collect();
    let messages: Vec<MessageId> = others(Kind::Message).map(MessageId).collect();
    let people: Vec<UserId> = others(Kind::Person).map(UserId).collect();
    let mut shown = Shown {
        posts: HashMap::new(),
        messages: HashMap::new(),
        people: people::by_ids(snapshot, &people).await?,
        bios: HashMap::new(),
        boards: HashMap::new(),
    };
    if !posts.is_empty() {
        shown.posts = (sources.show_posts)(snapshot, posts).await?;
    }
    if let Some(me) = actor.id().filter(|_| !messages.is_empty()) {
        shown.messages = (sources.show_messages)(snapshot, messages, me).await?;
    }
    if !people.is_empty() {
        let ids = people.into_iter().map(|id| id.0).collect();
        let told = (sources.people.load)(snapshot, ids).await?;
        shown.bios = told.into_iter().map(|row| (row.subject, row.body)).collect();
    }
    if others(Kind::Board).next().is_some() {
        let boards = boards::readable_by(snapshot, actor).await?;
        shown.boards = boards.into_iter().map(|board| (board.id, board)).collect();
    }
    Ok(hits.into_iter().filter_map(|hit| shown.item(plan, ranked, hit)).collect())
}

impl Shown {
    fn item(&self, plan: &Plan, ranked: &Ranked, hit: &Hit) -> Option<FoundItem> {
        if hit.kind == Kind::Post {
            let found = self.posts.get(&PostId(ranked.posts[hit.row].subject))?;
            return Some(FoundItem::Post(Box::new(post(plan, found, hit))));
        }
        let row = ranked.other(hit)?;
        Some(match hit.kind {
            Kind::Post => return None,
            Kind::Message => {
                let found = self.messages.get(&MessageId(row.subject))?;
                FoundItem::Message(Box::new(message(plan, found)))
            }
            Kind::Person => {
                let person = self.people.get(&UserId(row.subject))?.clone();
                let bio = self.bios.get(&row.subject).map_or("", String::as_str);
                FoundItem::Person(FoundPerson {
                    url: person.url.clone(),
                    nickname: pieces(plan.mark(&person.nickname)),
                    excerpt: pieces(plan.excerpt(bio)),
                    person,
                })
            }
            Kind::Board => {
                let board = self.boards.get(&BoardId(row.subject))?;
                FoundItem::Board(FoundBoard {
                    url: board.url(),
                    board: BoardRef {
                        id: board.id,
                        slug: board.slug.clone(),
                        url: board.url(),
                        title: board.title.clone(),
                        hue: board.hue,
                    },
                    title: pieces(plan.mark(&board.title)),
                    excerpt: pieces(plan.excerpt(&board.description)),
                })
            }
            Kind::Tag => FoundItem::Tag(FoundTag {
                url: tag_url(&row.tags),
                title: pieces(plan.mark(&row.tags)),
                thread_count: *ranked.tagged.get(&row.tags)?,
                tag: row.tags.clone(),
            }),
        })
    }
}

fn post(plan: &Plan, found: &FoundInThread, hit: &Hit) -> FoundPost {
    FoundPost {
        id: found.id,
        url: found.url.clone(),
        position: found.position,
        opening: found.opening,
        thread: FoundThread {
            id: found.thread,
            title: pieces(plan.mark(&found.title)),
            url: found.thread_url.clone(),
            board: found.board.clone(),
            tags: found.tags.clone(),
            post_count: found.post_count,
        },
        author: found.author.clone(),
        at: Time(found.at),
        excerpt: pieces(plan.excerpt(&found.words)),
        more_in_thread: i64::try_from(hit.others).unwrap_or(i64::MAX),
    }
}

fn message(plan: &Plan, found: &FoundInConversation) -> FoundMessage {
    let place = &found.conversation;
    FoundMessage {
        id: found.id,
        url: found.url.clone(),
        seq: found.seq,
        conversation: FoundConversation {
            id: place.id,
            url: place.url.clone(),
            sort: place.kind,
            title: place.title.clone(),
            people: place.people.clone(),
        },
        author: found.author.clone(),
        at: Time(found.at),
        excerpt: pieces(plan.excerpt(&found.words)),
    }
}

fn pieces(pieces: Vec<folkmoot_terms::Piece>) -> Vec<Piece> {
    pieces.into_iter().map(|piece| Piece { text: piece.text, hit: piece.hit }).collect()
}

/// The address of a tag's page.
fn tag_url(tag: &str) -> String {
    let escaped = tag.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    format!("/tags/{}", escaped.collect::<String>())
}
