//! Stems: what the forms of a word begin with, by light rules that need no dictionary.
//!
//! Two words are forms of each other if their stems are the same. A stem is always a beginning of its word, so that the
//! vocabulary finds the forms by prefix; wrong pairs are rare because the vocabulary holds only words that were written.

/// Letters that a stem keeps at least.
const LEAST: usize = 3;

/// Endings of Russian and its neighbours, the longest first within each length.
const CYRILLIC: [&str; 45] = [
    "иями", "ями", "ами", "иях", "ого", "его", "ому", "ему", "ыми", "ими", "ией", "ах", "ях", "ов", "ев",
    "ей", "ой", "ий", "ый", "ая", "яя", "ое", "ее", "ые", "ие", "ым", "им", "ом", "ем", "ам", "ям", "ую",
    "юю", "ию", "ия", "у", "ю", "а", "я", "о", "е", "ы", "и", "ь", "й",
];

/// Endings of Greek, folded.
const GREEK: [&str; 19] = [
    "ουσ", "εισ", "εων", "ων", "οσ", "ου", "ησ", "εσ", "ασ", "οι", "ατα", "ουν", "ει", "α", "η", "ο", "ι",
    "ω", "ε",
];

/// What Korean puts behind a noun.
const PARTICLES: [&str; 24] = [
    "에서는",
    "으로는",
    "에서",
    "으로",
    "에게",
    "까지",
    "부터",
    "처럼",
    "보다",
    "하는",
    "하고",
    "들은",
    "들을",
    "들이",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "로",
    "도",
];

/// What Arabic writes before a noun without a space: and, in, as, so, for, and the article.
const ARTICLES: [&str; 7] = ["وال", "بال", "كال", "فال", "لل", "ال", "و"];

/// What all forms of the word begin with; the word itself if no rule fits.
pub(crate) fn stem(word: &str) -> &str {
    match word.chars().next_back() {
        Some('a'..='z') => latin(word),
        Some('\u{400}'..='\u{4FF}') => without_ending(word, &CYRILLIC),
        Some('\u{370}'..='\u{3FF}') => without_ending(word, &GREEK),
        Some('\u{AC00}'..='\u{D7A3}') => without_particle(word),
        _ => word,
    }
}

/// A word of Arabic without the article and what is written before it.
pub(crate) fn without_article(word: &str) -> Option<&str> {
    // Only letters of Arabic begin with these bytes.
    if !matches!(word.as_bytes().first(), Some(0xD9 | 0xD8)) {
        return None;
    }
    ARTICLES
        .into_iter()
        .find_map(|article| word.strip_prefix(article).filter(|rest| rest.chars().count() >= LEAST))
}

fn without_ending<'a>(word: &'a str, endings: &[&str]) -> &'a str {
    let ended = endings.iter().filter_map(|ending| word.strip_suffix(ending));
    ended.filter(|stem| stem.chars().count() >= LEAST).min_by_key(|stem| stem.len()).unwrap_or(word)
}

fn without_particle(word: &str) -> &str {
    let ended = PARTICLES.iter().filter_map(|particle| word.strip_suffix(particle));
    ended.filter(|stem| stem.chars().count() >= 2).min_by_key(|stem| stem.len()).unwrap_or(word)
}

/// English, and the plurals of its Romance neighbours.
fn latin(word: &str) -> &str {
    for ending in ["ings", "ing", "ies", "ied", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| fits(stem, ending)) {
            return undoubled(stem, ending);
        }
    }
    let bare = word.strip_suffix('e').or_else(|| word.strip_suffix('y').filter(|stem| !ends_in_vowel(stem)));
    bare.filter(|stem| stem.len() >= LEAST && has_vowel(stem)).unwrap_or(word)
}

fn fits(stem: &str, ending: &str) -> bool {
    let kept = match ending {
        "ed" => !stem.ends_with('e'),
        "s" => !stem.ends_with(['s', 'u', 'i']),
        "es" => !stem.ends_with('e'),
        _ => true,
    };
    kept && stem.chars().count() >= LEAST && has_vowel(stem)
}

/// `stopping`, `stopped`: the consonant was doubled for the ending.
fn undoubled<'a>(stem: &'a str, ending: &str) -> &'a str {
    let bytes = stem.as_bytes();
    match bytes {
        [.., a, b] if a == b && ending != "s" && ending != "es" && !b"lsz".contains(b) => {
            &stem[..stem.len() - 1]
        }
        _ => stem,
    }
}

fn has_vowel(text: &str) -> bool {
    text.contains(|c| "aeiouy".contains(c))
}

fn ends_in_vowel(text: &str) -> bool {
    text.ends_with(|c| "aeiou".contains(c))
}
