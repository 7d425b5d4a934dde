//! The first words of a text.

use unicode_segmentation::UnicodeSegmentation;

/// Longest excerpt, in characters, the ellipsis included.
pub(crate) const LONGEST: usize = 200;

/// Collects words until there are enough for an excerpt.
#[derive(Default)]
pub(crate) struct Words {
    text: String,
}

impl Words {
    /// More than any excerpt needs, even when every character takes four bytes.
    const ENOUGH: usize = 4 * (LONGEST + 1);

    /// Adds text, and nothing once there is enough.
    pub(crate) fn add(&mut self, text: &str) {
        for char in text.chars() {
            if self.text.len() > Self::ENOUGH {
                return;
            }
            if !char.is_whitespace() {
                self.text.push(char);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }

    /// Ends a line or block: what follows is another word.
    pub(crate) fn break_word(&mut self) {
        self.add(" ");
    }

    /// The excerpt: cut between words, or inside one that fills it alone, never inside what is seen as one character.
    pub(crate) fn excerpt(&self) -> String {
        let text = self.text.trim_end();
        if text.chars().count() <= LONGEST {
            return text.to_owned();
        }
        let mut end = 0;
        let mut left = LONGEST - 1;
        for (at, cluster) in text.grapheme_indices(true) {
            let width = cluster.chars().count();
            if width > left {
                break;
            }
            left -= width;
            end = at + cluster.len();
        }
        let cut = &text[..end];
        let word_end = match cut.rfind(' ') {
            Some(space) if !text[end..].starts_with(' ') && cut[..space].chars().count() > LONGEST / 2 => {
                space
            }
            _ => end,
        };
        format!("{}…", cut[..word_end].trim_end_matches([' ', ',', ';', ':', '.', '-', '–', '—']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str) -> String {
        let mut words = Words::default();
        words.add(text);
        words.excerpt()
    }

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(excerpt("  Hello,\n\n  Ann!  "), "Hello, Ann!");
        assert_eq!(excerpt(&"x".repeat(200)), "x".repeat(200));
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let cut = excerpt(&"seven77 ".repeat(40));
        assert!(cut.ends_with("seven77…"), "{cut}");
        assert!(cut.chars().count() <= LONGEST);
    }

    #[test]
    fn one_endless_word_is_cut_between_characters() {
        let family = "👩‍👩‍👧‍👦";
        let cut = excerpt(&family.repeat(100));
        assert!(cut.chars().count() <= LONGEST);
        assert_eq!(cut.trim_end_matches('…').graphemes(true).filter(|g| *g != family).count(), 0);
    }
}
