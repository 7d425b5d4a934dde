//! Nicknames for people who come from elsewhere: theirs where our rules allow it and nobody here has it.

use std::collections::BTreeSet;

use crate::accounts::fields;

/// The longest nickname, in characters.
const MAX: usize = 30;

/// A nickname for `username` that is not in `taken` (lower-case keys), which it then joins.
pub(super) fn nickname(username: &str, taken: &mut BTreeSet<String>) -> String {
    let mut stem: String = username
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' })
        .collect();
    stem = stem.trim_start_matches(['_', '-', '.']).chars().take(MAX).collect();
    stem.truncate(stem.trim_end_matches('.').len());
    if stem.chars().count() < 2 {
        stem = format!("member-{stem}").trim_end_matches('-').to_owned();
    }
    let mut name = stem.clone();
    let mut number = 2;
    while fields::nickname(&name).is_err() || !taken.insert(name.to_lowercase()) {
        let ending = format!("-{number}");
        name = stem.chars().take(MAX - ending.len()).chain(ending.chars()).collect();
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_where_it_can() {
        let mut taken = BTreeSet::from([String::from("ann")]);
        let cases = [
            ("SirNate0", "SirNate0"),
            ("Ann", "Ann-2"),
            ("ANN", "ANN-3"),
            ("Иван", "member"),
            ("Пётр", "member-2"),
            ("_x_", "x_"),
            ("x", "member-x"),
            ("etc.", "etc"),
            ("system", "system-2"),
            ("Moderator", "Moderator-2"),
            (&"a".repeat(40), &"a".repeat(30)),
            (&"A".repeat(40), &format!("{}-2", "A".repeat(28))),
        ];
        for (there, here) in cases {
            assert_eq!(nickname(there, &mut taken), here, "{there}");
        }
    }
}
