//! Titles and bodies as people of a technical forum write them: sentences with names of code, numbers and links in them,
//! blocks of code and lists now and then.

use super::dice::{Dice, Zipf};
use super::vocabulary::{SCRIPTS, Vocabulary};

/// How many names of code people speak of.
const IDENTIFIERS: usize = 4_000;
/// How many tags there are.
const TAGS: usize = 150;

/// Everything that texts are made of.
pub(super) struct Prose {
    vocabularies: Vec<Vocabulary>,
    identifiers: Vec<String>,
    tags: Vec<String>,
    names: Zipf,
    tag_ranks: Zipf,
}

impl Prose {
    /// Invents the words.
    pub(super) fn new(seed: u64) -> Self {
        let vocabularies: Vec<_> = SCRIPTS.iter().map(|(script, _)| Vocabulary::of(*script, seed)).collect();
        let mut dice = Dice::new(seed, "identifiers");
        let identifiers = (0..IDENTIFIERS).map(|_| identifier(&vocabularies[0], &mut dice)).collect();
        let tags = (0..TAGS).map(|_| vocabularies[0].any_word(&mut dice).to_owned()).collect();
        let (names, tag_ranks) = (Zipf::new(IDENTIFIERS, 1.0), Zipf::new(TAGS, 1.0));
        Self { vocabularies, identifiers, tags, names, tag_ranks }
    }

    /// The words of the script in which a thread is written.
    pub(super) fn vocabulary(&self, dice: &mut Dice) -> &Vocabulary {
        let mut left = dice.share() * 100.0;
        let found = SCRIPTS.iter().zip(&self.vocabularies).find(|((_, percent), _)| {
            left -= percent;
            left < 0.0
        });
        found.map_or(&self.vocabularies[0], |(_, vocabulary)| vocabulary)
    }

    /// A word of plain Latin letters, for names.
    pub(super) fn plain_word(&self, dice: &mut Dice) -> &str {
        self.vocabularies[0].any_word(dice)
    }

    /// Up to three tags.
    pub(super) fn tags(&self, dice: &mut Dice) -> Vec<String> {
        let mut tags: Vec<_> =
            (0..dice.below(4)).map(|_| self.tags[self.tag_ranks.rank(dice)].clone()).collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// A title of two to eight words, one in three with the name of something in code.
    pub(super) fn title(&self, vocabulary: &Vocabulary, dice: &mut Dice) -> String {
        let mut title = String::new();
        for number in 0..2 + dice.below(7) {
            if number > 0 && !vocabulary.script.is_run_together() {
                title.push(' ');
            }
            title.push_str(&cased(vocabulary.word(dice), number == 0));
        }
        if dice.chance(33.0) {
            title.push(' ');
            title.push_str(self.identifier(dice));
        }
        while title.chars().count() < 3 {
            title.push_str(vocabulary.any_word(dice));
        }
        title
    }

    /// A body in Markdown: from half a dozen words to a few hundred, most short.
    pub(super) fn body(&self, vocabulary: &Vocabulary, dice: &mut Dice) -> String {
        let mut left = dice.doubling(6.0, 300.0) as usize;
        let mut body = String::new();
        while left > 0 {
            let words = left.min(20 + dice.below(60));
            left -= words;
            self.paragraph(vocabulary, dice, words, &mut body);
            body.truncate(body.trim_end().len());
            body.push_str("\n\n");
        }
        if dice.chance(8.0) {
            self.code(dice, &mut body);
        }
        if dice.chance(3.0) {
            (0..2 + dice.below(4)).for_each(|_| {
                body.push_str("- ");
                self.sentence(vocabulary, dice, 4, &mut body);
                body.truncate(body.trim_end().len());
                body.push('\n');
            });
        }
        if dice.chance(2.0) {
            body.push_str(&format!("![{}]({}.png)\n", vocabulary.word(dice), self.link(dice)));
        }
        body.truncate(body.trim_end().len());
        body
    }

    /// A message of a chat: one sentence or two.
    pub(super) fn message(&self, vocabulary: &Vocabulary, dice: &mut Dice) -> String {
        let (mut message, words) = (String::new(), dice.doubling(2.0, 40.0) as usize);
        self.paragraph(vocabulary, dice, words, &mut message);
        message.truncate(message.trim_end().len());
        message
    }

    fn paragraph(&self, vocabulary: &Vocabulary, dice: &mut Dice, words: usize, to: &mut String) {
        let mut left = words;
        while left > 0 {
            let words = left.min(4 + dice.below(13));
            left -= words;
            self.sentence(vocabulary, dice, words, to);
        }
    }

    fn sentence(&self, vocabulary: &Vocabulary, dice: &mut Dice, words: usize, to: &mut String) {
        let script = vocabulary.script;
        for number in 0..words {
            match dice.below(100) {
                0..3 => to.push_str(&format!("`{}`", self.identifier(dice))),
                3 => to.push_str(self.identifier(dice)),
                4 => to.push_str(&format!("{}", dice.doubling(1.0, 100_000.0) as i64)),
                5 => to.push_str(&format!("**{}**", vocabulary.word(dice))),
                6 if dice.chance(30.0) => to.push_str(&self.link(dice)),
                _ => to.push_str(&cased(vocabulary.word(dice), number == 0)),
            }
            let is_last = number + 1 == words;
            if is_last {
                to.push_str(script.full_stop());
            } else if dice.chance(8.0) {
                to.push_str(script.comma());
            } else if !script.is_run_together() {
                to.push(' ');
            }
        }
    }

    fn code(&self, dice: &mut Dice, to: &mut String) {
        to.push_str(["```cpp\n", "```rust\n", "```\n"][dice.below(3)]);
        for _ in 0..2 + dice.below(12) {
            let [object, call, value] = [(); 3].map(|()| self.identifier(dice));
            to.push_str(&format!("    {object}.{call}({value}, {});\n", dice.below(256)));
        }
        to.push_str("```\n\n");
    }

    fn link(&self, dice: &mut Dice) -> String {
        let [site, page] = [(); 2].map(|()| self.vocabularies[0].word(dice));
        format!("https://{site}.example.org/{page}/{}", dice.below(1000))
    }

    fn identifier(&self, dice: &mut Dice) -> &str {
        &self.identifiers[self.names.rank(dice)]
    }
}

/// A name as it stands in code: `SetVertexData`, `snake_case`, `node.js`, `v1.7.2`.
fn identifier(words: &Vocabulary, dice: &mut Dice) -> String {
    let parts: Vec<&str> = (0..2 + dice.below(2)).map(|_| words.word(dice)).collect();
    match dice.below(20) {
        0..10 => parts.iter().map(|part| capital(part)).collect(),
        10..17 => parts.join("_"),
        17 => parts[..2].join("."),
        18 => format!("{}{}", parts[0], dice.below(100)),
        _ => format!("v{}.{}.{}", dice.below(5), dice.below(20), dice.below(10)),
    }
}

fn cased(word: &str, is_first: bool) -> std::borrow::Cow<'_, str> {
    if is_first { capital(word).into() } else { word.into() }
}

/// The word with a large first letter, where the script has such letters.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::Script;
    use super::{Dice, Prose};

    #[test]
    fn texts_are_short_or_long_and_have_code_links_and_every_script_in_them() {
        let (prose, mut dice) = (Prose::new(1), Dice::new(1, "texts"));
        let texts: Vec<(Script, String)> = (0..3000)
            .map(|_| {
                let vocabulary = prose.vocabulary(&mut dice);
                (vocabulary.script, prose.body(vocabulary, &mut dice))
            })
            .collect();
        assert!(texts.iter().all(|(_, text)| !text.is_empty() && text.len() < 20_000));
        let long = texts.iter().filter(|(_, text)| text.chars().count() > 600).count();
        assert!((200..1500).contains(&long), "{long}");
        for part in ["```", "https://", "`", "- ", "![", "_"] {
            assert!(texts.iter().any(|(_, text)| text.contains(part)), "{part}");
        }
        let latin = texts.iter().filter(|(script, _)| *script == Script::Latin).count();
        let thai = texts.iter().filter(|(script, _)| *script == Script::Thai).count();
        assert!((1500..1800).contains(&latin) && thai > 60, "{latin} {thai}");
    }

    #[test]
    fn titles_are_long_enough_for_anybody() {
        let (prose, mut dice) = (Prose::new(2), Dice::new(2, "titles"));
        for _ in 0..2000 {
            let vocabulary = prose.vocabulary(&mut dice);
            let title = prose.title(vocabulary, &mut dice);
            assert!((3..300).contains(&title.chars().count()), "{title}");
        }
    }
}
