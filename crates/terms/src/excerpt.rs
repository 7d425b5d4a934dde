//! Excerpts: the place of a text that answers, with the hits marked.

use unicode_segmentation::UnicodeSegmentation;

use crate::cut::{Cut, cut};
use crate::matcher::Hit;
use crate::plan::Plan;

/// Characters of an excerpt.
const LENGTH: usize = 200;

/// Characters before the first hit at most.
const BEFORE: usize = 60;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text; runs of white space are one space.
    pub text: String,
    /// Whether it answers the question.
    pub hit: bool,
}

/// A hit in the source: bytes, and the goal.
#[derive(Clone, Copy)]
struct Mark {
    from: usize,
    to: usize,
    goal: usize,
    quality: f32,
}

impl Plan {
    /// About 200 characters around the place of `text` (as people see it) that holds most of the question; its beginning
    /// if it holds nothing.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> Vec<Piece> {
        let marks = self.marks(text);
        let (from, to) = self.window(text, &marks);
        let mut pieces = pieces(text, from, to, &marks);
        if from > 0 {
            add(&mut pieces, "…", false, true);
        }
        if to < text.trim_end().len() {
            add(&mut pieces, "…", false, false);
        }
        pieces
    }

    /// The whole of a short text (a title, a name) with the hits marked.
    #[must_use]
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        pieces(text, 0, text.len(), &self.marks(text))
    }

    fn marks(&self, text: &str) -> Vec<Mark> {
        let cut = cut(text);
        let mut hits = Vec::new();
        self.matcher.scan(&cut.text, &mut hits);
        let wanted = hits.iter().filter(|hit| hit.goal < self.matcher.goals());
        let mut marks: Vec<Mark> = wanted.filter_map(|hit| mark(&cut, hit)).collect();
        marks.sort_by_key(|mark| (mark.from, std::cmp::Reverse(mark.to)));
        marks
    }

    /// The bytes to show: those after which most of the question is said.
    fn window(&self, text: &str, marks: &[Mark]) -> (usize, usize) {
        let worth = |first: usize| {
            let end = after(text, marks[first].from, LENGTH - BEFORE);
            let mut seen = vec![0.0_f32; self.matcher.goals()];
            let mut count = 0.0_f32;
            for mark in marks[first..].iter().take_while(|mark| mark.to <= end) {
                seen[mark.goal] = seen[mark.goal].max(mark.quality * self.matcher.weights[mark.goal]);
                count += 0.05;
            }
            seen.iter().sum::<f32>() + count.min(0.5)
        };
        // The first of equals.
        let best = (0..marks.len())
            .map(|first| (first, worth(first)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        let start = best.map_or(0, |(first, _)| before(text, marks[first].from, BEFORE));
        let start = if start == 0 { 0 } else { word_start(text, start) };
        let end = after(text, start, LENGTH);
        (start, if end == text.len() { end } else { word_end(text, start, end) })
    }
}

/// Where a hit is in the source.
fn mark(cut: &Cut, hit: &Hit) -> Option<Mark> {
    let first = cut.parts.partition_point(|part| part.at <= hit.from).checked_sub(1)?;
    let last = cut.parts.partition_point(|part| part.at < hit.to).checked_sub(1)?;
    let (from, to) = (cut.parts.get(first)?.from, cut.parts.get(last)?.to);
    Some(Mark { from, to, goal: hit.goal, quality: hit.quality })
}

/// So many characters behind a byte, at most the end.
fn after(text: &str, byte: usize, chars: usize) -> usize {
    text[byte..].char_indices().nth(chars).map_or(text.len(), |(at, _)| byte + at)
}

fn before(text: &str, byte: usize, chars: usize) -> usize {
    text[..byte].char_indices().rev().nth(chars.saturating_sub(1)).map_or(0, |(at, _)| at)
}

/// The next beginning of a word.
fn word_start(text: &str, byte: usize) -> usize {
    // From a little before, so that a word that began there is seen as one.
    let from = before(text, byte, BEFORE);
    let words = text[from..].split_word_bound_indices().map(|(at, word)| (from + at, word));
    words.filter(|(_, word)| !word.trim().is_empty()).map(|(at, _)| at).find(|at| *at >= byte).unwrap_or(byte)
}

/// The last end of a word; of a word longer than all, the end of a character as people see it.
fn word_end(text: &str, start: usize, end: usize) -> usize {
    let limit = after(text, end, BEFORE);
    let end_before = |ends: &mut dyn Iterator<Item = usize>| {
        ends.map(|at| start + at).take_while(|at| *at <= end).last().filter(|at| *at > start)
    };
    let shown = &text[start..limit];
    let words = end_before(&mut shown.split_word_bound_indices().map(|(at, word)| at + word.len()));
    words
        .or_else(|| end_before(&mut shown.grapheme_indices(true).map(|(at, cluster)| at + cluster.len())))
        .unwrap_or(end)
}

fn pieces(text: &str, from: usize, to: usize, marks: &[Mark]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = from;
    for mark in marks.iter().filter(|mark| mark.from >= from && mark.to <= to) {
        if mark.to > at {
            add(&mut pieces, &text[at..mark.from.max(at)], false, false);
            add(&mut pieces, &text[mark.from.max(at)..mark.to], true, false);
            at = mark.to;
        }
    }
    add(&mut pieces, &text[at..to], false, false);
    pieces
}

/// Adds a piece behind the others or before them, joined to one of its kind.
fn add(pieces: &mut Vec<Piece>, text: &str, hit: bool, first: bool) {
    let text = one_spaced(text);
    if text.is_empty() {
        return;
    }
    let neighbour = if first { pieces.first_mut() } else { pieces.last_mut() };
    match neighbour.filter(|piece| piece.hit == hit) {
        Some(piece) if first => piece.text.insert_str(0, &text),
        Some(piece) => piece.text.push_str(&text),
        None => pieces.insert(if first { 0 } else { pieces.len() }, Piece { text, hit }),
    }
}

fn one_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !spaced.ends_with(' ') {
            spaced.push(c);
        }
    }
    spaced
}
