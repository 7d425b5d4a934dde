//! Writing text and addresses into HTML so that they stay what they are.

/// Appends text, for between tags and for quoted attribute values.
///
/// Carriage returns are left out (a browser would make line feeds of them), NUL becomes U+FFFD.
pub(crate) fn text(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\r' => "",
            0 => "\u{FFFD}",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Appends ` name="value"`.
pub(crate) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    text(out, value);
    out.push('"');
}

/// An address with everything percent-encoded that may not stand in one. Doing it twice changes nothing.
pub(crate) fn address(address: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(address.len());
    for &byte in address.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.+!*'(),%#@?=;:/$~&".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_cannot_become_markup() {
        let mut out = String::new();
        super::text(&mut out, "a<b>&\"c\"\r\n\0é");
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;c&quot;\n\u{FFFD}é");
    }

    #[test]
    fn an_address_is_encoded_once() {
        let once = super::address("http://ex.org/ä b[1]?q=\"<>%20");
        assert_eq!(once, "http://ex.org/%C3%A4%20b%5B1%5D?q=%22%3C%3E%20");
        assert_eq!(super::address(&once), once);
    }
}
