//! The one place that writes elements: keeps them balanced, nested as browsers nest them, and not too deep.
//!
//! Blocks are opened and closed at once. Inline elements are only *wanted* until text comes: then they are written,
//! and when a block begins inside them they are closed and written again inside it. So there is never a block inside
//! a paragraph or an inline element, an empty inline element, or a space at the edge of a line, and what a browser
//! makes of the output is exactly what was meant. Whoever renders calls `open` and `close` in pairs like brackets.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::address::{Address, Reach};
use crate::excerpt::Words;
use crate::picture::Picture;
use crate::{Mention, Rendered, escape};

/// How deep blocks may nest; deeper ones are left out and their contents kept. With the inline ones inside, no
/// element is deeper than 64.
const DEEPEST_BLOCK: usize = 36;
/// How deep inline elements may nest.
const DEEPEST_INLINE: usize = 10;
/// How often a link that blocks interrupt is written again: keeps the output linear in the input.
const MOST_REPEATS: u8 = 8;

/// A block element of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph,
    /// Level 1 to 6 as it was written.
    Heading(u8),
    Quote,
    Details,
    Summary,
    List,
    Numbered,
    Item,
    Terms,
    Term,
    Meaning,
    Table,
    Head,
    Body,
    Row,
    HeadCell,
    Cell,
    Code,
}

/// What a block may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Blocks; loose text gets a paragraph.
    Blocks,
    /// Blocks and loose text.
    Both,
    /// Text only.
    Text,
    /// Items, terms, or parts of a table only.
    Parts,
}

impl Block {
    fn tags(self) -> (&'static str, &'static str) {
        match self {
            Self::Paragraph => ("<p", "</p>"),
            Self::Heading(1) => ("<h1", "</h1>"),
            Self::Heading(2) => ("<h2", "</h2>"),
            Self::Heading(3) => ("<h3", "</h3>"),
            Self::Heading(4) => ("<h4", "</h4>"),
            Self::Heading(5) => ("<h5", "</h5>"),
            Self::Heading(_) => ("<h6", "</h6>"),
            Self::Quote => ("<blockquote", "</blockquote>"),
            Self::Details => ("<details", "</details>"),
            Self::Summary => ("<summary", "</summary>"),
            Self::List => ("<ul", "</ul>"),
            Self::Numbered => ("<ol", "</ol>"),
            Self::Item => ("<li", "</li>"),
            Self::Terms => ("<dl", "</dl>"),
            Self::Term => ("<dt", "</dt>"),
            Self::Meaning => ("<dd", "</dd>"),
            Self::Table => ("<div class=\"table\"><table", "</table></div>"),
            Self::Head => ("<thead", "</thead>"),
            Self::Body => ("<tbody", "</tbody>"),
            Self::Row => ("<tr", "</tr>"),
            Self::HeadCell => ("<th", "</th>"),
            Self::Cell => ("<td", "</td>"),
            Self::Code => ("<pre", "</code></pre>"),
        }
    }

    fn holds(self) -> Holds {
        match self {
            Self::Quote | Self::Details => Holds::Blocks,
            Self::Item | Self::Meaning | Self::HeadCell | Self::Cell => Holds::Both,
            Self::Paragraph | Self::Heading(_) | Self::Summary | Self::Term | Self::Code => Holds::Text,
            Self::List | Self::Numbered | Self::Terms | Self::Table | Self::Head | Self::Body | Self::Row => {
                Holds::Parts
            }
        }
    }

    /// Whether it stands only inside particular parents.
    fn is_part(self) -> bool {
        matches!(
            self,
            Self::Item
                | Self::Summary
                | Self::Term
                | Self::Meaning
                | Self::Head
                | Self::Body
                | Self::Row
                | Self::HeadCell
                | Self::Cell
        )
    }

    fn may_hold(self, child: Self) -> bool {
        match self {
            Self::List | Self::Numbered => child == Self::Item,
            Self::Terms => matches!(child, Self::Term | Self::Meaning),
            Self::Table => matches!(child, Self::Head | Self::Body),
            Self::Head | Self::Body => child == Self::Row,
            Self::Row => matches!(child, Self::HeadCell | Self::Cell),
            _ => self.holds() != Holds::Text && !child.is_part(),
        }
    }

    /// The part that has to stand between this block and what is about to be written in it.
    fn missing_part(self, child: Option<Self>) -> Option<Self> {
        let for_row = matches!(child, Some(Self::HeadCell | Self::Cell));
        let for_body = for_row || child == Some(Self::Row);
        let any = child.is_none_or(|child| !child.is_part());
        match self {
            Self::List | Self::Numbered if any => Some(Self::Item),
            Self::Terms if any => Some(Self::Meaning),
            Self::Table if any || for_body => Some(Self::Body),
            Self::Head | Self::Body if any || for_row => Some(Self::Row),
            Self::Row if any => Some(Self::Cell),
            _ => None,
        }
    }

    /// Whether it is left out when nothing was written in it.
    fn vanishes_empty(self) -> bool {
        !matches!(
            self,
            Self::Quote | Self::Heading(_) | Self::Item | Self::HeadCell | Self::Cell | Self::Code
        )
    }
}

/// An open block.
struct Frame {
    block: Block,
    /// Where its start tag begins and ends in the output.
    start: usize,
    content: usize,
    /// Opened by the writer itself because something could not stand without it.
    implied: bool,
    /// Its words are not for excerpts.
    hushed: bool,
}

/// An inline element that is wanted around what comes.
struct Inline {
    tag: &'static str,
    /// Start tag; empty for one that is not written.
    start: Cow<'static, str>,
    written: bool,
    repeats: u8,
    link: Option<Box<Link>>,
}

/// What a link needs to know besides.
struct Link {
    address: Address,
    /// Remote pictures inside, which cannot stand in a link and follow it.
    pictures: Vec<Picture>,
}

/// Where a block was opened; to be given back to [`Writer::close`].
#[derive(Clone, Copy)]
#[must_use]
pub(crate) struct Mark(usize);

/// Builds one rendered text.
pub(crate) struct Writer {
    out: String,
    frames: Vec<Frame>,
    inlines: Vec<Inline>,
    /// Inline elements that are too deep to be wanted; always the innermost ones.
    too_deep: usize,
    /// A space, and line breaks, that are written when text follows.
    space: bool,
    breaks: usize,
    /// Nothing stands in the present line yet.
    line_start: bool,
    hushed: usize,
    words: Words,
    /// Level of each heading and the places of its digit in the output.
    headings: Vec<(u8, usize)>,
    has_code: bool,
    has_images: bool,
    mentions: Distinct,
    quotes: Distinct,
    links: Distinct,
}

/// Strings in order of appearance, each once.
#[derive(Default)]
struct Distinct {
    list: Vec<String>,
    known: HashSet<String>,
}

impl Distinct {
    fn add(&mut self, text: &str) {
        if self.known.insert(text.to_owned()) {
            self.list.push(text.to_owned());
        }
    }
}

impl Writer {
    /// A writer for a source of that many bytes.
    pub(crate) fn new(source_len: usize) -> Self {
        Self {
            out: String::with_capacity(source_len + source_len / 4 + 64),
            frames: Vec::new(),
            inlines: Vec::new(),
            too_deep: 0,
            space: false,
            breaks: 0,
            line_start: true,
            hushed: 0,
            words: Words::default(),
            headings: Vec::new(),
            has_code: false,
            has_images: false,
            mentions: Distinct::default(),
            quotes: Distinct::default(),
            links: Distinct::default(),
        }
    }

    /// Ends the text. Headings get levels below those of the page: the largest one used becomes 3, the next 4 …
    pub(crate) fn finish(mut self) -> Rendered {
        self.close(Mark(0));
        let used: BTreeSet<u8> = self.headings.iter().map(|(level, _)| *level).collect();
        for (level, place) in std::mem::take(&mut self.headings) {
            let rank = used.iter().take_while(|other| **other < level).count();
            self.out.replace_range(place..=place, ["3", "4", "5"].get(rank).unwrap_or(&"6"));
        }
        self.finish_as_is()
    }

    /// Ends the text with the headings as they are.
    pub(crate) fn finish_as_is(mut self) -> Rendered {
        self.close(Mark(0));
        Rendered {
            html: self.out,
            excerpt: self.words.excerpt(),
            mentions: self.mentions.list,
            quotes: self.quotes.list,
            links: self.links.list,
            has_code: self.has_code,
            has_images: self.has_images,
        }
    }

    // ---- Blocks

    /// Opens a block, or only begins a new line of text where the block cannot stand.
    pub(crate) fn open(&mut self, block: Block) -> Mark {
        self.open_with(block, &[])
    }

    /// [`Self::open`] with attributes.
    pub(crate) fn open_with(&mut self, block: Block, attributes: &[(&str, &str)]) -> Mark {
        self.boundary();
        if !self.make_place_for(block) || self.frames.len() >= DEEPEST_BLOCK {
            return Mark(self.frames.len());
        }
        let mark = Mark(self.frames.len());
        self.push(block, attributes, false);
        mark
    }

    /// Begins a new block of text without an element of its own.
    pub(crate) fn open_group(&mut self) -> Mark {
        self.boundary();
        Mark(self.frames.len())
    }

    /// Closes what was opened at the mark and everything in it.
    pub(crate) fn close(&mut self, mark: Mark) {
        self.boundary();
        while self.frames.len() > mark.0 {
            self.pop();
        }
    }

    /// A thematic break.
    pub(crate) fn rule(&mut self) {
        self.boundary();
        if self.make_place_for(Block::Quote) {
            self.out.push_str("<hr>");
        }
    }

    /// Leaves the words of the block just opened out of the excerpt.
    pub(crate) fn hush(&mut self, mark: Mark) {
        if let Some(frame) = self.frames.get_mut(mark.0)
            && !frame.hushed
        {
            frame.hushed = true;
            self.hushed += 1;
        }
    }

    /// A block of code; the language is what follows `language-` in the class.
    pub(crate) fn code_block(&mut self, language: &str, code: &str) {
        let mark = self.open(Block::Code);
        if self.top() == Some(Block::Code) {
            self.out.push_str("<code");
            if !language.is_empty() {
                self.out.push_str(" class=\"language-");
                escape::text(&mut self.out, language);
                self.out.push('"');
            }
            self.out.push('>');
            self.note_words(code);
            escape::text(&mut self.out, code);
            self.has_code = true;
        } else {
            self.flowing(code);
        }
        self.close(mark);
    }

    /// Whether nothing was written yet in the innermost open block.
    pub(crate) fn is_at_block_start(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.content == self.out.len())
    }

    fn top(&self) -> Option<Block> {
        self.frames.last().map(|frame| frame.block)
    }

    /// Ends the paragraph, if one is open; in other blocks of text only the word.
    fn boundary(&mut self) {
        match self.top() {
            Some(Block::Paragraph) => self.pop(),
            Some(block) if block.holds() == Holds::Text && block != Block::Code => {
                self.space = !self.line_start;
            }
            _ => self.end_line(),
        }
    }

    /// Closes and opens implied blocks until the block can stand. `false` if it cannot.
    fn make_place_for(&mut self, block: Block) -> bool {
        loop {
            let Some(top) = self.frames.last() else { return !block.is_part() };
            let (parent, implied, empty) = (top.block, top.implied, self.out.len() == top.content);
            if parent.may_hold(block) || (block == Block::Summary && parent == Block::Details && empty) {
                return true;
            } else if let Some(part) = parent.missing_part(Some(block)) {
                self.push(part, &[], true);
            } else if implied {
                self.pop();
            } else {
                return false;
            }
        }
    }

    fn push(&mut self, block: Block, attributes: &[(&str, &str)], implied: bool) {
        let start = self.out.len();
        self.out.push_str(block.tags().0);
        for (name, value) in attributes {
            escape::attribute(&mut self.out, name, value);
        }
        self.out.push('>');
        if let Block::Heading(level) = block {
            self.headings.push((level, start + "<h".len()));
        }
        self.frames.push(Frame { block, start, content: self.out.len(), implied, hushed: false });
        self.line_start = true;
    }

    fn pop(&mut self) {
        self.end_line();
        let Some(frame) = self.frames.pop() else { return };
        self.hushed -= usize::from(frame.hushed);
        if self.out.len() == frame.content && frame.block.vanishes_empty() {
            self.out.truncate(frame.start);
        } else {
            self.out.push_str(frame.block.tags().1);
            if let Block::Heading(level) = frame.block {
                self.headings.push((level, self.out.len() - "1>".len()));
            }
        }
    }

    // ---- Lines

    /// Closes what is written of the inline elements, so that a block can begin or end here.
    fn end_line(&mut self) {
        for inline in self.inlines.iter_mut().rev().filter(|inline| inline.written) {
            close_tag(&mut self.out, inline.tag);
            inline.written = false;
        }
        self.space = false;
        self.breaks = 0;
        self.line_start = true;
        self.words.break_word();
    }

    /// Makes the present place one where text can stand, with all that is wanted around it.
    fn start_text(&mut self) {
        loop {
            let part = match self.frames.last().map(|frame| frame.block) {
                None => Some(Block::Paragraph),
                Some(block) if block.holds() == Holds::Blocks => Some(Block::Paragraph),
                Some(block) => block.missing_part(None),
            };
            let Some(part) = part else { break };
            self.push(part, &[], true);
        }
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.out.push_str("<br>");
        }
        if std::mem::take(&mut self.space) {
            self.out.push(' ');
        }
        for inline in self.inlines.iter_mut().filter(|inline| !inline.written && !inline.start.is_empty()) {
            if inline.repeats < MOST_REPEATS {
                self.out.push_str(&inline.start);
                inline.written = true;
                inline.repeats += u8::from(matches!(inline.start, Cow::Owned(_)));
            }
        }
        self.line_start = false;
    }

    /// Text in which whitespace means only that words end.
    pub(crate) fn flowing(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let words = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
            self.space |= words.len() < rest.len() && !self.line_start && self.breaks == 0;
            if words.is_empty() {
                return;
            }
            let end = words.find(|c: char| c.is_ascii_whitespace()).unwrap_or(words.len());
            if self.space {
                self.words.break_word();
            }
            self.verbatim(&words[..end]);
            rest = &words[end..];
        }
    }

    /// Text as it is.
    pub(crate) fn verbatim(&mut self, text: &str) {
        if !text.is_empty() {
            self.start_text();
            escape::text(&mut self.out, text);
            self.note_words(text);
        }
    }

    /// A line break; none at the edges of a block.
    pub(crate) fn line_break(&mut self) {
        if !self.line_start {
            self.breaks += 1;
        }
        self.space = false;
        self.words.break_word();
    }

    /// The end of a source line where it means only that a word ends.
    pub(crate) fn soft_break(&mut self) {
        self.verbatim("\n");
    }

    /// A box that shows whether a task is done.
    pub(crate) fn task(&mut self, done: bool) {
        self.start_text();
        self.out.push_str("<input type=\"checkbox\" disabled");
        self.out.push_str(if done { " checked> " } else { "> " });
        self.line_start = true;
    }

    fn note_words(&mut self, text: &str) {
        if self.hushed == 0 {
            self.words.add(text);
        }
    }

    // ---- Inline elements

    /// Wants an inline element around what comes. The same one twice is one.
    pub(crate) fn open_inline(&mut self, tag: &'static str) {
        self.want(tag, Cow::Borrowed(start_tag(tag)), None);
    }

    /// Wants `<abbr title>` around what comes.
    pub(crate) fn open_abbreviation(&mut self, title: &str) {
        let mut start = "<abbr".to_owned();
        escape::attribute(&mut start, "title", title);
        start.push('>');
        self.want("abbr", Cow::Owned(start), None);
    }

    /// Wants a link around what comes. In another link nothing is written.
    pub(crate) fn open_link(&mut self, address: Address, title: &str) {
        let mut start = "<a".to_owned();
        escape::attribute(&mut start, "href", &address.href);
        if !title.is_empty() {
            escape::attribute(&mut start, "title", title);
        }
        if address.reach == Reach::Foreign {
            start.push_str(" rel=\"nofollow noopener ugc\"");
        }
        start.push('>');
        let link = Link { address, pictures: Vec::new() };
        self.want("a", Cow::Owned(start), Some(Box::new(link)));
    }

    /// Ends the innermost wanted inline element.
    pub(crate) fn close_inline(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(inline) = self.inlines.pop() else { return };
        if inline.written {
            close_tag(&mut self.out, inline.tag);
        }
        let Some(link) = inline.link else { return };
        for mut picture in link.pictures {
            if inline.repeats == 0 {
                picture.link = Some(link.address.clone());
            }
            self.put_picture(&picture);
        }
    }

    fn want(&mut self, tag: &'static str, start: Cow<'static, str>, link: Option<Box<Link>>) {
        if self.inlines.len() >= DEEPEST_INLINE {
            self.too_deep += 1;
            return;
        }
        if self.inlines.iter().any(|inline| inline.tag == tag) {
            self.inlines.push(Inline {
                tag,
                start: Cow::Borrowed(""),
                written: false,
                repeats: 0,
                link: None,
            });
            return;
        }
        if let Some(link) = &link
            && link.address.href.starts_with("http")
        {
            self.links.add(&link.address.href);
        }
        self.inlines.push(Inline { tag, start, written: false, repeats: 0, link });
    }

    /// Whether the innermost wanted element is a link in which nothing was written yet.
    pub(crate) fn link_is_empty(&self) -> bool {
        let link = self
            .inlines
            .last()
            .filter(|_| self.too_deep == 0)
            .and_then(|inline| Some((inline, inline.link.as_ref()?)));
        link.is_some_and(|(inline, link)| inline.repeats == 0 && link.pictures.is_empty())
    }

    /// Whether what comes is inside a link.
    pub(crate) fn in_link(&self) -> bool {
        self.inlines.iter().any(|inline| inline.tag == "a")
    }

    /// A link to an account: `@nickname`.
    pub(crate) fn mention(&mut self, mention: &Mention) {
        if self.in_link() {
            self.verbatim(&format!("@{}", mention.nickname));
            return;
        }
        self.start_text();
        self.out.push_str("<a class=\"mention\"");
        escape::attribute(&mut self.out, "href", &escape::address(&mention.url));
        escape::attribute(&mut self.out, "data-user", &mention.id);
        self.out.push_str(">@");
        escape::text(&mut self.out, &mention.nickname);
        self.out.push_str("</a>");
        self.note_words("@");
        self.note_words(&mention.nickname);
        self.mentions.add(&mention.id);
    }

    /// `@name` of an account that is not known: marked, so that imported text can find it when it is rendered again.
    pub(crate) fn unknown_mention(&mut self, name: &str) {
        self.start_text();
        self.out.push_str("<span class=\"mention\">@");
        escape::text(&mut self.out, name);
        self.out.push_str("</span>");
        self.note_words("@");
        self.note_words(name);
    }

    /// Says that a post of ours is quoted.
    pub(crate) fn note_quote(&mut self, post: &str) {
        self.quotes.add(post);
    }

    /// A picture. A remote one inside a link follows the link, or, when it was all of it, holds it.
    pub(crate) fn picture(&mut self, picture: Picture) {
        let link = self.inlines.iter_mut().find_map(|inline| inline.link.as_mut());
        match link {
            Some(link) if !picture.is_own() => link.pictures.push(picture),
            _ => self.put_picture(&picture),
        }
    }

    fn put_picture(&mut self, picture: &Picture) {
        self.start_text();
        picture.write(&mut self.out);
        self.note_words(&picture.alt);
        self.has_images = true;
    }
}

/// The inline elements without attributes.
fn start_tag(tag: &'static str) -> &'static str {
    match tag {
        "strong" => "<strong>",
        "em" => "<em>",
        "b" => "<b>",
        "i" => "<i>",
        "u" => "<u>",
        "s" => "<s>",
        "del" => "<del>",
        "ins" => "<ins>",
        "mark" => "<mark>",
        "small" => "<small>",
        "sub" => "<sub>",
        "sup" => "<sup>",
        "kbd" => "<kbd>",
        "code" => "<code>",
        _ => "",
    }
}

fn close_tag(out: &mut String, tag: &str) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}
