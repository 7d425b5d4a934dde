//! What a kept answer looks like, and to whom it is given.

use std::collections::BTreeMap;
use std::io::Read as _;

use http::Method;

use super::looking::Sight;
use crate::forum::Thread;
use crate::rig::*;

/// What differs from one answer to the next, kept or not.
const OWN: [&str; 4] = ["date", "x-request-id", "ratelimit-remaining", "ratelimit-reset"];
/// How bytes are sent, which nobody needs to know: a length where it is known.
const FRAMING: [&str; 2] = ["content-length", "transfer-encoding"];

fn headers(answer: &Answer) -> BTreeMap<String, Vec<String>> {
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &answer.headers {
        if !OWN.contains(&name.as_str()) && !FRAMING.contains(&name.as_str()) {
            headers.entry(name.to_string()).or_default().push(value.to_str().unwrap().to_owned());
        }
    }
    headers
}

/// What came, without its coding and without what is only counted.
fn sight(path: &str, answer: &Answer) -> Sight {
    let body = plain(answer).into();
    let (asked, status, headers) = (answer.asked.clone(), answer.status, answer.headers.clone());
    Sight::of(path, &Answer { asked, status, headers, body })
}

fn plain(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        Some("br") => brotli::BrotliDecompress(&mut &*answer.body, &mut plain).unwrap(),
        Some("gzip") => drop(flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut plain).unwrap()),
        Some(other) => panic!("{other}"),
        None => plain.extend_from_slice(&answer.body),
    }
    plain
}

async fn a_place(app: &TestApp) -> (Person, Person, Thread) {
    let ada = app.with_cats().await;
    let ann = app.person("ann").await;
    let long = "Whatever cats do. ".repeat(200);
    let thread = ann.opens_with("cats", json!({"title": "Cats", "body": long, "tags": ["fur"]})).await;
    (ada, ann, thread)
}

fn addresses(thread: &Thread) -> [String; 6] {
    [
        thread.path(),
        format!("/threads/{}/cats", thread.id),
        "/".to_owned(),
        "/b/cats".to_owned(),
        "/api/posts".to_owned(),
        "/api/tags".to_owned(),
    ]
}

both_databases! {
    /// Their own answers are made of what is remembered of earlier ones.
    async fn members_see_at_once_what_others_are(app: TestApp) {
        let (ada, ann, thread) = a_place(&app).await;
        let bob = app.person("bob").await;
        for role in ["member", "moderator", "member"] {
            let person = format!("/api/admin/people/{}", ann.id().await);
            ada.patch(&person, json!({"role": role})).await.is(200);
            let page = bob.get(&thread.path()).await.is(200).json();
            let feed = bob.get("/api/posts").await.is(200).json();
            for author in ["/thread/author", "/thread/last_post/author", "/thread/faces/0", "/posts/items/0/author"] {
                assert_eq!(page.pointer(author).unwrap()["role"], role, "{author}");
            }
            for author in ["/items/0/author", "/items/0/post/author"] {
                assert_eq!(feed.pointer(author).unwrap()["role"], role, "{author} of the feed");
            }
        }
    }

    async fn a_kept_answer_says_what_one_made_anew_says(app: TestApp) {
        let (_ada, _ann, thread) = a_place(&app).await;
        let anew = app.another(|config| config.limits.kept_megabytes = 0).await;
        for path in addresses(&thread) {
            for coding in ["identity", "gzip", "br", "gzip, deflate, br"] {
                let asks = |node: &TestApp| node.guest().with("accept-encoding", coding);
                let made = asks(&anew).get(&path).await.is(200);
                asks(&app).get(&path).await.is(200);
                // The coding is made beside the requests, after somebody asked for it.
                let hits = || app.metric("kept_hits_total");
                let mut kept = asks(&app).get(&path).await.is(200);
                until(async || asks(&app).get(&path).await.is(200).header("content-length").is_some()).await;
                for _ in 0..2 {
                    let before = hits();
                    assert_eq!(sight(&path, &made), sight(&path, &kept), "{path} {coding}");
                    let mut expected = headers(&made);
                    // Pages have a tag only where they are kept, and lists' tags count views.
                    expected.insert("etag".to_owned(), vec![kept.header("etag").expect("a tag").to_owned()]);
                    assert_eq!(headers(&kept), expected, "{path} {coding}");
                    assert!(kept.header("ratelimit-remaining").is_some());
                    kept = asks(&app).get(&path).await.is(200);
                    assert_eq!(hits(), before + 1.0, "{path} {coding}");
                }
            }
        }
    }

    async fn who_has_an_answer_is_told_so_and_who_wants_its_head_gets_that(app: TestApp) {
        let (_ada, ann, thread) = a_place(&app).await;
        let anew = app.another(|config| config.limits.kept_megabytes = 0).await;
        for path in addresses(&thread) {
            let first = app.guest().get(&path).await.is(200);
            let again = app.guest().who_knows(&first).get(&path).await.is(304);
            assert!(again.body.is_empty() && again.header("content-type").is_none(), "{again:?}");
            assert_eq!(again.header("etag"), first.header("etag"));
            let head = app.guest().send(Method::HEAD, &path, None).await.is(200);
            let made = anew.guest().send(Method::HEAD, &path, None).await.is(200);
            let mut expected = headers(&made);
            expected.insert("etag".to_owned(), vec![first.header("etag").unwrap().to_owned()]);
            assert_eq!(headers(&head), expected, "{path}");
            assert!(head.header("content-length").is_some(), "{path}");
            assert!(head.body.is_empty());
            if path.starts_with("/api/") {
                let made = anew.guest().get(&path).await.is(200);
                let made = anew.guest().who_knows(&made).get(&path).await.is(304);
                let mut expected = headers(&made);
                expected.insert("etag".to_owned(), vec![first.header("etag").unwrap().to_owned()]);
                assert_eq!(headers(&again), expected, "{path}");
            }
        }
        let first = app.guest().get(&thread.path()).await.is(200);
        ann.replies(&thread, "news").await;
        app.guest().who_knows(&first).get(&thread.path()).await.is(200);
    }

    async fn who_is_signed_in_is_never_given_a_guest_s_answer(app: TestApp) {
        let (ada, ann, thread) = a_place(&app).await;
        for path in addresses(&thread) {
            app.guest().get(&path).await.is(200);
            let hits = app.metric("kept_hits_total");
            for person in [&ada, &ann] {
                let own = person.get(&path).await.is(200);
                assert_eq!(own.header("cache-control"), Some("private, no-cache"), "{path}");
            }
            assert_eq!(app.metric("kept_hits_total"), hits, "{path}");
        }
        let mine = ann.get(&thread.path()).await.json();
        assert_eq!(mine["may"]["reply"], true);
        assert_eq!(app.guest().get(&thread.path()).await.json()["may"]["reply"], false);
        // A cookie of another name, or a session that is over, makes nobody.
        let stranger = app.guest();
        stranger.holds_cookie("theme", "dark");
        let hits = app.metric("kept_hits_total");
        assert_eq!(stranger.get(&thread.path()).await.is(200).json()["may"]["reply"], false);
        assert_eq!(app.metric("kept_hits_total"), hits + 1.0);
    }

    async fn kept_answers_are_views_and_lines_of_the_metrics_like_others(app: TestApp) {
        let (_ada, ann, thread) = a_place(&app).await;
        for _ in 0..5 {
            app.guest().get(&thread.path()).await.is(200);
        }
        let answer = app.guest().with("x-request-id", "my-own-request").get(&thread.path()).await.is(200);
        assert_eq!(answer.header("x-request-id"), Some("my-own-request"));
        let route = "http_requests_total{method=\"GET\",route=\"/api/threads/{id}\",status=\"200\"}";
        assert_eq!(app.metric(route), 6.0);
        assert_eq!(app.metric("http_requests_in_flight"), 0.0);
        folkmoot::threads::jobs::finish(&app.app).await.unwrap();
        let list = ann.get("/api/boards/cats/threads").await.is(200).json();
        assert_eq!(list["items"][0]["view_count"], 6);
    }

    async fn of_many_who_ask_at_once_one_makes_the_answer(app: TestApp) {
        let (_ada, ann, thread) = a_place(&app).await;
        for round in 1..=3 {
            ann.replies(&thread, "news").await;
            let before = app.metric("kept_misses_total");
            let path = thread.path();
            let guests: Vec<Person> = (0..20).map(|_| app.guest()).collect();
            let asking = guests.iter().map(|guest| guest.get(&path));
            for answer in futures_util::future::join_all(asking).await {
                assert_eq!(answer.is(200).json()["posts"]["total"], 1 + round);
            }
            assert_eq!(app.metric("kept_misses_total"), before + 1.0);
        }
    }

    async fn what_is_kept_stays_within_its_bounds(app: TestApp) {
        let (_ada, _ann, thread) = a_place(&app).await;
        let small = app.another(|config| config.limits.kept_megabytes = 1).await;
        for number in 0..300 {
            small.guest().get(&format!("{}?a={number}", thread.path())).await.is(200);
            small.guest().get(&thread.path()).await.is(200);
        }
        let bytes = small.metric("kept_bytes");
        assert!(bytes > 500_000.0 && bytes <= 1_048_576.0, "{bytes}");
        assert!(small.metric("kept_evictions_total") > 50.0);
        assert!(small.metric("kept_hits_total") >= 250.0, "who asks for much else pushes out nothing that is wanted");
        assert_eq!(app.metric("kept_bytes"), 0.0, "nobody asked there");
    }

    async fn what_is_not_there_is_not_kept(app: TestApp) {
        let (_ada, ann, thread) = a_place(&app).await;
        app.guest().get("/api/threads/17").await.refuses(404, "not_found");
        app.guest().get("/api/posts?limit=1000").await.refuses_fields(["limit"]);
        assert_eq!(app.metric("kept_answers"), 0.0);
        app.guest().get(&thread.path()).await.is(200);
        ann.delete(&thread.path()).await.is(204);
        app.guest().get(&thread.path()).await.refuses(404, "not_found");
        assert_eq!(app.metric("kept_answers"), 0.0);
    }
}
