//! Imported HTML to our HTML: an allow-list, and above all the forms that Discourse gives to posts.
//!
//! `tree` parses, this file says what becomes of ordinary elements, `forms` of the composed ones (quotes, link cards,
//! polls, players …), `pictures` of images, buttons and emoji. Everything is written anew by the writer.

mod forms;
mod pictures;
mod plain;
mod tree;

use crate::address::{self, Address};
use crate::writer::{Block, Mark, Writer};
use crate::{Context, Rendered};

pub(crate) use plain::plain_text;
use tree::{Element, Node, Tree};

/// Renders HTML.
pub(crate) fn render(source: &str, context: &Context) -> Rendered {
    let tree = Tree::parse(source);
    let mut page =
        Page { tree: &tree, context, writer: Writer::new(source.len()), in_code: false, in_card: false };
    if let Some(root) = tree.root() {
        page.children(root);
    }
    page.writer.finish()
}

/// A rendering under way. Recursion is bounded by the depth of the tree.
struct Page<'a> {
    tree: &'a Tree,
    context: &'a Context<'a>,
    writer: Writer,
    /// Inside inline code, where spaces count.
    in_code: bool,
    /// Inside a link card, which has no pictures.
    in_card: bool,
}

impl<'a> Page<'a> {
    fn children(&mut self, element: &'a Element) {
        for child in self.tree.children(element) {
            match child {
                Node::Text(text) if self.in_code => self.writer.verbatim(&text.replace('\n', " ")),
                Node::Text(text) => self.writer.flowing(text),
                Node::Element(child) => self.element(child),
            }
        }
    }

    fn element(&mut self, element: &'a Element) {
        if self.composed(element) {
            return;
        }
        match &*element.name {
            "br" => self.writer.line_break(),
            "hr" => self.writer.rule(),
            "p" => self.block(Block::Paragraph, element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name.bytes().last().map_or(6, |digit| digit - b'0');
                self.block(Block::Heading(level), element);
            }
            "ul" | "menu" | "dir" => self.block(Block::List, element),
            "ol" => self.numbered(element),
            "li" => self.block(Block::Item, element),
            "dl" => self.block(Block::Terms, element),
            "dt" => self.block(Block::Term, element),
            "dd" => self.block(Block::Meaning, element),
            "blockquote" => self.block(Block::Quote, element),
            "pre" | "listing" | "xmp" | "plaintext" => self.code_block(element),
            "details" => self.details(element),
            "table" => self.table(element),
            "thead" => self.block(Block::Head, element),
            "tbody" | "tfoot" => self.block(Block::Body, element),
            "tr" => self.block(Block::Row, element),
            "th" => self.cell(Block::HeadCell, element),
            "td" => self.cell(Block::Cell, element),
            "a" => self.link(element),
            "abbr" | "acronym" => self.abbreviation(element),
            "code" | "tt" | "samp" => self.inline_code(element),
            "q" => {
                self.writer.flowing("“");
                self.children(element);
                self.writer.flowing("”");
            }
            "rt" => self.ruby_text(element),
            "input"
                if element.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) =>
            {
                self.task(element.attribute("checked").is_some());
            }
            "script" | "style" | "svg" | "template" | "title" | "head" | "noembed" | "noframes"
            | "noscript" | "select" | "datalist" | "rp" => {}
            name => match inline_tag(name) {
                Some(tag) => self.inline(tag, element),
                None if is_group(name) => {
                    let mark = self.writer.open_group();
                    self.children(element);
                    self.writer.close(mark);
                }
                None => self.children(element),
            },
        }
    }

    fn block(&mut self, block: Block, element: &'a Element) {
        let mark = self.writer.open(block);
        self.fill(mark, element);
    }

    fn fill(&mut self, mark: Mark, element: &'a Element) {
        self.children(element);
        self.writer.close(mark);
    }

    fn inline(&mut self, tag: &'static str, element: &'a Element) {
        self.writer.open_inline(tag);
        self.children(element);
        self.writer.close_inline();
    }

    fn numbered(&mut self, element: &'a Element) {
        let start = element.attribute("start").and_then(|start| start.trim().parse::<u32>().ok());
        let mark = match start.filter(|&start| start != 1) {
            Some(start) => self.writer.open_with(Block::Numbered, &[("start", &start.to_string())]),
            None => self.writer.open(Block::Numbered),
        };
        self.fill(mark, element);
    }

    fn inline_code(&mut self, element: &'a Element) {
        let outer = std::mem::replace(&mut self.in_code, true);
        self.inline("code", element);
        self.in_code = outer;
    }

    fn abbreviation(&mut self, element: &'a Element) {
        let title = words(element.attribute("title").unwrap_or_default());
        if title.is_empty() {
            return self.children(element);
        }
        self.writer.open_abbreviation(&title);
        self.children(element);
        self.writer.close_inline();
    }

    /// The reading of a ruby: in brackets, which the text may bring along.
    fn ruby_text(&mut self, element: &'a Element) {
        self.writer.flowing("(");
        self.children(element);
        self.writer.flowing(")");
    }

    fn task(&mut self, done: bool) {
        if !self.in_code {
            self.writer.task(done);
        }
    }

    /// Code as it is, byte for byte, whatever elements colour it.
    fn code_block(&mut self, element: &'a Element) {
        let code = self.tree.find(element, &|inner| inner.is("code"));
        let language = code.and_then(language).or_else(|| language(element)).unwrap_or_default();
        let mut text = String::new();
        self.code_text(element, &mut text);
        self.writer.code_block(&language, &text);
    }

    /// The text of code. Lines that are list items end with a line feed, as do `<br>`.
    fn code_text(&self, element: &'a Element, out: &mut String) {
        for child in self.tree.children(element) {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(child) if child.is("br") => out.push('\n'),
                Node::Element(child) => {
                    self.code_text(child, out);
                    if child.is("li") && !out.ends_with('\n') {
                        out.push('\n');
                    }
                }
            }
        }
    }

    fn details(&mut self, element: &'a Element) {
        let summary = self.tree.child_elements(element).find(|child| child.is("summary"));
        let mark = self.open_details(summary, "Details");
        for child in self.tree.children(element) {
            match child {
                Node::Text(text) => self.writer.flowing(text),
                Node::Element(child) if child.is("summary") => {}
                Node::Element(child) => self.element(child),
            }
        }
        self.writer.close(mark);
    }

    /// Opens `<details>` with its summary, or with words that stand for it.
    fn open_details(&mut self, summary: Option<&'a Element>, fallback: &str) -> Mark {
        let mark = self.writer.open(Block::Details);
        self.writer.hush(mark);
        let line = self.writer.open(Block::Summary);
        if let Some(summary) = summary {
            self.children(summary);
        }
        if self.writer.is_at_block_start() {
            self.writer.flowing(fallback);
        }
        self.writer.close(line);
        mark
    }

    fn table(&mut self, element: &'a Element) {
        for caption in self.tree.child_elements(element).filter(|child| child.is("caption")) {
            self.block(Block::Paragraph, caption);
        }
        let mark = self.writer.open(Block::Table);
        for child in self.tree.children(element) {
            match child {
                Node::Text(text) => self.writer.flowing(text),
                Node::Element(child) if child.is("caption") => {}
                Node::Element(child) => self.element(child),
            }
        }
        self.writer.close(mark);
    }

    fn cell(&mut self, block: Block, element: &'a Element) {
        let span = |name| {
            let span = element.attribute(name)?.trim().parse::<u8>().ok()?;
            (2..=100).contains(&span).then(|| span.to_string())
        };
        let (columns, rows) = (span("colspan"), span("rowspan"));
        let attributes: Vec<(&str, &str)> =
            [("class", alignment(element)), ("colspan", columns.as_deref()), ("rowspan", rows.as_deref())]
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
        let mark = self.writer.open_with(block, &attributes);
        self.fill(mark, element);
    }

    fn link(&mut self, element: &'a Element) {
        if element.has_class("footnote-backref") {
            return;
        }
        // Links within the page lead nowhere, because posts have no ids.
        let href = element.attribute("href").unwrap_or_default();
        match self.address(href).filter(|address| !address.href.starts_with('#')) {
            Some(address) => {
                self.writer.open_link(address, &words(element.attribute("title").unwrap_or_default()));
                self.children(element);
                self.writer.close_inline();
            }
            None => self.children(element),
        }
    }

    /// A link with words of ours or its address for them.
    fn plain_link(&mut self, href: &str, title: Option<&str>) {
        let Some(address) = self.address(href) else { return };
        let shown =
            title.map(words).filter(|title| !title.is_empty()).unwrap_or_else(|| address.href.clone());
        self.writer.open_link(address, "");
        self.writer.flowing(&shown);
        self.writer.close_inline();
    }

    /// Checks an address; one of nothing but what is not written leads nowhere.
    fn address(&self, href: &str) -> Option<Address> {
        address::check(href, self.context.base_urls).filter(|address| !address.href.is_empty())
    }
}

/// The words of an attribute, with single spaces.
fn words(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The language that the classes of a `code` element name.
fn language(code: &Element) -> Option<String> {
    let marked =
        code.classes().find_map(|class| class.strip_prefix("language-").or(class.strip_prefix("lang-")));
    let language = match marked {
        Some(language) => language,
        None if code.is("code") => {
            code.classes().find(|class| !matches!(*class, "hljs" | "lines" | "block"))?
        }
        None => return None,
    };
    let known = !matches!(language, "" | "auto" | "nohighlight" | "none") && language.len() <= 40;
    known.then(|| language.to_owned())
}

/// The alignment of a cell as one of our classes.
fn alignment(cell: &Element) -> Option<&'static str> {
    let style = cell.attribute("style").and_then(|style| style.split("text-align:").nth(1));
    let wanted = style.or(cell.attribute("align")).unwrap_or_default().trim_start();
    let class = |name: &str| cell.has_class(&format!("align-{name}"));
    ["left", "center", "right"]
        .into_iter()
        .zip(["align-left", "align-center", "align-right"])
        .find(|(name, _)| class(name) || wanted.starts_with(name))
        .map(|(_, class)| class)
}

/// The element of ours for one that only marks words.
fn inline_tag(name: &str) -> Option<&'static str> {
    Some(match name {
        "strong" => "strong",
        "em" | "dfn" => "em",
        "b" => "b",
        "i" | "cite" | "var" => "i",
        "u" => "u",
        "s" | "strike" => "s",
        "del" => "del",
        "ins" => "ins",
        "mark" => "mark",
        "small" => "small",
        "sub" => "sub",
        "sup" => "sup",
        "kbd" => "kbd",
        _ => return None,
    })
}

/// Blocks that only group others.
fn is_group(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "caption"
            | "center"
            | "dialog"
            | "div"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "main"
            | "nav"
            | "optgroup"
            | "option"
            | "search"
            | "section"
            | "summary"
            | "textarea"
    )
}
