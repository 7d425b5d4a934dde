//! Emoji by the names that forums give them.
//!
//! The names are those of gemoji, from the `emojis` crate; the table here adds the ones that Discourse calls
//! differently (its own list, or the names of older sets).

use emojis::SkinTone;

/// Names that are not gemoji's, and what gemoji calls the same character.
const OTHER_NAMES: &[(&str, &str)] =
    &[("slight_smile", "slightly_smiling_face"), ("slight_frown", "slightly_frowning_face")];

/// The character of a name without its colons; `name:t2` to `name:t6` choose a skin tone.
pub(crate) fn by_name(name: &str) -> Option<String> {
    let (name, tone) = match name.split_once(':') {
        Some((name, tone)) => (name, tone),
        None => (name, ""),
    };
    let known = |name: &str| emojis::get_by_shortcode(name);
    let other = || OTHER_NAMES.iter().find(|(other, _)| *other == name).and_then(|(_, gemoji)| known(gemoji));
    let emoji = known(name).or_else(other)?;
    let tone = match tone {
        "t2" => Some(SkinTone::Light),
        "t3" => Some(SkinTone::MediumLight),
        "t4" => Some(SkinTone::Medium),
        "t5" => Some(SkinTone::MediumDark),
        "t6" => Some(SkinTone::Dark),
        _ => None,
    };
    let toned = tone.and_then(|tone| emoji.with_skin_tone(tone));
    Some(toned.unwrap_or(emoji).as_str().to_owned())
}
