//! The composed forms of Discourse's posts, and ours: quotes, link cards, polls, spoilers, players, mentions.

use super::tree::{Element, Node};
use super::{Page, words};
use crate::quote::{self, QuoteSource, is_id};
use crate::writer::Block;

impl<'a> Page<'a> {
    /// Writes the element if it is a composed form, else says `false`.
    pub(super) fn composed(&mut self, element: &'a Element) -> bool {
        match &*element.name {
            "aside" if element.has_class("quote") => self.imported_quote(element),
            "aside" if element.has_class("onebox") => self.link_card(element),
            "blockquote" if element.has_class("quote") => self.own_quote(element),
            "blockquote" if element.has_class("linkcard") => self.link_card(element),
            "blockquote" if element.has_class("poll") => self.own_poll(element),
            _ if self.in_card && self.composed_in_card(element) => {}
            "div" => return self.composed_div(element),
            "span" => return self.composed_span(element),
            "a" if element.has_class("mention") || element.has_class("mention-group") => {
                self.mention(element);
            }
            "img" => self.image(element),
            "button" => self.button(element),
            "iframe" | "embed" => self.player(element, element.attribute("src")),
            "object" => self.player(element, element.attribute("data")),
            "video" | "audio" => self.player(element, element.attribute("src")),
            _ => return false,
        }
        true
    }

    fn composed_div(&mut self, div: &'a Element) -> bool {
        for class in div.classes() {
            match class {
                "poll" => self.imported_poll(div),
                "spoiler" | "spoiled" => self.spoiler(div),
                "lazyYT" | "lazyYT-container" | "youtube-onebox" | "lazy-video-container" => {
                    self.lazy_video(div);
                }
                "video-placeholder-container" => self.player(div, div.attribute("data-video-src")),
                "math" => self.writer.code_block("math", &self.tree.text(div)),
                "quote-controls" => {}
                "meta" if self.tree.find(div, &|inner| inner.has_class("informations")).is_some() => {}
                _ => continue,
            }
            return true;
        }
        false
    }

    fn composed_span(&mut self, span: &'a Element) -> bool {
        for class in span.classes() {
            match class {
                "bbcode-b" => self.inline("strong", span),
                "bbcode-i" => self.inline("em", span),
                "bbcode-u" => self.inline("u", span),
                "bbcode-s" => self.inline("s", span),
                "spoiler" | "spoiled" => self.spoiler(span),
                "mention" | "mention-group" => self.mention(span),
                // What was taken for a formula: its dollar signs are part of the text.
                "math" => self.writer.flowing(&format!("${}$", self.tree.text(span))),
                "chcklst-box" => {
                    self.task(
                        span.classes()
                            .any(|class| matches!(class, "checked" | "permanent" | "fa-check-square-o")),
                    );
                }
                _ => continue,
            }
            return true;
        }
        false
    }

    // ---- Quotes

    /// `aside.quote`: a title line, then the words in a `blockquote`.
    fn imported_quote(&mut self, aside: &'a Element) {
        let title = self.tree.child_elements(aside).find(|child| child.has_class("title"));
        let title_words = title.map(|title| words(&self.title_text(title)));
        let title_words =
            title_words.as_deref().map(|text| text.trim_end_matches(':')).filter(|text| !text.is_empty());
        let link = title.and_then(|title| self.tree.find(title, &is_title_link));
        let author = aside.attribute("data-username").or(if link.is_none() { title_words } else { None });
        let author = author.map(words);
        let source = QuoteSource {
            post: None,
            author: author.as_deref(),
            topic: id(aside, "data-topic"),
            number: id(aside, "data-post"),
        };
        let mark = source.open(&mut self.writer);
        if let Some(link) = link {
            self.title_link(source.author, link);
        }
        if link.is_none() || self.writer.is_at_block_start() {
            source.write_cite(&mut self.writer);
        }
        for child in self.tree.children(aside) {
            match child {
                Node::Element(child) if child.has_class("title") => {}
                Node::Element(child) if child.is("blockquote") => self.children(child),
                Node::Element(child) => self.element(child),
                Node::Text(text) => self.writer.flowing(text),
            }
        }
        self.writer.close(mark);
    }

    /// `blockquote.quote` as we write it.
    fn own_quote(&mut self, quote: &'a Element) {
        let author = quote.attribute("data-author").map(words).filter(|author| !author.is_empty());
        let source = QuoteSource {
            post: id(quote, "data-post"),
            author: author.as_deref(),
            topic: id(quote, "data-source-topic"),
            number: id(quote, "data-source-post"),
        };
        let mark = source.open(&mut self.writer);
        let cite =
            self.tree.child_elements(quote).next().filter(|first| first.is("p") && first.has_class("cite"));
        if let Some(cite) = cite {
            let line = quote::open_cite(&mut self.writer);
            self.cite_words(cite);
            self.writer.close_bare(line);
        }
        if cite.is_none() || self.writer.is_at_block_start() {
            source.write_cite(&mut self.writer);
        }
        for child in self.tree.children(quote) {
            match child {
                Node::Element(child) if cite.is_some_and(|cite| std::ptr::eq(cite, child)) => {}
                Node::Element(child) => self.element(child),
                Node::Text(text) => self.writer.flowing(text),
            }
        }
        self.writer.close(mark);
    }

    fn title_link(&mut self, author: Option<&str>, link: &'a Element) {
        let line = quote::open_cite(&mut self.writer);
        if let Some(author) = author {
            self.writer.flowing(author);
            self.writer.flowing(", ");
        }
        self.cite_link(link);
        self.writer.close_bare(line);
    }

    /// The words and links of a quote's source: one line, whatever elements are in it.
    fn cite_words(&mut self, element: &'a Element) {
        for child in self.tree.children(element) {
            match child {
                Node::Text(text) => self.writer.flowing(text),
                Node::Element(child) => match &*child.name {
                    "a" => self.cite_link(child),
                    "img" if child.has_class("emoji") => self.image(child),
                    "script" | "style" | "svg" | "title" | "template" => {}
                    _ => self.cite_words(child),
                },
            }
        }
    }

    fn cite_link(&mut self, link: &'a Element) {
        let Some(address) = link.attribute("href").and_then(|href| self.address(href)) else {
            return self.cite_words(link);
        };
        self.writer.open_link(address, "");
        self.cite_words(link);
        self.writer.close_inline();
    }

    /// The text of a quote's title without the names of categories.
    fn title_text(&self, title: &Element) -> String {
        let mut out = String::new();
        for child in self.tree.children(title) {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(child) if is_badge(child) => {}
                Node::Element(child) => out.push_str(&self.title_text(child)),
            }
        }
        out
    }

    // ---- Cards and polls

    /// A preview of a page: its site, its title and what it says, without its pictures.
    fn link_card(&mut self, card: &'a Element) {
        let mark = self.writer.open_with(Block::Quote, &[("class", "linkcard")]);
        let outer = std::mem::replace(&mut self.in_card, true);
        self.children(card);
        self.in_card = outer;
        self.writer.close(mark);
    }

    /// A line of a card that is more than a paragraph.
    fn composed_in_card(&mut self, element: &'a Element) -> bool {
        let class = match &*element.name {
            "header" => "source",
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "title",
            "p" if element.has_class("source") => "source",
            "p" if element.has_class("title") => "title",
            _ => return false,
        };
        let mark = self.writer.open_with(Block::Paragraph, &[("class", class)]);
        self.fill(mark, element);
        true
    }

    /// A poll: its title and options. The votes are not in the text.
    fn imported_poll(&mut self, poll: &'a Element) {
        let mark = self.writer.open_with(Block::Quote, &[("class", "poll")]);
        let title = self.tree.find(poll, &|inner| inner.has_class("poll-title"));
        let options = self.tree.find(poll, &|inner| inner.is("ul") || inner.is("ol"));
        if let Some(title) = title {
            self.block(Block::Paragraph, title);
        }
        if let Some(options) = options {
            self.element(options);
        }
        let note = self.writer.open_with(Block::Paragraph, &[("class", "note")]);
        self.writer.flowing("A poll. Its votes were not kept.");
        self.writer.close(note);
        self.writer.close(mark);
    }

    fn own_poll(&mut self, poll: &'a Element) {
        let mark = self.writer.open_with(Block::Quote, &[("class", "poll")]);
        for child in self.tree.children(poll) {
            match child {
                Node::Text(text) => self.writer.flowing(text),
                Node::Element(child) if child.is("p") && child.has_class("note") => {
                    let note = self.writer.open_with(Block::Paragraph, &[("class", "note")]);
                    self.fill(note, child);
                }
                Node::Element(child) => self.element(child),
            }
        }
        self.writer.close(mark);
    }

    fn spoiler(&mut self, element: &'a Element) {
        let mark = self.open_details(None, "Spoiler");
        self.fill(mark, element);
    }

    // ---- Players

    /// A frame, video or sound: a link to it. One that brings a link of its own along shows that.
    fn player(&mut self, element: &'a Element, src: Option<&'a str>) {
        if self.tree.find(element, &|inner| inner.is("a") && inner.attribute("href").is_some()).is_some() {
            return self.children(element);
        }
        let inner = self.tree.find(element, &|inner| inner.attribute("src").is_some() && !inner.is("img"));
        let src = src.or_else(|| inner.and_then(|inner| inner.attribute("src")));
        match src.filter(|src| !src.trim().is_empty()) {
            Some(src) => self.plain_link(src, element.attribute("title")),
            None => self.children(element),
        }
    }

    /// A video that would have loaded on a click: a link to it under its title.
    fn lazy_video(&mut self, div: &'a Element) {
        let title = div.attribute("data-youtube-title").or(div.attribute("data-video-title"));
        let link = self.tree.find(div, &|inner| inner.is("a") && inner.attribute("href").is_some());
        let id = div.attribute("data-youtube-id").or_else(|| {
            let provider = div.attribute("data-provider-name").is_some_and(|name| name == "youtube");
            div.attribute("data-video-id").filter(|_| provider)
        });
        let mark = self.writer.open_group();
        match (link.and_then(|link| link.attribute("href")), id) {
            (Some(href), _) => self.plain_link(href, title),
            (None, Some(id)) => self.plain_link(&format!("https://www.youtube.com/watch?v={id}"), title),
            (None, None) => self.children(div),
        }
        self.writer.close(mark);
    }

    // ---- Mentions

    /// `@name`: a link if the account is known, else marked so that a later rendering may find it.
    fn mention(&mut self, element: &'a Element) {
        let text = words(&self.tree.text(element));
        let Some(name) =
            text.strip_prefix('@').filter(|name| !name.is_empty() && !element.has_class("mention-group"))
        else {
            return self.children(element);
        };
        match (self.context.mentions)(name) {
            Some(mention) => self.writer.mention(&mention),
            None => self.writer.unknown_mention(name),
        }
    }
}

/// An attribute that holds an id.
fn id<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attribute(name).filter(|id| is_id(id))
}

fn is_badge(element: &Element) -> bool {
    element.classes().any(|class| class.starts_with("badge-"))
}

fn is_title_link(element: &Element) -> bool {
    element.is("a") && !is_badge(element) && element.attribute("href").is_some()
}
