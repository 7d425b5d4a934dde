//! Emoji by the names that forums give them.
//!
//! The names are gemoji's, then Unicode's own with `_` between the words, both from the `emojis` crate; the table here
//! adds those that Discourse took from other sets.

use std::collections::HashMap;
use std::sync::LazyLock;

use emojis::{Emoji, SkinTone};

/// Names that neither gemoji nor Unicode knows, and gemoji's for the same character.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("slight_smile", "slightly_smiling_face"),
    ("simple_smile", "slightly_smiling_face"),
    ("slight_frown", "slightly_frowning_face"),
    ("upside_down", "upside_down_face"),
    ("crazy_face", "zany_face"),
    ("money_mouth", "money_mouth_face"),
    ("nerd", "nerd_face"),
    ("zipper_mouth", "zipper_mouth_face"),
    ("rolling_eyes", "roll_eyes"),
    ("thermometer_face", "face_with_thermometer"),
    ("head_bandage", "face_with_head_bandage"),
    ("face_with_symbols_over_mouth", "cursing_face"),
    ("hugging", "hugs"),
    ("cowboy", "cowboy_hat_face"),
    ("clown", "clown_face"),
    ("spy", "detective"),
    ("desktop", "desktop_computer"),
    ("frame_photo", "framed_picture"),
    ("satellite_orbital", "artificial_satellite"),
    ("thunder_cloud_rain", "cloud_with_lightning_and_rain"),
];

/// Unicode's names: "zany face" is `zany_face`.
static UNICODE_NAMES: LazyLock<HashMap<String, &'static Emoji>> = LazyLock::new(|| {
    let underscored = |name: &str| name.to_lowercase().replace([' ', '-'], "_").replace([':', '’', ','], "");
    emojis::iter().map(|emoji| (underscored(emoji.name()), emoji)).collect()
});

/// The character of a name without its colons; `name:t2` to `name:t6` choose a skin tone.
pub(crate) fn by_name(name: &str) -> Option<&'static str> {
    let (name, tone) = name.split_once(':').unwrap_or((name, ""));
    let other = || OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, gemoji)| *gemoji);
    let emoji = emojis::get_by_shortcode(name)
        .or_else(|| UNICODE_NAMES.get(name).copied())
        .or_else(|| emojis::get_by_shortcode(other()?))?;
    let tone = match tone {
        "t2" => Some(SkinTone::Light),
        "t3" => Some(SkinTone::MediumLight),
        "t4" => Some(SkinTone::Medium),
        "t5" => Some(SkinTone::MediumDark),
        "t6" => Some(SkinTone::Dark),
        _ => None,
    };
    let toned = tone.and_then(|tone| emoji.with_skin_tone(tone));
    Some(toned.unwrap_or(emoji).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_origins_are_known() {
        for (name, wanted) in [
            ("smile", "😄"),
            ("+1", "👍"),
            ("+1:t3", "👍🏼"),
            ("slight_smile", "🙂"),
            ("face_with_raised_eyebrow", "🤨"),
            ("woman_zombie", "🧟‍♀️"),
            ("man_shrugging:t5", "🤷🏾‍♂️"),
        ] {
            assert_eq!(by_name(name), Some(wanted), "{name}");
        }
        assert_eq!(by_name("our_club_logo"), None);
        assert_eq!(by_name(""), None);
    }

    #[test]
    fn the_table_of_other_names_leads_somewhere_and_is_needed() {
        for (other, gemoji) in OTHER_NAMES {
            assert!(emojis::get_by_shortcode(gemoji).is_some(), "{gemoji}");
            assert!(
                emojis::get_by_shortcode(other).is_none() && !UNICODE_NAMES.contains_key(*other),
                "{other}"
            );
        }
    }
}
