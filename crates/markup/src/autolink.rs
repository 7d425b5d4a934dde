//! Bare addresses, e-mail addresses and mentions in running text.
//!
//! Addresses follow GitHub's extended autolinks, a little stricter at their end. One pass; every character is looked
//! at a bounded number of times.

/// Longest nickname that is looked for, in bytes.
const LONGEST_NAME: usize = 256;

/// Longest domain, in bytes, as the DNS has it.
const LONGEST_DOMAIN: usize = 253;

/// A stretch of running text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// An address as it stands in the text, and what stands before it in `href`.
    Link {
        shown: &'a str,
        prefix: &'static str,
    },
    /// A nickname, without the `@` before it.
    Name(&'a str),
}

/// Cuts a text into pieces, in order and without gaps (a `Name` stands for itself and the `@` before it).
/// `escaped` are the places of characters that the writer took their meaning from, ascending.
pub(crate) fn pieces<'a>(text: &'a str, escaped: &[usize], mut found: impl FnMut(Piece<'a>)) {
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut at = 0;
    while let Some(offset) =
        bytes[at..].iter().position(|byte| matches!(byte, b'h' | b'H' | b'w' | b'W' | b'@'))
    {
        at += offset;
        let hit = match bytes[at] {
            _ if escaped.binary_search(&at).is_ok() => None,
            b'@' => email(text, done, at).or_else(|| name(text, at)),
            _ => web(text, at),
        };
        let Some(hit) = hit else {
            at += 1;
            continue;
        };
        let first_inside = escaped.partition_point(|&place| place <= hit.start);
        if escaped.get(first_inside).is_none_or(|&place| place >= hit.end) {
            if done < hit.start {
                found(Piece::Text(&text[done..hit.start]));
            }
            found(hit.piece);
            done = hit.end;
        }
        at = hit.skip;
    }
    if done < text.len() {
        found(Piece::Text(&text[done..]));
    }
}

struct Hit<'a> {
    start: usize,
    end: usize,
    /// Where to look on.
    skip: usize,
    piece: Piece<'a>,
}

/// `http://…`, `https://…` or `www.…` that begins here.
fn web(text: &str, at: usize) -> Option<Hit<'_>> {
    let begins = |start: &str| {
        text.as_bytes()[at..].get(..start.len()).is_some_and(|b| b.eq_ignore_ascii_case(start.as_bytes()))
    };
    let (scheme, prefix) = match () {
        () if begins("https://") => (8, ""),
        () if begins("http://") => (7, ""),
        () if begins("www.") => (0, "http://"),
        () => return None,
    };
    if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    if !is_domain(domain_at(&text[at + scheme..]), !prefix.is_empty()) {
        return None;
    }
    let rest = &text[at..];
    let skip = at + rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
    let end = at + without_sentence_end(&text[at..skip]).len();
    Some(Hit { start: at, end, skip, piece: Piece::Link { shown: &text[at..end], prefix } })
}

/// `local@domain.tld` around the `@` here; nothing before `done` belongs to it.
fn email(text: &str, done: usize, at: usize) -> Option<Hit<'_>> {
    let before = &text[done..at];
    let local = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c)).len();
    let start = done + local;
    if start == at || before[..local].ends_with(['/', ':', '@']) {
        return None;
    }
    let after = &text[at + 1..];
    let length =
        after.find(|c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c))).unwrap_or(after.len());
    let domain = after[..length].trim_end_matches('.');
    if domain.ends_with(['-', '_']) || !is_domain(domain, true) {
        return None;
    }
    let end = at + 1 + domain.len();
    Some(Hit { start, end, skip: end, piece: Piece::Link { shown: &text[start..end], prefix: "mailto:" } })
}

/// A nickname after the `@` here: letters, digits, `_`, `-` and `.`; dots at its end belong to the sentence.
fn name(text: &str, at: usize) -> Option<Hit<'_>> {
    if text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_/@".contains(c)) {
        return None;
    }
    let after = &text[at + 1..];
    let length = after.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).unwrap_or(after.len());
    let name = after[..length].trim_end_matches('.');
    let end = at + 1 + name.len();
    let fits = name.len() <= LONGEST_NAME && name.contains(char::is_alphanumeric);
    fits.then_some(Hit { start: at, end, skip: end, piece: Piece::Name(name) })
}

/// The domain that a text begins with, empty if it would be too long to be one.
fn domain_at(text: &str) -> &str {
    let candidate = text.char_indices().take(LONGEST_DOMAIN + 1);
    let mut part = candidate.skip_while(|(_, c)| c.is_alphanumeric() || "-_.".contains(*c));
    let end = part.next().map_or(text.len(), |(at, _)| at);
    let domain = text[..end].trim_end_matches(['-', '_', '.']);
    if domain.len() <= LONGEST_DOMAIN { domain } else { "" }
}

/// Parts between dots, none empty; no `_` in the last two; `dotted` wants at least two parts.
fn is_domain(domain: &str, dotted: bool) -> bool {
    let mut parts = 0;
    let whole = domain.rsplit('.').enumerate().all(|(place, part)| {
        parts += 1;
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || (c == '_' && place > 1))
    });
    whole && (parts > 1 || !dotted)
}

/// Leaves out what ends the sentence rather than the address: punctuation, and brackets that open outside of it.
fn without_sentence_end(address: &str) -> &str {
    let mut depths = [0_i64; 2];
    for byte in address.bytes() {
        match byte {
            b'(' => depths[0] += 1,
            b')' => depths[0] -= 1,
            b'[' => depths[1] += 1,
            b']' => depths[1] -= 1,
            _ => {}
        }
    }
    let mut end = address.len();
    while let Some(last) = address[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"' | '”' | '’' | '»' | '…'
            | '|' => {}
            ')' if depths[0] < 0 => depths[0] += 1,
            ']' if depths[1] < 0 => depths[1] += 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    &address[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links in `<>`, names in `{}`.
    fn marked(text: &str) -> String {
        let mut out = String::new();
        pieces(text, &[], |piece| match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Link { shown, .. } => out.push_str(&format!("<{shown}>")),
            Piece::Name(name) => out.push_str(&format!("{{{name}}}")),
        });
        out
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, wanted) in [
            ("see https://ex.org/a.", "see <https://ex.org/a>."),
            ("(https://ex.org/a_(b))", "(<https://ex.org/a_(b)>)"),
            ("[https://ex.org]", "[<https://ex.org>]"),
            ("https://ex.org/?a=1&b=2!", "<https://ex.org/?a=1&b=2>!"),
            ("www.ex.org, www. x", "<www.ex.org>, www. x"),
            ("http://localhost:8080/x", "<http://localhost:8080/x>"),
            ("xhttp://ex.org http:// https://", "xhttp://ex.org http:// https://"),
            ("HTTPS://EX.ORG", "<HTTPS://EX.ORG>"),
            ("https://ex.org/é“ok”", "<https://ex.org/é“ok>”"),
        ] {
            assert_eq!(marked(text), wanted);
        }
    }

    #[test]
    fn mail_addresses_are_no_mentions() {
        for (text, wanted) in [
            ("ann@ex.org.", "<ann@ex.org>."),
            ("a.b+c@ex.co.uk", "<a.b+c@ex.co.uk>"),
            ("ann@ex", "ann@ex"),
            ("ann@ex.org_ x", "ann@ex.org_ x"),
            ("ssh://git@ex.org/x", "ssh://git@ex.org/x"),
        ] {
            assert_eq!(marked(text), wanted);
        }
    }

    #[test]
    fn names_are_found_in_sentences() {
        for (text, wanted) in [
            ("@ann, hello", "{ann}, hello"),
            ("hello @ann_b-2.c.", "hello {ann_b-2.c}."),
            ("(@ann)/@bob", "({ann})/@bob"),
            ("@@ann @ @. @émile", "@@ann @ @. {émile}"),
            ("x@ann", "x@ann"),
        ] {
            assert_eq!(marked(text), wanted);
        }
    }

    #[test]
    fn what_was_escaped_stays_text() {
        let mut names = 0;
        pieces("@ann", &[0], |piece| names += usize::from(piece != Piece::Text("@ann")));
        pieces("http://ex.org", &[4], |piece| names += usize::from(piece != Piece::Text("http://ex.org")));
        assert_eq!(names, 0);
    }
}
