//! The one place that writes elements: keeps them balanced, nested as browsers nest them, and not too deep.
//!
//! Blocks are opened and closed at once. Inline elements are only *wanted* until text comes: then they are written,
//! and when a block begins inside them they are closed and written again inside it. So there is never a block inside
//! a paragraph or an inline element, an empty inline element, or a space at the edge of a line, and what a browser
//! makes of the output is exactly what was meant. Whoever renders calls `open` and `close` in pairs like brackets.

mod block;
mod inline;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::excerpt::Words;
use crate::{Rendered, escape};

pub(crate) use block::Block;
use block::Holds;
use inline::{Inline, MOST_REPEATS, close_tag};

/// How deep blocks may nest; deeper ones are left out and their contents kept. With the inline ones inside, no
/// element is deeper than 64.
const DEEPEST_BLOCK: usize = 36;

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

/// Where a block was opened; to be given back to [`Writer::close`].
#[derive(Clone, Copy)]
#[must_use]
pub(crate) struct Mark(usize);

/// A block in which nothing is wanted that was wanted around it; to be given back to [`Writer::close_bare`].
#[must_use]
pub(crate) struct Bare {
    mark: Mark,
    /// What was wanted around it, and how much was too deep; nothing if the block could not stand.
    around: Option<(Vec<Inline>, usize)>,
}

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

    /// [`Self::open_with`] for a line of our own making, which no inline element outside of it marks.
    pub(crate) fn open_bare(&mut self, block: Block, attributes: &[(&str, &str)]) -> Bare {
        let mark = self.open_with(block, attributes);
        let stands = self.frames.len() > mark.0;
        let around = stands.then(|| (std::mem::take(&mut self.inlines), std::mem::take(&mut self.too_deep)));
        Bare { mark, around }
    }

    /// Closes a bare block.
    pub(crate) fn close_bare(&mut self, bare: Bare) {
        self.close(bare.mark);
        if let Some((inlines, too_deep)) = bare.around {
            self.inlines = inlines;
            self.too_deep = too_deep;
        }
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
            self.end_line();
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

    fn in_quote_of_post(&self) -> bool {
        self.frames.iter().any(|frame| frame.block == Block::Quote && frame.hushed)
    }

    fn top(&self) -> Option<Block> {
        self.frames.last().map(|frame| frame.block)
    }

    /// Ends the paragraph, if one is open; in blocks that hold loose text the line, in those that hold nothing else
    /// only the word.
    fn boundary(&mut self) {
        match self.top().map(|block| (block, block.holds())) {
            Some((Block::Paragraph, _)) => self.pop(),
            Some((block, Holds::Text)) if block != Block::Code => self.end_word(),
            Some((_, Holds::Both)) if self.breaks == 0 => self.line_break(),
            _ => {}
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
        self.end_line();
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
            if words.len() < rest.len() {
                self.end_word();
            }
            if words.is_empty() {
                return;
            }
            let end = words.find(|c: char| c.is_ascii_whitespace()).unwrap_or(words.len());
            self.verbatim(&words[..end]);
            rest = &words[end..];
        }
    }

    /// Wants a space before what comes in this line.
    fn end_word(&mut self) {
        self.space |= !self.line_start && self.breaks == 0;
        self.words.break_word();
    }

    /// Text as it is.
    pub(crate) fn verbatim(&mut self, text: &str) {
        // Carriage returns are not written.
        if text.bytes().any(|byte| byte != b'\r') {
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
        self.out.push_str(if done { " checked>" } else { ">" });
        self.end_word();
    }

    fn note_words(&mut self, text: &str) {
        if self.hushed == 0 {
            self.words.add(text);
        }
    }
}
