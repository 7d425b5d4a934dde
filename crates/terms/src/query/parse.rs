//! Reading a question: words, phrases, what must not occur, filters.

use super::filters::{Filter, Filtered, Place, known};
use super::want::{Ending, Want};
use super::{MAX_CHARS, MAX_WORDS, Problem, Query};
use crate::cut::cut;

/// Things that are looked for at most: a word of Chinese is as many as it has pairs of characters.
const MAX_WANTS: usize = 24;

pub(super) fn parse(q: &str) -> Query {
    let end = q.char_indices().nth(MAX_CHARS).map_or(q.len(), |(at, _)| at);
    let mut query = Query::default();
    if end < q.len() {
        query.problem("q", format!("only the first {MAX_CHARS} characters are looked for"));
    }
    let mut rest = q[..end].trim_start();
    let mut words = 0;
    while !rest.is_empty() {
        let (item, after) = Item::first(rest);
        rest = after.trim_start();
        if item.is_word() {
            words += 1;
            if words == MAX_WORDS + 1 {
                query.problem("q", format!("only the first {MAX_WORDS} words are looked for"));
            }
        }
        if words <= MAX_WORDS || !item.is_word() {
            query.take(&item, after.is_empty() && end == q.len());
        }
    }
    query.settle();
    query
}

/// One thing of a question, between spaces.
struct Item<'a> {
    without: bool,
    filter: Option<&'static str>,
    quoted: bool,
    /// A quote that nobody closed: its last word may not be complete.
    open: bool,
    text: &'a str,
}

impl<'a> Item<'a> {
    /// The first item of a text that does not begin with a space, and what follows it.
    fn first(text: &'a str) -> (Self, &'a str) {
        let negated = text
            .strip_prefix('-')
            .filter(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || is_quote(c)));
        let text = negated.unwrap_or(text);
        let name = text.split_once(':').and_then(|(name, value)| Some((known(name)?, value)));
        let (filter, text) = name.map_or((None, text), |(name, value)| (Some(name), value));
        let mut item = Self { without: negated.is_some(), filter, quoted: false, open: false, text };
        let Some(quote) = text.chars().next().filter(|c| is_quote(*c)) else {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            item.text = &text[..end];
            return (item, &text[end..]);
        };
        let inside = &text[quote.len_utf8()..];
        let close = inside.char_indices().find(|(_, c)| is_quote(*c));
        item.quoted = true;
        item.open = close.is_none();
        let (end, next) = close.map_or((inside.len(), inside.len()), |(at, c)| (at, at + c.len_utf8()));
        item.text = &inside[..end];
        (item, &inside[next..])
    }

    fn is_word(&self) -> bool {
        self.filter.is_none()
    }

    /// `@ann` asks for what Ann wrote, unless it is no name (`@example.org` is part of an address).
    fn author(&self) -> Option<&'a str> {
        let name = self.text.strip_prefix('@').filter(|_| self.filter.is_none() && !self.quoted)?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        is_name.then_some(name)
    }
}

/// Phones and word processors type quotes of their own.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

impl Query {
    fn problem(&mut self, field: &'static str, why: String) {
        self.problems.push(Problem { field, why });
    }

    fn take(&mut self, item: &Item, last: bool) {
        match (item.filter, item.author()) {
            (Some(name), _) => self.filter(name, item),
            (None, Some(name)) => {
                let filter = Filter::Author(name.to_owned());
                self.filters.push(Filtered { filter, without: item.without, value: name.to_owned() });
            }
            (None, None) => self.word(item, last),
        }
    }

    fn filter(&mut self, name: &'static str, item: &Item) {
        if item.text.is_empty() {
            return self.problem(name, "has no value yet".to_owned());
        }
        match Filter::read(name, item.text) {
            Ok(Filter::In(Place::Title)) if !item.without => self.in_title = true,
            Ok(filter) => {
                self.filters.push(Filtered { filter, without: item.without, value: item.text.to_owned() });
            }
            Err(why) => self.problem(name, format!("“{}” {why}", item.text)),
        }
    }

    fn word(&mut self, item: &Item, last: bool) {
        let ending = match item.text {
            text if text.ends_with('*') => Ending::Open,
            _ if last && !item.without && (!item.quoted || item.open) => Ending::Open,
            _ => Ending::Whole,
        };
        let part = item.text.starts_with('*');
        let folded = cut(item.text).text;
        let mut wants = if item.quoted && folded.contains([' ', '-', '_']) {
            Vec::from([Want::phrase(item.text, &folded)])
        } else if item.quoted {
            Want::words(item.text, &folded, Ending::Whole)
        } else {
            Want::words(item.text, &folded, ending)
        };
        for want in &mut wants {
            want.part |= part;
            want.demanded |= item.quoted;
        }
        if wants.is_empty() && !item.text.is_empty() {
            self.problem("q", format!("“{}” holds no letter or digit", item.text));
        }
        let into = if item.without { &mut self.without } else { &mut self.wants };
        wants.retain(|want| !into.contains(want));
        into.append(&mut wants);
    }

    fn settle(&mut self) {
        self.wants.truncate(MAX_WANTS);
        self.without.truncate(MAX_WANTS);
    }
}
