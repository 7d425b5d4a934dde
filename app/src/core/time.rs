//! Times on the wire: milliseconds inside, RFC 3339 in UTC outside.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, in milliseconds since 1970 in UTC; `2026-11-20T12:00:00.000Z` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The moment as RFC 3339 with milliseconds, in UTC.
    pub fn rfc3339(self) -> String {
        match Timestamp::from_millisecond(self.0) {
            Ok(time) => format!("{time:.3}"),
            Err(_) => String::from("1970-01-01T00:00:00.000Z"),
        }
    }

    /// The day as people write it: `20 Nov 2026`, in UTC.
    pub fn date(self) -> String {
        let time =
            Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
        format!("{} {} {}", time.day(), MONTHS[usize::from(time.month().unsigned_abs()) - 1], time.year())
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|time| Self(time.as_millisecond()))
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a time is written as RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_written_with_milliseconds_and_read_back() {
        let time = Time(1_669_852_800_007);
        assert_eq!(time.rfc3339(), "2022-12-01T00:00:00.007Z");
        assert_eq!(Time::parse("2022-12-01T00:00:00.007Z"), Some(time));
        assert_eq!(time.date(), "1 Dec 2022");
    }

    #[test]
    fn a_time_no_calendar_knows_does_not_stop_a_page() {
        assert_eq!(Time(i64::MAX).rfc3339(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Time(i64::MAX).date(), "1 Jan 1970");
    }
}
