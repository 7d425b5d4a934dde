//! Filters: `author:ann`, `board:help`, `before:2020-05`.

use crate::document::Has;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// A filter of a question, and whether it is turned round (`-tag:solved`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    /// What it asks for.
    pub filter: Filter,
    /// Whether entries must not be so.
    pub without: bool,
    /// The value as it was typed.
    pub value: String,
}

/// What a filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `author:NICKNAME`, `@NICKNAME`: written by that person, or that person.
    Author(String),
    /// `board:SLUG-OR-TITLE`: in that board.
    Board(String),
    /// `tag:TAG`: in threads with that tag.
    Tag(String),
    /// `in:PLACE`.
    In(Place),
    /// `before:DATE`: earlier than the first moment of that year, month or day (milliseconds since 1970, UTC).
    Before(i64),
    /// `after:DATE`: not earlier than that moment.
    After(i64),
    /// `has:code`, `has:image`, `has:link`.
    Has(Has),
    /// `is:unread`: not read yet by who asks.
    Unread,
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The words must be in the title.
    Title,
    /// Opening posts.
    First,
    /// Posts.
    Posts,
    /// Messages of one's own conversations.
    Messages,
    /// People.
    People,
    /// Boards.
    Boards,
    /// Tags.
    Tags,
}

impl Place {
    const ALL: [(&str, Self); 9] = [
        ("title", Self::Title),
        ("first", Self::First),
        ("posts", Self::Posts),
        ("threads", Self::First),
        ("messages", Self::Messages),
        ("chat", Self::Messages),
        ("people", Self::People),
        ("boards", Self::Boards),
        ("tags", Self::Tags),
    ];
}

impl Filter {
    /// The filter's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Author(_) => "author",
            Self::Board(_) => "board",
            Self::Tag(_) => "tag",
            Self::In(_) => "in",
            Self::Before(_) => "before",
            Self::After(_) => "after",
            Self::Has(_) => "has",
            Self::Unread => "is",
        }
    }

    /// Reads a filter's value; why it cannot be read, otherwise.
    pub(crate) fn read(name: &str, value: &str) -> Result<Self, String> {
        let folded = value.to_lowercase();
        Ok(match name {
            "author" => Self::Author(value.trim_start_matches('@').to_owned()),
            "board" => Self::Board(value.to_owned()),
            "tag" => Self::Tag(value.trim_start_matches('#').to_owned()),
            "in" => Self::In(place(&folded)?),
            "before" => Self::Before(date(&folded)?),
            "after" => Self::After(date(&folded)?),
            "has" => Self::Has(has(&folded)?),
            _ if folded == "unread" => Self::Unread,
            _ => return Err("can only be “unread”".to_owned()),
        })
    }
}

/// The filter that goes by a name, if there is one: its name, spelled as we do.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    let names = ["author", "board", "tag", "in", "before", "after", "has", "is"];
    let name = match name {
        "from" | "by" => "author",
        other => other,
    };
    names.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn place(name: &str) -> Result<Place, String> {
    let found = Place::ALL.into_iter().find(|(known, _)| *known == name);
    found
        .map(|(_, place)| place)
        .ok_or_else(|| "can be title, first, posts, messages, people, boards or tags".to_owned())
}

fn has(name: &str) -> Result<Has, String> {
    let found = [Has::Code, Has::Image, Has::Link].into_iter().find(|has| has.as_str() == name);
    found.ok_or_else(|| "can be code, image or link".to_owned())
}

/// The first moment of a year, a month or a day: `2020`, `2020-05`, `2020-05-17`.
fn date(text: &str) -> Result<i64, String> {
    let wrong = || "wants a date: 2020, 2020-05 or 2020-05-17".to_owned();
    let mut numbers = [0, 1, 1];
    let parts: Vec<&str> = text.split('-').collect();
    if parts.len() > numbers.len() || parts[0].len() != 4 {
        return Err(wrong());
    }
    for (number, part) in numbers.iter_mut().zip(&parts) {
        let digits = part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = if digits { part.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
    }
    let [year, month, day] = numbers;
    if !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) {
        return Err("there is no such day".to_owned());
    }
    Ok(days_since_1970(year, month, day) * DAY)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the Gregorian calendar, counted in years that begin in March so that a leap day ends them.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}
