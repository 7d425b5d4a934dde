//! Which texts are one emoji.

use super::{Error, Result};

/// The emoji, if the text is one and only one, in the form that is shown as a picture: however a keyboard writes it,
/// it is the same reaction.
///
/// # Errors
/// `Invalid` naming the field.
pub fn checked_emoji(text: &str) -> Result<&'static str> {
    emojis::get(text).map(emojis::Emoji::as_str).ok_or_else(|| Error::invalid("emoji", "exactly one emoji"))
}

#[cfg(test)]
mod tests {
    use super::checked_emoji;

    #[test]
    fn every_kind_of_emoji_is_one() {
        for emoji in ["👍", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#️⃣", "⚠️", "🛠️", "☕", "👩🏽‍🤝‍👨🏿"]
        {
            assert_eq!(checked_emoji(emoji).unwrap(), emoji);
        }
    }

    #[test]
    fn a_heart_is_a_heart_however_it_is_written() {
        assert_eq!(checked_emoji("\u{2764}").unwrap(), "\u{2764}\u{fe0f}");
    }

    #[test]
    fn other_texts_are_none() {
        let endless = "👩‍".repeat(30) + "👩";
        let others = [
            "",
            "a",
            "1",
            "#",
            "👍👍",
            "👍a",
            "a👍",
            "é",
            "<",
            "\u{200d}",
            "\u{fe0f}",
            "🇩",
            "👍\u{301}",
            " 👍",
            &endless,
        ];
        for other in others {
            assert!(checked_emoji(other).is_err(), "{other:?}");
        }
    }
}
