//! Scripts without their comments: they are for us, and would be a third of what every visitor loads.
//!
//! Nothing else changes: every statement keeps its line, so that an error's line number is the source's.

/// What the scanner is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Code; the number of braces that are open since the `${` around it, if any.
    Code(u32),
    /// A template literal, outside its `${…}`.
    Template,
}

/// The script without comments, indentation and the spaces at the ends of lines.
pub(crate) fn strip(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut around = vec![Inside::Code(0)];
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let end = match (around.last().copied().unwrap_or(Inside::Code(0)), byte) {
            (Inside::Template, b'\\') => at + 2,
            (Inside::Template, b'`') => {
                around.pop();
                at + 1
            }
            (Inside::Template, b'$') if next == Some(b'{') => {
                around.push(Inside::Code(0));
                at + 2
            }
            (Inside::Template, _) => at + 1,
            (Inside::Code(_), b'/') if next == Some(b'/') => {
                at = line_end(bytes, at);
                continue;
            }
            (Inside::Code(_), b'/') if next == Some(b'*') => {
                let end = find(bytes, at + 2, b"*/").map_or(bytes.len(), |found| found + 2);
                out.extend(bytes[at..end].iter().filter(|byte| **byte == b'\n'));
                at = end;
                continue;
            }
            (Inside::Code(_), b'/') if begins_regex(&out) => regex_end(bytes, at),
            (Inside::Code(_), b'"' | b'\'') => quoted_end(bytes, at),
            (Inside::Code(_), b'`') => {
                around.push(Inside::Template);
                at + 1
            }
            (Inside::Code(depth), b'{') => {
                around.pop();
                around.push(Inside::Code(depth + 1));
                at + 1
            }
            (Inside::Code(0), b'}') if around.len() > 1 => {
                around.pop();
                at + 1
            }
            (Inside::Code(depth), b'}') => {
                around.pop();
                around.push(Inside::Code(depth.saturating_sub(1)));
                at + 1
            }
            (Inside::Code(_), b'\n') => {
                while out.last().is_some_and(|last| matches!(last, b' ' | b'\t')) {
                    out.pop();
                }
                out.push(b'\n');
                at += 1;
                while matches!(bytes.get(at), Some(b' ' | b'\t')) {
                    at += 1;
                }
                continue;
            }
            (Inside::Code(_), _) => at + 1,
        };
        let end = end.min(bytes.len());
        out.extend_from_slice(&bytes[at..end]);
        at = end;
    }
    // Only whole comments and ASCII blanks were left out, so what is left is still UTF-8.
    String::from_utf8(out).unwrap_or_else(|_| source.to_owned())
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| from + length)
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|found| from + found)
}

fn quoted_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == bytes[from] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn regex_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    let mut class = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return at + 1,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Whether a `/` after this code begins a regular expression rather than divides: after a value it divides.
fn begins_regex(before: &[u8]) -> bool {
    let end = before.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |last| last + 1);
    let word = before[..end].iter().rposition(|byte| !is_word(*byte)).map_or(0, |last| last + 1);
    match before[..end].last() {
        None => true,
        Some(last) if is_word(*last) => {
            matches!(
                &before[word..end],
                b"return" | b"typeof" | b"case" | b"in" | b"of" | b"await" | b"yield" | b"void"
            )
        }
        Some(last) => !matches!(last, b')' | b']' | b'}' | b'"' | b'\'' | b'`'),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
