//! What every answer carries, and what the log says of it.

use super::http::{get, post, request};
use super::node::Settings;
use crate::tree::files;

#[test]
fn a_request_s_id_comes_back_and_is_in_the_log_with_its_route() {
    let mut node = Settings::new().start();
    let id = "0af7651916cd43dd8448eb211c80319c";
    let answer = request(node.address, "GET", "/people/ann?secret=s3cret", &[("X-Request-Id", id)]);
    assert_eq!(answer.header("x-request-id"), Some(id));
    let made = get(node.address, "/health").header("x-request-id").unwrap().to_owned();
    assert_eq!(made.len(), 24);
    assert!(node.stop().success());

    let log = node.log();
    let line = log.iter().find(|line| line["request_id"] == id).expect("a line with the id");
    assert_eq!(line["msg"], "request");
    assert_eq!(line["level"], "info");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/people/ann");
    assert_eq!(line["route"], "/people/{nickname}");
    assert_eq!(line["ip"], "127.0.0.0");
    assert!(line["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(line["caller"].as_str().unwrap().contains(".rs:"));
    assert!(!format!("{log:?}").contains("s3cret"));
    assert_eq!(log.iter().filter(|line| line["request_id"] == made.as_str()).count(), 1);
}

#[test]
fn one_time_links_are_not_in_the_log() {
    let mut node = Settings::new().start();
    for path in ["/link/s3cret", "/api/auth/links/s3cret"] {
        get(node.address, path);
    }
    node.stop();
    let log = format!("{:?}", node.log());
    assert!(log.contains("/link/{token}") && !log.contains("s3cret"), "{log}");
}

#[test]
fn refusals_have_words_for_programs_and_a_page_for_people() {
    let node = Settings::new().start();
    let answer = get(node.address, "/api/nope");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!(problem["code"], "not_found");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"));

    let answer = request(node.address, "GET", "/no/such/page", &[("Accept", "text/html")]);
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.text().contains("There is nothing at this address"));
    assert!(answer.text().contains("noindex"));

    let answer = request(node.address, "DELETE", "/health", &[]);
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,HEAD")));
    assert_eq!(answer.json()["code"], "method_not_allowed");
}

#[test]
fn every_answer_is_guarded_refusals_too() {
    let node = Settings::new().with("RATE_LIMIT_REQUESTS", "4").start();
    let evil = [("Origin", "https://evil.example")];
    let answers = [
        get(node.address, "/health"),
        get(node.address, "/"),
        get(node.address, "/nowhere"),
        get(node.address, "/api/nowhere"),
        request(node.address, "POST", "/api/anything", &evil),
        get(node.address, "/api/nowhere"),
        get(node.address, "/api/nowhere"),
    ];
    assert_eq!(answers.last().unwrap().status, 429);
    for answer in answers {
        let header = |name| answer.header(name).unwrap_or_else(|| panic!("{name} on {}", answer.status));
        assert!(header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
        assert!(!header("content-security-policy").contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin");
        assert!(header("permissions-policy").contains("camera=()"));
        assert!(answer.header("x-request-id").is_some());
        assert!(["private, no-cache", "no-store"].contains(&header("cache-control")));
        assert!(answer.header("x-xss-protection").is_none());
    }
}

#[test]
fn other_sites_may_not_act_here_and_allowed_ones_may() {
    let node = Settings::new().with("ALLOWED_ORIGINS", "https://app.example").start();
    let acts = |origin: &str| request(node.address, "POST", "/api/anything", &[("Origin", origin)]);
    let refused = acts("https://evil.example");
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("wrong_origin")));
    assert_eq!(acts("null").status, 403);
    assert_eq!(acts(&format!("http://{}", node.address)).status, 404, "ours: there is just no such call");
    let allowed = acts("https://app.example");
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example"));

    let ask = |origin: &str| {
        let headers = [("Origin", origin), ("Access-Control-Request-Method", "PATCH")];
        request(node.address, "OPTIONS", "/api/me", &headers)
    };
    let allowed = ask("https://app.example");
    assert_eq!(allowed.status, 204);
    assert!(allowed.header("access-control-allow-methods").unwrap().contains("PATCH"));
    let refused = ask("https://evil.example");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (403, None));
}

#[test]
fn metrics_are_on_the_internal_listener_alone() {
    let node = Settings::new().start();
    get(node.address, "/people/ann");
    get(node.address, "/wp-login.php");
    assert_eq!(get(node.address, "/metrics").status, 404);
    let metrics = get(node.internal.unwrap(), "/metrics");
    assert!(metrics.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let text = metrics.text();
    for line in [
        "http_requests_total{method=\"GET\",route=\"/people/{nickname}\"",
        "route=\"unmatched\",status=\"404\"",
        "http_request_duration_seconds_bucket",
        "process_resident_memory_bytes",
        "database_connections ",
        "database_batches_committed_total ",
        "database_reads_total ",
        "database_wal_bytes ",
        "build_info{version=",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("wp-login"), "a path is no label");

    let without = Settings::new().with("METRICS_ADDR", "off").start();
    assert!(without.internal.is_none());
}

/// What an operator sees is what the system says, and what it does not say is not made up.
#[test]
fn memory_and_cpu_are_those_that_the_system_says() {
    let node = Settings::new().start();
    for _ in 0..50 {
        get(node.address, "/");
    }
    let proc = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", node.pid())).unwrap();
    let cpu = || {
        let stat = proc("stat");
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    };
    let before = cpu();
    let text = get(node.internal.unwrap(), "/metrics").text();
    let after = cpu();
    let metric = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    };
    let shown = metric("process_cpu_seconds_total");
    assert!((before..=after).contains(&shown), "{before} ≤ {shown} ≤ {after}");
    let status = proc("status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let resident = resident.split_whitespace().next().unwrap().parse::<f64>().unwrap() * 1024.0;
    let shown = metric("process_resident_memory_bytes");
    assert!((shown / resident - 1.0).abs() < 0.2, "{shown}, the system says {resident}");
    assert!(metric("runtime_tasks_alive") >= 5.0);
    assert!(metric("process_threads") >= 4.0);
}

#[test]
fn long_answers_are_compressed_for_those_who_can_read_them() {
    let node = Settings::new().start();
    let plain = get(node.address, "/");
    assert_eq!(plain.header("content-encoding"), None);
    for encoding in ["br", "gzip"] {
        let answer = request(node.address, "GET", "/", &[("Accept-Encoding", encoding)]);
        assert_eq!(answer.header("content-encoding"), Some(encoding));
        assert!(answer.body.len() * 2 < plain.body.len(), "{encoding}");
        assert!(answer.header("vary").unwrap().contains("accept-encoding"));
    }
    let short = request(node.address, "GET", "/health", &[("Accept-Encoding", "gzip")]);
    assert_eq!(short.header("content-encoding"), None);
}

#[test]
fn health_needs_nothing_and_readiness_needs_the_database() {
    let node = Settings::new().start();
    for path in ["/health", "/api/health", "/_health"] {
        let health = get(node.address, path);
        assert_eq!(health.status, 200, "{path}");
        let body = health.json();
        assert_eq!(body["status"], "ok");
        assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
        assert!(body["uptime_seconds"].is_u64());
        assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    }
    let ready = get(node.address, "/ready");
    assert_eq!(ready.status, 200);
    assert_eq!(ready.json()["status"], "ready");
    assert_eq!(ready.json()["database"], "healthy");
}

#[test]
fn no_secret_and_nobody_s_address_is_ever_in_the_log() {
    let mut node = Settings::new().with("LOG_LEVEL", "debug").start();
    let (password, email) = ("correct horse battery", "ann@private.example");
    let send = |path: &str, cookie: &str, body: serde_json::Value| {
        let headers = [("Content-Type", "application/json"), ("Cookie", cookie)];
        post(node.address, path, &headers, &body.to_string())
    };
    let person = serde_json::json!({
        "nickname": "ann", "email": email, "password": password, "age": 30, "gender": "female",
        "first_name": "Annabelle", "last_name": "Lovelace",
    });
    let registered = send("/api/auth/register", "", person);
    assert_eq!(registered.status, 201, "{}", registered.text());
    let cookie = registered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let made = send("/api/auth/tokens", &cookie, serde_json::json!({ "name": "phone" })).json();
    let token = made["token"].as_str().unwrap().to_owned();
    let wrong = serde_json::json!({ "identifier": email, "password": "not the password" });
    assert_eq!(send("/api/auth/login", "", wrong).status, 401);
    let bearer = format!("Bearer {token}");
    assert_eq!(request(node.address, "GET", "/api/me", &[("Authorization", &bearer)]).status, 200);
    assert!(node.stop().success());

    let log = node.log();
    let id = registered.json()["user"]["id"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(
        log.iter().any(|line| line["path"] == "/api/me" && line["user_id"] == id),
        "who asked is named by number"
    );
    let text = format!("{log:?}{}", node.errors());
    let session = cookie.split('=').nth(1).unwrap();
    for secret in [password, "not the password", email, "Annabelle", "Lovelace", session, &token] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

/// The calls of `app/src`: the address and the methods of each `.route("/api/…", get(…).post(…))`.
fn calls() -> Vec<(String, Vec<&'static str>)> {
    let mut calls = Vec::new();
    for file in files("app/src", &["rs"]).into_iter().filter(|file| !file.path.ends_with("tests.rs")) {
        for route in file.text.split(".route(").skip(1) {
            let Some((path, rest)) =
                route.trim_start().strip_prefix('"').and_then(|path| path.split_once('"'))
            else {
                continue;
            };
            let mut open = 1;
            let end = rest.find(|letter| {
                open += i32::from(letter == '(') - i32::from(letter == ')');
                open == 0
            });
            let handlers = &rest[..end.expect("a route ends")];
            let is_answered = |method: &&str| handlers.contains(&format!("{method}("));
            let methods = ["get", "post", "put", "patch", "delete"].into_iter().filter(is_answered).collect();
            if path.starts_with("/api/") {
                calls.push((path.to_owned(), methods));
            }
        }
    }
    calls
}

#[test]
fn every_call_that_is_there_is_described() {
    let calls = calls();
    assert!(calls.len() > 30, "{}", calls.len());
    let node = Settings::new().start();
    let document = get(node.address, "/api/openapi.json").json();
    for (path, methods) in calls {
        assert!(!methods.is_empty(), "{path}");
        for method in methods {
            assert!(document["paths"][&path][method].is_object(), "{method} {path} is not described");
        }
    }
}

#[test]
fn every_call_that_is_described_is_there() {
    let node = Settings::new().start();
    let document = get(node.address, "/api/openapi.json").json();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 10, "{}", paths.len());
    for (path, calls) in paths {
        assert!(path.starts_with("/api/"), "{path}");
        let asked: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for method in calls.as_object().unwrap().keys() {
            let answer = request(node.address, &method.to_uppercase(), &asked, &[]);
            let lost = answer.status == 405 || answer.text().contains("no such call");
            assert!(!lost, "{method} {path}: {}", answer.status);
        }
    }
}
