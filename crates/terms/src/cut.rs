//! Cutting: a text into its words in order, folded, each with where it stood.
//!
//! The folded form is a text of its own, compact enough to be kept beside an entry: words apart by spaces, the parts of
//! an identifier by `_` (`SetVertexData` gives `set_vertex_data`), the parts of what else is written together by `-`
//! (`node.js` gives `node-js`, an e-mail address its parts), and scripts without spaces as they are.

use crate::fold::{Class, Marked, binds, class, fold, syllable, with_mark};

/// Bytes of the longest word; more of it is left out, in texts and in questions alike.
pub(crate) const MAX_WORD: usize = 64;

/// Parts of one identifier at most; a hash in hexadecimal digits is not forty words.
const MAX_PARTS: u32 = 8;

/// A text cut into words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The folded form.
    pub text: String,
    /// The parts in order: of words, and clusters of scripts without spaces.
    pub parts: Vec<Part>,
}

/// Where a part of a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Byte in the folded form at which it begins.
    pub at: usize,
    /// Byte in the source at which it begins.
    pub from: usize,
    /// Byte in the source behind its end.
    pub to: usize,
}

/// Cuts a text. Takes time linear in its length.
#[must_use]
pub fn cut(text: &str) -> Cut {
    let mut cutter = Cutter::default();
    let mut before = None;
    for (from, c) in text.char_indices() {
        let to = from + c.len_utf8();
        let around = Around { before, after: &text[to..], from, to };
        fold(c, |folded, capital| cutter.take(folded, capital, &around));
        before = Some(c);
    }
    cutter.cut
}

/// A source character's surroundings.
struct Around<'a> {
    before: Option<char>,
    after: &'a str,
    from: usize,
    to: usize,
}

impl Around<'_> {
    fn next(&self) -> Option<char> {
        self.after.chars().next()
    }

    fn word_follows(&self) -> bool {
        self.next().is_some_and(char::is_alphanumeric)
    }
}

/// What the cutter took last.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// Nothing that the next letter could belong to.
    #[default]
    Gap,
    Letter {
        capital: bool,
        /// Whether the letter before it, of the same part, was a capital too.
        second: bool,
    },
    Digit,
    /// `++`, `#`, or the dot of `.net`.
    Sign,
    Run,
    Syllable,
}

#[derive(Default)]
struct Cutter {
    cut: Cut,
    last: Last,
    /// A joiner seen behind a word: `_` or `-`.
    joint: Option<char>,
    /// Parts of the identifier so far.
    parts: u32,
    /// Where the last character begins, in the folded form and in the source.
    last_at: usize,
    last_from: usize,
    /// A mark bound what follows to its cluster.
    bound: bool,
    /// The second sign of `++` has been taken already.
    skip: bool,
}

impl Cutter {
    fn take(&mut self, c: char, capital: bool, around: &Around) {
        if std::mem::take(&mut self.skip) {
            return;
        }
        if self.last == Last::Syllable && self.joint.is_none() && self.grow_syllable(c, around) {
            return;
        }
        match class(c) {
            Class::Letter => self.letter(c, capital, around),
            Class::Digit => self.digit(c, around),
            Class::Run => self.spaceless(c, Last::Run, around),
            Class::Syllable => self.spaceless(c, Last::Syllable, around),
            Class::Mark => self.mark(c, around),
            Class::Other => self.other(c, around),
        }
    }

    fn letter(&mut self, c: char, capital: bool, around: &Around) {
        let mut second = false;
        match (self.last, self.joint.take()) {
            (Last::Letter { .. } | Last::Digit, Some(joint)) => self.part(Some(joint), around),
            (Last::Letter { capital: before, second: two }, None) => {
                if capital && !before {
                    self.inner(around);
                } else if !capital && before && two && !plural(c, around) {
                    self.split_last();
                } else {
                    second = before;
                }
            }
            (Last::Digit, None) if capital && around.next().is_some_and(char::is_lowercase) => {
                self.inner(around);
            }
            (Last::Digit, None) => {}
            (Last::Sign, None) if self.cut.text.ends_with('.') => self.part(Some('_'), around),
            _ => self.part(None, around),
        }
        self.push(c, around);
        self.last = Last::Letter { capital, second };
    }

    fn digit(&mut self, c: char, around: &Around) {
        match (self.last, self.joint.take()) {
            (Last::Letter { .. } | Last::Digit, Some(joint)) => self.part(Some(joint), around),
            (Last::Letter { .. }, None) => self.inner(around),
            (Last::Digit, None) => {}
            (Last::Sign, None) => self.part(Some('-'), around),
            _ => self.part(None, around),
        }
        self.push(c, around);
        self.last = Last::Digit;
    }

    fn spaceless(&mut self, c: char, kind: Last, around: &Around) {
        if self.last != kind || self.joint.take().is_some() {
            self.part(None, around);
        } else if !std::mem::take(&mut self.bound) {
            self.cut.parts.push(Part { at: self.cut.text.len(), from: around.from, to: around.to });
        }
        self.push_always(c, around);
        self.last = kind;
    }

    /// Jamo that come one by one make a syllable.
    fn grow_syllable(&mut self, c: char, around: &Around) -> bool {
        let Some(grown) = self.cut.text[self.last_at..].chars().next().and_then(|last| syllable(last, c))
        else {
            return false;
        };
        self.cut.text.truncate(self.last_at);
        self.push_always(grown, around);
        true
    }

    fn mark(&mut self, mark: char, around: &Around) {
        if self.last == Last::Gap || self.joint.is_some() {
            return;
        }
        let Some(base) = self.cut.text[self.last_at..].chars().next() else { return };
        match with_mark(base, mark) {
            Marked::Dropped => self.extend(around),
            Marked::Becomes(letter) => {
                self.cut.text.truncate(self.last_at);
                self.cut.text.push(letter);
                self.extend(around);
            }
            Marked::Follows => {
                if self.room() {
                    self.cut.text.push(mark);
                }
                self.bound = binds(mark);
                self.extend(around);
            }
        }
    }

    fn other(&mut self, c: char, around: &Around) {
        let word = matches!(self.last, Last::Letter { .. } | Last::Digit);
        match c {
            // Soft hyphen, spaces of no width, joiners, marks of direction and order: as if they were not there.
            '\u{AD}' | '\u{200B}' | '\u{200D}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
            '.' if self.last == Last::Digit
                && self.joint.is_none()
                && around.next().is_some_and(|next| next.is_ascii_digit()) =>
            {
                self.push(c, around);
            }
            '_' if word => self.joint = self.joint.or(Some('_')),
            '.' | '-' | '@' | '\'' | '’' | '\u{2010}' | '\u{2011}' | '\u{200C}'
                if word && self.joint.is_none() && around.word_follows() =>
            {
                self.joint = Some('-');
            }
            '+' if word && self.joint.is_none() && plus_plus(around.after) => {
                self.sign("++", around);
                self.skip = true;
            }
            '#' if self.short_name() && self.joint.is_none() && !around.word_follows() => {
                self.sign("#", around);
            }
            '.' if !word && opens(around.before) && around.next().is_some_and(char::is_alphabetic) => {
                self.part(None, around);
                self.push(c, around);
                self.last = Last::Sign;
            }
            _ => {
                self.last = Last::Gap;
                self.joint = None;
            }
        }
    }

    /// Whether what is open is a name of one or two letters, as those of languages before `#`.
    fn short_name(&self) -> bool {
        let group = self.cut.text.rfind([' ', '\n']).map_or(0, |space| space + 1);
        matches!(self.last, Last::Letter { .. }) && self.cut.text[group..].chars().count() <= 2
    }

    fn sign(&mut self, sign: &str, around: &Around) {
        self.part(Some('_'), around);
        self.cut.text.push_str(sign);
        if let Some(part) = self.cut.parts.last_mut() {
            part.to = around.from + sign.len();
        }
        self.last = Last::Sign;
    }

    /// Begins a part inside an identifier, unless it has enough of them.
    fn inner(&mut self, around: &Around) {
        if self.parts < MAX_PARTS {
            self.part(Some('_'), around);
        }
    }

    /// Begins a part: of the word that is open, by its joint, or of a new word.
    fn part(&mut self, joint: Option<char>, around: &Around) {
        match joint {
            Some(joint) => self.cut.text.push(joint),
            None if self.cut.text.is_empty() => {}
            None => self.cut.text.push(' '),
        }
        self.parts = if joint == Some('_') { self.parts + 1 } else { 1 };
        self.joint = None;
        self.bound = false;
        self.cut.parts.push(Part { at: self.cut.text.len(), from: around.from, to: around.to });
    }

    /// `XMLFile`: the small letter shows that the capital before it began a new part.
    fn split_last(&mut self) {
        if self.parts >= MAX_PARTS {
            return;
        }
        // One character may fold to several letters (`Æ`), which stay together.
        if let Some(part) = self.cut.parts.last_mut().filter(|part| part.from < self.last_from) {
            self.parts += 1;
            let (at, to) = (self.last_at + 1, part.to);
            part.to = self.last_from;
            self.cut.text.insert(self.last_at, '_');
            self.cut.parts.push(Part { at, from: self.last_from, to });
        }
    }

    fn push(&mut self, c: char, around: &Around) {
        if self.room() { self.push_always(c, around) } else { self.extend(around) }
    }

    fn push_always(&mut self, c: char, around: &Around) {
        self.last_at = self.cut.text.len();
        self.last_from = around.from;
        self.cut.text.push(c);
        self.extend(around);
    }

    fn extend(&mut self, around: &Around) {
        if let Some(part) = self.cut.parts.last_mut() {
            part.to = around.to;
        }
    }

    fn room(&self) -> bool {
        self.cut.parts.last().is_none_or(|part| self.cut.text.len() - part.at + 4 <= MAX_WORD)
    }
}

/// `URLs`: a small s that ends the word only says that there are several.
fn plural(c: char, around: &Around) -> bool {
    c == 's' && !around.next().is_some_and(char::is_lowercase)
}

/// What follows the first plus is the second, and then no further word.
fn plus_plus(after: &str) -> bool {
    after.strip_prefix('+').is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic() || c == '+'))
}

/// Whether a dot behind this begins a name (`.net`, `.xml`) rather than ends something.
fn opens(before: Option<char>) -> bool {
    before.is_none_or(|c| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '[' | ',' | '*' | '`' | '“' | '«')
    })
}
