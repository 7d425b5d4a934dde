//! The one page of the client, filled with what a request is for.
//!
//! `client/index.html` holds the markers `<!--head-->`, `<!--preload-->`, `<!--page-->` and `<!--data-->`, and the word
//! `RELEASE` in its addresses. It is cut at the markers once; an answer is the pieces with what belongs between them.

use std::collections::HashSet;
use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, PreEscaped, html};

use super::assets::Release;

/// What fills the page for one address.
pub struct Page {
    /// The title of the tab, without the community's name.
    pub title: String,
    /// A sentence or two for search engines and link previews.
    pub description: Option<String>,
    /// The one address of this content, from the root.
    pub canonical: Option<String>,
    /// Whether search engines may keep it.
    pub robots: Robots,
    /// A style sheet that only this page needs, from the client's root.
    pub sheet: Option<&'static str>,
    /// 200, or 404 for what is not there.
    pub status: StatusCode,
    /// What stands inside the mount node until the client takes over.
    pub body: Markup,
    /// The JSON from which the client builds its own view; empty for none.
    pub data: String,
}

/// Whether search engines may keep a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Robots {
    /// Public content.
    Index,
    /// Shells, errors, and what is somebody's own.
    NoIndex,
}

impl Page {
    /// A page that the client fills alone.
    pub fn shell(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: None,
            canonical: None,
            robots: Robots::NoIndex,
            sheet: None,
            status: StatusCode::OK,
            body: PreEscaped(String::new()),
            data: String::new(),
        }
    }

    /// What an address that leads nowhere answers.
    pub fn not_found() -> Self {
        Self::refusal(
            StatusCode::NOT_FOUND,
            "Not here",
            "There is nothing at this address, or it is not for you.",
        )
    }

    /// What a page that cannot be shown answers: what happened, and a way on.
    pub fn refusal(status: StatusCode, title: &str, detail: &str) -> Self {
        let body = html! {
            main.refusal {
                h1 { (title) }
                p { (detail) }
                p { a href="/" { "Go to the start page" } }
            }
        };
        Self { status, body, ..Self::shell(title) }
    }
}

/// `index.html` cut at its markers.
pub struct Template {
    /// Up to the head, to the preloads, to the page, to the data, and the rest.
    pieces: [String; 5],
    base_url: String,
    release: String,
}

const MARKERS: [&str; 4] = ["<!--head-->", "<!--preload-->", "<!--page-->", "<!--data-->"];

impl Template {
    /// Cuts the page of a release.
    ///
    /// # Errors
    /// When `index.html` lacks a marker, or has them in another order.
    pub fn new(release: &Release, base_url: &str) -> anyhow::Result<Self> {
        let index = release.files.get("index.html").map(|asset| String::from_utf8_lossy(&asset.plain));
        let index = index.ok_or_else(|| anyhow::anyhow!("the client has no index.html"))?;
        let index = index.replace("RELEASE", &release.name);
        let mut pieces = [const { String::new() }; 5];
        let mut rest = index.as_str();
        for (piece, marker) in pieces.iter_mut().zip(MARKERS) {
            let (before, after) = rest
                .split_once(marker)
                .ok_or_else(|| anyhow::anyhow!("index.html lacks {marker}, or has it too early"))?;
            before.clone_into(piece);
            rest = after;
        }
        pieces[1].push_str(&preloads(release));
        rest.clone_into(&mut pieces[4]);
        Ok(Self { pieces, base_url: base_url.to_owned(), release: release.name.clone() })
    }

    /// The page as text.
    pub fn fill(&self, page: &Page, community: &str) -> String {
        let head = self.head(page, community).into_string();
        let data = embedded(&page.data);
        let sheet = page.sheet.map(|sheet| self.link(sheet)).unwrap_or_default();
        let fillings = [head.as_str(), &sheet, &page.body.0, &data, ""];
        let size = self.pieces.iter().map(String::as_str).chain(fillings).map(str::len).sum();
        let mut out = String::with_capacity(size);
        for (piece, filling) in self.pieces.iter().zip(fillings) {
            out.push_str(piece);
            out.push_str(filling);
        }
        out
    }

    /// The page as an answer. It is asked for again each time, since the next release may change it, and kept by nobody
    /// else, since it may name who looks at it.
    pub fn respond(&self, page: &Page, community: &str) -> Response {
        let mut response = (page.status, self.fill(page, community)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }

    /// A style sheet behind all others, which it may override.
    fn link(&self, sheet: &str) -> String {
        format!("<link rel=\"stylesheet\" href=\"/assets/{}/{sheet}\">\n", self.release)
    }

    fn head(&self, page: &Page, community: &str) -> Markup {
        let title = match page.title.as_str() {
            "" => community.to_owned(),
            title => format!("{title} · {community}"),
        };
        html! {
            title { (title) }
            @if let Some(description) = &page.description {
                meta name="description" content=(description);
                meta property="og:description" content=(description);
            }
            @if let Some(path) = &page.canonical {
                link rel="canonical" href=(format_args!("{}{path}", self.base_url));
                meta property="og:url" content=(format_args!("{}{path}", self.base_url));
            }
            meta property="og:title" content=(page.title);
            meta property="og:site_name" content=(community);
            meta property="og:type" content="website";
            @if page.robots == Robots::NoIndex {
                meta name="robots" content="noindex";
            }
        }
    }
}

/// The JSON as a block that scripts read and nothing runs. No `<` can end it early.
fn embedded(data: &str) -> String {
    if data.is_empty() {
        return String::new();
    }
    let json = data.replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"data\">{json}</script>")
}

/// Links that fetch at once what `main.js` would ask for one after the other.
fn preloads(release: &Release) -> String {
    let mut out = String::new();
    for path in static_imports(release, "js/main.js") {
        let _ = writeln!(out, "<link rel=\"modulepreload\" href=\"/assets/{}/{path}\">", release.name);
    }
    out
}

/// The modules that a module imports, and those that they import, without what is only loaded when needed.
fn static_imports(release: &Release, entry: &str) -> Vec<String> {
    let (mut found, mut seen) = (Vec::new(), HashSet::from([entry.to_owned()]));
    let mut open = vec![entry.to_owned()];
    while let Some(path) = open.pop() {
        let Some(asset) = release.files.get(&path) else { continue };
        let source = String::from_utf8_lossy(&asset.plain);
        for import in source.lines().filter_map(imported) {
            let import = resolve(&path, import);
            if release.files.contains_key(&import) && seen.insert(import.clone()) {
                found.push(import.clone());
                open.push(import);
            }
        }
    }
    found.sort_unstable();
    found
}

/// The module that a line imports or passes on: `import … from '…'`, `import '…'`, `export … from '…'`, and the last
/// line of such a statement that runs over several.
fn imported(line: &str) -> Option<&str> {
    let line = line.trim();
    let statement = ["import ", "export ", "}"].iter().any(|start| line.starts_with(start));
    let after = match line.rsplit_once(" from ") {
        Some((_, after)) if statement => after,
        _ => line.strip_prefix("import ")?,
    };
    let quote = after.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    after[1..].split_once(quote).map(|(path, _)| path).filter(|path| path.starts_with('.'))
}

/// A relative import as a path from the client's root.
fn resolve(from: &str, import: &str) -> String {
    let mut parts: Vec<_> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use bytes::Bytes;

    use super::super::assets::Asset;
    use super::*;

    fn release(files: &[(&str, &'static str)]) -> Release {
        let asset = |text: &'static str| Asset::new(Bytes::from_static(text.as_bytes()), None, None);
        let files: HashMap<_, _> =
            files.iter().map(|(path, text)| ((*path).to_owned(), asset(text))).collect();
        Release { name: "abc".to_owned(), files }
    }

    const INDEX: &str = "<head><!--head--><link href=\"/assets/RELEASE/x.css\"><!--preload--></head>\
                         <div><!--page--></div><!--data-->";

    #[test]
    fn a_page_carries_its_words_its_data_and_its_release() {
        let release = release(&[("index.html", INDEX)]);
        let template = Template::new(&release, "https://forum.example").unwrap();
        let page = Page {
            description: Some("Cats & dogs".to_owned()),
            canonical: Some("/b/cats".to_owned()),
            robots: Robots::Index,
            sheet: Some("css/cats.css"),
            body: html! { p { "<3" } },
            data: serde_json::json!({"title": "</script><script>alert(1)"}).to_string(),
            ..Page::shell("Cats <3")
        };
        let text = template.fill(&page, "Moot");
        assert!(text.contains("<title>Cats &lt;3 · Moot</title>"), "{text}");
        assert!(text.contains("<link rel=\"canonical\" href=\"https://forum.example/b/cats\">"), "{text}");
        assert!(text.contains("content=\"Cats &amp; dogs\""), "{text}");
        assert!(text.contains("/assets/abc/x.css"), "{text}");
        assert!(text.contains("<link rel=\"stylesheet\" href=\"/assets/abc/css/cats.css\">"), "{text}");
        assert!(text.contains("<div><p>&lt;3</p></div>"), "{text}");
        assert!(text.contains("\\u003c/script>\\u003cscript>alert(1)"), "{text}");
        assert!(!text.contains("noindex"), "{text}");
    }

    #[test]
    fn a_page_that_is_not_there_says_so_and_is_not_kept_by_search_engines() {
        let release = release(&[("index.html", INDEX)]);
        let template = Template::new(&release, "").unwrap();
        let response = template.respond(&Page::not_found(), "Moot");
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(template.fill(&Page::not_found(), "Moot").contains("noindex"));
    }

    #[test]
    fn a_page_without_its_markers_stops_the_start() {
        let release = release(&[("index.html", "<!--page--><!--head-->")]);
        let error = Template::new(&release, "").err().unwrap().to_string();
        assert_eq!(error, "index.html lacks <!--preload-->, or has it too early");
    }

    #[test]
    fn what_main_imports_is_preloaded_and_what_is_loaded_later_is_not() {
        let main = "// @ts-check\nimport { a } from './a.js';\nimport './b/b.js';\nimport {\n  c,\n} from \"./c.js\";\n\
                    const later = () => import('./views/later.js');\nlet text = 'import x from nowhere';\n";
        let release = release(&[
            ("js/main.js", main),
            ("js/a.js", "export * from './b/b.js';\nexport { x } from 'elsewhere';"),
            ("js/b/b.js", "import { a } from '../a.js';\nimport type from '../d.js';"),
            ("js/c.js", ""),
            ("js/d.js", ""),
            ("js/views/later.js", ""),
        ]);
        assert_eq!(static_imports(&release, "js/main.js"), ["js/a.js", "js/b/b.js", "js/c.js", "js/d.js"]);
    }

    #[test]
    fn the_page_of_this_binary_has_all_markers() {
        Template::new(&Release::packed(), "").unwrap();
    }
}
