//! Markdown to HTML: what people write here.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::address;
use crate::autolink::{Piece, pieces};
use crate::picture::Picture;
use crate::quote::{QuoteSource, is_id};
use crate::writer::{Block, Mark, Writer};
use crate::{Context, Rendered};

/// How the same document is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As posts are: the end of a line stays one, and the largest heading becomes `h3`.
    Post,
    /// As the CommonMark suite shows it: lines flow together, headings keep their numbers.
    CommonMark,
}

/// Renders Markdown.
pub(crate) fn render(source: &str, context: &Context, style: Style) -> Rendered {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events: Vec<_> = Parser::new_ext(source, options).into_offset_iter().collect();
    let writer = Writer::new(source.len());
    let mut page =
        Page { source, context, style, events: &events, writer, marks: Vec::new(), links: Vec::new() };
    page.write();
    match style {
        Style::Post => page.writer.finish(),
        Style::CommonMark => page.writer.finish_as_is(),
    }
}

struct Page<'a> {
    source: &'a str,
    context: &'a Context<'a>,
    style: Style,
    /// What is still to be written.
    events: &'a [(Event<'a>, Range<usize>)],
    writer: Writer,
    marks: Vec<Mark>,
    /// For each open link its address, or nothing if that was refused.
    links: Vec<Option<String>>,
}

impl<'a> Page<'a> {
    fn write(&mut self) {
        let mut columns = Columns::default();
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(tag) => self.start(tag, &mut columns),
                Event::End(tag) => self.end(*tag),
                Event::Text(text) => self.running_text(text, range),
                Event::Code(code) => {
                    self.writer.open_inline("code");
                    self.writer.verbatim(code);
                    self.writer.close_inline();
                }
                Event::Html(html) | Event::InlineHtml(html) => self.raw(html),
                Event::SoftBreak if self.style == Style::CommonMark => self.writer.soft_break(),
                Event::SoftBreak | Event::HardBreak => self.writer.line_break(),
                Event::Rule => self.writer.rule(),
                Event::TaskListMarker(done) => self.writer.task(*done),
                Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                    self.writer.verbatim(text);
                }
            }
        }
    }

    fn next(&mut self) -> Option<&'a (Event<'a>, Range<usize>)> {
        let (first, rest) = self.events.split_first()?;
        self.events = rest;
        Some(first)
    }

    fn start(&mut self, tag: &'a Tag<'a>, columns: &mut Columns) {
        let mark = match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.writer.open(Block::Paragraph),
            Tag::Heading { level, .. } => self.writer.open(Block::Heading(*level as u8)),
            Tag::BlockQuote(_) => return self.quote(),
            Tag::CodeBlock(kind) => return self.code_block(kind),
            Tag::List(None) => self.writer.open(Block::List),
            Tag::List(Some(1)) => self.writer.open(Block::Numbered),
            Tag::List(Some(first)) => {
                self.writer.open_with(Block::Numbered, &[("start", &first.to_string())])
            }
            Tag::Item => self.writer.open(Block::Item),
            Tag::Table(alignments) => {
                *columns = Columns { alignments: alignments.clone(), ..Columns::default() };
                self.writer.open(Block::Table)
            }
            Tag::TableHead => {
                columns.head = true;
                columns.at = 0;
                let mark = self.writer.open(Block::Head);
                let _row = self.writer.open(Block::Row);
                mark
            }
            Tag::TableRow => {
                columns.head = false;
                columns.at = 0;
                self.writer.open(Block::Row)
            }
            Tag::TableCell => columns.open_cell(&mut self.writer),
            Tag::Emphasis => return self.writer.open_inline("em"),
            Tag::Strong => return self.writer.open_inline("strong"),
            Tag::Strikethrough => return self.writer.open_inline("del"),
            Tag::Link { link_type, dest_url, title, .. } => return self.link(*link_type, dest_url, title),
            Tag::Image { dest_url, title, .. } => return self.image(dest_url, title),
            Tag::Superscript
            | Tag::Subscript
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.writer.open_group(),
        };
        self.marks.push(mark);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.writer.close_inline(),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::CodeBlock => {}
            _ => {
                if let Some(mark) = self.marks.pop() {
                    self.writer.close(mark);
                }
            }
        }
    }

    /// Text up to the next event of another kind: the parser cuts it where it looked for emphasis.
    fn running_text(&mut self, first: &str, range: &Range<usize>) {
        if !matches!(self.events.first(), Some((Event::Text(_), _))) && !first.contains(['@', ':', '.']) {
            return self.writer.verbatim(first);
        }
        let mut text = first.to_owned();
        let mut escaped = Vec::new();
        if self.is_escaped(range) {
            escaped.push(0);
        }
        while let Some((Event::Text(part), range)) = self.events.first() {
            if self.is_escaped(range) {
                escaped.push(text.len());
            }
            text.push_str(part);
            self.next();
        }
        if self.writer.in_link() {
            return self.writer.verbatim(&text);
        }
        let (writer, context) = (&mut self.writer, self.context);
        pieces(&text, &escaped, |piece| write_piece(writer, context, &piece));
    }

    fn is_escaped(&self, range: &Range<usize>) -> bool {
        range.start > 0 && self.source.as_bytes().get(range.start - 1) == Some(&b'\\')
    }

    /// HTML that somebody wrote into Markdown: shown as written.
    fn raw(&mut self, html: &str) {
        for (line, text) in html.split('\n').enumerate() {
            if line > 0 {
                self.writer.line_break();
            }
            self.writer.verbatim(text);
        }
    }

    fn code_block(&mut self, kind: &CodeBlockKind) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_ascii_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let mut code = String::new();
        while let Some((Event::Text(text), _)) = self.next() {
            code.push_str(text);
        }
        self.writer.code_block(language, &code);
    }

    fn link(&mut self, kind: LinkType, dest: &str, title: &str) {
        let mail = if kind == LinkType::Email { "mailto:" } else { "" };
        let address = address::check(&format!("{mail}{dest}"), self.context.base_urls);
        self.links.push(address.as_ref().map(|_| dest.to_owned()));
        if let Some(address) = address {
            self.writer.open_link(address, title);
        }
    }

    fn end_link(&mut self) {
        if let Some(dest) = self.links.pop().flatten() {
            if self.writer.link_is_empty() {
                self.writer.verbatim(&dest);
            }
            self.writer.close_inline();
        }
    }

    fn image(&mut self, dest: &str, title: &str) {
        let alt = self.alternative_text();
        match address::check(dest, self.context.base_urls) {
            Some(address) => {
                self.writer.picture(Picture {
                    address,
                    alt,
                    title: title.to_owned(),
                    size: None,
                    link: None,
                });
            }
            None => self.writer.verbatim(&alt),
        }
    }

    /// The words up to the end of the image that has just begun.
    fn alternative_text(&mut self) -> String {
        let mut alt = String::new();
        let mut depth = 1;
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => alt.push_str(text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        alt
    }

    /// A quote. One whose first line is `[@name](post:ID):` says which post of ours it is from.
    fn quote(&mut self) {
        let Some(head) = QuoteHead::read(self.events) else {
            let mark = self.writer.open(Block::Quote);
            return self.marks.push(mark);
        };
        self.events = head.rest;
        let source =
            QuoteSource { post: Some(head.post), author: Some(&head.author), ..QuoteSource::default() };
        self.marks.push(source.open(&mut self.writer));
        source.write_cite(&mut self.writer);
        if head.paragraph_goes_on {
            let mark = self.writer.open(Block::Paragraph);
            self.marks.push(mark);
        }
    }
}

/// The first line of a quote of a post.
struct QuoteHead<'a> {
    author: String,
    post: &'a str,
    paragraph_goes_on: bool,
    rest: &'a [(Event<'a>, Range<usize>)],
}

impl<'a> QuoteHead<'a> {
    fn read(events: &'a [(Event<'a>, Range<usize>)]) -> Option<Self> {
        let [(Event::Start(Tag::Paragraph), _), (Event::Start(Tag::Link { dest_url, .. }), _), rest @ ..] =
            events
        else {
            return None;
        };
        let post = dest_url.strip_prefix("post:").filter(|id| is_id(id))?;
        let mut author = String::new();
        let mut rest = rest;
        while let [(Event::Text(text), _), after @ ..] = rest {
            author.push_str(text);
            rest = after;
        }
        let rest = match rest {
            [(Event::End(TagEnd::Link), _), (Event::Text(colon), _), after @ ..] if **colon == *":" => after,
            _ => return None,
        };
        let (end, rest) = rest.split_first()?;
        let paragraph_goes_on = match end.0 {
            Event::SoftBreak | Event::HardBreak => true,
            Event::End(TagEnd::Paragraph) => false,
            _ => return None,
        };
        let author = author.strip_prefix('@').filter(|name| !name.is_empty())?.to_owned();
        Some(Self { author, post, paragraph_goes_on, rest })
    }
}

/// Where in a table the next cell stands.
#[derive(Default)]
struct Columns {
    alignments: Vec<Alignment>,
    head: bool,
    at: usize,
}

impl Columns {
    fn open_cell(&mut self, writer: &mut Writer) -> Mark {
        let class = match self.alignments.get(self.at) {
            Some(Alignment::Left) => Some("align-left"),
            Some(Alignment::Center) => Some("align-center"),
            Some(Alignment::Right) => Some("align-right"),
            Some(Alignment::None) | None => None,
        };
        self.at += 1;
        let block = if self.head { Block::HeadCell } else { Block::Cell };
        match class {
            Some(class) => writer.open_with(block, &[("class", class)]),
            None => writer.open(block),
        }
    }
}

fn write_piece(writer: &mut Writer, context: &Context, piece: &Piece) {
    match *piece {
        Piece::Text(text) => writer.verbatim(text),
        Piece::Link { shown, prefix } => match address::check(&format!("{prefix}{shown}"), context.base_urls)
        {
            Some(address) => {
                writer.open_link(address, "");
                writer.verbatim(shown);
                writer.close_inline();
            }
            None => writer.verbatim(shown),
        },
        Piece::Name(name) => match (context.mentions)(name) {
            Some(mention) => writer.mention(&mention),
            None => writer.verbatim(&format!("@{name}")),
        },
    }
}
