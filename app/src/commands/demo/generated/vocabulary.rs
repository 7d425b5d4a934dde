//! Invented words of several scripts, the commonest first: short ones are common, as people have them.

use std::collections::BTreeSet;

use super::dice::{Dice, Zipf};

/// How often the word of a rank comes, as in books of any language.
const EXPONENT: f64 = 1.05;

/// How a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Accented,
    Cyrillic,
    Greek,
    Han,
    Thai,
}

/// The scripts, and in how many of a hundred threads they are written.
pub(super) const SCRIPTS: [(Script, f64); 6] = [
    (Script::Latin, 55.0),
    (Script::Accented, 15.0),
    (Script::Cyrillic, 12.0),
    (Script::Greek, 4.0),
    (Script::Han, 10.0),
    (Script::Thai, 4.0),
];

impl Script {
    /// Whether words stand side by side without a space.
    pub(super) fn is_run_together(self) -> bool {
        matches!(self, Self::Han | Self::Thai)
    }

    /// What ends a sentence.
    pub(super) fn full_stop(self) -> &'static str {
        match self {
            Self::Han => "。",
            Self::Thai => " ",
            _ => ". ",
        }
    }

    /// What parts a sentence.
    pub(super) fn comma(self) -> &'static str {
        match self {
            Self::Han => "，",
            Self::Thai => " ",
            _ => ", ",
        }
    }

    /// How many different words people use.
    fn words(self) -> usize {
        match self {
            Self::Latin => 40_000,
            Self::Han => 12_000,
            Self::Thai => 6_000,
            _ => 15_000,
        }
    }

    /// Beginnings, middles and ends of syllables.
    fn syllables(self) -> [&'static [&'static str]; 3] {
        match self {
            Self::Latin => [LATIN_BEGINS, &["a", "e", "i", "o", "u", "ea", "ou"], LATIN_ENDS],
            Self::Accented => {
                [LATIN_BEGINS, &["á", "é", "i", "ö", "ü", "e", "a", "ø", "ñe"], &["", "", "n", "s", "ß"]]
            }
            Self::Cyrillic => [
                &["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "ст", "т", "ч", "ш"],
                &["а", "е", "ё", "и", "о", "у", "ы", "я"],
                &["", "", "", "й", "н", "т", "ль"],
            ],
            Self::Greek => [
                &["β", "γ", "δ", "θ", "κ", "λ", "μ", "ν", "π", "ρ", "σ", "τ", "φ", "χ"],
                &["α", "ά", "ε", "έ", "η", "ι", "ό", "ο", "ω"],
                &["", "", "", "ν", "ρ"],
            ],
            Self::Thai => [
                &[
                    "ก", "ข", "ค", "ง", "จ", "ช", "ด", "ต", "ท", "น", "บ", "ป", "พ", "ม", "ย", "ร", "ล", "ว",
                    "ส", "ห",
                ],
                &["า", "ี", "ู", "่า", "ั", "้า"],
                &["น", "ม", "ง", "ก", ""],
            ],
            Self::Han => [&[], &[], &[]],
        }
    }
}

const LATIN_BEGINS: &[&str] = &[
    "b", "br", "c", "ch", "d", "f", "g", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v",
    "w",
];
const LATIN_ENDS: &[&str] = &["", "", "", "n", "r", "s", "t", "nd", "ck"];

/// The words of a script.
pub(super) struct Vocabulary {
    pub(super) script: Script,
    words: Vec<String>,
    zipf: Zipf,
}

impl Vocabulary {
    /// Invents the words of a script.
    pub(super) fn of(script: Script, seed: u64) -> Self {
        let mut dice = Dice::new(seed, &format!("{script:?}"));
        let (mut words, mut taken) = (Vec::with_capacity(script.words()), BTreeSet::new());
        let mut tries = 0;
        while words.len() < script.words() {
            let word = match script {
                Script::Han => han(&mut dice, words.len()),
                _ => word(&mut dice, script.syllables(), length(words.len()) + tries / 50),
            };
            tries += 1;
            if taken.insert(word.clone()) {
                words.push(word);
                tries = 0;
            }
        }
        Self { script, zipf: Zipf::new(words.len(), EXPONENT), words }
    }

    /// A word, common ones often.
    pub(super) fn word(&self, dice: &mut Dice) -> &str {
        &self.words[self.zipf.rank(dice)]
    }

    /// A word, each as often as any other.
    pub(super) fn any_word(&self, dice: &mut Dice) -> &str {
        let any = dice.below(self.words.len());
        &self.words[any]
    }
}

/// How many syllables a word of that rank has.
fn length(rank: usize) -> usize {
    match rank {
        0..40 => 1,
        40..2_000 => 2,
        2_000..20_000 => 3,
        _ => 4,
    }
}

fn word(dice: &mut Dice, syllables: [&[&str]; 3], length: usize) -> String {
    (0..length).flat_map(|_| syllables).map(|some| *dice.of(some)).collect()
}

/// One character at first, then two, now and then three: of the 2,500 commonest places of the block.
fn han(dice: &mut Dice, rank: usize) -> String {
    const FIRST: u32 = 0x4e00;
    const CHARACTERS: usize = 2_500;
    let length = if rank < 600 { 1 } else { 2 + usize::from(dice.chance(15.0)) };
    let character = |number: usize| char::from_u32(FIRST + u32::try_from(number * 8).unwrap_or_default());
    // Squared, so that some characters are in many words.
    let number = |dice: &mut Dice| (dice.share().powi(2) * CHARACTERS as f64) as usize;
    (0..length).filter_map(|_| character(number(dice))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Dice, SCRIPTS, Script, Vocabulary};

    #[test]
    fn every_script_has_its_words_each_once_and_common_ones_are_short() {
        for (script, _) in SCRIPTS {
            let vocabulary = Vocabulary::of(script, 1);
            let unique: std::collections::BTreeSet<_> = vocabulary.words.iter().collect();
            assert_eq!((unique.len(), vocabulary.words.len()), (script.words(), script.words()));
            let letters = |words: &[String]| words.iter().map(|word| word.chars().count()).sum::<usize>();
            assert!(letters(&vocabulary.words[..20]) < letters(&vocabulary.words[script.words() - 20..]));
        }
        assert!((SCRIPTS.iter().map(|(_, percent)| percent).sum::<f64>() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn han_is_written_with_characters_of_its_block() {
        let (vocabulary, mut dice) = (Vocabulary::of(Script::Han, 1), Dice::new(1, ""));
        let text: String = (0..500).map(|_| vocabulary.word(&mut dice)).collect();
        assert!(text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{text}");
    }
}
