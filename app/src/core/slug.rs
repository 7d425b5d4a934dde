//! The readable part of addresses.

/// The longest slug, in characters.
const MAX: usize = 60;

/// A title as part of an address: letters and digits of any script in lower case, joined by dashes.
/// Empty when the title has none; addresses always carry an id besides.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        let more = word.chars().count() + usize::from(!out.is_empty());
        if length + more > MAX {
            if out.is_empty() {
                out.extend(word.chars().take(MAX));
            }
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word);
        length += more;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn titles_become_addresses() {
        let cases = [
            ("To RBFX, and not to rbfx!", "to-rbfx-and-not-to-rbfx"),
            ("  C++ / 3D ", "c-3d"),
            ("Привет, мир", "привет-мир"),
            ("!!!", ""),
            (&"x".repeat(90), &"x".repeat(60)),
            (&"word ".repeat(30), "word-word-word-word-word-word-word-word-word-word-word-word"),
        ];
        for (title, wanted) in cases {
            assert_eq!(slug(title), wanted);
        }
    }
}
