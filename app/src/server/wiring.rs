//! What runs beside the requests, and which event and which frame leads where.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use folkmoot_store::Snapshot;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::middleware::limits::Limits;
use super::{Server, releases};
use crate::accounts::{self, Actor, Permission, SessionId, UserId};
use crate::boards::{self, BoardId};
use crate::chat::{self, ConversationId, MessageId, Sending};
use crate::core::client_id::checked_client_id;
use crate::core::events::Appended;
use crate::core::read::Read;
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};
use crate::ops;
use crate::realtime::{self, Concern, Identity, Node, Period, Wiring};
use crate::search;
use crate::threads::{self, PostId, ThreadId};

/// Starts what runs as long as the server does.
///
/// # Errors
/// When a part cannot be made.
pub async fn start(server: &Server, events: mpsc::UnboundedReceiver<Vec<Appended>>) -> anyhow::Result<Node> {
    let app = server.app.clone();
    let lifecycle = &server.lifecycle;
    lifecycle.spawn_until_stopped(app.ids.clone().keep_lease(app.db.clone()));
    lifecycle.spawn_until_stopped(keep_release(server.clone()));
    lifecycle.spawn_until_stopped(Arc::clone(&server.overload).watch());
    accounts::prepare(&app)?;
    lifecycle.spawn_until_stopped(accounts::jobs::keep_tidy(app.clone()));
    lifecycle.spawn_until_stopped(threads::jobs::run(app.clone()));
    lifecycle.spawn_until_stopped(chat::jobs::run(app.clone()));
    server.metrics.register(chat::register(&app)?);
    app.changes.are_heard_by(server.kept.clone());
    server.metrics.register(|registry| server.kept.register(registry));
    app.keep_part(super::searching::sources())?;
    app.keep_part(chat::Finder(|app, snapshot, looked| Box::pin(search::messages(app, snapshot, looked))))?;
    lifecycle.spawn_until_stopped(search::job::run(app.clone()));
    server.metrics.register(search::register(&app)?);

    server.metrics.register(|registry| ops::database::register(app.db.clone(), registry));
    server.metrics.register(|registry| server.nodes.register(registry));
    let bus = Arc::clone(&server.nodes.bus);
    let (node, work) = Node::new(app, wiring(&server.assets.release.name), bus, events).await?;
    server.metrics.register(|registry| realtime::register(&node, registry));
    lifecycle.spawn_until_stopped(work.run());
    lifecycle.spawn(node.clone().drain_when(lifecycle.draining()));
    Ok(node)
}

/// Writes what slices only counted in memory, after the last request, and gives the node's number back.
pub async fn finish(app: &App) {
    if let Err(error) = threads::jobs::finish(app).await {
        tracing::warn!(cause = %error, "the last views and counts could not be written");
    }
    app.ids.give_back(&app.db).await;
}

/// Which event is shown how, who may follow what, what a client may say, and what follows from an event.
fn wiring(release: &str) -> Wiring {
    Wiring::new(
        release.to_owned(),
        |app, snapshot, who, streams| Box::pin(may_read(app, snapshot, who, streams)),
        |app, snapshot, who| Box::pin(is_signed_in(app, snapshot, who)),
        |app, who| Box::pin(person(app, who)),
    )
    .show(&[accounts::events::PERSON_CHANGED], |app, event| {
        Box::pin(accounts::frames::person_changed(app, event))
    })
    .show(&[accounts::events::SITE_CHANGED], |_, _| {
        Box::pin(async { Ok(Some(accounts::frames::site_changed())) })
    })
    .concern(accounts::events::USER_RIGHTS_CHANGED, Concern::Person)
    .concern(accounts::events::SESSION_ENDED, Concern::Session)
    .concern(accounts::events::SESSIONS_ENDED, Concern::Session)
    .show(&[boards::BOARD_CHANGED], |_, event| {
        let shown = boards::frames::board_changed(event);
        Box::pin(async { Ok(shown) })
    })
    .concern(boards::RIGHTS_CHANGED, Concern::Board)
    .show(&threads::frames::KINDS, |app, event| Box::pin(threads::frames::frame(app, event)))
    .show(&chat::frames::KINDS, |app, event| Box::pin(chat::frames::frame(app, event)))
    .show(&chat::frames::SHARED, |app, event| match chat::frames::is_ours(event) {
        true => Box::pin(chat::frames::frame(app, event)),
        false => Box::pin(threads::frames::frame(app, event)),
    })
    .removes(chat::events::MEMBER_LEFT, chat::frames::removed)
    .begins(chat::events::CONVERSATION_JOINED, chat::frames::begins)
    .own(|app, snapshot, who| Box::pin(conversations(app, snapshot, who)))
    .periods(|app, snapshot, who, streams| Box::pin(periods(app, snapshot, who, streams)))
    .in_sight(|app, snapshot, who, people| Box::pin(in_sight(app, snapshot, who, people)))
    .concern(chat::events::SIGHT_CHANGED, Concern::Sight)
    .ripple_each(&[chat::events::UNREAD_CHANGED], "message_read", |app, stream, subject| {
        Box::pin(chat::frames::message_read(app, stream, subject))
    })
    .relay("typing_start", |app, who, said| Box::pin(typing(app, who, said)))
    .relay("typing_stop", |app, who, said| Box::pin(typing(app, who, said)))
    .hear("send_message", |app, who, said| Box::pin(send_message(app, who, said)))
    .gate(&[threads::events::THREAD_MOVED])
    .ripple(&threads::frames::CHANGES, "thread_changed", |app, stream, _| {
        Box::pin(threads::frames::thread_changed(app, stream))
    })
    .hear("mark_read", |app, who, said| Box::pin(mark_read(app, who, said)))
    .concern(threads::events::THREAD_RIGHTS_CHANGED, Concern::Thread)
    .react(boards::RIGHTS_CHANGED, |app, entry| Box::pin(threads::counts::after_rights(app, entry)))
    .react_to_many(&search::kinds(), |app, entries| Box::pin(search::follow(app, entries)))
}

/// Those of these streams that somebody may follow, by the rows of one snapshot: one query for each sort of stream.
async fn may_read(
    app: &App,
    snapshot: &Snapshot,
    who: Identity,
    streams: Vec<Stream>,
) -> Result<HashSet<Stream>> {
    let actor = actor(app, snapshot, who).await?;
    let among = |of: fn(Stream) -> Option<i64>| streams.iter().copied().filter_map(of);
    let boards: Vec<_> =
        among(|it| if let Stream::Board(id) = it { Some(id) } else { None }).map(BoardId).collect();
    let threads: Vec<_> =
        among(|it| if let Stream::Thread(id) = it { Some(id) } else { None }).map(ThreadId).collect();
    let boards = boards::may_follow(snapshot, &actor, &boards).await?;
    let threads = threads::may_follow(snapshot, &actor, &threads).await?;
    let conversations = chat::may_follow(snapshot, &actor, &conversations_among(&streams)).await?;
    let of_itself = |stream: &Stream| match *stream {
        Stream::User(id) => actor.id() == Some(UserId(id)),
        Stream::Site => true,
        Stream::Staff => actor.may(Permission::Moderate),
        Stream::Board(_) | Stream::Thread(_) | Stream::Conversation(_) | Stream::Rights => false,
    };
    let mut theirs: HashSet<Stream> = streams.iter().copied().filter(of_itself).collect();
    theirs.extend(boards.into_iter().map(|board| Stream::Board(board.0)));
    theirs.extend(threads.into_iter().map(|thread| Stream::Thread(thread.0)));
    theirs.extend(conversations.into_iter().map(|conversation| Stream::Conversation(conversation.0)));
    Ok(theirs)
}

fn conversations_among(streams: &[Stream]) -> Vec<ConversationId> {
    let conversation =
        |it: &Stream| if let Stream::Conversation(id) = it { Some(ConversationId(*id)) } else { None };
    streams.iter().filter_map(conversation).collect()
}

/// Whether the session that somebody came with is alive.
async fn is_signed_in(app: &App, snapshot: &Snapshot, who: Identity) -> Result<bool> {
    Ok(actor(app, snapshot, who).await?.id().is_some())
}

/// Who somebody is now; a guest once their session has ended.
async fn actor(app: &App, read: &impl Read, who: Identity) -> Result<Actor> {
    match who.session {
        Some(session) => {
            Ok(Actor::of_session(read, SessionId(session), app.now()).await?.unwrap_or_default())
        }
        None => Ok(Actor::guest()),
    }
}

/// The conversations that somebody is in, and where they stand.
async fn conversations(app: &App, snapshot: &Snapshot, who: Identity) -> Result<Vec<(Stream, i64)>> {
    chat::heads(snapshot, &actor(app, snapshot, who).await?).await
}

/// In which periods somebody is or was in each of the conversations among these streams; other streams have none.
async fn periods(
    app: &App,
    snapshot: &Snapshot,
    who: Identity,
    streams: Vec<Stream>,
) -> Result<HashMap<Stream, Vec<Period>>> {
    let ids = conversations_among(&streams);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let actor = actor(app, snapshot, who).await?;
    let mut all: HashMap<_, _> = ids.iter().map(|id| (Stream::Conversation(id.0), Vec::new())).collect();
    for (id, from, to) in chat::periods(snapshot, &actor, &ids).await? {
        all.entry(Stream::Conversation(id.0)).or_default().push((from, to));
    }
    Ok(all)
}

/// Those of these people whom somebody may see come and go.
async fn in_sight(app: &App, snapshot: &Snapshot, who: Identity, people: Vec<i64>) -> Result<Vec<i64>> {
    let actor = actor(app, snapshot, who).await?;
    let people: Vec<UserId> = people.into_iter().map(UserId).collect();
    let seen = chat::in_sight(snapshot, &actor, &people).await?;
    Ok(seen.into_iter().map(|user| user.0).collect())
}

/// What `mark_read` says: a thread up to a post, or a conversation up to a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum MarkRead {
    Thread { thread_id: ThreadId, post_id: PostId },
    Conversation { conversation_id: ConversationId, seq: i64 },
}

/// Somebody has read a place up to somewhere. Their other windows hear so on their own stream.
async fn mark_read(app: App, who: Identity, said: Value) -> Result<Option<(&'static str, Value)>> {
    let mark: MarkRead = heard("mark_read", said)?;
    let actor = actor(&app, &app.db, who).await?;
    match mark {
        MarkRead::Thread { thread_id, post_id } => {
            threads::mark_read(&app, &actor, thread_id, post_id).await?;
        }
        MarkRead::Conversation { conversation_id, seq } => {
            chat::mark_read(&app, &actor, conversation_id, seq).await?;
        }
    }
    Ok(None)
}

/// What `typing_start` and `typing_stop` say.
#[derive(Deserialize)]
struct Typing {
    conversation_id: ConversationId,
}

/// Somebody writes, or writes no more: the others in the conversation see it.
async fn typing(app: App, who: Identity, said: Value) -> Result<Option<(Stream, Value)>> {
    let typing: Typing = heard("typing", said)?;
    let actor = actor(&app, &app.db, who).await?;
    chat::frames::typing(&app.db, &actor, typing.conversation_id).await
}

/// What `send_message` says.
#[derive(Deserialize)]
struct SendMessage {
    conversation_id: ConversationId,
    client_id: String,
    body: String,
    reply_to: Option<MessageId>,
}

/// Somebody sends a message: `ack` once it is on disk, else `nack` with the problem.
async fn send_message(app: App, who: Identity, said: Value) -> Result<Option<(&'static str, Value)>> {
    let SendMessage { conversation_id, client_id, body, reply_to } = heard("send_message", said)?;
    let actor = actor(&app, &app.db, who).await?;
    let send = async {
        count_message(&app, &actor).await?;
        let client_id = checked_client_id(Some(&client_id), &HeaderMap::new())?;
        let sending = Sending { body, client_id, reply_to, attachments: Vec::new() };
        chat::send(&app, &actor, conversation_id, sending).await
    };
    match send.await {
        Ok(sent) => Ok(Some(("ack", json!({"client_id": client_id, "message": sent.into_inner()})))),
        Err(error) => {
            let problem = error.problem();
            if let Some(cause) = &problem.cause {
                tracing::error!(%cause, "a message could not be sent");
            }
            let mut payload = json!({"client_id": client_id, "error": problem});
            if let Some(seconds) = problem.retry_after {
                payload["retry_after"] = seconds.into();
            }
            Ok(Some(("nack", payload)))
        }
    }
}

/// Counts as the request would that the frame stands for.
async fn count_message(app: &App, actor: &Actor) -> Result<()> {
    let Some(me) = actor.id() else { return Ok(()) };
    match app.part::<Limits>()?.count_message(me.0, app.now()).await {
        Some(verdict) if !verdict.allowed => Err(Error::TooMany {
            retry_after: verdict.reset,
            why: String::from("You send too many messages."),
        }),
        _ => Ok(()),
    }
}

/// The payload of a frame.
fn heard<T: for<'de> Deserialize<'de>>(kind: &str, said: Value) -> Result<T> {
    serde_json::from_value(said).map_err(|error| Error::BadRequest("malformed", format!("{kind}: {error}")))
}

/// The person in `welcome`; `null` for a guest.
async fn person(app: &App, who: Identity) -> Result<Value> {
    match who.user {
        Some(user) => Ok(accounts::frames::person(app, UserId(user)).await?.unwrap_or_default()),
        None => Ok(Value::Null),
    }
}

/// Keeps this binary's client in the database, while it is the one that is packed into it.
async fn keep_release(server: Server) {
    if !server.assets.is_changing() {
        let (app, release) = (&server.app, &server.assets.release);
        releases::keep(&app.db, &app.clock, release, releases::SAY_EVERY).await;
    }
}
