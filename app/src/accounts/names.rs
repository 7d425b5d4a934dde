//! Names: what they are compared by, and the face that stands for them where there is no picture.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// What nicknames and e-mail addresses are compared by: compatible spellings of a letter made one (NFKC) and small.
pub fn key(name: &str) -> String {
    // Small letters first can bring new compatible forms ("İ"), so the form is made again afterwards.
    let lower = name.trim().nfkc().collect::<String>().to_lowercase();
    lower.nfkc().collect()
}

/// The address of a person's page.
pub fn url(nickname: &str) -> String {
    let mut url = String::from("/people/");
    for byte in nickname.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push_str(&hex::encode_upper([byte]));
        }
    }
    url
}

/// One or two capital letters: of the first two words of a name (`ann_lee`, `AnnLee`), else its first two.
pub fn initials(nickname: &str) -> String {
    let mut starts = Vec::new();
    let mut before = ' ';
    for letter in nickname.chars() {
        if letter.is_alphanumeric()
            && (!before.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase()))
        {
            starts.push(letter);
        }
        before = letter;
    }
    let letters: Vec<char> = match starts[..] {
        [first, second, ..] => vec![first, second],
        _ => nickname.chars().filter(|letter| letter.is_alphanumeric()).take(2).collect(),
    };
    letters.into_iter().flat_map(char::to_uppercase).take(2).collect()
}

/// A colour for the face, in degrees: the same in every place and for ever, in steps that eyes tell apart.
pub fn hue(nickname_key: &str) -> u16 {
    const STEP: u16 = 15;
    let digest = Sha256::digest(nickname_key.as_bytes());
    u16::from(digest[0]) % (360 / STEP) * STEP
}

#[cfg(test)]
mod tests {
    use super::{hue, initials, key, url};

    #[test]
    fn spellings_that_people_take_for_the_same_are_the_same() {
        let same = [
            ("Ann", "ann"),
            (" ann ", "ANN"),
            ("Ａｎｎ", "ann"),
            ("ÄNNE", "a\u{308}nne"),
            ("STRASSE", "strasse"),
        ];
        for (one, other) in same {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        let different = [("ann", "anna"), ("straße", "strasse"), ("ann_", "ann")];
        for (one, other) in different {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn a_key_is_its_own_key() {
        for name in ["Ann", "İstanbul", "ﬁnn", "Ǆ", "ΑΣ", "ẞ", "K"] {
            assert_eq!(key(&key(name)), key(name), "{name}");
        }
    }

    #[test]
    fn a_face_shows_the_first_letters() {
        let faces = [
            ("ann", "AN"),
            ("ann_lee", "AL"),
            ("AnnLee", "AL"),
            ("ann.marie-lee", "AM"),
            ("x", "X"),
            ("7of9", "7O"),
            ("_-", ""),
            ("żółw", "ŻÓ"),
        ];
        for (nickname, face) in faces {
            assert_eq!(initials(nickname), face, "{nickname}");
        }
    }

    #[test]
    fn hues_are_steps_of_fifteen_degrees_and_stay() {
        assert!((0..200).map(|n| hue(&format!("person{n}"))).all(|hue| hue < 360 && hue.is_multiple_of(15)));
        assert_eq!(hue("ann"), hue("ann"));
        assert_ne!(hue("ann"), hue("bob"));
    }

    #[test]
    fn a_page_address_holds_any_name() {
        assert_eq!(url("ann.lee"), "/people/ann.lee");
        assert_eq!(url("żak/.."), "/people/%C5%BCak%2F..");
    }
}
