//! What browsers tell of themselves, and what is made of it.

use std::collections::BTreeSet;

use folkmoot::ops::browsers::ROUTES;

use crate::rig::*;
use crate::tree::root;

fn report() -> Value {
    json!({
        "release": "r1", "visit": true,
        "load": {"route": "thread", "ms": 700, "paint_ms": 300},
        "changes": [{"route": "board", "ms": 260}],
        "errors": [{"class": "TypeError", "route": "thread"}],
    })
}

async fn asked_to_report(percent: u32) -> TestApp {
    TestApp::start_with(Engine::Sqlite, |config| config.telemetry.percent = percent).await
}

#[tokio::test]
async fn a_report_becomes_figures() {
    let app = asked_to_report(20).await;
    assert_eq!(app.guest().get("/api/site").await.is(200).json()["telemetry_percent"], 20);
    app.guest().post("/api/telemetry", report()).await.is(204);
    app.guest()
        .post("/api/telemetry", json!({"release": "r1", "load": {"route": "/people/ann", "ms": 1}}))
        .await
        .is(204);
    for (metric, value) in [
        ("browser_reports_total", 2.0),
        ("browser_sessions_total", 1.0),
        ("browser_page_load_seconds_count{route=\"thread\"}", 1.0),
        ("browser_page_load_seconds_sum{route=\"thread\"}", 0.7),
        ("browser_first_paint_seconds_sum{route=\"thread\"}", 0.3),
        ("browser_page_load_seconds_count{route=\"other\"}", 1.0),
        ("browser_slow_route_change_seconds_count{route=\"board\"}", 1.0),
        ("browser_errors_total{class=\"TypeError\"}", 1.0),
        ("browser_reporting_percent", 20.0),
    ] {
        assert_eq!(app.metric(metric), value, "{metric}");
    }
}

/// Also not from a page of before, which still thinks that it should.
#[tokio::test]
async fn nobody_reports_who_does_not_want_to_or_is_not_asked() {
    let app = asked_to_report(20).await;
    for header in ["dnt", "sec-gpc"] {
        app.guest().with(header, "1").post("/api/telemetry", report()).await.is(204);
    }
    assert_eq!(app.metric("browser_reports_total"), 0.0);
    let app = asked_to_report(0).await;
    app.guest().post("/api/telemetry", report()).await.is(204);
    assert_eq!(app.metric("browser_reports_total"), 0.0);
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let app = asked_to_report(20).await;
    let send = async |report: Value| app.guest().post("/api/telemetry", report).await;
    let many = |what: Value| vec![what; 11];
    send(json!({"release": "r1", "name": "ann"})).await.refuses(400, "malformed");
    send(json!({"release": "x".repeat(5000)})).await.refuses(413, "too_large");
    send(json!({"release": "r1", "errors": many(json!({"class": "Error", "route": "home"}))}))
        .await
        .refuses_fields(["errors"]);
    send(json!({"release": "r1", "changes": many(json!({"route": "home", "ms": 1}))}))
        .await
        .refuses_fields(["changes"]);
    send(json!({"release": "r1", "load": {"route": "home", "ms": 600_001}})).await.refuses_fields(["ms"]);
    send(json!({"release": "r1", "load": {"route": "home", "ms": -1}})).await.refuses(400, "malformed");
    assert_eq!(app.metric("browser_reports_total"), 0.0);
}

#[tokio::test]
async fn one_address_reports_only_so_often() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.limits.rate_limit_requests = 400).await;
    for _ in 0..20 {
        app.guest().post("/api/telemetry", report()).await.is(204);
    }
    app.guest().post("/api/telemetry", report()).await.refuses(429, "too_many");
    app.guest().get("/").await.is(200);
}

#[test]
fn the_server_knows_each_page_of_the_client() {
    let source = std::fs::read_to_string(root().join("client/js/routes.js")).unwrap();
    let named = source.split("name: '").skip(1).map(|rest| rest.split('\'').next().unwrap());
    let pages: BTreeSet<&str> = named.chain(["not-found"]).collect();
    assert_eq!(pages, BTreeSet::from(ROUTES), "ROUTES in app/src/ops/browsers.rs");
}
