//! A private board has no side doors: to whoever may not read it, it is not there, whatever they try.

use std::time::Duration;

use axum::extract::FromRequestParts;
use folkmoot::accounts::Actor;
use http::{Method, Request};

use super::{Thread, text};
use crate::rig::*;

/// Words that stand in the den alone.
const SECRETS: [&str; 7] =
    ["zanzibar", "quagga", "velvetpaw", "hollow-den", "hollow den", "okapi", "moonlion"];

/// A public board, a private one, and people inside, outside and no longer inside.
struct Village {
    app: TestApp,
    root: Person,
    ann: Person,
    /// Nobody of these may read the den.
    outsiders: Vec<(&'static str, Person)>,
    thread: Thread,
    reply: String,
    open: Thread,
}

async fn village(app: TestApp) -> Village {
    let root = app.with_cats().await;
    let [ann, bob, eve, ida] = app.people(["ann", "bob", "eve", "ida"]).await;
    let mo = app.moderator("mo").await;
    root.makes_private_board("hollow-den", "moonlion", &[&ann, &eve, &ida]).await;
    let den = root.get("/api/boards/hollow-den").await.is(200).json()["board"]["version"].clone();
    root.patch("/api/boards/hollow-den", json!({"version": den, "title": "Hollow Den"})).await.is(200);
    let thread = json!({"title": "Zanzibar", "body": "A quagga.", "tags": ["velvetpaw"]});
    let thread = ann.opens_with("hollow-den", thread).await;
    let reply = text(&eve.replies(&thread, "An okapi.").await["id"]);
    ida.post(&format!("{}/read", thread.path()), json!({"post_id": thread.post})).await.is(204);
    let open = ann.opens("cats", "Open").await;
    root.delete("/api/admin/groups/moonlion/members/eve").await.is(204);
    let id = ida.id().await;
    root.patch(&format!("/api/admin/people/{id}"), json!({"standing": "banned"})).await.is(200);
    folkmoot::threads::jobs::finish(&app.app).await.unwrap();
    let outsiders = vec![
        ("a guest", app.guest()),
        ("bob", bob),
        ("eve, who was in", eve),
        ("ida, who is banned", ida),
        ("mo", mo),
    ];
    Village { app, root, ann, outsiders, thread, reply, open }
}

impl Person {
    /// Who they are to the server, by the cookie that they hold.
    async fn acts(&self, app: &TestApp) -> Actor {
        let mut request = Request::builder();
        if let Some(session) = self.cookie("folkmoot_session") {
            request = request.header("cookie", format!("folkmoot_session={session}"));
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        Actor::from_request_parts(&mut parts, &app.app).await.unwrap()
    }
}

#[track_caller]
fn tells_nothing(who: &str, answer: &Answer) {
    let headers: String = answer.headers.values().map(|value| format!("{value:?} ")).collect();
    let all = format!("{} {headers}", answer.text()).to_lowercase();
    for secret in SECRETS {
        // What the asker said themselves comes back in a refusal's address at most.
        assert!(!all.contains(secret), "{who}: {} tells {secret}: {all}", answer.asked);
    }
}

/// What an answer says, without what differs from request to request.
fn gist(answer: &Answer) -> (u16, Option<String>, Value) {
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
    }
    (answer.status.as_u16(), answer.header("location").map(str::to_owned), body)
}

both_databases! {
    async fn no_list_shows_it(app: TestApp) {
        let village = village(app).await;
        let lists = [
            "/api/boards", "/api/posts", "/api/posts?sort=activity", "/api/tags", "/api/tags?q=velvet",
            "/api/tags/velvetpaw/threads", "/api/users/ann/threads", "/api/users/ann/posts", "/api/users/eve/posts",
            "/api/users/ann", "/api/users/eve", "/api/users", "/api/users?q=ann", "/api/boards/cats/threads",
            "/api/boards/cats/threads?tag=velvetpaw", "/api/site", "/", "/boards", "/people", "/people/ann",
            "/people/eve?tab=posts", "/tags/velvetpaw-", "/b/cats",
        ];
        for path in lists {
            for (who, outsider) in &village.outsiders {
                let answer = outsider.get(path).await;
                assert!(answer.status == 200 || answer.status == 404, "{who}: {path}: {}", answer.status);
                if !path.contains("velvetpaw") || path.starts_with("/api") {
                    tells_nothing(who, &answer);
                }
            }
        }
        // Counts that others see leave it out; those inside see all of it.
        for (nickname, threads, posts) in [("ann", 1, 1), ("eve", 0, 0)] {
            let user = village.ann.get(&format!("/api/users/{nickname}")).await.is(200).json()["user"].clone();
            assert_eq!((&user["thread_count"], &user["post_count"]), (&json!(threads), &json!(posts)), "{nickname}");
        }
        assert_eq!(village.ann.titles("hollow-den").await, ["Zanzibar"]);
        assert_eq!(village.root.titles("hollow-den").await, ["Zanzibar"]);
        let tags = village.ann.get("/api/tags").await.json();
        assert_eq!(tags["items"][0]["tag"], "velvetpaw");
    }

    async fn every_address_answers_as_if_there_were_nothing(app: TestApp) {
        let village = village(app).await;
        let (thread, post, reply) = (&village.thread.id, &village.thread.post, &village.reply);
        // Each with what is there and with what is not: the answers must be the same.
        let id = |path: &str, id: &str, other: &str| (path.replace("ID", id), path.replace("ID", other));
        let mut reads = vec![
            id("/api/boards/ID", "hollow-den", "nowhere"),
            id("/api/boards/ID/threads", "hollow-den", "nowhere"),
            id("/api/boards/ID/threads?tag=velvetpaw&sort=newest", "hollow-den", "nowhere"),
            id("/b/ID", "hollow-den", "nowhere"),
            id("/b/ID/new", "hollow-den", "nowhere"),
        ];
        for path in ["/api/threads/ID", "/api/threads/ID?page=1", "/api/threads/ID?page=9", "/api/threads/ID/posts",
            "/threads/ID/x", "/threads/ID/x?page=2"] {
            reads.push(id(path, thread, "9007199254740001"));
        }
        for post in [post, reply] {
            for path in ["/api/posts/ID", "/api/posts/ID/edits", "/api/posts/ID/reactions", "/p/ID"] {
                reads.push(id(path, post, "9007199254740001"));
            }
            reads.push(id(&format!("/api/threads/{}?post=ID", village.open.id), post, "9007199254740001"));
            reads.push(id(&format!("/api/threads/{}/posts?post=ID", village.open.id), post, "9007199254740001"));
        }
        for (there, nowhere) in &reads {
            for (who, outsider) in &village.outsiders {
                let (found, other) = (outsider.get(there).await, outsider.get(nowhere).await);
                assert_eq!(gist(&found), gist(&other), "{who}: {there}");
                if there.starts_with("/api") {
                    tells_nothing(who, &found);
                    assert!([404, 401].contains(&found.status.as_u16()), "{who}: {there}: {}", found.status);
                }
            }
        }
        assert!(reads.iter().all(|(there, nowhere)| there != nowhere));
    }

    async fn every_write_answers_as_if_there_were_nothing(app: TestApp) {
        let village = village(app).await;
        let (thread, post, reply) = (&village.thread.id, &village.thread.post, &village.reply);
        let nothing = "9007199254740001";
        let open = json!({"title": "Knock knock", "body": "x"});
        let mut writes = vec![
            (Method::POST, "/api/boards/ID/threads".to_owned(), "hollow-den", "nowhere", open),
            (Method::PATCH, "/api/boards/ID".to_owned(), "hollow-den", "nowhere", json!({"version": 2})),
            (Method::POST, "/api/threads/ID/posts".to_owned(), thread.as_str(), nothing, json!({"body": "x"})),
            (Method::POST, "/api/threads/ID/posts".to_owned(), thread, nothing, json!({"body": "x", "client_id": "a"})),
            (Method::POST, "/api/threads/ID/posts".to_owned(), thread, nothing, json!({"body": "x", "reply_to": post})),
            (Method::PATCH, "/api/threads/ID".to_owned(), thread, nothing, json!({"title": "Mine"})),
            (Method::PATCH, "/api/threads/ID".to_owned(), thread, nothing, json!({"board": "cats"})),
            (Method::DELETE, "/api/threads/ID".to_owned(), thread, nothing, Value::Null),
            (Method::POST, "/api/threads/ID/restore".to_owned(), thread, nothing, Value::Null),
            (Method::POST, "/api/threads/ID/read".to_owned(), thread, nothing, json!({"post_id": post})),
        ];
        for post in [post.as_str(), reply] {
            writes.extend([
                (Method::PATCH, "/api/posts/ID".to_owned(), post, nothing, json!({"body": "x", "version": 1})),
                (Method::DELETE, "/api/posts/ID".to_owned(), post, nothing, Value::Null),
                (Method::POST, "/api/posts/ID/restore".to_owned(), post, nothing, Value::Null),
                (Method::PUT, "/api/posts/ID/reactions/%F0%9F%91%8D".to_owned(), post, nothing, Value::Null),
                (Method::DELETE, "/api/posts/ID/reactions/%F0%9F%91%8D".to_owned(), post, nothing, Value::Null),
            ]);
        }
        let before = village.root.looks_at(&village.thread).await;
        for (method, path, there, nowhere, body) in writes {
            for (who, outsider) in &village.outsiders {
                let body = || Some(body.clone()).filter(|body| !body.is_null());
                let found = outsider.send(method.clone(), &path.replace("ID", there), body()).await;
                let other = outsider.send(method.clone(), &path.replace("ID", nowhere), body()).await;
                assert_eq!(gist(&found), gist(&other), "{who}: {method} {path}");
                assert!([401, 404].contains(&found.status.as_u16()), "{who}: {method} {path}: {}", found.text());
                tells_nothing(who, &found);
            }
        }
        // Neither an answer to it nor a mark on it from outside, through a thread that is open.
        for (who, outsider) in &village.outsiders[1..3] {
            let open = &village.open;
            let through = outsider.post(&open.posts(), json!({"body": "x", "reply_to": post})).await;
            assert_eq!(through.status, 400, "{who}");
            tells_nothing(who, &through);
            let mark = outsider.post(&format!("{}/read", open.path()), json!({"post_id": post})).await;
            assert_eq!(mark.status, 400, "{who}");
            tells_nothing(who, &mark);
        }
        let mo = &village.outsiders[4].1;
        tells_nothing("mo", &mo.patch(&village.open.path(), json!({"board": "hollow-den "})).await);
        let after = village.root.looks_at(&village.thread).await;
        assert_eq!(after["posts"], before["posts"]);
        assert_eq!(after["thread"]["version"], before["thread"]["version"]);
    }

    async fn only_those_inside_may_follow_its_streams(app: TestApp) {
        let village = village(app).await;
        let thread = village.thread.id.parse().unwrap();
        let board = village.root.get("/api/boards/hollow-den").await.json()["board"]["id"].clone();
        let board = text(&board).parse().unwrap();
        let db = &village.app.app.db;
        for (person, may) in [(&village.ann, true), (&village.root, true)]
            .into_iter()
            .chain(village.outsiders.iter().map(|(_, person)| (person, false)))
        {
            let actor = person.acts(&village.app).await;
            assert_eq!(folkmoot::threads::may_follow(db, &actor, &[thread]).await.unwrap().contains(&thread), may);
            assert_eq!(folkmoot::boards::may_follow(db, &actor, &[board]).await.unwrap().contains(&board), may);
        }
    }

    /// Neither what was written before nor what is written now comes to those outside, whatever they ask for.
    async fn their_sockets_hear_nothing_of_it(app: TestApp) {
        let village = village(app).await;
        let board = village.root.get("/api/boards/hollow-den").await.json()["board"]["id"].clone();
        let streams = [format!("thread:{}", village.thread.id), format!("board:{}", text(&board))];
        let [inside, _] = streams.each_ref();
        let mut ann = village.ann.follows([(inside.as_str(), 0)]).await;
        let mut sockets = Vec::new();
        for (name, person) in &village.outsiders {
            let (mut socket, _) = person.connects().await;
            for stream in &streams {
                for seq in [0, 1, 1_000_000] {
                    socket.says("subscribe", json!({"streams": {stream: seq}})).await;
                    assert_eq!(socket.hears("error").await["code"], "not_found", "{name}: {stream}");
                }
            }
            sockets.push((*name, socket));
        }
        village.root.replies(&village.thread, "for those inside").await;
        ann.hears_events(inside, 1).await;
        for (name, mut socket) in sockets {
            assert_eq!(socket.hears_for(Duration::from_millis(200)).await, Vec::<Value>::new(), "{name}");
        }
    }
}
