//! Counts that are derived: they follow what happens, and a check proves that they agree.

use super::text;
use crate::rig::*;
use folkmoot::threads::{counts, jobs};
use folkmoot_store::{Batch, sql};

/// Threads, posts and likes on somebody's profile.
async fn profile(reader: &Person, nickname: &str) -> [i64; 3] {
    let user = reader.get(&format!("/api/users/{nickname}")).await.is(200).json()["user"].clone();
    ["thread_count", "post_count", "likes_received"].map(|count| user[count].as_i64().unwrap())
}

/// Threads and posts of a board.
async fn board(reader: &Person, slug: &str) -> [i64; 2] {
    let board = reader.get(&format!("/api/boards/{slug}")).await.is(200).json()["board"].clone();
    ["thread_count", "post_count"].map(|count| board[count].as_i64().unwrap())
}

async fn settle(app: &TestApp) {
    jobs::finish(&app.app).await.unwrap();
    assert_eq!(counts::check(&app.app).await.unwrap(), counts::WrongCounts::default());
}

both_databases! {
    async fn counts_follow_what_people_do(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_private_board("den", "lions", &[]).await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        let reply = bob.replies(&thread, "meow").await;
        let path = format!("/api/posts/{}", text(&reply["id"]));
        ann.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        bob.put(&format!("{path}/reactions/%F0%9F%91%8D")).await.is(204);
        // What waits to be added is not wrong.
        assert!(counts::check(&app.app).await.unwrap().is_empty());
        settle(&app).await;
        assert_eq!(board(&ann, "cats").await, [1, 2]);
        assert_eq!((profile(&ann, "ann").await, profile(&ann, "bob").await), ([1, 1, 0], [0, 1, 1]));
        bob.delete(&path).await.is(204);
        settle(&app).await;
        assert_eq!((board(&ann, "cats").await, profile(&ann, "bob").await), ([1, 1], [0, 0, 0]));
        bob.post(&format!("{path}/restore"), json!({})).await.is(200);
        settle(&app).await;
        assert_eq!((board(&ann, "cats").await, profile(&ann, "bob").await), ([1, 2], [0, 1, 1]));
        ann.delete(&thread.path()).await.is(204);
        settle(&app).await;
        assert_eq!((board(&ann, "cats").await, profile(&ann, "ann").await, profile(&ann, "bob").await), ([0, 0], [0; 3], [0; 3]));
        ann.post(&format!("{}/restore", thread.path()), json!({})).await.is(200);
        settle(&app).await;
        assert_eq!((board(&ann, "cats").await, profile(&ann, "bob").await), ([1, 2], [0, 1, 1]));
        // Behind a door, nobody's profile tells of it.
        root.patch(&thread.path(), json!({"board": "den"})).await.is(200);
        settle(&app).await;
        assert_eq!((board(&root, "cats").await, board(&root, "den").await), ([0, 0], [1, 2]));
        assert_eq!((profile(&ann, "ann").await, profile(&ann, "bob").await), ([0; 3], [0; 3]));
    }

    async fn wrong_counts_are_found_and_set_right(app: TestApp) {
        app.with_cats().await;
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let thread = ann.opens("cats", "Cats").await;
        bob.replies(&thread, "meow").await;
        settle(&app).await;
        bob.replies(&thread, "waits to be added").await;
        let mut damage = Batch::new();
        damage.push(SPOIL_BOARDS.with(()));
        damage.push(SPOIL_USERS.with(()));
        damage.push(SPOIL_THREADS.with(()));
        app.app.db.commit(damage).await.unwrap();
        let wrong = counts::check(&app.app).await.unwrap();
        assert_eq!((wrong.boards.len(), wrong.people.len(), wrong.threads.len()), (1, 3, 1));
        counts::repair(&app.app, &wrong).await.unwrap();
        settle(&app).await;
        assert_eq!((board(&ann, "cats").await, profile(&ann, "bob").await), ([1, 3], [0, 2, 0]));
    }

    async fn a_board_that_closes_takes_its_counts_along(app: TestApp) {
        let root = app.with_cats().await;
        let ann = app.person("ann").await;
        ann.opens("cats", "Cats").await;
        settle(&app).await;
        assert_eq!(profile(&ann, "ann").await, [1, 1, 0]);
        root.patch("/api/boards/cats", json!({"version": 1, "rights": {"read": "members"}})).await.is(200);
        // The outbox does it soon.
        for _ in 0..100 {
            if profile(&ann, "ann").await == [0; 3] {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        settle(&app).await;
        assert_eq!((profile(&ann, "ann").await, board(&ann, "cats").await), ([0; 3], [1, 1]));
    }
}

sql! {
    static SPOIL_BOARDS: () = "UPDATE boards SET post_count = 9";
    static SPOIL_USERS: () = "UPDATE users SET like_count = 9";
    static SPOIL_THREADS: () = "UPDATE threads SET post_count = 9";
}
