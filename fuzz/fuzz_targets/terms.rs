//! Whatever is asked of whatever text: terms that engines take, a bounded plan, an order, an excerpt of that text; and a
//! text is found by each of its words.
#![no_main]

use folkmoot_terms::{Candidate, Document, Found, Kind, Plan, Query, Source, TOKEN_CHARACTERS, Vocabulary};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (q, text) = input;
    let document = Document::of(&Source { title: q, body: text, ..Source::default() });
    document.terms.iter().for_each(|term| is_taken(term));
    let (plan, _) = planned(q);
    for step in &plan.steps {
        let (fts5, tsquery) = (step.expression.fts5(), step.expression.tsquery());
        assert_eq!(fts5.matches('"').count() % 2, 0, "{fts5}");
        assert!(fts5.len() < 200_000 && !tsquery.contains(['"', '\\']), "{tsquery}");
    }
    let ranking = plan.rank(&[candidate(&document)], 0);
    assert!(ranking.answers.iter().all(|answer| answer.score.is_finite()));
    let shown: String = plan.excerpt(text).into_iter().map(|piece| piece.text).collect();
    assert!(shown.chars().count() <= 202, "{shown}");
    assert!(plain(text).contains(plain(&shown).trim_matches('…')), "{shown:?}");
    finds_itself(text);
});

/// The first word of a text, asked for, finds it.
fn finds_itself(text: &str) {
    let Some(word) = text.split_whitespace().find(|word| word.len() < 40) else { return };
    let (plan, query) = planned(&format!("{word} "));
    let quoted = word.contains(['"', '“', '”', '„', '«', '»', '「', '」', '*']);
    if query.has_words() && query.filters.is_empty() && query.problems.is_empty() && !quoted {
        let document = Document::of(&Source { body: text, ..Source::default() });
        assert!(document.terms.len() == folkmoot_terms::MAX_TERMS || plan.holds(&candidate(&document)), "{word:?}");
    }
}

fn planned(q: &str) -> (Plan, Query) {
    let query = Query::parse(q);
    let lookups = query.lookups();
    assert!(lookups.len() <= 400, "{}", lookups.len());
    let found = |text: &str| Vec::from([Found { word: text.to_owned(), entries: 3 }]);
    let answers = lookups.iter().map(|lookup| found(&lookup.text)).collect();
    (query.plan(&Vocabulary { answers, entries: 100 }), query)
}

fn candidate(document: &Document) -> Candidate<'_> {
    let Document { title, text, .. } = document;
    Candidate { kind: Kind::Opening, id: 1, thread: Some(1), at: 0, title, text }
}

fn is_taken(term: &str) {
    let fits =
        |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit() || TOKEN_CHARACTERS.contains(c);
    assert!(!term.is_empty() && term.len() <= 64 && term.chars().all(fits), "{term:?}");
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect()
}
