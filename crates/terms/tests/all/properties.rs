//! What holds for every text and every question.

use folkmoot_terms::{
    Candidate, Document, Found, Kind, MAX_TERMS, Plan, Query, Source, TOKEN_CHARACTERS, Vocabulary, cut,
};
use proptest::prelude::*;

/// Texts of words that people write, in many scripts, and of anything at all.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-zA-Z]{1,12}",
        2 => "[A-Z][a-z]{1,6}[A-Z][a-z]{1,6}[0-9]?",
        2 => "[a-z_.'@+#-]{1,12}",
        2 => "[а-яё]{1,10}",
        2 => "[東京都庁社区搜索ガのにﾞｶ一]{1,6}",
        2 => "[서버는검색을]{1,4}",
        1 => "[ا-يًـ]{1,8}",
        1 => "[ก-ฮะาำเ่้]{1,8}",
        1 => "[क-ह्ािे़]{1,8}",
        1 => "\\PC{1,6}",
    ];
    proptest::collection::vec((word, "[ \n,。-]|: |, "), 0..40)
        .prop_map(|words| words.into_iter().map(|(word, after)| word + &after).collect())
}

fn questions() -> impl Strategy<Value = String> {
    prop_oneof![texts(), "(\"|-|\\*|in:|author:|before:|has:|is:|[a-z]{1,4}| |20[0-9]{2}|東京){0,20}"]
}

fn plan(q: &str) -> Plan {
    let query = Query::parse(q);
    let found = |text: &str| Vec::from([Found { word: text.to_owned(), entries: 3 }]);
    let answers = query.lookups().iter().map(|lookup| found(&lookup.text)).collect();
    query.plan(&Vocabulary { answers, entries: 100 })
}

fn document(text: &str) -> Document {
    Document::of(&Source { body: text, ..Source::default() })
}

fn candidate(document: &Document) -> Candidate<'_> {
    let Document { title, text, .. } = document;
    Candidate { kind: Kind::Opening, id: 1, thread: None, at: 0, title, text }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parts_stand_in_order_and_on_characters(text in texts()) {
        let cut = cut(&text);
        let mut before = (None, 0);
        for part in &cut.parts {
            prop_assert!(before.0 < Some(part.at) && before.1 <= part.from && part.from < part.to, "{part:?}");
            prop_assert!(!text[part.from..part.to].is_empty() && cut.text.is_char_boundary(part.at));
            before = (Some(part.at), part.from);
        }
    }

    #[test]
    fn engines_take_terms_as_they_are(text in texts()) {
        let document = document(&text);
        prop_assert!(document.terms.is_sorted() && document.terms.len() <= MAX_TERMS);
        for term in &document.terms {
            let fits = |c: char| {
                !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit() || TOKEN_CHARACTERS.contains(c)
            };
            prop_assert!(!term.is_empty() && term.len() <= 64 && term.chars().all(fits), "{term:?}");
        }
        prop_assert_eq!(Document::vocabulary_of(&document.title, &document.text), document.vocabulary().collect::<Vec<_>>());
    }

    #[test]
    fn a_text_is_found_by_each_of_its_words(text in texts(), place in any::<prop::sample::Index>()) {
        let words: Vec<&str> = text.split_whitespace().collect();
        prop_assume!(!words.is_empty());
        let asked = format!("{} ", place.get(&words));
        let query = Query::parse(&asked);
        prop_assume!(query.has_words() && query.filters.is_empty() && !asked.contains(['"', '“', '”', '„', '«', '»', '「', '」', '*']));
        let document = document(&text);
        let shelf = crate::support::Shelf::of(&document);
        let plan = shelf.plan(&asked);
        prop_assert_eq!(shelf.holding(&plan.steps[1].expression).len(), 1, "{:?} in {:?}", asked, document.text);
        prop_assert!(plan.holds(&candidate(&document)), "{asked:?} in {:?}", document.text);
        prop_assert!(!text.contains(&asked) || plan.excerpt(&text).iter().any(|piece| piece.hit), "{asked:?}");
    }

    #[test]
    fn every_question_is_understood_and_bounded(q in questions(), text in texts()) {
        let query = Query::parse(&q);
        prop_assert!(query.lookups().len() <= 400, "{}", query.lookups().len());
        let plan = plan(&q);
        prop_assert_eq!(plan.steps.is_empty(), !query.has_words());
        let document = document(&text);
        let ranking = plan.rank(&[candidate(&document)], 0);
        prop_assert!(ranking.answers.len() <= 1 && ranking.answers.iter().all(|answer| answer.score.is_finite()));
        prop_assert!(!plan.holds(&candidate(&document)) || !ranking.answers.is_empty());
    }

    #[test]
    fn an_excerpt_is_of_the_text(q in questions(), text in texts()) {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let pieces = plan(&q).excerpt(&text);
        let shown: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        prop_assert!(plain(&text).contains(plain(&shown).trim_matches('…')), "{shown:?} of {text:?}");
        prop_assert!(shown.chars().count() <= 202 && pieces.iter().all(|piece| !piece.text.is_empty()));
        prop_assert!(pieces.windows(2).all(|two| two[0].hit != two[1].hit));
        let whole: String = plan(&q).mark(&text).into_iter().map(|piece| piece.text).collect();
        prop_assert_eq!(plain(&whole), plain(&text));
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_of_candidates(q in texts(), bodies in proptest::collection::vec(texts(), 1..8)) {
        let documents: Vec<Document> = bodies.iter().map(|body| document(body)).collect();
        let ranked = |order: Vec<usize>| {
            let with_id = |at: &usize| Candidate { id: *at as i64, thread: Some(*at as i64 / 2), ..candidate(&documents[*at]) };
            let candidates: Vec<_> = order.iter().map(with_id).collect();
            let answers = plan(&q).rank(&candidates, 0).answers;
            answers.into_iter().map(|answer| candidates[answer.best].id).collect::<Vec<_>>()
        };
        prop_assert_eq!(ranked((0..bodies.len()).collect()), ranked((0..bodies.len()).rev().collect()));
    }
}
