//! The index follows what happens: edits, deletions, moves, renames, imports, restarts.

use std::time::Duration;

use folkmoot::core::outbox::{Outbox, Reactions};
use folkmoot::search::{self, tend};

use super::*;

sql! {
    /// How many entries a person's posts have.
    static ENTRIES: () -> i64 = "SELECT COUNT(*) FROM search_entries WHERE kind = 'post'";
    /// Whether a word is known.
    static KNOWN: (String) -> bool = "SELECT EXISTS (SELECT 1 FROM search_words WHERE word = $1)";
    /// Forgets the index, as if it came from before there was one.
    static FORGET_ENTRIES: () = "DELETE FROM search_entries";
    /// Forgets its terms.
    static FORGET_TERMS: () = "DELETE FROM search_index";
    /// Nothing has been looked through.
    static NOTHING_DONE: () = "UPDATE search_progress SET finished = FALSE, done_to = 0, done = 0 WHERE kind <> 'all'";
    /// The words of an entry are lost.
    static SPOIL: (String) = "UPDATE search_entries SET text = $1 WHERE kind = 'post'";
}

/// Nothing of the index is wrong.
async fn is_right(app: &TestApp) {
    app.is_indexed().await;
    let wrong = tend::check(&app.app).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
}

both_databases! {
    async fn an_edit_is_found_by_its_new_words_alone(app: TestApp) {
        app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens_with("cats", json!({"title": "A thing", "body": "Before: aardvark."})).await;
        app.is_indexed().await;
        assert_eq!(ann.finds("aardvark").await.len(), 1);
        ann.patch(&format!("/api/posts/{}", thread.post), json!({"body": "After: buffalo."})).await.is(200);
        app.is_indexed().await;
        assert_eq!(ann.finds("aardvark").await.len(), 0);
        assert_eq!(ann.finds("buffalo").await, ["A thing"]);
        is_right(&app).await;
    }

    async fn what_is_deleted_is_gone_and_what_is_restored_is_back(app: TestApp) {
        let root = app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens_with("cats", json!({"title": "Zoo", "body": "An aardvark."})).await;
        let reply = text(&ann.replies(&thread, "A buffalo.").await["id"]);
        app.is_indexed().await;
        ann.delete(&format!("/api/posts/{reply}")).await.is(204);
        app.is_indexed().await;
        assert_eq!((ann.finds("buffalo").await.len(), ann.finds("aardvark").await.len()), (0, 1));
        assert_eq!(app.app.db.one(ENTRIES.with(())).await.unwrap(), 1, "nothing is kept of it");
        ann.post(&format!("/api/posts/{reply}/restore"), json!({})).await.is(200);
        app.is_indexed().await;
        assert_eq!(ann.finds("buffalo").await.len(), 1);
        root.delete(&thread.path()).await.is(204);
        app.is_indexed().await;
        assert_eq!((ann.finds("buffalo").await.len(), ann.finds("aardvark").await.len()), (0, 0));
        assert_eq!(app.app.db.one(ENTRIES.with(())).await.unwrap(), 0);
        root.post(&format!("{}/restore", thread.path()), json!({})).await.is(200);
        app.is_indexed().await;
        assert_eq!((ann.finds("buffalo").await.len(), ann.finds("aardvark").await.len()), (1, 1));
        is_right(&app).await;
    }

    async fn a_new_title_and_new_tags_are_found(app: TestApp) {
        app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens_with("cats", json!({"title": "Old name", "body": "x", "tags": ["feline"]})).await;
        ann.replies(&thread, "Something about purring.").await;
        app.is_indexed().await;
        assert_eq!(ann.finds("purring tag:feline").await.len(), 1);
        ann.patch(&thread.path(), json!({"title": "Fresh name", "tags": ["kitten"]})).await.is(200);
        app.is_indexed().await;
        assert_eq!(ann.finds("fresh ").await, ["[Fresh] name"]);
        assert_eq!(ann.finds("purring tag:kitten").await.len(), 1);
        for gone in ["old ", "purring tag:feline", "feline"] {
            assert_eq!(ann.finds(gone).await.len(), 0, "{gone}");
        }
        is_right(&app).await;
    }

    async fn a_moved_thread_is_found_where_it_is(app: TestApp) {
        let root = app.with_cats().await;
        root.makes_board("dogs", json!({})).await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens("cats", "Barking").await;
        ann.replies(&thread, "It barks again.").await;
        app.is_indexed().await;
        assert_eq!(ann.finds("again board:cats").await.len(), 1);
        root.patch(&thread.path(), json!({"board": "dogs"})).await.is(200);
        app.is_indexed().await;
        assert_eq!(ann.finds("again board:cats").await.len(), 0);
        assert_eq!(ann.finds("again board:dogs").await.len(), 1);
    }

    async fn people_boards_and_messages_follow_too(app: TestApp) {
        let root = app.with_cats().await;
        let [ann, _bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let message = text(&ann.says_in(&talk, "Bring marzipan.").await["id"]);
        ann.patch("/api/me", json!({"bio": "I collect stamps."})).await.is(200);
        app.is_indexed().await;
        assert_eq!(ann.finds("stamps").await, ["@ann"]);
        assert_eq!(ann.finds("marzipan").await, ["(Bring [marzipan].)"]);
        ann.patch("/api/me", json!({"bio": "I collect coins."})).await.is(200);
        ann.patch(&format!("/api/messages/{message}"), json!({"body": "Bring nougat."})).await.is(200);
        root.patch("/api/boards/cats", json!({"title": "Tigers", "version": 1})).await.is(200);
        app.is_indexed().await;
        for (gone, here) in [("stamps", "coins"), ("marzipan", "nougat"), ("cats", "tigers")] {
            assert_eq!((ann.finds(gone).await.len(), ann.finds(here).await.len()), (0, 1), "{gone} {here}");
        }
        ann.delete(&format!("/api/messages/{message}")).await.is(204);
        app.is_indexed().await;
        assert_eq!(ann.finds("nougat").await.len(), 0);
        until(async || !app.app.db.one(KNOWN.with(("nougat",))).await.unwrap()).await;
        is_right(&app).await;
    }

    /// What was there before there was an index gets its entries, while people search.
    async fn an_old_community_is_indexed_by_itself(app: TestApp) {
        app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens("cats", "An old story").await;
        for number in 0..300 {
            ann.replies(&thread, &format!("Chapter {number}.")).await;
        }
        app.is_indexed().await;
        let mut batch = folkmoot_store::Batch::new();
        batch.push(FORGET_ENTRIES.with(()));
        batch.push(FORGET_TERMS.with(()));
        app.app.db.commit(batch).await.unwrap();
        assert_eq!(ann.finds("story").await.len(), 0);
        let mut batch = folkmoot_store::Batch::new();
        batch.push(NOTHING_DONE.with(()));
        app.app.db.commit(batch).await.unwrap();
        let answer = ann.searches("story", "").await;
        assert!(answer["indexing"] == Value::Null || answer["indexing"]["total"].is_i64(), "{answer}");
        app.is_indexed().await;
        assert_eq!(ann.searches("chapter ", "&sort=date").await["total"]["count"], 300);
        assert_eq!(ann.finds("story ").await, ["An old [story]"]);
        is_right(&app).await;
    }

    async fn a_spoilt_index_is_noticed_and_made_again_while_people_search(app: TestApp) {
        app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens("cats", "Whiskers").await;
        for number in 0..40 {
            ann.replies(&thread, &format!("Whiskers, part {number}.")).await;
        }
        app.is_indexed().await;
        let mut batch = folkmoot_store::Batch::new();
        batch.push(SPOIL.with(("spoilt",)));
        app.app.db.commit(batch).await.unwrap();
        assert_eq!(tend::check(&app.app).await.unwrap().different.len(), 41);
        let (inside, searching) = (app.app.clone(), async {
            loop {
                assert_eq!(ann.finds("part 7").await.len(), 1);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        // Terms stay in the index while entries are made again, so candidates are found; their words come back.
        let rebuilt = tokio::spawn(async move { tend::rebuild(&inside, |_| ()).await });
        rebuilt.await.unwrap().unwrap();
        tokio::time::timeout(Duration::from_millis(200), searching).await.unwrap_err();
        is_right(&app).await;
    }

    /// A worker that is stopped in the middle leaves nothing half done, and another goes on.
    async fn a_worker_that_is_cut_off_loses_nothing(app: TestApp) {
        app.with_cats().await;
        let [ann] = app.people(["ann"]).await;
        let thread = ann.opens("cats", "Interrupted").await;
        for number in 0..120 {
            ann.replies(&thread, &format!("Sentence {number}.")).await;
            if number % 10 == 0 {
                let mut reactions = Reactions::default();
                reactions.to_many(&search::kinds(), |app, events| Box::pin(search::follow(app, events)));
                let worker = Outbox::new(app.app.clone(), reactions);
                let cut_off = tokio::time::timeout(Duration::from_millis(number / 10), worker.work()).await;
                drop(cut_off);
            }
        }
        app.forward(minutes(2)).await;
        app.is_indexed().await;
        assert_eq!(ann.searches("sentence ", "&sort=date").await["total"]["count"], 120);
        is_right(&app).await;
    }
}
