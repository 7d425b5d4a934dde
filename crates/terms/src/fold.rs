//! Letters made comparable: compatible forms made one (NFKC), small, without the accents that people leave out.

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

/// What a folded character is to the cutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Part of a word that other letters and spaces set apart.
    Letter,
    /// A digit of any script, folded to ASCII.
    Digit,
    /// Of a script that writes no spaces (Chinese, kana, Thai …): each is a word of its own.
    Run,
    /// A syllable of Hangul: a word of its own, and part of the whole word.
    Syllable,
    /// A combining mark: belongs to what stands before it, or falls away.
    Mark,
    /// What joins nothing.
    Other,
}

/// The first digit of scripts whose digits Unicode's compatible forms leave as they are.
const ZEROS: [u32; 17] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20,
    0x1040, 0x17E0,
];

/// Gives the folded characters of one character, each with whether it was a capital. Marks come as they are; the
/// cutter decides by what stands before them ([`with_mark`]).
pub(crate) fn fold(c: char, mut give: impl FnMut(char, bool)) {
    if c.is_ascii() {
        give(c.to_ascii_lowercase(), c.is_ascii_uppercase());
    } else if is_syllable(c)
        || matches!(c, '\u{E33}' | '\u{EB3}' | '\u{3040}'..='\u{3130}' | '\u{4E00}'..='\u{9FFF}')
    {
        // Decomposed they would only be put together again; those of Thai and Lao would fall apart.
        give(c, false);
    } else {
        decompose_compatible(c, |part| {
            let capital = part.is_uppercase();
            for small in part.to_lowercase() {
                match spelled(small) {
                    Spelled::As(letters) => letters.chars().for_each(|letter| give(letter, capital)),
                    Spelled::One(letter) => give(letter, capital),
                }
            }
        });
    }
}

enum Spelled {
    As(&'static str),
    One(char),
}

/// Letters that people write in more than one way, without Unicode calling the ways compatible.
fn spelled(c: char) -> Spelled {
    let one = match c {
        'ß' => return Spelled::As("ss"),
        'æ' => return Spelled::As("ae"),
        'œ' => return Spelled::As("oe"),
        'þ' => return Spelled::As("th"),
        // Tatweel only stretches a word.
        '\u{640}' => return Spelled::As(""),
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'ŧ' => 't',
        'ς' => 'σ',
        // Arabic: hamza carriers, the letters at a word's end, and how Persian and Urdu write kaf and yeh.
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ئ' | 'ى' | 'ی' | 'ے' => 'ي',
        'ة' | 'ہ' | 'ھ' | 'ە' => 'ه',
        'ک' => 'ك',
        // Hebrew: letters at a word's end.
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        _ => digit(c).unwrap_or(c),
    };
    Spelled::One(one)
}

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// What a mark does to the character before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Marked {
    /// People leave it out: it falls away.
    Dropped,
    /// It makes another letter of that character.
    Becomes(char),
    /// It stays behind it.
    Follows,
}

/// Decides over a mark by what it stands on.
pub(crate) fn with_mark(base: char, mark: char) -> Marked {
    match (base, mark) {
        // Two Cyrillic letters that nobody takes for the ones without the sign (as people do with ё).
        ('и', '\u{306}') => Marked::Becomes('й'),
        ('і', '\u{308}') => Marked::Becomes('ї'),
        // Variation selectors choose a drawing; nukta is left out as often as written.
        (_, '\u{FE00}'..='\u{FE0F}' | '\u{93C}' | '\u{9BC}' | '\u{20D0}'..='\u{20FF}') => Marked::Dropped,
        ('\u{3040}'..='\u{30FF}', '\u{3099}' | '\u{309A}') => {
            compose(base, mark).map_or(Marked::Dropped, Marked::Becomes)
        }
        (_, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}') => Marked::Dropped,
        // Hebrew points, Arabic harakat, Syriac vowels.
        (_, '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}') => {
            Marked::Dropped
        }
        (_, '\u{6D6}'..='\u{6ED}' | '\u{730}'..='\u{74A}' | '\u{8D3}'..='\u{8FF}') => Marked::Dropped,
        _ if matches!(class(base), Class::Digit | Class::Other) => Marked::Dropped,
        _ => Marked::Follows,
    }
}

/// Whether a vowel or consonant of Hangul and what stands before it make one syllable.
pub(crate) fn syllable(before: char, jamo: char) -> Option<char> {
    matches!(jamo, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}').then(|| compose(before, jamo)).flatten()
}

/// What a folded character is to the cutter.
pub(crate) fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\0'..='\x7F' => Class::Other,
        _ if is_combining_mark(c) => Class::Mark,
        _ if is_syllable(c) => Class::Syllable,
        _ if is_run(c) => Class::Run,
        _ if c.is_alphanumeric() => Class::Letter,
        _ => Class::Other,
    }
}

fn is_syllable(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{1112}')
}

/// Scripts without spaces between words.
fn is_run(c: char) -> bool {
    match c {
        // Thai, Lao; Myanmar; Khmer. Their digits are folded before, their marks are marks.
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => c.is_alphanumeric(),
        '々' | '〆' | '〇' | 'ー' => true,
        // Kana, bopomofo and their extensions; half-width forms are folded to these.
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{3105}'..='\u{312F}' => true,
        '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' => true,
        // Han and its extensions; Yi; Tangut and Nushu.
        '\u{2E80}'..='\u{2FD5}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => true,
        '\u{A000}'..='\u{A48C}' | '\u{F900}'..='\u{FAFF}' => true,
        '\u{16FE0}'..='\u{18DFF}' | '\u{1B000}'..='\u{1B2FF}' | '\u{20000}'..='\u{323AF}' => true,
        _ => false,
    }
}

/// Whether a mark of a script without spaces binds what follows it into the same cluster (Khmer, Myanmar).
pub(crate) fn binds(c: char) -> bool {
    matches!(c, '\u{17D2}' | '\u{1039}')
}
