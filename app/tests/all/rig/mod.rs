//! What tests stand on: a server of their own on a database of their own, and people who use it.
//!
//! ```ignore
//! both_databases! {
//!     async fn a_name_belongs_to_one_person(app: TestApp) {
//!         let [ann, bob] = app.people(["ann", "bob"]).await;
//!         ann.patch("/api/me", json!({"bio": "Hello"})).await.is(200);
//!         assert_eq!(bob.get("/api/users/ANN").await.is(200).json()["user"]["bio"], "Hello");
//!         app.expects_events([]).await;
//!     }
//! }
//! ```

mod answer;
mod app;
mod database;
mod person;
mod socket;

pub(crate) use answer::Answer;
pub(crate) use app::{TestApp, days, hours, minutes};
pub(crate) use database::Database;
pub(crate) use folkmoot_store::Engine;
pub(crate) use person::{PASSWORD, Person, form};
pub(crate) use serde_json::{Value, json};
pub(crate) use socket::{Closed, Socket};

/// Declares tests that run on SQLite (`name::sqlite`) and on PostgreSQL (`name::postgres`).
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($app: TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test(TestApp::start(Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                test(TestApp::start(Engine::Postgres).await).await;
            }
        }
    )+};
}

/// Waits until something holds; fails after ten seconds.
pub(crate) async fn until(holds: impl AsyncFn() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it does not come to hold");
}
