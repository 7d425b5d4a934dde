//! What is measured of a server while people use it.

use tokio_tungstenite::tungstenite::Message;

use crate::rig::*;

const PEOPLE: &str = "method=\"GET\",route=\"/people/{nickname}\",status=\"200\"";

both_databases! {
    /// However many people there are, their pages are one row.
    async fn requests_are_measured_by_route_and_not_by_address(app: TestApp) {
        app.people(["ann", "bob"]).await;
        for nickname in ["ann", "bob", "ann"] {
            app.guest().get(&format!("/people/{nickname}")).await.is(200);
        }
        assert_eq!(app.metric(&format!("http_requests_total{{{PEOPLE}}}")), 3.0);
        assert_eq!(app.metric(&format!("http_request_duration_seconds_count{{{PEOPLE}}}")), 3.0);
        assert_eq!(app.metric(&format!("http_request_duration_seconds_bucket{{le=\"+Inf\",{PEOPLE}}}")), 3.0);
        assert!(app.metric(&format!("http_request_duration_seconds_sum{{{PEOPLE}}}")) > 0.0);
        let bounds = ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "10.0"];
        let within = bounds.map(|le| app.metric(&format!("http_request_duration_seconds_bucket{{le=\"{le}\",{PEOPLE}}}")));
        assert!(within.is_sorted(), "each bucket holds those before it: {within:?}");
    }

    /// Nobody can make the server remember a name for each thing they make up.
    async fn what_strangers_make_up_adds_no_labels(app: TestApp) {
        let ask = async |wave: usize| {
            for n in 0..40 {
                let word = format!("made-up-{wave}-{n}");
                for path in ["", "/people", "/b", "/threads", "/t", "/api", "/api/people", "/api/threads", "/assets/x", "/link"] {
                    app.guest().get(&format!("{path}/{word}?{word}={word}")).await;
                }
                let method = word.to_uppercase().parse().unwrap();
                app.guest().send(method, "/", None).await;
            }
            app.metric_lines().into_iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let first = ask(1).await;
        let second = ask(2).await;
        let new: Vec<_> = second.iter().filter(|name| !first.contains(name)).collect();
        assert!(new.is_empty(), "{new:?}");
        assert!(!second.iter().any(|name| name.contains("made-up") || name.contains("MADE-UP")));
    }

    /// Goodbye or not: the network of one of them is gone without a word.
    async fn a_socket_counts_as_long_as_it_is_open(app: TestApp) {
        let open = || app.metric("websocket_connections_active");
        assert_eq!(open(), 0.0);
        let (mut polite, _) = app.guest().connects().await;
        assert_eq!(open(), 1.0);
        let (killed, _) = app.guest().connects().await;
        assert_eq!((open(), app.metric("socket_connections")), (2.0, 2.0));
        polite.sends(Message::Close(None)).await;
        until(async || open() == 1.0).await;
        drop(killed);
        until(async || open() == 0.0).await;
    }

    async fn reads_and_commits_are_measured(app: TestApp) {
        let count = |kind: &str| app.metric(&format!("database_query_duration_seconds_count{{kind=\"{kind}\"}}"));
        let (reads, commits) = (count("read"), count("commit"));
        app.person("ann").await;
        let asked = count("read") - reads;
        assert!(asked >= 1.0 && count("commit") - commits >= 1.0, "registering reads and writes");
        for kind in ["read", "commit"] {
            let all = || app.metric(&format!("database_query_duration_seconds_bucket{{le=\"+Inf\",kind=\"{kind}\"}}"));
            // Jobs of the server read and write as well, also between two looks.
            until(async || all() == count(kind)).await;
            assert!(app.metric(&format!("database_query_duration_seconds_sum{{kind=\"{kind}\"}}")) > 0.0);
        }
    }

    async fn connections_count_while_they_are_at_work(app: TestApp) {
        let in_use = || app.metric("database_connections_in_use");
        until(async || in_use() == 0.0).await;
        let held = app.app.db.snapshot().await.unwrap();
        assert!(in_use() >= 1.0);
        assert!(app.metric("database_connections") >= in_use());
        drop(held);
        until(async || in_use() == 0.0).await;
    }

    async fn living_tasks_are_counted(app: TestApp) {
        let before = app.metric("runtime_tasks_alive");
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(app.guest().connects().await);
        }
        let with_sockets = app.metric("runtime_tasks_alive");
        assert!(with_sockets >= before + 4.0, "each socket has its own");
        drop(held);
        until(async || app.metric("runtime_tasks_alive") <= with_sockets - 8.0).await;
    }
}
