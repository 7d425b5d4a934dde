//! Who may not read any more hears nothing more, on every node and within two seconds.

use std::sync::Arc;
use std::time::Duration;

use folkmoot::accounts::{Role, admin};
use folkmoot::server::nodes::Nodes;
use folkmoot_bus::Memory;
use folkmoot_store::{Batch, sql};
use tokio::time::{Instant, timeout_at};

use super::place_in;
use crate::forum::text;
use crate::rig::*;

sql! {
    /// Numbers of `rights` whose events nobody finds.
    static SKIP_RIGHTS: () = "INSERT INTO streams (id, head) VALUES ('rights', 3)
        ON CONFLICT (id) DO UPDATE SET head = streams.head + 3";
}

const IN_TIME: Duration = Duration::from_secs(2);

/// The socket hears `revoked` for the stream in time, and nothing of it from then on.
async fn is_revoked(socket: &mut Socket, stream: &str, since: Instant) {
    let revoked = async { while socket.next_frame().await["type"] != "revoked" {} };
    timeout_at(since + IN_TIME, revoked).await.expect("it is revoked within two seconds");
    let later = socket.hears_for(Duration::from_millis(500)).await;
    assert!(later.iter().all(|frame| frame["stream"] != stream), "{later:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_a_group_loses_its_board_on_every_node_on_postgres() {
    let bus = Memory::new();
    let other_end = Nodes::on(Arc::new(bus.another_node()));
    let here = TestApp::start_on(Engine::Postgres, Nodes::on(Arc::new(bus)), |_| ()).await;
    let there = here.another_on(other_end, |_| ()).await;
    let root = here.admin("ada").await;
    let [ann, bob] = here.people(["ann", "bob"]).await;
    root.makes_private_board("den", "lions", &[&ann, &bob]).await;
    let thread = ann.opens("den", "Lions").await;
    let (stream, seq) = place_in(&bob.looks_at(&thread).await);
    let (board, board_seq) = place_in(&bob.get("/api/boards/den").await.is(200).json());

    let bob_there = there.guest().with("cookie", bob.asks().1[0].1.clone());
    let mut sockets = [
        bob.follows([(&stream, seq), (&board, board_seq)]).await,
        bob_there.follows([(&stream, seq), (&board, board_seq)]).await,
    ];
    let mut stays = ann.follows([(&stream, seq)]).await;
    ann.replies(&thread, "for lions").await;
    for socket in &mut sockets {
        socket.hears_events(&stream, 1).await;
    }

    root.delete("/api/admin/groups/lions/members/bob").await.is(204);
    let since = Instant::now();
    for socket in &mut sockets {
        let mut revoked = 0;
        while revoked < 2 {
            let next = timeout_at(since + IN_TIME, socket.next_frame()).await;
            revoked += usize::from(next.expect("it is revoked within two seconds")["type"] == "revoked");
        }
    }
    ann.replies(&thread, "still for lions").await;
    stays.hears_events(&stream, 2).await;
    for socket in &mut sockets {
        assert_eq!(socket.hears_for(Duration::from_millis(500)).await, Vec::<Value>::new());
        socket.says("subscribe", json!({"streams": {stream.as_str(): seq}})).await;
        assert_eq!(socket.hears("error").await["code"], "not_found");
    }
}

both_databases! {
    async fn a_board_that_becomes_private_is_lost_to_guests(app: TestApp) {
        let root = app.with_cats().await;
        let thread = root.opens("cats", "Cats").await;
        root.post("/api/admin/groups", json!({"slug": "lions", "title": "Lions"})).await.is(201);
        let (stream, seq) = place_in(&app.guest().get(&thread.path()).await.is(200).json());
        let (cats, cats_seq) = place_in(&app.guest().get("/api/boards/cats").await.is(200).json());
        let mut on_thread = app.guest().follows([(&stream, seq)]).await;
        let mut on_board = app.guest().follows([(&cats, cats_seq)]).await;
        let version = root.get("/api/boards/cats").await.is(200).json()["board"]["version"].clone();
        let rights = json!({"read": "group:lions", "start": "group:lions", "reply": "group:lions"});
        root.patch("/api/boards/cats", json!({"rights": rights, "version": version})).await.is(200);
        let since = Instant::now();
        is_revoked(&mut on_thread, &stream, since).await;
        is_revoked(&mut on_board, &cats, since).await;
        root.replies(&thread, "for lions").await;
        assert_eq!(on_thread.hears_for(Duration::from_millis(300)).await, Vec::<Value>::new());
        assert!(app.metric("websocket_streams_revoked_total") >= 2.0);
    }

    /// The move itself must not show to those who lose the thread by it: not even its title of then.
    async fn a_thread_that_goes_behind_a_door_takes_only_those_who_may_enter(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        root.makes_private_board("den", "lions", &[&ann]).await;
        let thread = ann.opens("cats", "Cats").await;
        let (stream, seq) = place_in(&bob.looks_at(&thread).await);
        let mut enters = ann.follows([(&stream, seq)]).await;
        let mut outside = bob.follows([(&stream, seq)]).await;
        root.patch(&thread.path(), json!({"board": "den"})).await.is(200);
        ann.replies(&thread, "for lions").await;
        enters.hears_events(&stream, 2).await;
        let heard = outside.hears_for(Duration::from_millis(800)).await;
        assert_eq!(heard, [json!({"type": "revoked", "payload": {"stream": stream}})]);
    }

    async fn a_session_that_ends_takes_its_sockets_along(app: TestApp) {
        let ann = app.person("ann").await;
        let (mut socket, _) = ann.connects().await;
        let phone = app.guest();
        phone.signs_in("ann", PASSWORD).await.is(200);
        let (mut elsewhere, _) = phone.connects().await;
        let since = Instant::now();
        ann.post("/api/auth/logout", json!({})).await.is(204);
        let closed = timeout_at(since + IN_TIME, socket.is_closed()).await;
        assert_eq!(closed.expect("closed within two seconds"), Closed::Code(4401));
        elsewhere.says("dance", json!({})).await;
        while elsewhere.next_frame().await["type"] != "error" {}
    }

    async fn a_token_that_is_revoked_takes_its_sockets_along(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/api/auth/tokens", json!({"name": "robot"})).await.is(201).json();
        let (mut robot, _) = ann.program(&text(&made["token"])).connects().await;
        let tokens = ann.get("/api/auth/tokens").await.is(200).json();
        let id = text(&tokens["items"][0]["id"]);
        ann.delete(&format!("/api/auth/tokens/{id}")).await.is(204);
        let closed = timeout_at(Instant::now() + IN_TIME, robot.is_closed()).await;
        assert_eq!(closed.expect("closed within two seconds"), Closed::Code(4401));
    }

    /// The window in which it was changed goes on.
    async fn a_new_password_takes_all_other_sockets_along(app: TestApp) {
        let ann = app.person("ann").await;
        let made = ann.post("/api/auth/tokens", json!({"name": "robot"})).await.is(201).json();
        let phone = app.guest();
        phone.signs_in("ann", PASSWORD).await.is(200);
        let (mut here, _) = ann.connects().await;
        let (mut there, _) = phone.connects().await;
        let (mut robot, _) = ann.program(&text(&made["token"])).connects().await;
        let change = json!({"current": PASSWORD, "password": "another password"});
        assert!(ann.post("/api/me/password", change).await.status.is_success());
        let since = Instant::now();
        for socket in [&mut there, &mut robot] {
            let closed = timeout_at(since + IN_TIME, socket.is_closed()).await;
            assert_eq!(closed.expect("closed within two seconds"), Closed::Code(4401));
        }
        here.follows("site", 0).await;
    }

    /// One browser: Bob's session in it ends as Ann sets her new password there, and so do his windows.
    async fn whoever_is_replaced_in_a_browser_hears_nothing_more(app: TestApp) {
        let root = app.admin("ada").await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let (mut window, _) = bob.connects().await;
        let path = format!("/api/admin/people/{}/link", ann.id().await);
        let link = root.post(&path, json!({})).await.is(201).json();
        let secret = text(&link["url"]).rsplit('/').next().unwrap().to_owned();
        let new_password = json!({"password": "another password"});
        bob.post(&format!("/api/auth/links/{secret}"), new_password).await.is(200);
        assert_eq!(bob.account().await["nickname"], "ann", "the browser is Ann's now");
        let closed = timeout_at(Instant::now() + IN_TIME, window.is_closed()).await;
        assert_eq!(closed.expect("closed within two seconds"), Closed::Code(4401));
    }

    /// Events of `rights` that are not there any more cannot be obeyed: everyone is asked again, and the next is obeyed.
    async fn a_gap_in_rights_does_not_make_a_node_deaf(app: TestApp) {
        let mia = app.moderator("mia").await;
        let mut socket = mia.follows([("staff", 0)]).await;
        let mut batch = Batch::new();
        batch.push(SKIP_RIGHTS.with(()));
        let elsewhere = app.in_another_process().await;
        elsewhere.db.commit(batch).await.unwrap();
        // Until the sweep has come by.
        tokio::time::sleep(Duration::from_secs(4)).await;
        admin::promote(&elsewhere, "mia", Role::Member).await.unwrap();
        assert_eq!(socket.hears("revoked").await["stream"], "staff");
    }

    async fn whoever_is_banned_is_sent_away(app: TestApp) {
        let root = app.admin("ada").await;
        let ann = app.person("ann").await;
        let (mut socket, _) = ann.connects().await;
        let path = format!("/api/admin/people/{}", text(&ann.account().await["id"]));
        root.patch(&path, json!({"standing": "banned"})).await.is(200);
        let since = Instant::now();
        let closed = timeout_at(since + IN_TIME, socket.is_closed()).await;
        assert_eq!(closed.expect("closed within two seconds"), Closed::Code(4401));
    }

    async fn whoever_keeps_order_no_more_loses_the_staffs_stream(app: TestApp) {
        let root = app.admin("ada").await;
        let mia = app.moderator("mia").await;
        let mut socket = mia.follows([("staff", 0)]).await;
        let path = format!("/api/admin/people/{}", text(&mia.account().await["id"]));
        root.patch(&path, json!({"role": "member"})).await.is(200);
        is_revoked(&mut socket, "staff", Instant::now()).await;
    }
}
