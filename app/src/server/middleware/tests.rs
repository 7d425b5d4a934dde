//! What the layers do with handlers that fail, hang or refuse.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use folkmoot_bus::Memory;
use folkmoot_store::testing::{TempSqlite, temp_sqlite};
use folkmoot_store::{Db, Options};
use http::header;
use tower::ServiceExt;

use super::edge::edge;
use crate::config::{Config, Environment};
use crate::core::app::Deliver;
use crate::core::clock::Clock;
use crate::core::error::Error;
use crate::core::json::Json;
use crate::core::random::Random;
use crate::core::{App, Result};
use crate::server::lifecycle::Lifecycle;
use crate::server::nodes::Nodes;
use crate::server::{Server, database};

async fn served(routes: Router<Server>) -> (TempSqlite, Router) {
    let file = temp_sqlite();
    let environment: Environment = [("REQUEST_SECONDS", "1")].into_iter().collect();
    let config = Config::load(&environment, None).unwrap().config;
    let db = Db::open(&file.url(), Options::default()).await.unwrap();
    database::migrate(&db).await.unwrap();
    let clock = Clock::set_to(1_795_176_000_000);
    let app = App::new(db, clock, Random::seeded(1), Arc::new(config), Deliver::nowhere()).await.unwrap();
    let server = Server::new(app, Lifecycle::default(), Nodes::on(Arc::new(Memory::new()))).unwrap();
    (file, routes.layer(from_fn_with_state(server.clone(), edge)).with_state(server))
}

async fn answer(router: &Router, request: Request) -> (Response, serde_json::Value) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let problem = serde_json::from_slice(&bytes).unwrap_or(serde_json::Value::Null);
    (Response::from_parts(parts, Body::empty()), problem)
}

fn asking(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn fails() -> Result<()> {
    Err(Error::internal("the secret inner cause"))
}

async fn panics() {
    panic!("the secret inner cause");
}

async fn hangs() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}

async fn reads(Json(_): Json<serde_json::Value>) {}

#[tokio::test]
async fn a_handler_that_fails_or_panics_answers_without_its_reasons() {
    let (_file, router) =
        served(Router::new().route("/fails", get(fails)).route("/panics", get(panics))).await;
    for path in ["/fails", "/panics"] {
        let (response, problem) = answer(&router, asking(path)).await;
        assert_eq!(response.status(), 500, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(problem["code"], "internal");
        assert_eq!(problem["request_id"].as_str(), response.headers()["x-request-id"].to_str().ok());
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }
}

#[tokio::test]
async fn a_handler_that_hangs_is_given_up_in_time() {
    let (_file, router) = served(Router::new().route("/hangs", get(hangs))).await;
    let (response, problem) = answer(&router, asking("/hangs")).await;
    assert_eq!((response.status().as_u16(), problem["code"].as_str()), (503, Some("unavailable")));
    assert!(response.headers().contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn bodies_are_read_in_the_declared_type_alone() {
    let (_file, router) = served(Router::new().route("/reads", post(reads))).await;
    for (kind, body, status, code) in [
        ("text/plain", "{}", 415, "wrong_type"),
        ("application/x-www-form-urlencoded", "a=1", 415, "wrong_type"),
        ("application/json", "{", 400, "malformed"),
    ] {
        let request =
            Request::post("/reads").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let (response, problem) = answer(&router, request).await;
        assert_eq!((response.status().as_u16(), problem["code"].as_str()), (status, Some(code)), "{kind}");
    }
}

#[tokio::test]
async fn a_person_who_looks_at_a_page_that_fails_sees_a_page() {
    let (_file, router) =
        served(Router::new().route("/fails", get(fails)).route("/api/fails", get(fails))).await;
    let looking =
        |path: &str| Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let (response, _) = answer(&router, looking("/fails")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    let (response, problem) = answer(&router, looking("/api/fails")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(problem["status"], 500);
}
