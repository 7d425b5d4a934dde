//! The boundaries of every rule, as tables.

use super::{Checked, age, bio, email, gender, name, nickname, password, staff_nickname};

fn holds<T: std::fmt::Debug>(rule: impl Fn(&str) -> Checked<T>, good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(rule(text).is_ok(), "{text:?} should be taken: {:?}", rule(text));
    }
    for text in bad {
        assert!(rule(text).is_err(), "{text:?} should be refused");
    }
}

#[test]
fn nicknames() {
    let longest = "a".repeat(30);
    let too_long = "a".repeat(31);
    let good = ["ab", "Ann", "7of9", "ann.lee", "ann_lee-2", "a-", " ann ", &longest];
    let bad = [
        "", "a", &too_long, "_ann", "-ann", ".ann", "ann.", "ann lee", "ann@lee", "änn", "ann\n2", "ann/..",
        "аnn",
    ];
    holds(nickname, &good, &bad);
    assert_eq!(nickname(" Ann ").unwrap(), "Ann");
}

#[test]
fn nicknames_of_the_place_are_for_its_staff() {
    holds(nickname, &["administer", "roots"], &["admin", "Admin", "SYSTEM", "everyone"]);
    holds(staff_nickname, &["admin", "root", "Staff"], &["", "a", "ad min"]);
}

#[test]
fn email_addresses() {
    let local_of_64 = format!("{}@example.org", "a".repeat(64));
    let local_of_65 = format!("{}@example.org", "a".repeat(65));
    let domain = format!("{}.{}.{}.org", "b".repeat(63), "c".repeat(63), "d".repeat(59));
    let of_254 = format!("{}@{domain}", "a".repeat(254 - 1 - domain.len()));
    let of_255 = format!("{}@{domain}", "a".repeat(255 - 1 - domain.len()));
    let good = [
        "ann@example.org",
        "ann.lee+folk@mail.example.co.uk",
        "user1@example.com",
        "o'hara@example.org",
        "x@y.io",
        "änn@exämple.org",
        " ann@example.org ",
        &local_of_64,
        &of_254,
    ];
    let bad = [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "ann@@example.org",
        "ann lee@example.org",
        ".ann@example.org",
        "ann.@example.org",
        "a..b@example.org",
        "ann@.org",
        "ann@example..org",
        "ann@-example.org",
        "ann@example-.org",
        "ann@127.0.0.1",
        "ann@example.org\nbcc:bob@example.org",
        "<ann@example.org>",
        "ann@exam_ple.org",
        &local_of_65,
        &of_255,
    ];
    holds(email, &good, &bad);
}

#[test]
fn passwords() {
    let rule = |text: &str| password(text, Some("annalena99"), Some("anna.magdalena@example.org"));
    let (longest, too_long) = ("ab".repeat(128), format!("{}c", "ab".repeat(128)));
    let good = ["password123", "Correct horse!", "ten letter", "    spaces    ", "ąęłżźćńóśż", &longest];
    let bad = [
        "",
        "short",
        "ninechars",
        "1234567890",
        "QWERTYUIOP",
        "aaaaaaaaaaaa",
        "PasswordPassword",
        "annalena99",
        "AnnaLena99",
        "anna.magdalena@example.org",
        "Anna.Magdalena",
        &too_long,
    ];
    holds(rule, &good, &bad);
}

#[test]
fn spellings_of_one_password_are_one_password() {
    let composed = password("caf\u{e9} au lait", None, None).unwrap();
    let decomposed = password("cafe\u{301} au lait", None, None).unwrap();
    assert_eq!(composed, decomposed);
}

#[test]
fn ages() {
    let cases =
        [(-1, 13, false), (0, 13, false), (12, 13, false), (13, 13, true), (120, 13, true), (121, 13, false)];
    for (years, minimum, taken) in cases {
        assert_eq!(age(years, minimum).is_ok(), taken, "{years}");
    }
    assert!(age(0, 0).is_ok());
    assert!(age(17, 18).unwrap_err().contains("18"));
}

#[test]
fn names_and_genders() {
    let (longest, too_long) = ("é".repeat(60), "é".repeat(61));
    let good = ["Ann", "Mary Jane", "O'Hara", "Żaneta", "李", &longest];
    holds(name, &good, &["", "   ", "Ann\nLee", "Ann\u{202e}Lee", "Ann\u{0}", &too_long]);
    let (longest, too_long) = ("x".repeat(40), "x".repeat(41));
    holds(gender, &["female", "non-binary", "I'd rather not say", &longest], &["", " ", &too_long]);
    assert_eq!(name(" Ann ").unwrap(), "Ann");
}

#[test]
fn bios() {
    let (longest, too_long) = ("x".repeat(2_000), "x".repeat(2_001));
    holds(bio, &["", "Two\nlines\twith **stars**", &longest], &["bell\u{7}", "turned\u{202e}", &too_long]);
    assert_eq!(bio("one\r\ntwo  ").unwrap(), "one\ntwo");
}
