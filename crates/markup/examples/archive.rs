//! Holds a whole archive of Discourse topics against its rendering, with an independent parser:
//! `cargo run --release -p folkmoot-markup --example archive -- FOLDER`, with `*.json` files as `/t/ID.json` gives them.
//!
//! For every post: only the vocabulary comes out; rendering again changes nothing; words, code, list items, links and
//! pictures are all still there. What is left out or added on purpose is named in [`Seen::visit`]. Exit code 1 on any
//! difference.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

#[path = "../tests/support/vocabulary.rs"]
mod vocabulary;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use folkmoot_markup::{Context, Flavour, plain_text, render};
use scraper::{ElementRef, Html};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Failure> {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: archive FOLDER");
        return Ok(ExitCode::from(2));
    };
    let mut report = Report::default();
    for (place, cooked) in posts(Path::new(&folder))? {
        report.check(&place, &cooked);
    }
    report.print();
    Ok(if report.posts > 0 && report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All posts of all files: (`topic/number`, HTML).
fn posts(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut posts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let topic: serde_json::Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        for post in topic["post_stream"]["posts"].as_array().into_iter().flatten() {
            let cooked = post["cooked"].as_str().unwrap_or_default();
            posts.push((format!("{}/{}", topic["id"], post["post_number"]), cooked.to_owned()));
        }
    }
    posts.sort();
    Ok(posts)
}

fn html_of(source: &str) -> String {
    let base_urls = ["https://forum.example".to_owned()];
    render(source, &Context { flavour: Flavour::Html, mentions: &|_| None, base_urls: &base_urls }).html
}

#[derive(Default)]
struct Report {
    posts: usize,
    bytes_in: usize,
    bytes_out: usize,
    took: Duration,
    slowest: (Duration, String),
    totals: BTreeMap<&'static str, usize>,
    nameless: BTreeMap<String, usize>,
    differences: BTreeMap<&'static str, Vec<String>>,
}

impl Report {
    fn check(&mut self, place: &str, cooked: &str) {
        let start = Instant::now();
        let html = html_of(cooked);
        let took = start.elapsed();
        self.posts += 1;
        self.bytes_in += cooked.len();
        self.bytes_out += html.len();
        self.took += took;
        if took > self.slowest.0 {
            self.slowest = (took, place.to_owned());
        }
        for violation in vocabulary::violations(&html) {
            self.differ("vocabulary", place, &violation);
        }
        let again = html_of(&html);
        if again != html {
            self.differ("rendered again", place, &first_difference(&html, &again));
        }
        let (before, after) = (Seen::in_html(cooked), Seen::in_html(&html));
        if before.words != after.words {
            self.differ("words", place, &first_difference(&before.words, &after.words));
        }
        if before.code != after.code {
            let pair = before.code.iter().zip(&after.code).find(|(before, after)| before != after);
            self.differ(
                "code",
                place,
                &format!("{} and {} blocks; {pair:?}", before.code.len(), after.code.len()),
            );
        }
        for (kind, before, after) in [
            ("list items", before.items, after.items),
            ("links", before.links, after.links),
            ("pictures", before.pictures, after.pictures),
            ("quotes", before.quotes, after.quotes),
        ] {
            *self.totals.entry(kind).or_default() += after;
            if before != after {
                self.differ(kind, place, &format!("{before} before, {after} after"));
            }
        }
        for (name, count) in before.nameless {
            *self.nameless.entry(name).or_default() += count;
        }
        *self.totals.entry("code blocks").or_default() += after.code.len();
        *self.totals.entry("non-space characters").or_default() += after.words.chars().count();
    }

    fn differ(&mut self, kind: &'static str, place: &str, what: &str) {
        self.differences.entry(kind).or_default().push(format!("{place}: {what}"));
    }

    fn print(&self) {
        let each = self.took / u32::try_from(self.posts.max(1)).unwrap_or(u32::MAX);
        println!("{} posts, {} bytes in, {} bytes out", self.posts, self.bytes_in, self.bytes_out);
        println!("{:?}, {each:?} a post, slowest {:?} ({})", self.took, self.slowest.0, self.slowest.1);
        for (kind, total) in &self.totals {
            println!("{total:>9} {kind}");
        }
        println!("emoji without a character: {:?}", self.nameless);
        for (kind, places) in &self.differences {
            println!("DIFFERENT {kind}: {} posts", places.len());
            places.iter().take(12).for_each(|place| println!("    {place}"));
        }
    }
}

fn first_difference(before: &str, after: &str) -> String {
    let same = before.char_indices().zip(after.chars()).find(|((_, before), after)| before != after);
    let at = same.map_or(before.len().min(after.len()), |((at, _), _)| at);
    let near = |text: &str| {
        let from = text.floor_char_boundary(at.saturating_sub(60).min(text.len()));
        let to = text.floor_char_boundary((at + 100).min(text.len()));
        text[from..to].to_owned()
    };
    format!("…{:?}… became …{:?}…", near(before), near(after))
}

/// What a reader finds in HTML.
#[derive(Default)]
struct Seen {
    /// All text without whitespace.
    words: String,
    code: Vec<String>,
    items: usize,
    links: usize,
    pictures: usize,
    quotes: usize,
    /// Emoji that stay names.
    nameless: BTreeMap<String, usize>,
}

impl Seen {
    fn in_html(html: &str) -> Self {
        let mut seen = Self::default();
        seen.visit(Html::parse_fragment(html).root_element(), Inside::default());
        seen
    }

    fn visit(&mut self, element: ElementRef, inside: Inside) {
        for child in element.children() {
            if let Some(text) = child.value().as_text() {
                self.add(text);
            } else if let Some(child) = ElementRef::wrap(child) {
                self.visit_element(child, inside);
            }
        }
    }

    fn add(&mut self, text: &str) {
        self.words.extend(text.chars().filter(|c| !c.is_ascii_whitespace()));
    }

    fn visit_element(&mut self, element: ElementRef, mut inside: Inside) {
        let value = element.value();
        let has = |class: &str| value.has_class(class, scraper::CaseSensitivity::CaseSensitive);
        let attribute = |name: &str| value.attr(name).unwrap_or_default();
        match value.name() {
            // Decoration, and what only the old pages' scripts needed.
            "svg" => return,
            "div" if has("meta") => return,
            "a" if has("footnote-backref") => return,
            "a" if inside.quote_title && value.classes().any(|class| class.starts_with("badge-")) => return,
            // Votes are not in the text; a note says so.
            "div" if has("poll-info") => return,
            "p" if has("note") => return,
            // Players become links, with their address or title for words, unless they bring a link along.
            "iframe" => {
                self.links += 1;
                self.add(if attribute("title").is_empty() { attribute("src") } else { attribute("title") });
                return;
            }
            "video" | "audio" if first_with(element, "a", "href").is_none() => {
                let source = value.attr("src").or_else(|| first_with(element, "source", "src"));
                self.links += 1;
                self.add(if attribute("title").is_empty() {
                    source.unwrap_or_default()
                } else {
                    attribute("title")
                });
                return;
            }
            "div" if has("lazyYT") => {
                self.links += 1;
                match attribute("data-youtube-title") {
                    "" => {
                        self.add(&format!(
                            "https://www.youtube.com/watch?v={}",
                            attribute("data-youtube-id")
                        ));
                    }
                    title => self.add(title),
                }
                return;
            }
            // Emoji pictures become characters.
            "img" if has("emoji") => {
                let shown = plain_text(&html_of(&element.html()));
                if shown.starts_with(':') {
                    *self.nameless.entry(shown.clone()).or_default() += 1;
                }
                return self.add(&shown);
            }
            "img" if has("avatar") || has("site-icon") || inside.card || attribute("src").is_empty() => {
                return;
            }
            "img" => self.pictures += 1,
            "button" if has("remote-image") => {
                self.pictures += 1;
                self.links += usize::from(value.attr("data-link").is_some());
                return;
            }
            // Summaries that a form of its own got.
            "div" | "span" if has("spoiler") => self.add("Spoiler"),
            "span" if has("math") => {
                self.add("$");
                self.visit(element, inside);
                return self.add("$");
            }
            "aside" | "blockquote" if has("onebox") || has("linkcard") => inside.card = true,
            "aside" | "blockquote" if has("quote") => {
                self.quotes += 1;
                let title =
                    child_with_class(element, "title").and_then(|title| first_with(title, "a", "href"));
                match (title, value.attr("data-username")) {
                    // A topic's title gets its author before it.
                    (Some(_), Some(author)) => self.add(&format!("{author},")),
                    // An author's name gets a link to the post.
                    (None, _) if value.attr("data-topic").and(value.attr("data-post")).is_some() => {
                        self.links += 1;
                    }
                    _ => {}
                }
            }
            "div" if has("title") => inside.quote_title = true,
            "pre" => {
                let mut code = String::new();
                code_text(element, &mut code);
                self.add(&code);
                return self.code.push(code);
            }
            "li" => self.items += 1,
            "a" if !attribute("href").is_empty()
                && !attribute("href").starts_with('#')
                && !has("mention") =>
            {
                let picture =
                    |inner: ElementRef| inner.value().name() == "img" || inner.value().name() == "button";
                let empty = element.text().all(|text| text.trim().is_empty());
                let pictured =
                    !inside.card && element.descendants().filter_map(ElementRef::wrap).any(picture);
                self.links += usize::from(!empty || pictured);
            }
            _ => {}
        }
        if inside.quote_title && value.name() == "div" {
            let mut title = Self::default();
            title.visit(element, inside);
            self.words.push_str(title.words.trim_end_matches(':'));
            self.links += title.links;
            return;
        }
        self.visit(element, inside);
    }
}

#[derive(Clone, Copy, Default)]
struct Inside {
    quote_title: bool,
    card: bool,
}

/// An attribute of the first element of that name below that has it.
fn first_with<'a>(element: ElementRef<'a>, name: &str, attribute: &str) -> Option<&'a str> {
    let mut below =
        element.descendants().filter_map(ElementRef::wrap).filter(|inner| inner.value().name() == name);
    below.find_map(|inner| inner.value().attr(attribute))
}

fn child_with_class<'a>(element: ElementRef<'a>, class: &str) -> Option<ElementRef<'a>> {
    element.child_elements().find(|child| child.value().classes().any(|own| own == class))
}

/// The text of code; numbered lines end with a line feed.
fn code_text(element: ElementRef, out: &mut String) {
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            out.push_str(text);
        } else if let Some(child) = ElementRef::wrap(child) {
            code_text(child, out);
            let ends = child.value().name() == "br" || (child.value().name() == "li" && !out.ends_with('\n'));
            out.push_str(if ends { "\n" } else { "" });
        }
    }
}
