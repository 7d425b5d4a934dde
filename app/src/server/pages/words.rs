//! Numbers and times as words: the same as `client/js/components/words.js`.

use crate::core::time::Time;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A silence in a thread that is worth a line, in ms.
const SILENCE: i64 = 60 * DAY;
/// `1,234`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `999`, `1.2k`, `34k`.
pub(super) fn short(number: i64) -> String {
    match (number, number / 100 % 10) {
        (..1000, _) => number.to_string(),
        (1000..10_000, 1..) => format!("{}.{}k", number / 1000, number / 100 % 10),
        _ => format!("{}k", number / 1000),
    }
}

/// `1 reply`, `12 replies`.
pub(super) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `3 months later` where a thread was silent for long.
pub(super) fn silence(before: Time, after: Time) -> Option<String> {
    let passed = after.0 - before.0;
    if passed < SILENCE {
        return None;
    }
    let (years, months) = (passed / (365 * DAY), passed / (30 * DAY));
    let words = if years > 0 { count(years, "year", "years") } else { count(months, "month", "months") };
    Some(format!("{words} later"))
}

/// The class that carries a hue, in steps of 15 degrees.
pub(super) fn hue_class(hue: i64) -> String {
    format!("hue-{}", hue.div_euclid(15).rem_euclid(24))
}

/// A text as a part of an address, as `encodeURIComponent` writes it.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        let grouped: Vec<String> = [0, 12, 999, 1000, 12_345, 1_234_567].map(grouped).into();
        assert_eq!(grouped, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
        let short: Vec<String> = [0, 999, 1000, 1099, 1100, 9999, 10_000, 34_567].map(short).into();
        assert_eq!(short, ["0", "999", "1k", "1k", "1.1k", "9.9k", "10k", "34k"]);
        assert_eq!(count(1, "reply", "replies"), "1 reply");
        assert_eq!(count(1200, "reply", "replies"), "1,200 replies");
    }

    #[test]
    fn a_long_silence_is_told_and_a_short_one_is_not() {
        let after = |days: i64| silence(Time(0), Time(days * DAY));
        assert_eq!(after(59), None);
        assert_eq!(after(60).as_deref(), Some("2 months later"));
        assert_eq!(after(364).as_deref(), Some("12 months later"));
        assert_eq!(after(365).as_deref(), Some("1 year later"));
        assert_eq!(after(800).as_deref(), Some("2 years later"));
    }

    #[test]
    fn tags_go_into_addresses_whole() {
        assert_eq!(encoded("c++ & größe"), "c%2B%2B%20%26%20gr%C3%B6%C3%9Fe");
    }
}
