//! Reading what was said: by cursor, by offset, by date, by words.

use super::*;

impl Person {
    /// Says so many numbered things, a minute apart.
    async fn says_many(&self, app: &TestApp, talk: &Talk, count: usize) {
        for number in 1..=count {
            self.says_in(talk, &format!("number {number}")).await;
            app.forward(minutes(1)).await;
        }
    }
}

fn numbers(from: usize, to: usize) -> Vec<String> {
    (to..=from).rev().map(|number| format!("number {number}")).collect()
}

both_databases! {
    async fn the_latest_ten_come_first_and_then_ten_more(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_many(&app, &talk, 25).await;
        let first = bob.get(&talk.at("messages")).await.is(200).json();
        assert_eq!(each(&first["items"], "excerpt"), numbers(25, 16));
        assert_eq!((&first["older"], &first["newer"]), (&json!(true), &json!(false)));
        let before = seq(first["items"].as_array().unwrap().last().unwrap());
        assert_eq!(bob.reads(&talk, &format!("before={before}")).await, numbers(15, 6));
        let last = bob.get(&talk.at("messages?before=7&limit=10")).await.is(200).json();
        assert_eq!(each(&last["items"], "excerpt"), numbers(5, 1));
        assert_eq!((&last["older"], &last["newer"]), (&json!(false), &json!(true)));
        for (offset, from, to) in [(0, 25, 16), (10, 15, 6), (20, 5, 1)] {
            assert_eq!(bob.reads(&talk, &format!("limit=10&offset={offset}")).await, numbers(from, to));
        }
        assert_eq!(bob.reads(&talk, "offset=25").await, [""; 0]);
        assert_eq!(bob.reads(&talk, "after=2&limit=3").await, numbers(4, 2));
        assert_eq!(bob.reads(&talk, "around=12&limit=4").await, numbers(12, 9));
        let none = bob.get(&talk.at("messages?before=2")).await.is(200).json();
        assert_eq!((&none["items"], &none["older"], &none["newer"]), (&json!([]), &json!(false), &json!(true)));
        let none = bob.get(&talk.at("messages?after=26")).await.is(200).json();
        assert_eq!((&none["items"], &none["older"], &none["newer"]), (&json!([]), &json!(true), &json!(false)));
    }

    async fn one_jumps_to_a_date(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        ann.says_many(&app, &talk, 6).await;
        assert_eq!(bob.reads(&talk, "at=2026-11-20T12:03:00Z&limit=2").await, numbers(4, 3));
        assert_eq!(bob.reads(&talk, "at=2020-01-01T00:00:00Z&limit=2").await, numbers(1, 1));
        assert_eq!(bob.reads(&talk, "at=2030-01-01T00:00:00Z&limit=2").await, numbers(6, 5));
    }

    async fn words_are_found_whatever_their_case(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        for said in ["Grüße aus Wien", "100% sure", "wien again", "WIEN\nonce more"] {
            ann.says_in(&talk, said).await;
            app.forward(minutes(1)).await;
        }
        app.is_indexed().await;
        let found = |q: &'static str| {
            let (bob, talk) = (&bob, &talk);
            async move {
                let answer = bob.get(&talk.at(&format!("search?{q}"))).await.is(200).json();
                (each(&answer["items"], "excerpt"), answer["next"].clone())
            }
        };
        let (all, next) = found("q=Wien&limit=2").await;
        assert_eq!(all, ["WIEN once more", "wien again"]);
        let rest = bob.get(&talk.at(&format!("search?q=Wien&limit=2&cursor={}", text(&next)))).await.is(200).json();
        assert_eq!(each(&rest["items"], "excerpt"), ["Grüße aus Wien"]);
        assert_eq!(found("q=wien%20ONCE").await.0, ["WIEN once more"]);
        assert_eq!(found("q=sure%20100").await.0, ["100% sure"], "in any order");
        assert_eq!(found("q=%22aus%20wien%22").await.0, ["Grüße aus Wien"], "or as they stand");
        assert_eq!(found("q=gruss").await.0, ["Grüße aus Wien"], "without accents, and by its beginning");
        for nothing in ["%20", "_"] {
            bob.get(&talk.at(&format!("search?q={nothing}"))).await.is(400);
        }
        let id = text(&ann.get(&talk.at("search?q=again")).await.is(200).json()["items"][0]["id"]);
        ann.delete(&format!("/api/messages/{id}")).await.is(204);
        assert_eq!(found("q=again").await.0, [""; 0], "what is deleted is not found");
    }

    async fn one_finds_words_in_all_of_ones_conversations(app: TestApp) {
        let [ann, bob, cid, dan] = app.people(["ann", "bob", "cid", "dan"]).await;
        let (pair, group) = (ann.talks_to("bob").await, ann.gathers("Film night", &["bob", "cid"]).await);
        let others = ann.gathers("", &["bob", "dan"]).await;
        for (talk, words) in [(&pair, "Tickets?"), (&group, "No tickets left"), (&pair, "Late"), (&others, "TICKETS!")] {
            ann.says_in(talk, words).await;
            app.forward(minutes(1)).await;
        }
        app.is_indexed().await;
        let found = bob.get("/api/conversations/search?q=tickets&limit=2").await.is(200).json();
        assert_eq!(each(&found["items"], "excerpt"), ["TICKETS!", "No tickets left"]);
        let names = found["conversations"].as_array().unwrap();
        let of = |talk: &Talk| names.iter().find(|one| one["id"] == talk.id.as_str()).cloned().unwrap();
        assert_eq!((&of(&group)["title"], &of(&group)["people"]), (&json!("Film night"), &json!([])));
        assert_eq!(each(&of(&others)["people"], "nickname"), ["ann", "bob", "dan"]);
        let rest = format!("/api/conversations/search?q=tickets&limit=2&cursor={}", text(&found["next"]));
        let rest = bob.get(&rest).await.is(200).json();
        assert_eq!((each(&rest["items"], "excerpt"), &rest["next"]), (vec![String::from("Tickets?")], &Value::Null));
        assert_eq!(each(&rest["conversations"][0]["people"], "nickname"), ["ann"]);
        let found = async |who: &Person| {
            each(&who.get("/api/conversations/search?q=tickets").await.is(200).json()["items"], "excerpt")
        };
        assert_eq!(found(&cid).await, ["No tickets left"]);
        assert_eq!(found(&dan).await, ["TICKETS!"]);
        for query in ["q=%20", "q=a&limit=0", "q=a&cursor=x", "limit=1"] {
            ann.get(&format!("/api/conversations/search?{query}")).await.is(400);
        }
        app.guest().get("/api/conversations/search?q=tickets").await.is(401);
    }

    async fn nobody_finds_what_was_said_without_them(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let group = ann.gathers("Film night", &[]).await;
        let found = async || {
            app.is_indexed().await;
            each(&bob.get("/api/conversations/search?q=secret").await.is(200).json()["items"], "excerpt")
        };
        let bob_comes = async || ann.post(&group.at("members"), json!({"nicknames": ["bob"]})).await.is(200);
        ann.says_in(&group, "Secret before").await;
        bob_comes().await;
        ann.says_in(&group, "Secret for bob").await;
        assert_eq!(found().await, ["Secret for bob"]);
        ann.delete(&group.at("members/bob")).await.is(204);
        assert_eq!(found().await, [""; 0], "nor what was said with them, once they are gone");
        ann.says_in(&group, "Secret meanwhile").await;
        bob_comes().await;
        assert_eq!(found().await, ["Secret for bob"]);
        let late = ann.says_in(&group, "Secret again").await;
        assert_eq!(found().await, ["Secret again", "Secret for bob"]);
        ann.delete(&format!("/api/messages/{}", text(&late["id"]))).await.is(204);
        assert_eq!(found().await, ["Secret for bob"], "what is deleted is not found");
    }

    async fn what_cannot_be_asked_says_why(app: TestApp) {
        let [ann, _bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        for query in ["limit=0", "limit=101", "before=1&after=2", "at=yesterday", "offset=-1", "before=x"] {
            ann.get(&talk.at(&format!("messages?{query}"))).await.is(400);
        }
    }

    async fn conversations_come_by_their_last_message(app: TestApp) {
        let [ann, _bob, _cid, _dan] = app.people(["ann", "bob", "cid", "dan"]).await;
        let mut talks = Vec::new();
        for nickname in ["bob", "cid", "dan"] {
            talks.push(ann.talks_to(nickname).await);
            app.forward(minutes(1)).await;
        }
        ann.says_in(&talks[0], "Hello").await;
        let first = ann.get("/api/conversations?limit=2").await.is(200).json();
        let (one, next) = (each(&first["items"], "id"), text(&first["next"]));
        assert_eq!(one, [talks[0].id.clone(), talks[2].id.clone()]);
        let rest = ann.get(&format!("/api/conversations?limit=2&cursor={next}")).await.is(200).json();
        assert_eq!(each(&rest["items"], "id"), [talks[1].id.clone()]);
        assert_eq!(rest["next"], Value::Null);
        let me = ann.id().await;
        assert_eq!(first["stream"], format!("user:{me}"));
    }
}
