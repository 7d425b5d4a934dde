//! The client's files over HTTP.

use folkmoot_store::{Batch, Db, Options, sql};

use super::http::{get, request};
use super::node::{Node, Settings};

sql! {
    /// A file of a release that this binary never had.
    static OLD_FILE: (String, String, String, Vec<u8>, i64) =
        "INSERT INTO releases (release, path, encoding, content, added_at) VALUES ($1, $2, $3, $4, $5)";
    /// The releases that are kept.
    static RELEASES: () -> String = "SELECT DISTINCT release FROM releases ORDER BY release";
}

/// The release that a node's page names.
pub(super) fn release(node: &Node) -> String {
    let page = get(node.address, "/").text();
    page.split("/assets/").nth(1).unwrap().split('/').next().unwrap().to_owned()
}

#[test]
fn files_are_compressed_once_and_cached_for_ever() {
    let node = Settings::new().start();
    let release = release(&node);
    let path = format!("/assets/{release}/css/tokens.css");
    let plain = get(node.address, &path);
    assert_eq!(plain.status, 200);
    assert_eq!(plain.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let brotli = request(node.address, "GET", &path, &[("Accept-Encoding", "gzip, deflate, br")]);
    assert_eq!(brotli.header("content-encoding"), Some("br"));
    assert!(brotli.body.len() < plain.body.len());
    assert_ne!(brotli.header("etag"), plain.header("etag"), "another representation");
    let again = request(node.address, "GET", &path, &[("If-None-Match", plain.header("etag").unwrap())]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(get(node.address, &format!("/assets/{release}/css/nothing.css")).status, 404);
    assert_eq!(get(node.address, &format!("/assets/{release}/index.html")).status, 404);
    assert_eq!(get(node.address, &format!("/assets/{release}/../Cargo.toml")).status, 404);
}

#[test]
fn a_release_lists_its_files_for_the_service_worker_and_the_page_is_asked_for_again() {
    let node = Settings::new().start();
    let release = release(&node);
    let manifest = get(node.address, &format!("/assets/{release}/manifest.json")).json();
    let paths: Vec<_> = manifest.as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert!(paths.contains(&"css/tokens.css") && !paths.contains(&"index.html"));
    for path in paths {
        assert_eq!(get(node.address, &format!("/assets/{release}/{path}")).status, 200, "{path}");
    }
    assert_eq!(get(node.address, "/").header("cache-control"), Some("private, no-cache"));
    assert_eq!(get(node.address, "/favicon.ico").header("content-type"), Some("image/svg+xml"));
    assert!(get(node.address, "/robots.txt").text().contains("Disallow: /api/"));
}

#[tokio::test]
async fn files_of_another_node_s_release_come_from_the_database_until_they_are_old() {
    let settings = Settings::new();
    settings.run(&["migrate", "up"]);
    let url = format!("sqlite:{}", settings.path().join("folkmoot.db").display());
    let db = Db::open(&url, Options::default()).await.unwrap();
    let now = 1_000 * std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    let day = 24 * 60 * 60 * 1000;
    let put = |release: &str, content: &str, at: i64| {
        let text = |text: &str| text.to_owned();
        OLD_FILE.with((text(release), text("js/main.js"), text("identity"), content.as_bytes().to_vec(), at))
    };
    let mut batch = Batch::new();
    batch.push(put("yesterday", "let old;", now - day));
    batch.push(put("lastyear", "let older;", now - 40 * day));
    db.commit(batch).await.unwrap();
    db.close().await;

    let mut node = settings.start();
    let answer = get(node.address, "/assets/yesterday/js/main.js");
    assert_eq!((answer.status, answer.text().as_str()), (200, "let old;"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(
        get(node.address, "/assets/yesterday/manifest.json").json(),
        serde_json::json!(["js/main.js"])
    );
    assert_eq!(get(node.address, "/assets/unheardof/js/main.js").status, 404);
    let mine = release(&node);
    node.wait_for_line("the client's files are in the database");
    node.stop();

    let db = Db::open(&url, Options::default()).await.unwrap();
    let mut kept = vec![mine, "yesterday".to_owned()];
    kept.sort_unstable();
    assert_eq!(db.all(RELEASES.with(())).await.unwrap(), kept);
    db.close().await;
}

#[test]
fn in_development_the_client_can_be_served_from_a_folder_without_building() {
    let client = tempfile::tempdir().unwrap();
    std::fs::create_dir(client.path().join("js")).unwrap();
    std::fs::write(client.path().join("js/main.js"), "let first;").unwrap();
    let settings = Settings::new()
        .with("ENVIRONMENT", "development")
        .with("LOG_FORMAT", "json")
        .with("CLIENT_DIR", client.path().to_str().unwrap());
    let node = settings.start();
    let path = format!("/assets/{}/js/main.js", release(&node));
    assert_eq!(get(node.address, &path).text(), "let first;");
    std::fs::write(client.path().join("js/main.js"), "let second;").unwrap();
    let answer = get(node.address, &path);
    assert_eq!(answer.text(), "let second;");
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
}

#[test]
fn the_client_can_be_written_out_for_a_web_server_in_front() {
    let settings = Settings::new();
    assert!(settings.run(&["dist", "out"]).status.success());
    let (out, node) = (settings.path().join("out"), settings.start());
    let release = release(&node);
    let listed = get(node.address, &format!("/assets/{release}/manifest.json")).json();
    for path in listed.as_array().unwrap() {
        let path = format!("assets/{release}/{}", path.as_str().unwrap());
        let served = get(node.address, &format!("/{path}"));
        assert!(std::fs::read(out.join(&path)).unwrap() == served.body, "{path}");
    }
    let script = format!("assets/{release}/js/main.js");
    let brotli = request(node.address, "GET", &format!("/{script}"), &[("Accept-Encoding", "br")]);
    assert!(std::fs::read(out.join(format!("{script}.br"))).unwrap() == brotli.body);
    assert!(out.join(format!("{script}.gz")).is_file());
    assert_eq!(std::fs::read_to_string(out.join("sw.js")).unwrap(), get(node.address, "/sw.js").text());
    assert!(std::fs::read_to_string(out.join("index.html")).unwrap().contains(&release));
}
