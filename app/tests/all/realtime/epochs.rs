//! History that went back: everyone is told, and nobody believes an old number.

use folkmoot::core::{epoch, meta};
use folkmoot_store::{Batch, sql};

use crate::rig::*;

sql! {
    /// An older copy of the log, as a restore would leave it.
    static FORGET_AFTER: (i64) = "DELETE FROM events WHERE stream = 'site' AND seq > $1";
    /// With the head of then.
    static HEAD_BACK: (i64) = "UPDATE streams SET head = $1 WHERE id = 'site'";
}

both_databases! {
    async fn a_log_that_went_back_under_a_running_server_is_noticed(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        socket.follows("site", 0).await;
        app.much_happens(5).await;
        socket.hears_events("site", 5).await;
        let mut batch = Batch::new();
        batch.push(FORGET_AFTER.with((2,)));
        batch.push(HEAD_BACK.with((2,)));
        app.app.db.commit(batch).await.unwrap();

        assert_eq!(socket.is_closed().await, Closed::Code(4409));
        let old = socket.epoch.clone();
        let mut socket = app.guest().opens_socket().await.unwrap();
        let welcome = socket.says_hello(Some(&old), json!({"site": 5})).await;
        assert_ne!(welcome["epoch"], old);
        assert_eq!(socket.hears("resync").await, json!({"stream": "site"}));
        // Life goes on from there, also for the node's own following of rights.
        socket.follows("site", 2).await;
        app.something_happens().await;
        assert_eq!(socket.hears_events("site", 1).await[0]["seq"], 3);
        let ann = app.person("ann").await;
        let (mut anns, _) = ann.connects().await;
        ann.post("/api/auth/logout", json!({})).await.is(204);
        assert_eq!(anns.is_closed().await, Closed::Code(4401));
    }

    async fn an_epoch_that_another_node_renewed_is_taken_over(app: TestApp) {
        let (mut socket, _) = app.guest().connects().await;
        socket.follows("site", 0).await;
        let mut batch = Batch::new();
        batch.push(meta::set("epoch", "renewed"));
        app.app.db.commit(batch).await.unwrap();
        assert_eq!(socket.is_closed().await, Closed::Code(4409));
        assert_eq!(&*app.app.epoch(), "renewed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_cluster_or_timeline_is_another_history_on_postgres() {
    let app = TestApp::start(Engine::Postgres).await;
    let before = epoch::current(&app.app).await.unwrap();
    assert_eq!(epoch::current(&app.app).await.unwrap(), before, "the same cluster");
    let (mut socket, _) = app.guest().connects().await;
    let mut batch = Batch::new();
    batch.push(meta::set("lineage", "7000000000000000000/00000001"));
    app.app.db.commit(batch).await.unwrap();
    assert_eq!(socket.is_closed().await, Closed::Code(4409));
    let renewed = epoch::current(&app.app).await.unwrap();
    assert_ne!(renewed, before);
    assert_eq!(epoch::current(&app.app).await.unwrap(), renewed, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_copy_of_the_file_is_another_history() {
    let app = TestApp::start(Engine::Sqlite).await;
    let before = app.app.epoch();
    for _ in 0..3 {
        epoch::count_start(&app.app).await.unwrap();
    }
    assert_eq!(app.app.epoch(), before, "starting again changes nothing");
    let copied = meta::value(&app.app.db, "starts").await.unwrap().unwrap();
    epoch::count_start(&app.app).await.unwrap();
    let mut batch = Batch::new();
    batch.push(meta::set("starts", &copied));
    app.app.db.commit(batch).await.unwrap();
    epoch::count_start(&app.app).await.unwrap();
    let renewed = app.app.epoch();
    assert_ne!(renewed, before);
    epoch::count_start(&app.app).await.unwrap();
    assert_eq!(app.app.epoch(), renewed, "once");
}
