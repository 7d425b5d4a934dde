//! What a socket and a client say to each other, whatever it is about.

use tokio_tungstenite::tungstenite::{Error, Message};

use crate::rig::*;

both_databases! {
    /// A guest and a member are both welcome; each hears who they are.
    async fn welcome_says_who_one_is(app: TestApp) {
        let ann = app.person("ann").await;
        let (_socket, welcome) = ann.connects().await;
        assert_eq!(welcome["user"]["nickname"], "ann");
        assert_eq!(welcome["epoch"], *app.app.epoch());
        assert_eq!(welcome["conversations"], json!({}));
        assert!(welcome["heartbeat"].is_u64() && welcome["version"].is_string() && welcome["release"].is_string());

        let (_socket, welcome) = app.guest().connects().await;
        assert_eq!(welcome["user"], Value::Null);
    }

    /// For proxies that pass an upgrade on at that path alone.
    async fn the_same_socket_is_at_socket_io(app: TestApp) {
        for path in ["/socket.io", "/socket.io/", "/socket.io/?EIO=4&transport=websocket"] {
            let mut socket = app.guest().opens_socket_at(path).await.unwrap();
            assert_eq!(socket.says_hello(None, json!({})).await["user"], Value::Null, "{path}");
        }
        let page = app.guest().with("origin", "https://evil.example");
        let refused = page.opens_socket_at("/socket.io/").await;
        assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 403));
    }

    async fn a_program_signs_on_with_its_token(app: TestApp) {
        let ann = app.person("ann").await;
        let token = ann.post("/api/auth/tokens", json!({"name": "robot"})).await.is(201).json();
        let program = ann.program(token["token"].as_str().unwrap());
        let (_socket, welcome) = program.connects().await;
        assert_eq!(welcome["user"]["nickname"], "ann");

        let refused = ann.program("fm_wrong").opens_socket().await;
        assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 401));
    }

    async fn a_socket_is_refused_to_other_sites_pages(app: TestApp) {
        let ann = app.person("ann").await;
        let own = format!("http://{}", app.address);
        for (origin, may) in [(own.as_str(), true), ("https://evil.example", false), ("null", false)] {
            let page = app.guest().with("origin", origin).with("cookie", ann.asks().1[0].1.clone());
            match page.opens_socket().await {
                Ok(_) => assert!(may, "{origin}"),
                Err(Error::Http(answer)) => assert!(!may && answer.status() == 403, "{origin}"),
                Err(error) => panic!("{origin}: {error}"),
            }
        }
    }

    async fn hello_comes_first_and_once(app: TestApp) {
        let mut socket = app.guest().opens_socket().await.unwrap();
        socket.says("subscribe", json!({"streams": {"site": 0}})).await;
        assert_eq!(socket.hears("error").await["code"], "hello_first");
        socket.says_hello(None, json!({})).await;
        socket.says("hello", json!({})).await;
        assert_eq!(socket.hears("error").await["code"], "hello_again");
    }

    /// What is of the protocol but wrong is answered; the connection goes on.
    async fn mistakes_are_answered(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        for (kind, payload, code) in [
            ("dance", json!({}), "unknown_type"),
            ("subscribe", json!({"streams": ["site"]}), "malformed"),
            ("subscribe", json!({"streams": {"site": "1"}}), "malformed"),
            ("subscribe", json!({"streams": {"site": 1.5}}), "malformed"),
            ("unsubscribe", json!({}), "malformed"),
        ] {
            socket.says(kind, payload).await;
            assert_eq!(socket.hears("error").await["code"], code, "{kind}");
        }
        socket.follows("site", 0).await;
    }

    async fn garbage_closes_the_socket(app: TestApp) {
        for (garbage, code) in [
            (Message::text("hello"), 4400),
            (Message::text("[]"), 4400),
            (Message::text(r#"{"type":1}"#), 4400),
            (Message::text("{".repeat(60_000)), 4400),
            (Message::binary(vec![0, 1, 2]), 1003),
        ] {
            let (mut socket, _) = app.guest().connects().await;
            socket.sends(garbage).await;
            assert_eq!(socket.is_closed().await, Closed::Code(code));
        }
    }

    async fn a_frame_over_64_kib_closes_the_socket(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        let padding = "x".repeat(65_000);
        socket.says("dance", json!({"padding": padding})).await;
        assert_eq!(socket.hears("error").await["code"], "unknown_type");
        socket.tries_to_send(Message::text("x".repeat(70_000))).await;
        // The rest of the frame may still be on its way when the server lets go: then nothing is heard at all.
        assert!(matches!(socket.is_closed().await, Closed::Code(1009) | Closed::Lost));
        app.guest().connects().await;
    }

    async fn too_many_frames_close_the_socket(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        for _ in 0..300 {
            socket.tries_to_send(Message::text(r#"{"type":"unsubscribe","payload":{"streams":[]}}"#)).await;
        }
        assert!(matches!(socket.is_closed().await, Closed::Code(4429) | Closed::Lost));
    }

    /// A name costs the same whether one begins or ends to follow it: thousands in one frame are not for nothing.
    async fn leaving_streams_is_held_to_the_rate_too(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        socket.follows("site", 0).await;
        let few: Vec<String> = (1..=200).map(|id| format!("board:{id}")).collect();
        socket.says("unsubscribe", json!({"streams": few})).await;
        app.admin("ada").await;
        socket.hears_events("site", 1).await;
        socket.says("unsubscribe", json!({"streams": vec!["site"; 3000]})).await;
        assert_eq!(socket.is_closed().await, Closed::Code(4429));
    }

    /// `rights` is between nodes; another's own stream, the staff's and what is not there are all the same to a guest.
    async fn streams_that_are_not_for_one_are_not_found(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let theirs = format!("user:{}", bob.id().await);
        for person in [&app.guest(), &ann] {
            let (mut socket, _) = person.connects().await;
            let names = [theirs.as_str(), "staff", "rights", "board:1", "thread:1", "conversation:1", "nonsense", "site:1"];
            for stream in names {
                socket.says("subscribe", json!({"streams": {stream: 0}})).await;
                let error = socket.hears("error").await;
                assert_eq!((&error["code"], &error["stream"]), (&json!("not_found"), &json!(stream)));
            }
        }
        let moderator = app.moderator("mia").await;
        let (mut socket, _) = moderator.connects().await;
        socket.follows("staff", 0).await;
    }

    async fn open_sockets_are_counted(app: TestApp) {
        assert_eq!(app.metric("websocket_connections_active"), 0.0);
        let first = app.guest().connects().await;
        let (mut second, _) = app.guest().connects().await;
        assert_eq!(app.metric("websocket_connections_active"), 2.0);
        assert_eq!(app.metric("socket_connections"), 2.0);
        drop(first);
        second.sends(Message::text("garbage")).await;
        second.is_closed().await;
        until(async || app.metric("websocket_connections_active") == 0.0).await;
    }
}

#[tokio::test]
async fn one_address_holds_only_so_many_sockets() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.realtime.websocket_per_address = 2).await;
    let held = [app.guest().connects().await, app.guest().connects().await];
    let refused = app.guest().opens_socket().await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 429));
    drop(held);
    until(async || app.guest().opens_socket().await.is_ok()).await;
}

#[tokio::test]
async fn heartbeats_come_and_the_silent_are_closed() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.realtime.heartbeat_seconds = 1).await;
    let mut socket = app.guest().opens_socket().await.unwrap();
    socket.says_hello(None, json!({})).await;
    assert!(socket.hears_heartbeat().await, "one comes within its time");
    // A client that neither reads nor answers pings.
    drop(socket);
    let mut deaf = app.guest().opens_socket().await.unwrap();
    deaf.says_hello(None, json!({})).await;
    until(async || app.metric("websocket_connections_active") == 0.0).await;
}
