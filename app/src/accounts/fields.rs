//! The rules for what people say of themselves: each takes what was typed and gives it as it is stored, or says what
//! would be right.

use unicode_normalization::UnicodeNormalization;

use super::names;

/// Characters of a nickname.
pub const NICKNAME: std::ops::RangeInclusive<usize> = 2..=30;
/// The most characters of an e-mail address (RFC 5321: a path of 256 with its two brackets).
pub const EMAIL_MAX: usize = 254;
/// The fewest characters of a password. Longer beats stranger: no classes of characters are asked for.
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password: enough for any phrase, and not enough to keep the hashing busy.
pub const PASSWORD_MAX: usize = 256;
/// The highest age, in years.
pub const AGE_MAX: i64 = 120;
/// The most characters of a first or last name.
pub const NAME_MAX: usize = 60;
/// The most characters of what a person says of their gender.
pub const GENDER_MAX: usize = 40;
/// The most characters of a bio.
pub const BIO_MAX: usize = 2_000;

/// What a rule answers: the value as it is stored, or what would be right.
pub type Checked<T> = Result<T, String>;

/// Nicknames that would pass for the place itself or for everybody. Only those who run the place may have them.
const RESERVED: [&str; 24] = [
    "admin",
    "administrator",
    "all",
    "anonymous",
    "api",
    "channel",
    "deleted",
    "everybody",
    "everyone",
    "folkmoot",
    "guest",
    "here",
    "me",
    "mod",
    "moderator",
    "moderators",
    "nobody",
    "null",
    "official",
    "root",
    "staff",
    "support",
    "system",
    "undefined",
];

/// Passwords that are tried first by anybody who tries.
const TRIVIAL: [&str; 24] = [
    "0123456789",
    "0987654321",
    "1029384756",
    "1122334455",
    "1234512345",
    "1234567890",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "9876543210",
    "abcdefghij",
    "adminadmin",
    "administrator",
    "asdfghjklo",
    "changemenow",
    "iloveyouiloveyou",
    "letmeinletmein",
    "passwordpassword",
    "q1w2e3r4t5",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertzuiop",
    "secretsecret",
];

/// A nickname that anybody may have.
///
/// # Errors
/// What would be right.
pub fn nickname(text: &str) -> Checked<String> {
    let nickname = staff_nickname(text)?;
    if RESERVED.contains(&names::key(&nickname).as_str()) {
        return Err(String::from("This nickname is kept for the people who run the place. Choose another."));
    }
    Ok(nickname)
}

/// A nickname for somebody who runs the place: also one that is kept back from others.
///
/// # Errors
/// What would be right.
pub fn staff_nickname(text: &str) -> Checked<String> {
    let text = text.trim();
    if !NICKNAME.contains(&text.chars().count()) {
        return Err(format!("Choose a nickname of {} to {} characters.", NICKNAME.start(), NICKNAME.end()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)) {
        return Err(String::from("A nickname has only letters from a to z, digits, and _ - . in it."));
    }
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) || text.ends_with('.') {
        return Err(String::from(
            "A nickname begins with a letter or a digit and does not end in a full stop.",
        ));
    }
    Ok(text.to_owned())
}

/// An e-mail address: one that could receive mail, as far as its form shows.
///
/// # Errors
/// What would be right.
pub fn email(text: &str) -> Checked<String> {
    let text = text.trim();
    if text.chars().count() > EMAIL_MAX {
        return Err(format!("An e-mail address has at most {EMAIL_MAX} characters."));
    }
    let wrong = || String::from("This does not look like an e-mail address: name@example.org.");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    if is_local_part(local) && is_domain(domain) { Ok(text.to_owned()) } else { Err(wrong()) }
}

fn is_local_part(local: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter);
    local.len() <= 64 && local.split('.').all(|part| !part.is_empty() && part.chars().all(plain))
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = |letter: char| letter.is_alphanumeric() || letter == '-';
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(inner)
    };
    let top_has_letter = domain.rsplit('.').next().is_some_and(|top| top.chars().any(char::is_alphabetic));
    domain.contains('.') && domain.split('.').all(label) && top_has_letter
}

/// A new password, in the one form in which all keyboards' spellings of it meet.
///
/// # Errors
/// What would be right.
pub fn password(text: &str, nickname: Option<&str>, email: Option<&str>) -> Checked<String> {
    let password = password_as_hashed(text);
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(format!(
            "A password has at least {PASSWORD_MIN} characters. A few words make a good one."
        ));
    }
    if length > PASSWORD_MAX {
        return Err(format!("A password has at most {PASSWORD_MAX} characters."));
    }
    let key = names::key(&password);
    let first = key.chars().next();
    if TRIVIAL.contains(&key.as_str()) || key.chars().all(|letter| Some(letter) == first) {
        return Err(String::from(
            "This is among the first passwords that anybody would try. Choose another.",
        ));
    }
    let local = email.and_then(|email| email.rsplit_once('@')).map(|(local, _)| local);
    if [nickname, email, local].into_iter().flatten().any(|name| names::key(name) == key) {
        return Err(String::from("The password must not be your nickname or your e-mail address."));
    }
    Ok(password)
}

/// A password as it goes into the hash: keyboards spell the same letter in several ways (NIST SP 800-63B: NFKC).
pub fn password_as_hashed(text: &str) -> String {
    text.nfkc().collect()
}

/// An age in years.
///
/// # Errors
/// What would be right.
pub fn age(years: i64, minimum: u32) -> Checked<i64> {
    let minimum = i64::from(minimum);
    if (0..minimum).contains(&years) {
        return Err(format!("One must be at least {minimum} to be here."));
    }
    if !(minimum..=AGE_MAX).contains(&years) {
        return Err(format!("An age is a whole number of years from {minimum} to {AGE_MAX}."));
    }
    Ok(years)
}

/// What a person says of their gender, in their own words.
///
/// # Errors
/// What would be right.
pub fn gender(text: &str) -> Checked<String> {
    line(text, GENDER_MAX)
}

/// A first or a last name.
///
/// # Errors
/// What would be right.
pub fn name(text: &str) -> Checked<String> {
    line(text, NAME_MAX)
}

/// A line of words that must not be empty.
///
/// # Errors
/// What would be right.
pub fn line(text: &str, max: usize) -> Checked<String> {
    let line = line_or_nothing(text, max)?;
    if line.is_empty() { Err(String::from("This is needed.")) } else { Ok(line) }
}

/// A line of words that may be empty.
///
/// # Errors
/// What would be right.
pub fn line_or_nothing(text: &str, max: usize) -> Checked<String> {
    let line: String = text.trim().nfc().collect();
    if line.chars().count() > max {
        return Err(format!("At most {max} characters."));
    }
    if line.chars().any(|letter| letter.is_control() || turns_writing(letter)) {
        return Err(String::from("One line of text, without invisible characters."));
    }
    Ok(line)
}

/// What a person tells of themselves, in Markdown.
///
/// # Errors
/// What would be right.
pub fn bio(text: &str) -> Checked<String> {
    let bio: String = text.trim().replace("\r\n", "\n").nfc().collect();
    if bio.chars().count() > BIO_MAX {
        return Err(format!("At most {BIO_MAX} characters."));
    }
    let unseen = |letter: char| (letter.is_control() && !"\n\t".contains(letter)) || turns_writing(letter);
    if bio.chars().any(unseen) {
        return Err(String::from("Text without invisible characters."));
    }
    Ok(bio)
}

/// Marks that turn the direction of writing, with which one name can be made to look like another.
fn turns_writing(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
