//! Questions: what of them is words, phrases and filters, and what is not understood.

use folkmoot_terms::{Filter, Has, Place, Query, Way};

#[test]
fn words_and_filters_are_told_apart() {
    let query = Query::parse("shadow author:Ann board:\"Feature requests\" flicker tag:#css");
    assert_eq!(query.words(), ["shadow", "flicker"]);
    let filters: Vec<_> = query.filters.iter().map(|filtered| filtered.filter.clone()).collect();
    assert_eq!(
        filters,
        [
            Filter::Author("Ann".to_owned()),
            Filter::Board("Feature requests".to_owned()),
            Filter::Tag("css".to_owned())
        ]
    );
    assert!(query.problems.is_empty());
}

#[test]
fn a_name_behind_an_at_is_an_author_and_an_address_is_not() {
    let query = Query::parse("@ann hello");
    assert_eq!(query.filters[0].filter, Filter::Author("ann".to_owned()));
    let query = Query::parse("jo@example.org @example.org");
    assert!(query.filters.is_empty());
    assert_eq!(query.words(), ["jo@example.org", "@example.org"]);
}

#[test]
fn what_only_looks_like_a_filter_is_words() {
    for q in ["std::vector", "http://example.org", "12:30", "note: this", ":smile:"] {
        let query = Query::parse(q);
        assert!(query.filters.is_empty() && query.problems.is_empty(), "{q}");
        assert!(query.has_words(), "{q}");
    }
}

#[test]
fn places_dates_and_what_posts_hold() {
    let query =
        Query::parse("in:first in:messages has:code has:image is:unread before:2020 after:2016-02-29");
    let filters: Vec<_> = query.filters.iter().map(|filtered| filtered.filter.clone()).collect();
    assert_eq!(
        filters,
        [
            Filter::In(Place::First),
            Filter::In(Place::Messages),
            Filter::Has(Has::Code),
            Filter::Has(Has::Image),
            Filter::Unread,
            Filter::Before(1_577_836_800_000),
            Filter::After(1_456_704_000_000),
        ]
    );
    assert!(!query.has_words());
    assert!(Query::parse("in:title shadow").in_title);
}

#[test]
fn what_is_not_understood_is_said_and_left_out() {
    let query = Query::parse("shadow before:soon after:2021-02-29 has:love in:heaven is:good author:");
    let problems: Vec<_> =
        query.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.why)).collect();
    assert_eq!(
        problems,
        [
            "before: “soon” wants a date: 2020, 2020-05 or 2020-05-17",
            "after: “2021-02-29” there is no such day",
            "has: “love” can be code, image or link",
            "in: “heaven” can be title, first, posts, messages, people, boards or tags",
            "is: “good” can only be “unread”",
            "author: has no value yet",
        ]
    );
    assert_eq!(query.words(), ["shadow"]);
    assert!(query.filters.is_empty());
    assert_eq!(Query::parse("??? shadow").problems[0].why, "“???” holds no letter or digit");
}

#[test]
fn a_filter_can_be_turned_round() {
    let query = Query::parse("shadow -tag:solved -author:ann");
    assert!(query.filters.iter().all(|filtered| filtered.without));
    assert_eq!(query.filters[0].value, "solved");
    assert_eq!(query.words(), ["shadow"]);
}

#[test]
fn a_word_is_completed_only_while_it_is_typed() {
    let completes = |q: &str| {
        let lookups = Query::parse(q).lookups();
        lookups.iter().any(|lookup| lookup.way == Way::Prefix && lookup.text == "ed")
    };
    assert!(completes("ed"));
    assert!(completes("light ed"));
    assert!(!completes("ed "));
    assert!(!completes("ed light"));
    assert!(completes("ed* light"));
}

#[test]
fn a_question_has_bounds() {
    let many = (0..100).map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ");
    let query = Query::parse(&many);
    assert_eq!(query.words().len(), folkmoot_terms::MAX_WORDS);
    assert_eq!(query.problems.len(), 2);
    assert!(Query::parse(&"東京".repeat(100)).lookups().len() < 100);
    assert!(Query::parse(&format!("{} author:ann", "w ".repeat(20))).filters.len() == 1);
}

#[test]
fn an_empty_question_asks_for_nothing() {
    for q in ["", "   ", "\"\"", "-", "\"", "*"] {
        let query = Query::parse(q);
        assert!(!query.has_words() && query.lookups().is_empty(), "{q:?}");
    }
}
