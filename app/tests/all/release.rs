//! The client as browsers fetch and keep it: one whole release.

use crate::rig::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_can_keep_a_whole_release_for_times_without_a_network() {
    let app = TestApp::start(Engine::Sqlite).await;
    let guest = app.guest();
    let worker = guest.get("/sw.js").await.is(200);
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    let text = worker.text();
    let base =
        text.split('\'').find(|word| word.starts_with("/assets/")).expect("the worker names its release");
    assert!(!text.contains("RELEASE"), "the worker knows no release");

    let manifest = guest.get(&format!("{base}/manifest.json")).await.is(200).json();
    let paths: Vec<&str> = manifest.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for needed in ["frame.html", "js/main.js", "js/views/HomeView.js", "css/tokens.css"] {
        assert!(paths.contains(&needed), "{needed} is not in {paths:?}");
    }
    for path in &paths {
        let file = guest.get(&format!("{base}/{path}")).await.is(200);
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_frame_that_is_kept_holds_nothing_of_anybody() {
    let app = TestApp::start(Engine::Sqlite).await;
    let ann = app.guest();
    ann.registers("ann").await.is(201);
    let page = ann.get("/login").await.is(200).text();
    let base =
        page.split('"').find_map(|word| word.strip_suffix("/js/main.js")).expect("a page names its release");
    let frame = ann.get(&format!("{base}/frame.html")).await.is(200);
    assert_eq!(frame.header("content-type"), Some("text/html; charset=utf-8"));
    let text = frame.text();
    assert!(text.contains(&format!("{base}/js/main.js")), "{text}");
    assert!(!text.contains("id=\"data\"") && !text.contains("ann"), "{text}");
}
